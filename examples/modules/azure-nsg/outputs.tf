# This output waits for no rule, so what is checked here is reported together with the provider's own errors.
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
    condition     = length(local.existing_already) == 0
    error_message = "For ${join(", ", [for name in local.existing_already : "\"${name}\""])} a network security group is to be created that existing_network_security_groups names, in whatever case. Give it another name, or leave one of them out."
  }
  precondition {
    condition     = length(local.addressed_twice) == 0
    error_message = "For ${join(", ", [for name in local.addressed_twice : "\"${name}\""])} an application security group is to be created and application_security_group_ids are given. Leave one of them out."
  }
  precondition {
    condition     = var.rules_as == "resources" || length(local.wanted.existing_network_security_groups) == 0
    error_message = "The rules of an existing network security group can be resources only: rules_as must be \"resources\", or existing_network_security_groups empty."
  }
  precondition {
    condition     = length(local.own_strangers) == 0
    error_message = "extra_rules has rules for ${join(", ", [for name in local.own_strangers : "\"${name}\""])}, for which no network security group is given. Groups are given for ${join(", ", local.placed)}."
  }
  precondition {
    condition     = length(local.own_malformed) == 0
    error_message = join("\n", [for key, texts in local.own_malformed : "The rule ${key} in extra_rules: ${join("; ", texts)}."])
  }
  precondition {
    condition     = length(local.own_mistaken) == 0
    error_message = join("\n", [for key, texts in local.own_mistaken : "The rule ${key} in extra_rules: ${join("; ", texts)}."])
  }
  precondition {
    condition     = length(local.own_alike) == 0
    error_message = "Names in extra_rules that Azure does not tell apart: ${join("; ", local.own_alike)}. Case does not count; rename one."
  }
}

output "network_security_group_ids" {
  description = "The ids of the network security groups that were created, by endpoint or shared name; for the associations with interfaces and subnets."
  value       = { for holder, group in azurerm_network_security_group.this : holder => group.id }
}

output "application_security_groups" {
  description = "Each application security group that was created, by endpoint: its id and name."
  value       = { for endpoint, group in azurerm_application_security_group.this : endpoint => { id = group.id, name = group.name } }
}

output "network_security_groups" {
  description = "Each network security group that was created, by endpoint or shared name: its id and name."
  value       = { for holder, group in azurerm_network_security_group.this : holder => { id = group.id, name = group.name } }
}

output "rules" {
  description = "The rules of each network security group, by endpoint or shared name, and by \"<inbound|outbound>/<flow>/<port or range>/<part>\"; in a shared group the endpoint follows. A rule of extra_rules is \"<inbound|outbound>/own/<name>\"."
  value       = local.contents

  precondition {
    condition     = length(local.own_taken) == 0
    error_message = "Two rules of one direction have one priority. ${join("; ", local.own_taken)}. Give the rule in extra_rules another one; 4000 to 4095 are never used by documented rules."
  }
  precondition {
    condition     = length(local.own_overfull) == 0
    error_message = "More rules than a network security group holds, together with those in extra_rules. ${join("; ", local.own_overfull)}."
  }
}

output "warnings" {
  description = "What the document warns of, and rules that had to share a place in a band of priorities."
  value       = var.create ? local.firewall.warnings : []
}

output "unresolved" {
  description = "What the document asks for and these endpoints have no other end for."
  value       = var.create ? local.firewall.unresolved : []
}

output "left_out" {
  description = "What the document asks for and these endpoints leave out, with the reason."
  value       = var.create ? local.connections.left_out : []
}

output "matrix_version" {
  description = "The version of the communication matrix that was used."
  value       = var.create ? local.firewall.matrix_version : null
}
