output "group_ids" {
  description = "The ids of all groups, those that exist included, by \"<endpoint>/<number>\"."
  value       = local.group_ids

  precondition {
    condition     = length(local.strangers) == 0
    error_message = "No endpoint has the name ${join(", ", [for name in local.strangers : "\"${name}\""])}, for which groups are wanted in create_for or existing. The endpoints: ${join(", ", keys(var.endpoints))}."
  }
  precondition {
    condition     = length(local.placed_twice) == 0
    error_message = "For ${join(", ", [for name in local.placed_twice : "\"${name}\""])} groups are to be created and groups that exist are named. Leave it out of create_for or out of existing."
  }
  precondition {
    condition     = length(local.addressed_twice) == 0
    error_message = "${join(", ", [for name in local.addressed_twice : "\"${name}\""])} has a security_group_id of its own, and groups in create_for or existing. Leave one of them out: with existing, the first id there is the one that peers refer to."
  }
  precondition {
    condition     = length(local.miscounted) == 0
    error_message = "${join(", ", [for name in local.miscounted : "\"${name}\" asks for ${local.asked[name]} security_groups and has ${local.counts[name]} ids in existing"])}. Leave security_groups out: the ids are counted."
  }
  precondition {
    condition     = length(local.undescribed) == 0
    error_message = "group_descriptions describes groups of ${join(", ", [for name in local.undescribed : "\"${name}\""])}, for which none are created. Groups are created for ${join(", ", local.create_for)}."
  }
  precondition {
    condition     = length(local.reserved_names) == 0
    error_message = "EC2 refuses the name ${join(", ", [for name in local.reserved_names : "\"${name}\""])} for a security group, because it begins with \"sg-\". Choose another name_prefix."
  }
  precondition {
    condition     = length(local.without_group) == 0
    error_message = "extra_rules has rules for ${join(", ", [for name in local.without_group : "\"${name}\""])}, but this module fills no group of such an endpoint. Endpoints with groups here: ${join(", ", local.managed)}."
  }
  precondition {
    condition     = length(local.misplaced) == 0
    error_message = "A group that is not there is named in extra_rules: ${join(", ", local.misplaced)}. Groups are numbered from 0."
  }
}

output "security_groups" {
  description = "Each group that was created, by \"<endpoint>/<number>\": its id, arn, and name, which has 26 characters of hashicorp/aws at its end."
  value       = { for key, group in aws_security_group.this : key => { id = group.id, arn = group.arn, name = group.name } }
}

output "moved" {
  description = "The moved blocks for the endpoints in renamed, by the addresses of the caller. Empty if none is renamed."
  value = join("\n", [
    for one in local.moved : <<-EOT
      moved {
        from = ${var.module_address}.${var.addresses[one.kind]}["${one.from}"]
        to   = ${var.module_address}.${var.addresses[one.kind]}["${one.to}"]
      }
    EOT
    if var.addresses[one.kind] != null
  ])

  precondition {
    condition     = length(local.not_renamed) == 0
    error_message = "In renamed: ${join("; ", local.not_renamed)}. Write the new name of an endpoint by its old one."
  }
}

output "counts" {
  description = "How many groups each endpoint has for its rules."
  value       = local.counts
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\": the arguments of aws_vpc_security_group_ingress_rule, and endpoint, direction, group (\"<endpoint>/<number>\"), source (the argument that names the peer), peer, flows. A rule of extra_rules is \"own/<name>\". With members_only, security_group_id is null."
  value       = local.rules

  precondition {
    condition     = length(local.malformed) == 0
    error_message = "In extra_rules: ${join("; ", [for key, texts in local.malformed : "${key}: ${join(", ", texts)}"])}."
  }
  precondition {
    condition     = length(local.mistaken) == 0
    error_message = "In extra_rules: ${join("; ", [for key, texts in local.mistaken : "${key}: ${join(", ", texts)}"])}."
  }
  precondition {
    condition     = length(local.peerless) == 0
    error_message = "In extra_rules: ${join("; ", [for key, texts in local.peerless : "${key}: ${join(", ", texts)}"])}."
  }
  precondition {
    condition     = length(local.repeated_cidrs) == 0
    error_message = "To EC2 these are one rule, which it takes only once: ${join("; ", local.repeated_cidrs)}. Remove the one in extra_rules."
  }
  precondition {
    condition     = length(local.repeated_ids) == 0
    error_message = "To EC2 these are one rule, which it takes only once: ${join("; ", local.repeated_ids)}. Remove the one in extra_rules."
  }
  precondition {
    condition     = length(local.overfull) == 0
    error_message = "With extra_rules there are more rules than a security group holds: ${join(", ", local.overfull)}. Give the rule another group, or the endpoint one more by security_groups; a higher quota of the account stands in options.aws.rules_per_group."
  }
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created, by \"<endpoint>/<ipv4|ipv6>\"."
  value       = { for key, list in aws_ec2_managed_prefix_list.this : key => list.id }
}

output "managed_prefix_lists" {
  description = "Each prefix list that was created, by \"<endpoint>/<ipv4|ipv6>\": its id, arn and name."
  value       = { for key, list in aws_ec2_managed_prefix_list.this : key => { id = list.id, arn = list.arn, name = list.name } }
}

output "usage" {
  description = "What the rules of each endpoint use of EC2's quota, those of extra_rules included."
  value       = local.usage
}

output "warnings" {
  description = "What the document warns of."
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

locals {
  strangers    = setsubtract(concat(tolist(local.create_for), keys(local.existing)), keys(var.endpoints))
  placed_twice = setintersection(local.create_for, keys(local.existing))
  addressed_twice = [
    for endpoint in local.managed : endpoint
    if lookup(var.endpoints[endpoint], "security_group_id", null) != null
  ]
  miscounted = [
    for endpoint in setintersection(local.managed, keys(local.existing)) : endpoint
    if try(tonumber(local.asked[endpoint]), null) != null && try(tonumber(local.asked[endpoint]), null) != local.counts[endpoint]
  ]
  undescribed    = [for name in keys(var.group_descriptions) : name if var.create && !contains(local.create_for, name)]
  reserved_names = [for group in values(local.created) : group.name if startswith(lower(group.name), "sg-")]
}
