# Groups, prefix lists and what the rules are: the same for every flavour.
module "plan" {
  source = "../aws-security-group-rules"

  endpoints          = var.endpoints
  create             = var.create
  create_for         = var.create_for
  members_only       = true
  vpc_id             = var.vpc_id
  name_prefix        = var.name_prefix
  group_descriptions = var.group_descriptions
  timeouts           = var.timeouts
  exclude_flows      = var.exclude_flows
  include_flows      = var.include_flows
  extra_rules        = var.extra_rules
  options            = var.options
  matrix_version     = var.matrix_version
  additions          = var.additions
  matrix             = var.matrix
  renamed            = var.renamed
  module_address     = var.module_address
  tags               = var.tags
  addresses          = { holders = "aws_security_group.rules" }
}

locals {
  # By the group's key and the direction: what a block of the group takes, all nine attributes of it. A rule for all
  # traffic has no ports, which a block writes as 0.
  blocks = {
    for rule in values(module.plan.rules) : "${rule.group}/${rule.direction}" => {
      protocol         = rule.ip_protocol
      from_port        = coalesce(rule.from_port, 0)
      to_port          = coalesce(rule.to_port, 0)
      cidr_blocks      = rule.source == "cidr_ipv4" ? [rule.cidr_ipv4] : []
      ipv6_cidr_blocks = rule.source == "cidr_ipv6" ? [rule.cidr_ipv6] : []
      prefix_list_ids  = rule.source == "prefix_list_id" ? [rule.prefix_list_id] : []
      security_groups  = rule.source == "referenced_security_group_id" ? [rule.referenced_security_group_id] : []
      self             = false
      description      = rule.description
    }...
  }

  # Keyed "<endpoint>/<number>", like the groups of the other flavours.
  groups = merge([
    for endpoint, count in module.plan.counts : { for number in range(count) : "${endpoint}/${number}" => {
      endpoint = endpoint
      name     = "${var.name_prefix}${endpoint}/rules${number == 0 ? "" : "/${number}"}"
    } }
  ]...)
}

# Two groups with inline rules that name each other would wait for each other. So peers refer to the member groups of
# module.plan, which have no rules, and the rules stand in these.
resource "aws_security_group" "rules" {
  # checkov:skip=CKV2_AWS_5: Whoever calls the module attaches the groups to its machines, by the output `groups`.
  for_each = local.groups

  # As the member groups are called, for the same reasons.
  name_prefix = "${substr(each.value.name, 0, 99)}-"
  description = lookup(var.group_descriptions, each.value.endpoint, "1E Tachyon endpoint ${each.value.endpoint}: rules")
  vpc_id      = var.vpc_id
  tags        = merge({ Name = each.value.name }, var.tags)

  # A list, not blocks: an empty one removes every rule.
  ingress = lookup(local.blocks, "${each.key}/ingress", [])
  egress  = lookup(local.blocks, "${each.key}/egress", [])

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
      delete = timeouts.value.delete
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name_prefix, description]
  }
}
