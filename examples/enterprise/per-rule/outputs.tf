output "groups" {
  description = "The ids of each server's groups, all of which its interfaces need."
  value       = module.tachyon.groups
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"."
  value       = module.tachyon.rules
}

output "usage" {
  description = "What the rules of each server use of EC2's quota."
  value       = module.tachyon.usage
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created."
  value       = module.tachyon.prefix_lists
}

output "warnings" {
  description = "What the document warns of."
  value       = module.tachyon.warnings
}

output "unresolved" {
  description = "What the document asks for and this installation has no other end for."
  value       = module.tachyon.unresolved
}

output "left_out" {
  description = "What the document asks for and this installation leaves out, with the reason."
  value       = module.tachyon.left_out
}
