# Groups, prefix lists and what the rules are: the same for every flavour.
module "plan" {
  source = "../aws-security-group-rules"

  endpoints          = var.endpoints
  create             = var.create
  create_for         = var.create_for
  existing           = var.existing
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
  addresses = {
    ingress = "aws_security_group_rule.this"
    egress  = "aws_security_group_rule.this"
  }
}

# One source for each rule, so that adding or removing a network changes no other rule. `source` names the argument, and is known
# before the id. A rule for all traffic has no ports, which this resource writes as 0.
resource "aws_security_group_rule" "this" {
  for_each = module.plan.rules

  security_group_id        = each.value.security_group_id
  type                     = each.value.direction
  protocol                 = each.value.ip_protocol
  from_port                = coalesce(each.value.from_port, 0)
  to_port                  = coalesce(each.value.to_port, 0)
  cidr_blocks              = each.value.source == "cidr_ipv4" ? [each.value.cidr_ipv4] : null
  ipv6_cidr_blocks         = each.value.source == "cidr_ipv6" ? [each.value.cidr_ipv6] : null
  prefix_list_ids          = each.value.source == "prefix_list_id" ? [each.value.prefix_list_id] : null
  source_security_group_id = each.value.source == "referenced_security_group_id" ? each.value.referenced_security_group_id : null
  description              = each.value.description

  # A rule that goes to another group is there before the old one is revoked, so that its traffic is never refused.
  lifecycle {
    create_before_destroy = true
  }
}

# Changes with the rules, after those that are new. Terraform destroys what is created before it is destroyed only after all that depends
# on it has changed, so the rules that are no longer wanted are revoked last.
resource "terraform_data" "revoke_last" {
  count = var.revoke_last && tobool(var.create) ? 1 : 0

  input = sha1(jsonencode({
    for key, rule in module.plan.rules : key => [rule.security_group_id, rule.prefix_list_id, rule.referenced_security_group_id]
  }))
  depends_on = [aws_security_group_rule.this]
}
