locals {
  # Where the module is switched off, there is nothing that the rest sees.
  wanted = {
    for name, given in {
      application_security_groups      = var.application_security_groups
      network_security_groups          = var.network_security_groups
      existing_network_security_groups = var.existing_network_security_groups
      extra_rules                      = var.extra_rules
    } : name => { for key, one in given : key => one if var.create }
  }

  # What the provider gets: the endpoints as given, those with a group of this module's addressed by it. The id of a
  # group that is yet to be created is unknown while Terraform plans; the keys of the rules are known all the same.
  deployment = {
    matrix_version = var.matrix_version
    exclude_flows  = var.exclude_flows
    include_flows  = var.include_flows
    additions      = var.additions
    matrix         = var.matrix
    options        = var.options
    endpoints = merge(var.endpoints, {
      for endpoint, group in azurerm_application_security_group.this : endpoint => merge(
        var.endpoints[endpoint],
        { application_security_group_ids = [group.id] },
      ) if contains(keys(var.endpoints), endpoint)
    })
  }

  # Called once, here, and never inside a for_each: Terraform would call it once per instance.
  # Null where the module is switched off: a deployment whose groups are not there may be none.
  firewall = one([for number in range(var.create ? 1 : 0) : provider::tachyon::network_security_rules(local.deployment)])

  # For left_out, which the rules do not have. It waits for them, so that a mistake in the endpoints is reported once.
  connections = one([
    for number in range(var.create ? 1 : 0) : provider::tachyon::connections(merge(local.deployment, {
      matrix_version = var.matrix == null ? local.firewall.matrix_version : null
    }))
  ])

  # What can have a group: an endpoint, or the name that endpoints share as their network_security_group.
  shared = distinct(compact([for endpoint in values(var.endpoints) : lookup(endpoint, "network_security_group", null)]))
  candidates = merge(
    { for name, endpoint in var.create ? local.firewall.endpoints : {} : name => endpoint.rules },
    { for name, group in var.create ? local.firewall.groups : {} : name => group.rules },
  )

  # Those of them whose rules go into a group, whoever creates that.
  placed = setintersection(
    concat(keys(var.endpoints), local.shared),
    concat(keys(local.wanted.network_security_groups), keys(local.wanted.existing_network_security_groups)),
  )

  # The documented rules of each group, and the user's own.
  contents = { for holder in local.placed : holder => merge(local.candidates[holder], local.own[holder]) }

  # One map for all the groups, keyed "<endpoint or shared name>/<rule>".
  rules = merge([
    for holder, rules in local.contents : { for key, rule in rules : "${holder}/${key}" => merge(rule, { holder = holder }) }
  ]...)
}
