output "groups" {
  description = "The ids of the groups of each endpoint in create or existing: attach all of them to its interfaces."
  value = {
    for endpoint, count in module.plan.counts :
    endpoint => [for number in range(count) : module.plan.group_ids["${endpoint}/${number}"]]
  }
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"; group is \"<endpoint>/<number>\". A rule of extra_rules is \"<endpoint>/<ingress|egress>/own/<name>\"."
  value       = module.plan.rules
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created, by \"<endpoint>/<ipv4|ipv6>\"."
  value       = module.plan.prefix_lists
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
