output "groups" {
  description = "The ids of each server's groups, all of which its interfaces need."
  value       = merge(module.eu.groups, module.us.groups)
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\", of both Regions."
  value       = merge(module.eu.rules, module.us.rules)
}
