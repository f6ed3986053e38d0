locals {
  # What the provider gets: the endpoints as given, those with a group of this module's addressed by it. The id of a
  # group that is yet to be created is unknown while Terraform plans; the keys of the rules are known all the same.
  deployment = {
    matrix_version = var.matrix_version
    exclude_flows  = var.exclude_flows
    include_flows  = var.include_flows
    options        = var.options
    endpoints = merge(var.endpoints, {
      for endpoint, group in azurerm_application_security_group.this : endpoint => merge(
        var.endpoints[endpoint],
        { application_security_group_ids = [group.id] },
      ) if contains(keys(var.endpoints), endpoint)
    })
  }

  # Called once, here, and never inside a for_each: Terraform would call it once per instance.
  firewall = provider::tachyon::network_security_rules(local.deployment)

  # For left_out, which the rules do not have. It waits for them, so that a mistake in the endpoints is reported once.
  matrix = provider::tachyon::connections(merge(local.deployment, { matrix_version = local.firewall.matrix_version }))

  # What can have a group: an endpoint, or the name that endpoints share as their network_security_group.
  shared = distinct(compact([for endpoint in values(var.endpoints) : lookup(endpoint, "network_security_group", null)]))
  candidates = merge(
    { for name, endpoint in local.firewall.endpoints : name => endpoint.rules },
    { for name, group in local.firewall.groups : name => group.rules },
  )

  # Those of them whose rules go into a group, whoever creates that.
  placed = setintersection(
    concat(keys(var.endpoints), local.shared),
    concat(keys(var.network_security_groups), keys(var.existing_network_security_groups)),
  )

  # The documented rules of each group, and the user's own.
  contents = { for holder in local.placed : holder => merge(local.candidates[holder], local.own[holder]) }

  # One map for all the groups, keyed "<endpoint or shared name>/<rule>".
  rules = merge([
    for holder, rules in local.contents : { for key, rule in rules : "${holder}/${key}" => merge(rule, { holder = holder }) }
  ]...)
}
