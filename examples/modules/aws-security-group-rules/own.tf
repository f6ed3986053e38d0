locals {
  # How the description of a rule of the user's own begins. That of a documented rule begins with "1E Tachyon".
  own_mark = "Own rule: "

  # Keyed "<endpoint>/<ingress|egress>/own/<name>": where "own" stands, the key of a documented rule has protocol and
  # port. Rules for groups that are not there and malformed ones are left out here and reported with the outputs.
  own = merge([
    for endpoint in setintersection(local.managed, keys(local.extra_rules)) : {
      for name, rule in local.extra_rules[endpoint] : "${endpoint}/${rule.direction}/own/${name}" => merge(rule, {
        endpoint    = endpoint
        description = "${local.own_mark}${rule.description}"
        documented  = false
        flows       = tolist([])
        group       = "${endpoint}/${rule.group}"
        peer        = null
        prefix_list = null
        # By max_entries, which is known while the id of a list or group may not be.
        source = (
          rule.cidr_ipv4 != null ? "cidr_ipv4"
          : rule.cidr_ipv6 != null ? "cidr_ipv6"
          : rule.max_entries != null ? "prefix_list_id" : "referenced_security_group_id"
        )
        security_group_id = var.members_only ? null : local.group_ids["${endpoint}/${rule.group}"]
      })
      if contains(range(local.counts[endpoint]), rule.group) && !contains(keys(local.malformed), "${endpoint}/${name}")
    }
  ]...)

  # What makes two rules the same to EC2. CIDRs are compared separately: an id may be unknown in a plan, and then all of the comparison is.
  same_cidr = {
    for key, rule in merge(local.documented, local.own) :
    jsonencode([rule.group, rule.direction, rule.ip_protocol, rule.from_port, rule.to_port, rule[rule.source]]) => key...
    if startswith(rule.source, "cidr_")
  }
  same_id = {
    for key, rule in merge(local.documented, local.own) :
    jsonencode([rule.group, rule.direction, rule.ip_protocol, rule.from_port, rule.to_port, rule[rule.source]]) => key...
    if !startswith(rule.source, "cidr_")
  }

  # The usage that the provider computed, plus the user's own rules: a rule for a list counts as max_entries in both families, a rule
  # for a group as one in both.
  usage = {
    for endpoint in local.managed : endpoint => {
      for direction, used in local.firewall.endpoints[endpoint].usage : direction => merge(used, {
        ipv4 = used.ipv4 + sum([for load in local.own_loads[endpoint][direction] : load.ipv4])
        ipv6 = used.ipv6 + sum([for load in local.own_loads[endpoint][direction] : load.ipv6])
        headroom = used.limit - max(
          used.ipv4 + sum([for load in local.own_loads[endpoint][direction] : load.ipv4]),
          used.ipv6 + sum([for load in local.own_loads[endpoint][direction] : load.ipv6]),
        )
        groups = [
          for number, group in used.groups : merge(group, {
            ipv4 = group.ipv4 + local.own_loads[endpoint][direction][number].ipv4
            ipv6 = group.ipv6 + local.own_loads[endpoint][direction][number].ipv6
            headroom = group.limit - max(
              group.ipv4 + local.own_loads[endpoint][direction][number].ipv4,
              group.ipv6 + local.own_loads[endpoint][direction][number].ipv6,
            )
          })
        ]
      })
    }
  }
  own_loads = {
    for endpoint in local.managed : endpoint => {
      for direction in ["ingress", "egress"] : direction => [
        for number in range(length(local.firewall.endpoints[endpoint].usage[direction].groups)) : {
          for family, other in { ipv4 = "cidr_ipv6", ipv6 = "cidr_ipv4" } : family => sum(concat([0], [
            for rule in values(local.own) : coalesce(rule.max_entries, 1)
            if rule.group == "${endpoint}/${number}" && rule.direction == direction && rule.source != other
          ]))
        }
      ]
    }
  }
}
