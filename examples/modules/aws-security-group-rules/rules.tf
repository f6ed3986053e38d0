locals {
  # The endpoints whose rules go into groups. Names that no endpoint has are reported with the outputs.
  managed = setintersection(keys(var.endpoints), concat(tolist(local.create_for), keys(local.existing)))

  # What the provider gets: the endpoints as given, those with groups addressed by the first. The id of a group that
  # is yet to be created is unknown while Terraform plans; the keys of the rules are known all the same.
  deployment = {
    matrix_version = var.matrix_version
    exclude_flows  = var.exclude_flows
    include_flows  = var.include_flows
    additions      = var.additions
    matrix         = var.matrix
    options        = var.options
    endpoints = merge(var.endpoints, {
      for endpoint in local.managed : endpoint => merge(
        var.endpoints[endpoint],
        {
          security_group_id = local.group_ids["${endpoint}/0"]
          # What the endpoint asks for itself is for the provider to judge, whatever its type.
          security_groups = [for number in [local.asked[endpoint], local.counts[endpoint]] : number if number != null][0]
        },
      )
    })
  }

  # Called once, here, and never inside a for_each: Terraform would call it once per instance.
  # Null where the module is switched off: a deployment whose groups are not there may be none.
  firewall = one([for number in range(var.create ? 1 : 0) : provider::tachyon::security_group_rules(local.deployment)])

  # For left_out, which the rules do not have. It waits for them, so that a mistake in the endpoints is reported once.
  connections = one([
    for number in range(var.create ? 1 : 0) : provider::tachyon::connections(merge(local.deployment, {
      matrix_version = var.matrix == null ? local.firewall.matrix_version : null
    }))
  ])

  # One map for all the groups, keyed "<endpoint>/<ingress|egress>/<rule>".
  planned = merge(flatten([
    for endpoint in local.managed : [
      for direction in ["ingress", "egress"] : {
        for key, rule in local.firewall.endpoints[endpoint][direction] : "${endpoint}/${direction}/${key}" => merge(rule, {
          endpoint  = endpoint
          direction = direction
          group     = "${endpoint}/${rule.group}"
          # Which argument names the peer. Taken from the key: as long as an id is unknown, Terraform can't say whether it is null.
          source = (
            rule.cidr_ipv4 != null ? "cidr_ipv4"
            : rule.cidr_ipv6 != null ? "cidr_ipv6"
            : length(split("/", key)) == 2 ? "referenced_security_group_id" : "prefix_list_id"
          )
        })
      }
    ]
  ])...)

  # Only the lists that a rule of these groups refers to.
  wanted_lists = toset([for rule in values(local.planned) : rule.prefix_list if rule.prefix_list != null])
  prefix_lists = { for key, list in var.create ? local.firewall.prefix_lists : {} : key => list if contains(local.wanted_lists, key) }

  documented = {
    for key, rule in local.planned : key => merge(rule, {
      # With members_only, the caller has the groups.
      security_group_id = var.members_only ? null : local.group_ids[rule.group]
      prefix_list_id    = rule.prefix_list == null ? rule.prefix_list_id : aws_ec2_managed_prefix_list.this[rule.prefix_list].id
    })
  }

  rules = merge(local.documented, local.own)
}

resource "aws_ec2_managed_prefix_list" "this" {
  for_each = local.prefix_lists

  name           = "${var.name_prefix}${each.key}"
  address_family = each.value.address_family
  max_entries    = each.value.max_entries
  tags           = var.tags

  dynamic "entry" {
    for_each = { for entry in each.value.entries : entry.cidr => entry.description }
    content {
      cidr        = entry.key
      description = entry.value
    }
  }
}
