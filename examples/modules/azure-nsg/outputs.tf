# This output waits for no rule, so what is checked here is told beside whatever the provider has to say.
output "application_security_group_ids" {
  description = "The ids of the application security groups that were created, by endpoint; for the associations with interfaces."
  value       = { for endpoint, group in azurerm_application_security_group.this : endpoint => group.id }

  precondition {
    condition     = length(local.strangers) == 0
    error_message = "No endpoint has, or shares a network_security_group of, the name ${join(", ", [for name in local.strangers : "\"${name}\""])}, for which a group is given. The endpoints: ${join(", ", keys(var.endpoints))}."
  }
  precondition {
    condition     = length(local.ambiguous) == 0
    error_message = "${join(", ", [for name in local.ambiguous : "\"${name}\""])} names an endpoint, and a network_security_group that endpoints share. Rename one of them."
  }
  precondition {
    condition     = length(local.placed_twice) == 0
    error_message = "For ${join(", ", [for name in local.placed_twice : "\"${name}\""])} a network security group is to be created and an existing one is named; the rules go into one."
  }
  precondition {
    condition     = length(local.addressed_twice) == 0
    error_message = "For ${join(", ", [for name in local.addressed_twice : "\"${name}\""])} an application security group is to be created and application_security_group_ids are given. Leave one of them out."
  }
  precondition {
    condition     = var.rules_as == "resources" || length(var.existing_network_security_groups) == 0
    error_message = "The rules of an existing network security group can be resources only: rules_as must be \"resources\", or existing_network_security_groups empty."
  }
}

output "network_security_group_ids" {
  description = "The ids of the network security groups that were created, by endpoint or shared name; for the associations with interfaces and subnets."
  value       = { for holder, group in azurerm_network_security_group.this : holder => group.id }
}

output "rules" {
  description = "The rules of each network security group, by endpoint or shared name, and by \"<inbound|outbound>/<flow>/<port or range>/<part>\"; in a shared group the endpoint follows."
  value       = { for holder in local.placed : holder => local.candidates[holder] }
}

output "warnings" {
  description = "What the document warns of, and rules that had to share a place in a band of priorities."
  value       = local.firewall.warnings
}

output "unresolved" {
  description = "What the document asks for and these endpoints have no other end for."
  value       = local.firewall.unresolved
}

output "left_out" {
  description = "What the document asks for and these endpoints leave out, with the reason."
  value       = local.matrix.left_out
}

output "matrix_version" {
  description = "The version of the communication matrix that was used."
  value       = local.firewall.matrix_version
}
