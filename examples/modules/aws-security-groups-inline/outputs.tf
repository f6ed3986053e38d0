output "groups" {
  description = "The ids of the groups of each endpoint in create_for: first the one that peers refer to, then those with the rules. Attach all of them to its interfaces."
  value = {
    for endpoint, count in module.plan.counts : endpoint => concat(
      [module.plan.group_ids["${endpoint}/0"]],
      [for number in range(count) : aws_security_group.rules["${endpoint}/${number}"].id],
    )
  }

  precondition {
    condition     = length(local.crowded) == 0
    error_message = "With the group that peers refer to, ${join(", ", [for name in local.crowded : "\"${name}\" comes to ${module.plan.counts[name] + 1}"])} groups; an interface has at most ${local.groups_per_interface} (options.aws.groups_per_interface)."
  }
}

output "security_groups" {
  description = "Each group that was created: its id, arn, and name, which has 26 characters of hashicorp/aws at its end. \"<endpoint>/members\" is the one that peers refer to, \"<endpoint>/<number>\" are those with the rules."
  value = merge(
    { for key, group in module.plan.security_groups : "${split("/", key)[0]}/members" => group },
    { for key, group in aws_security_group.rules : key => { id = group.id, arn = group.arn, name = group.name } },
  )
}

output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"; group is \"<endpoint>/<number>\". A rule of extra_rules is \"<endpoint>/<ingress|egress>/own/<name>\"."
  value = {
    for key, rule in module.plan.rules : key => merge(rule, { security_group_id = aws_security_group.rules[rule.group].id })
  }
}

output "prefix_lists" {
  description = "The ids of the prefix lists that were created, by \"<endpoint>/<ipv4|ipv6>\"."
  value       = module.plan.prefix_lists
}

output "managed_prefix_lists" {
  description = "Each prefix list that was created, by \"<endpoint>/<ipv4|ipv6>\": its id, arn and name."
  value       = module.plan.managed_prefix_lists
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

output "moved" {
  description = "The moved blocks for the endpoints in renamed, to copy beside the module: Terraform takes no computed ones. Empty if none is renamed."
  value       = module.plan.moved
}

locals {
  # EC2's own number where nothing else is said.
  groups_per_interface = coalesce(try(tonumber(var.options.aws.groups_per_interface), null), 5)
  crowded              = [for endpoint, count in module.plan.counts : endpoint if count + 1 > local.groups_per_interface]
}
