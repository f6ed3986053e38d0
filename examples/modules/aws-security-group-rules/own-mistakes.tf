# What is wrong with the user's own rules, each with a text. Found here and not in the variable: there every condition
# would have to stand twice, for whether there is a mistake and for where.

locals {
  named = merge([for endpoint, rules in local.extra_rules : { for name, rule in rules : "${endpoint}/${name}" => merge(rule, { name = name }) }]...)

  # In what is known whenever a plan is made, so that such a rule can be left out.
  malformed = {
    for key, texts in {
      for key, rule in local.named : key => [for text in [
        can(regex("^[A-Za-z0-9._-]{1,64}$", rule.name)) ? null : "its name has letters, digits, '.', '_' and '-', up to 64",
        contains(["ingress", "egress"], rule.direction) ? null : "direction is \"ingress\" or \"egress\"",
        contains(["tcp", "udp", "icmp", "icmpv6", "-1"], rule.ip_protocol) ? null : "ip_protocol is \"tcp\", \"udp\", \"icmp\", \"icmpv6\", or \"-1\" for all traffic",
        contains(["icmp", "icmpv6", "-1"], rule.ip_protocol) || try(rule.from_port >= 0 && rule.from_port <= rule.to_port && rule.to_port <= 65535, false)
        ? null : "from_port and to_port are from 0 to 65535, and to_port is not the lower one",
        !startswith(rule.ip_protocol, "icmp") || try(min(rule.from_port, rule.to_port) >= -1 && max(rule.from_port, rule.to_port) <= 255, false)
        ? null : "from_port is the type of ICMP and to_port its code, from 0 to 255, or -1 for all",
        rule.ip_protocol != "-1" || rule.from_port == null && rule.to_port == null ? null : "all traffic (\"-1\") has no ports",
        alltrue([for number in [rule.from_port, rule.to_port, rule.group, rule.max_entries] : try(floor(number) == number, true)])
        ? null : "ports, group and max_entries are whole numbers",
      ] : text if text != null]
    } : key => texts if length(texts) > 0
  }

  # In its network and description, separate from the above: they may be unknown before an apply.
  mistaken = {
    for key, texts in {
      for key, rule in local.named : key => [for text in [
        rule.cidr_ipv4 == null || try(cidrsubnet(rule.cidr_ipv4, 0, 0) == rule.cidr_ipv4 && length(split(":", rule.cidr_ipv4)) == 1, false)
        ? null : "cidr_ipv4 is an IPv4 network as EC2 writes it, not \"${coalesce(rule.cidr_ipv4, "-")}\"${try(". Write \"${cidrsubnet(rule.cidr_ipv4, 0, 0)}\"", "")}",
        rule.cidr_ipv6 == null || try(cidrsubnet(rule.cidr_ipv6, 0, 0) == rule.cidr_ipv6 && length(split(":", rule.cidr_ipv6)) > 1, false)
        ? null : "cidr_ipv6 is an IPv6 network as EC2 writes it, not \"${coalesce(rule.cidr_ipv6, "-")}\"${try(". Write \"${cidrsubnet(rule.cidr_ipv6, 0, 0)}\"", "")}",
        # Together with the text before it, EC2 accepts 255 characters.
        can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=;{}!$*-]{1,${255 - length(local.own_mark)}}$", rule.description))
        ? null : "description has 1 to ${255 - length(local.own_mark)} of the characters that EC2 takes: letters, digits, spaces and ._-:/()#,@[]+=;{}!$*",
      ] : text if text != null]
    } : key => texts if length(texts) > 0
  }

  # In its peer, separate from both: an id of what is yet to be created is unknown, and Terraform can't say whether it is null.
  peerless = {
    for key, texts in {
      for key, rule in local.named : key => [for text in [
        length([for peer in [rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, rule.referenced_security_group_id] : peer if peer != null]) == 1
        ? null : "it has exactly one of cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_security_group_id",
        (rule.prefix_list_id == null) == (rule.max_entries == null) && try(rule.max_entries >= 1 && rule.max_entries <= 1000, rule.max_entries == null)
        ? null : "max_entries, from 1 to 1000, goes with a prefix_list_id: EC2 counts the rule as that many",
      ] : text if text != null]
    } : key => texts if length(texts) > 0
  }

  without_group = setsubtract(keys(local.extra_rules), local.managed)
  misplaced = flatten([
    for endpoint in setintersection(local.managed, keys(local.extra_rules)) : [
      for name, rule in local.extra_rules[endpoint] : "${endpoint}/${name} names ${rule.group} of ${local.counts[endpoint]}"
      if !contains(range(local.counts[endpoint]), rule.group)
    ]
  ])
  repeated_cidrs = [for keys in values(local.same_cidr) : join(" and ", keys) if length(keys) > 1]
  repeated_ids   = [for keys in values(local.same_id) : join(" and ", keys) if length(keys) > 1]
  overfull = flatten([
    for endpoint, usage in local.usage : [
      for direction, used in usage : [
        for number, group in used.groups : "${endpoint}/${number} comes to ${max(group.ipv4, group.ipv6)} ${direction} rules of ${group.limit}"
        if group.headroom < 0
      ]
    ]
  ])
}
