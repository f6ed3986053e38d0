# What a plan does not say by itself: warnings, roles that no endpoint plays, and flows that are left out.

locals {
  # What this installation does without on purpose: roles, and flows as "<flow>" or, where only one endpoint lacks it,
  # "<flow>/<endpoint>". Then the ids of warnings that someone has looked into.
  absent   = ["configmgr_provider", "inventory_source"]
  omitted  = []
  accepted = []

  left_out      = { for one in local.matrix.left_out : join("/", compact([one.flow, one.endpoint])) => one.reason }
  missing_roles = setsubtract([for flow in local.firewall.unresolved : flow.missing_role], local.absent)
  missing_flows = [for flow, reason in local.left_out : "${flow} (${reason})" if !contains(local.omitted, flow)]
  open_warnings = [for one in local.firewall.warnings : "${one.endpoint}: ${one.detail}" if !contains(local.accepted, one.id)]
}

check "firewall" {
  assert {
    condition     = length(local.open_warnings) == 0
    error_message = join("\n", local.open_warnings)
  }
  assert {
    condition     = length(local.missing_roles) == 0
    error_message = "No endpoint plays ${join(", ", local.missing_roles)}. Add one, or list the role in `absent`."
  }
  assert {
    condition     = length(local.missing_flows) == 0
    error_message = "Left out: ${join(", ", local.missing_flows)}. Look at `exclude_flows` and `talks_to`, or list the flow in `omitted`."
  }
}
