# The rules as resources, one for each, as in ../aws: its README has this file for hashicorp/aws before 5.0.

locals {
  # Apart from the resources, as Terraform evaluates a for_each once for each instance.
  ingress = { for key, rule in local.rules : key => rule if rule.direction == "ingress" }
  egress  = { for key, rule in local.rules : key => rule if rule.direction == "egress" }

  # What was made of them, whatever the resources are: the output rules shows it, and tests/ look at that.
  made = {
    for key, rule in merge(aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this) : key => {
      security_group_id            = rule.security_group_id
      cidr                         = rule.cidr_ipv4 != null ? rule.cidr_ipv4 : rule.cidr_ipv6
      referenced_security_group_id = rule.referenced_security_group_id
    }
  }
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
}
