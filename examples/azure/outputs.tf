output "network_security_group_ids" {
  description = "The network security group of each server; for the association with its interfaces."
  value       = module.firewall.network_security_group_ids
}

output "application_security_group_ids" {
  description = "The application security group of each server; its interfaces must join it, or no rule knows them."
  value       = module.firewall.application_security_group_ids
}

output "rules" {
  description = "The rules of each server."
  value       = module.firewall.rules
}

output "unresolved" {
  description = "What the document asks for and this installation has no other end for."
  value       = module.firewall.unresolved
}

output "warnings" {
  description = "What the document warns of."
  value       = module.firewall.warnings
}

output "left_out" {
  description = "What the document asks for and this installation leaves out, with the reason."
  value       = module.firewall.left_out
}
