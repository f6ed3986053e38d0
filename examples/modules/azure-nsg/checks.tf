# What the outputs' preconditions complain of. Terraform 1.8 lets the validation of a variable see no other variable.
locals {
  strangers = setunion(
    setsubtract(keys(local.wanted.application_security_groups), keys(var.endpoints)),
    setsubtract(
      concat(keys(local.wanted.network_security_groups), keys(local.wanted.existing_network_security_groups)),
      concat(keys(var.endpoints), local.shared),
    ),
  )

  ambiguous = setintersection(keys(var.endpoints), local.shared)

  placed_twice = setintersection(keys(local.wanted.network_security_groups), keys(local.wanted.existing_network_security_groups))

  # By name and resource group, in which case does not count.
  existing_already = [
    for holder, name in local.wanted.network_security_groups : holder if contains(
      [for group in values(local.wanted.existing_network_security_groups) : lower("${group.resource_group_name}/${group.name}")],
      lower("${var.resource_group_name}/${name}"),
    )
  ]

  addressed_twice = [
    for endpoint, attributes in var.endpoints : endpoint
    if contains(keys(local.wanted.application_security_groups), endpoint) && lookup(attributes, "application_security_group_ids", null) != null
  ]
}
