output "group_ids" {
  description = "The ids of all groups, those that exist included, by \"<endpoint>/<number>\"."
  value       = local.group_ids

  precondition {
    condition     = length(local.strangers) == 0
    error_message = "No endpoint has the name ${join(", ", [for name in local.strangers : "\"${name}\""])}, for which groups are wanted in create or existing. The endpoints: ${join(", ", keys(var.endpoints))}."
  }
  precondition {
    condition     = length(local.placed_twice) == 0
    error_message = "For ${join(", ", [for name in local.placed_twice : "\"${name}\""])} groups are to be created and groups that exist are named. Leave it out of create or out of existing."
  }
  precondition {
    condition     = length(local.addressed_twice) == 0
    error_message = "${join(", ", [for name in local.addressed_twice : "\"${name}\""])} has a security_group_id of its own, and groups in create or existing. Leave one of them out: with existing, the first id there is the one that peers refer to."
  }
  precondition {
    condition     = length(local.miscounted) == 0
    error_message = "${join(", ", [for name in local.miscounted : "\"${name}\" asks for ${local.asked[name]} security_groups and has ${local.counts[name]} ids in existing"])}. Leave security_groups out: the ids are counted."
  }
  precondition {
    condition     = length(local.same_names) == 0
    error_message = "EC2 does not tell ${join(" and ", [for name in local.same_names : "\"${name}\""])} apart: in the name of a security group, case does not count. Rename an endpoint."
  }
  precondition {
    condition     = length(local.reserved_names) == 0
    error_message = "EC2 refuses the name ${join(", ", [for name in local.reserved_names : "\"${name}\""])} for a security group, because it begins with \"sg-\". Choose another name_prefix."
  }
}

output "counts" {
  description = "How many groups each endpoint has for its rules."
  value       = local.counts
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\": the arguments of aws_vpc_security_group_ingress_rule, and endpoint, direction, group (\"<endpoint>/<number>\"), source (the argument that names the peer), peer, flows. With members_only, security_group_id is null."
  value       = local.rules
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created, by \"<endpoint>/<ipv4|ipv6>\"."
  value       = { for key, list in aws_ec2_managed_prefix_list.this : key => list.id }
}

output "usage" {
  description = "What the rules of each endpoint use of EC2's quota."
  value       = { for endpoint in local.managed : endpoint => local.firewall.endpoints[endpoint].usage }
}

output "warnings" {
  description = "What the document warns of."
  value       = local.firewall.warnings
}

output "unresolved" {
  description = "What the document asks for and these endpoints have no other end for."
  value       = local.firewall.unresolved
}

output "matrix_version" {
  description = "The version of the communication matrix that was used."
  value       = local.firewall.matrix_version
}

locals {
  strangers    = setsubtract(concat(tolist(var.create), keys(var.existing)), keys(var.endpoints))
  placed_twice = setintersection(var.create, keys(var.existing))
  addressed_twice = [
    for endpoint in local.managed : endpoint
    if lookup(var.endpoints[endpoint], "security_group_id", null) != null
  ]
  miscounted = [
    for endpoint in setintersection(local.managed, keys(var.existing)) : endpoint
    if try(tonumber(local.asked[endpoint]), null) != null && try(tonumber(local.asked[endpoint]), null) != local.counts[endpoint]
  ]
  names          = [for group in values(local.created) : group.name]
  same_names     = [for name in local.names : name if length([for other in local.names : other if lower(other) == lower(name)]) > 1]
  reserved_names = [for name in local.names : name if startswith(lower(name), "sg-")]
}
