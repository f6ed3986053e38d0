# The rules of the network security groups.

run "network_security_rules" {
  command = plan

  # By name: one rule more fails the test, and so does one that is gone.
  assert {
    condition = local.azure_rules_for_anybody == toset([
      "dmz/inbound/internet_client_to_dmz_background_channel/443/tag-internet",
      "dmz/inbound/internet_client_to_dmz_switch/4000/tag-internet",
    ])
    error_message = "Other network security rules are for anybody than was agreed: ${join(", ", local.azure_rules_for_anybody)}."
  }

  # Priorities are permanent, so that others can rely on them.
  assert {
    condition     = lookup(local.azure_priorities, "tachyon/inbound/client_to_switch/4000/ipv4", 0) == 100
    error_message = "Devices reach the Switch by the rule 100. Now: ${jsonencode({ for key, priority in local.azure_priorities : key => priority if strcontains(key, "client_to_switch") })}."
  }
  assert {
    condition     = lookup(local.azure_priorities, "tachyon/inbound/browser_to_master_https/443/ipv4", 0) == 4000
    error_message = "Browsers reach the portal by the rule 4000, to which it is pinned. Now: ${jsonencode({ for key, priority in local.azure_priorities : key => priority if strcontains(key, "browser_to_master") })}."
  }

  # Rules of others have priorities in between.
  assert {
    condition     = alltrue([for priority in values(local.azure_priorities) : priority < 3400 || priority >= 4000])
    error_message = "In the range of others, 3400 to 3999: ${join(", ", [for key, priority in local.azure_priorities : "${key} ${priority}" if priority >= 3400 && priority < 4000])}."
  }

  # Without these Azure's default rules admit the whole virtual network. 4096 is the last priority that a rule can have.
  assert {
    condition     = alltrue([for name in ["dmz", "sql", "tachyon"] : try(local.azure_rules["${name}/inbound/deny_all"].access == "Deny" && local.azure_priorities["${name}/inbound/deny_all"] == 4096, false)])
    error_message = "A server's group does not end with a rule that denies the rest, at 4096. There are: ${jsonencode({ for key, rule in local.azure_rules : key => "${rule.access} at ${rule.priority}" if endswith(key, "/inbound/deny_all") })}."
  }
}
