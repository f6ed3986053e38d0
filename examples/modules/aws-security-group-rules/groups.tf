locals {
  # How many groups an endpoint asks for itself. With lookup(), because the result of try() is unknown while any id is.
  asked = {
    for endpoint in setunion(var.create, keys(var.existing)) :
    endpoint => lookup(lookup(var.endpoints, endpoint, {}), "security_groups", null)
  }

  # How many groups each endpoint has. An impossible number is replaced by a possible one: the provider then
  # refuses the endpoint, with a better message than that of range().
  counts = merge(
    {
      for endpoint in var.create : endpoint => min(max(floor(coalesce(
        try(tonumber(local.asked[endpoint]), null),
        try(tonumber(var.options.aws.groups), null),
        1,
      )), 1), 16)
    },
    { for endpoint, ids in var.existing : endpoint => length(ids) },
  )

  # Keyed "<endpoint>/<number>". The number is the group's own and never moves: more groups are added behind.
  created = merge([
    for endpoint in var.create : {
      for number in range(var.members_only ? 1 : local.counts[endpoint]) : "${endpoint}/${number}" => {
        endpoint = endpoint
        # A slash can't stand in an endpoint's name, so no two groups get the same name.
        name = "${var.name_prefix}${endpoint}${number == 0 ? "" : "/${number}"}"
      }
    }
  ]...)

  group_ids = merge(
    { for key, group in aws_security_group.this : key => group.id },
    merge([for endpoint, ids in var.existing : { for number, id in ids : "${endpoint}/${number}" => id }]...),
  )
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5: Whoever calls the module attaches the groups to its machines, by the output `group_ids`.
  for_each = local.created

  name = each.value.name
  # EC2 can't change a description, so it must not contain what may change, such as the number of groups.
  description = "1E Tachyon endpoint ${each.value.endpoint}"
  vpc_id      = var.vpc_id
  tags        = merge({ Name = each.value.name }, var.tags)

  lifecycle {
    precondition {
      condition     = var.vpc_id != null
      error_message = "Groups are to be created, but vpc_id is null: EC2 would put them into the default VPC."
    }
  }
}
