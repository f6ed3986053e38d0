locals {
  # Where the module is switched off, there is nothing that the rest sees.
  create_for  = var.create ? var.create_for : toset([])
  existing    = { for endpoint, ids in var.existing : endpoint => ids if var.create }
  extra_rules = { for endpoint, rules in var.extra_rules : endpoint => rules if var.create }

  # How many groups an endpoint asks for itself. With lookup(), because the result of try() is unknown while any id is.
  asked = {
    for endpoint in setunion(local.create_for, keys(local.existing)) :
    endpoint => lookup(lookup(var.endpoints, endpoint, {}), "security_groups", null)
  }

  # How many groups each endpoint has. An impossible number is replaced by a possible one: the provider then
  # refuses the endpoint, with a better message than that of range().
  counts = merge(
    {
      for endpoint in local.create_for : endpoint => min(max(floor(coalesce(
        try(tonumber(local.asked[endpoint]), null),
        try(tonumber(var.options.aws.groups), null),
        1,
      )), 1), 16)
    },
    { for endpoint, ids in local.existing : endpoint => length(ids) },
  )

  # Keyed "<endpoint>/<number>". The number is the group's own and never moves: more groups are added behind.
  created = merge([
    for endpoint in local.create_for : {
      for number in range(var.members_only ? 1 : local.counts[endpoint]) : "${endpoint}/${number}" => {
        endpoint = endpoint
        name     = "${var.name_prefix}${endpoint}${number == 0 ? "" : "/${number}"}"
      }
    }
  ]...)

  group_ids = merge(
    { for key, group in aws_security_group.this : key => group.id },
    merge([for endpoint, ids in local.existing : { for number, id in ids : "${endpoint}/${number}" => id }]...),
  )
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5: Whoever calls the module attaches the groups to its machines, by the output `group_ids`.
  for_each = local.created

  # hashicorp/aws adds 26 characters that no other group has, so that a group can be created beside the one that it replaces. It takes
  # 100 before them. The whole name is in the tag.
  name_prefix = "${substr(each.value.name, 0, 99)}-"
  description = lookup(var.group_descriptions, each.value.endpoint, "1E Tachyon endpoint ${each.value.endpoint}")
  vpc_id      = var.vpc_id
  tags        = merge({ Name = each.value.name }, var.tags)

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
      delete = timeouts.value.delete
    }
  }

  lifecycle {
    # EC2 deletes no group that an interface has or a rule refers to: both must have been changed before.
    create_before_destroy = true
    # EC2 can change neither, and a group is not replaced for what it is called.
    ignore_changes = [name_prefix, description]

    precondition {
      condition     = var.vpc_id != null
      error_message = "Groups are to be created, but vpc_id is null: EC2 would put them into the default VPC."
    }
  }
}
