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

  # What has another key now, each with the kind of resource that holds it.
  moved = concat(
    [for key, group in local.created : { kind = "groups", from = "${local.former[group.endpoint]}/${split("/", key)[1]}", to = key } if contains(keys(local.former), group.endpoint)],
    [for key in keys(local.prefix_lists) : { kind = "prefix_lists", from = "${local.former[split("/", key)[0]]}/${split("/", key)[1]}", to = key } if contains(keys(local.former), split("/", key)[0])],
    [for key, rule in local.rules : { kind = rule.direction, from = local.former_keys[key], to = key } if local.former_keys[key] != key],
    flatten([
      for endpoint, count in local.counts : [
        for number in range(count) : { kind = "holders", from = "${local.former[endpoint]}/${number}", to = "${endpoint}/${number}" }
      ] if contains(keys(local.former), endpoint)
    ]),
  )

  not_renamed = concat(
    [for old, new in var.renamed : "\"${new}\" is the name of no endpoint" if !contains(keys(var.endpoints), new)],
    [for old, new in var.renamed : "\"${old}\" is the name of an endpoint still" if contains(keys(var.endpoints), old)],
  )
}
