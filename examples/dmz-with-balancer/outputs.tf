output "groups" {
  description = "The ids of each endpoint's groups, all of which its interfaces need."
  value       = module.tachyon.groups
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"."
  value       = module.tachyon.rules
}
