# Groups, prefix lists and what the rules are: the same for every flavour.
module "plan" {
  source = "../aws-security-group-rules"

  endpoints      = var.endpoints
  create         = var.create
  existing       = var.existing
  vpc_id         = var.vpc_id
  name_prefix    = var.name_prefix
  exclude_flows  = var.exclude_flows
  include_flows  = var.include_flows
  extra_rules    = var.extra_rules
  options        = var.options
  matrix_version = var.matrix_version
  tags           = var.tags
}

locals {
  # Apart from the resources, as Terraform evaluates a for_each once for each instance.
  ingress = { for key, rule in module.plan.rules : key => rule if rule.direction == "ingress" }
  egress  = { for key, rule in module.plan.rules : key => rule if rule.direction == "egress" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.ingress

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.egress

  security_group_id            = each.value.security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
  tags                         = var.tags
}
