# What is wrong with the user's own rules, each with a text. Found here and not in the variable: there every condition would have
# to stand twice, for whether there is a mistake and for where.

locals {
  own_named = merge([for holder, rules in local.wanted.extra_rules : { for name, rule in rules : "${holder}/${name}" => merge(rule, { name = name }) }]...)

  # In what is known whenever a plan is made, so that such a rule can be left out.
  own_malformed = {
    for key, texts in {
      for key, rule in local.own_named : key => [for text in [
        can(regex("^[A-Za-z0-9._-]{0,63}[A-Za-z0-9_]$", rule.name)) ? null : "its name has letters, digits, '.', '_' and '-', up to 64, and does not end with '.' or '-'",
        contains(["Inbound", "Outbound"], rule.direction) ? null : "direction is \"Inbound\" or \"Outbound\"",
        contains(["Allow", "Deny"], rule.access) ? null : "access is \"Allow\" or \"Deny\"",
        contains(["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"], rule.protocol) ? null : "protocol is \"Tcp\", \"Udp\", \"Icmp\", \"Esp\", \"Ah\" or \"*\"",
        try(rule.priority >= 100 && rule.priority <= 4095 && floor(rule.priority) == rule.priority, false) ? null : "priority is a whole number from 100 to 4095",
        rule.destination_port_range == "*" || try(
          alltrue([for port in split("-", rule.destination_port_range) : can(regex("^[0-9]{1,5}$", port)) && tonumber(port) <= 65535])
          && length(split("-", rule.destination_port_range)) <= 2
          && tonumber(split("-", rule.destination_port_range)[0]) <= tonumber(reverse(split("-", rule.destination_port_range))[0]),
          false,
        ) ? null : "destination_port_range is a port, a range such as \"4000-4010\", or \"*\"",
        contains(["Tcp", "Udp", "*"], rule.protocol) || rule.destination_port_range == "*" ? null : "${rule.protocol} has no ports: destination_port_range is \"*\"",
      ] : text if text != null]
    } : key => texts if length(texts) > 0
  }

  # In its ends and its description, separate from the above: they may be unknown before an apply.
  own_mistaken = {
    for key, texts in {
      for key, rule in local.own_named : key => [for text in concat(
        [for side in ["source", "destination"] :
          length([for form in ["address_prefix", "address_prefixes", "application_security_group_ids"] : form if rule["${side}_${form}"] != null]) == 1
          ? null : "it has exactly one of ${side}_address_prefix, ${side}_address_prefixes and ${side}_application_security_group_ids"
        ],
        [for side in ["source", "destination"] :
          length(distinct([for prefix in coalesce(rule["${side}_address_prefixes"], ["10.0.0.0/8"]) : length(split(":", prefix)) > 1])) == 1
          ? null : "${side}_address_prefixes has prefixes of one family, and at least one"
        ],
        # Together with the text before it, Azure accepts 140 characters.
        [length(rule.description) >= 1 && length(rule.description) <= 140 - length(local.own_mark) ? null : "description has 1 to ${140 - length(local.own_mark)} characters"],
      ) : text if text != null]
    } : key => texts if length(texts) > 0
  }

  own_strangers = setsubtract(keys(local.wanted.extra_rules), local.placed)

  # Azure does not tell names apart by case.
  own_alike = flatten([
    for holder, rules in local.own : [
      for names in values({ for key, rule in rules : lower(rule.name) => key... }) : "${holder}: ${join(" and ", names)}" if length(names) > 1
    ]
  ])

  # Two rules of one direction can't have one priority.
  own_taken = flatten([
    for holder, rules in local.own : [
      for keys in values({
        for key, rule in merge(local.candidates[holder], rules) : "${rule.direction} ${rule.priority}" => key...
      }) : "${holder}: ${join(" and ", keys)}" if length(keys) > 1
    ] if length(rules) > 0
  ])

  own_overfull = [
    for holder, rules in local.own : "${holder}: ${length(rules) + length(local.candidates[holder])} of 1000"
    if length(rules) > 0 && length(rules) + length(local.candidates[holder]) > 1000
  ]
}
