# What the keys were before endpoints got other names, for `moved` blocks.

locals {
  # The old name by the new one.
  former = { for old, new in var.renamed : new => old }

  # The key of a rule names its endpoint, and its peer unless that is a CIDR.
  former_keys = {
    for key, rule in local.rules : key => join("/", concat(
      [lookup(local.former, rule.endpoint, rule.endpoint)],
      rule.peer == null || startswith(rule.source, "cidr_")
      ? slice(split("/", key), 1, length(split("/", key)))
      : [
        for place, part in slice(split("/", key), 1, length(split("/", key))) :
        place == 2 ? lookup(local.former, part, part) : part
      ],
    ))
  }

  not_renamed = concat(
    [for old, new in var.renamed : "\"${new}\" is the name of no endpoint" if !contains(keys(var.endpoints), new)],
    [for old, new in var.renamed : "\"${old}\" is the name of an endpoint still" if contains(keys(var.endpoints), old)],
  )
}
