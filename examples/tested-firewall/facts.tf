# Facts of this firewall, named so that tests are easy to read. They are computed from what the functions answer.

locals {
  # Who starts connections to an endpoint, and to whom an endpoint starts them.
  sources_of = {
    for name in keys(local.deployment.endpoints) :
    name => toset([for one in values(local.matrix.connections) : one.source if one.destination == name])
  }
  destinations_of = {
    for name in keys(local.deployment.endpoints) :
    name => toset([for one in values(local.matrix.connections) : one.destination if one.source == name])
  }

  # Whether each other endpoint reaches SQL Server, and who does, by a row or by addresses that it shares with somebody.
  towards_sql = {
    for name in setsubtract(keys(local.deployment.endpoints), ["sql"]) :
    name => provider::tachyon::explain(local.deployment, name, "sql", "tcp", var.sql_port)
  }
  reach_sql = toset([for name, answer in local.towards_sql : name if answer.allowed || answer.reason == "partial"])

  cited_rows     = toset(flatten(values(local.matrix.connections)[*].citations))
  inferred_flows = toset([for one in values(local.matrix.connections) : one.flow if !one.documented])
  missing_roles  = toset(local.matrix.unresolved[*].missing_role)

  # Warnings of all three functions, short enough to list those that someone has looked into.
  warnings = toset([
    for one in concat(local.matrix.warnings, local.aws.warnings, local.azure.warnings) : "${one.id}/${one.endpoint}"
  ])

  # What stands for every address, in the words of either cloud.
  anybody = toset(["*", "Internet", "0.0.0.0/0", "::/0"])

  # "<endpoint>/<ingress|egress>/<rule>" => rule
  aws_rules = merge(flatten([
    for name, endpoint in local.aws.endpoints : [
      for direction, rules in { ingress = endpoint.ingress, egress = endpoint.egress } : {
        for key, rule in rules : "${name}/${direction}/${key}" => rule
      }
    ]
  ])...)
  # A peer is in the rule itself, or with options.aws.prefix_lists in a list that the rule names.
  aws_rules_for_anybody = toset([
    for key, rule in local.aws_rules : key
    if length(setintersection(local.anybody, concat(
      compact([rule.cidr_ipv4, rule.cidr_ipv6]), try(local.aws.prefix_lists[rule.prefix_list].entries[*].cidr, []),
    ))) > 0
  ])
  aws_headroom = {
    for name, one in local.aws.endpoints : name => min(one.usage.ingress.headroom, one.usage.egress.headroom)
  }

  # "<endpoint>/<rule>" => rule
  azure_rules = merge([
    for name, endpoint in local.azure.endpoints : {
      for key, rule in endpoint.rules : "${name}/${key}" => rule
    }
  ]...)
  # One prefix stands in the first attribute, several in the second.
  azure_rules_for_anybody = toset([
    for key, rule in local.azure_rules : key
    if rule.direction == "Inbound" && rule.access == "Allow" && length(setintersection(local.anybody, concat(
      compact([rule.source_address_prefix]), coalesce(rule.source_address_prefixes, []),
    ))) > 0
  ])
  azure_priorities = { for key, rule in local.azure_rules : key => rule.priority }
}
