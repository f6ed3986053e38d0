output "rules" {
  description = "The rules that were made, by \"<server>/<ingress|egress>/<rule>\": the group that holds each, and its peer, a CIDR or a group."
  value       = local.made
}

output "usage" {
  description = "How many of EC2's rules per group each server takes."
  value       = { for server in local.servers : server => local.firewall.endpoints[server].usage }
}

output "unresolved" {
  description = "What the document asks for and this deployment has no other end for."
  value       = local.firewall.unresolved
}

output "warnings" {
  description = "What the document warns of."
  value       = local.firewall.warnings
}

output "left_out" {
  description = "What the document asks for and this deployment leaves out, with the reason."
  value       = local.matrix.left_out
}
