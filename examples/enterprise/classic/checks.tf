# What a plan does not say by itself: warnings, and roles of the document that nobody plays here.

locals {
  # Roles that this installation does without, and ids of warnings that someone has looked into.
  absent = []
  accepted = [
    # Switches on 4002 and 4004 beside 4000: the Switch setting of the clients that use them says so.
    "switch_port",
  ]

  missing_roles = setsubtract([for flow in module.tachyon.unresolved : flow.missing_role], local.absent)
  open_warnings = [for one in module.tachyon.warnings : "${one.endpoint}: ${one.detail}" if !contains(local.accepted, one.id)]
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
}
