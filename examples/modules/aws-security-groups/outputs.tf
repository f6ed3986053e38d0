output "groups" {
  description = "The ids of the groups of each endpoint in create_for or existing: attach all of them to its interfaces."
  value = {
    for endpoint, count in module.plan.counts :
    endpoint => [for number in range(count) : module.plan.group_ids["${endpoint}/${number}"]]
  }
  # Whoever attaches the groups does so once they hold their rules, and rules that are no longer wanted are revoked after that.
  depends_on = [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this]
}

output "security_groups" {
  description = "Each group that was created, by \"<endpoint>/<number>\": its id, arn, and name, which has 26 characters of hashicorp/aws at its end."
  value       = module.plan.security_groups
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"; group is \"<endpoint>/<number>\". A rule of extra_rules is \"<endpoint>/<ingress|egress>/own/<name>\"."
  value       = module.plan.rules
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created, by \"<endpoint>/<ipv4|ipv6>\"."
  value       = module.plan.prefix_lists
}

output "managed_prefix_lists" {
  description = "Each prefix list that was created, by \"<endpoint>/<ipv4|ipv6>\": its id, arn and name."
  value       = module.plan.managed_prefix_lists
}

output "usage" {
  description = "What the rules of each endpoint use of EC2's quota, those of extra_rules included."
  value       = module.plan.usage
}

output "warnings" {
  description = "What the document warns of."
  value       = module.plan.warnings
}

output "unresolved" {
  description = "What the document asks for and these endpoints have no other end for."
  value       = module.plan.unresolved
}

output "left_out" {
  description = "What the document asks for and these endpoints leave out, with the reason."
  value       = module.plan.left_out
}

output "matrix_version" {
  description = "The version of the communication matrix that was used."
  value       = module.plan.matrix_version
}

output "ownership" {
  description = "Each group with the ids of its rules, by \"<endpoint>/<number>\": what the module aws-security-groups-exclusive takes."
  value = {
    for key, id in module.plan.group_ids : key => {
      security_group_id = id
      ingress_rule_ids  = [for name, rule in aws_vpc_security_group_ingress_rule.this : rule.id if module.plan.rules[name].group == key]
      egress_rule_ids   = [for name, rule in aws_vpc_security_group_egress_rule.this : rule.id if module.plan.rules[name].group == key]
    }
  }
}

output "moved" {
  description = "The moved blocks for the endpoints in renamed, to copy beside the module: Terraform takes no computed ones. Empty if none is renamed."
  value       = module.plan.moved
}
