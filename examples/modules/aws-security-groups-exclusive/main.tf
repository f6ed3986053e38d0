# Removes every rule that is not told here, those from before Terraform and those that people add at the console.
resource "aws_vpc_security_group_rules_exclusive" "this" {
  for_each = var.groups

  security_group_id = each.value.security_group_id
  ingress_rule_ids  = each.value.ingress_rule_ids
  egress_rule_ids   = each.value.egress_rule_ids
}
