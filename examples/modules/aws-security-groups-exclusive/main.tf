# Removes every rule that is not listed here: rules from before Terraform, and rules that people add at the console.
resource "aws_vpc_security_group_rules_exclusive" "this" {
  for_each = var.groups

  security_group_id = each.value.security_group_id
  ingress_rule_ids  = each.value.ingress_rule_ids
  egress_rule_ids   = each.value.egress_rule_ids
}
