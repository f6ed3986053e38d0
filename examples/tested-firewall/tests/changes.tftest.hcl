# What a change does to the rules that are there: only what was meant, and nothing else. A run sees the outputs of those before it.

run "today" {
  command = plan
}

run "a_site_comes" {
  command = plan

  variables {
    client_networks = {
      emea  = ["10.32.0.0/12"]
      latam = ["10.96.0.0/12"]
      us    = ["10.64.0.0/12", "2001:db8:64::/48"]
    }
  }

  assert {
    condition     = length(setsubtract(keys(run.today.aws_rules), keys(local.aws_rules))) == 0
    error_message = "Rules would be destroyed: ${join(", ", setsubtract(keys(run.today.aws_rules), keys(local.aws_rules)))}."
  }

  assert {
    condition     = alltrue([for key in setsubtract(keys(local.aws_rules), keys(run.today.aws_rules)) : startswith(key, "clients-latam/") || local.aws_rules[key].peer == "clients-latam"])
    error_message = "New rules must be the new site's: ${join(", ", setsubtract(keys(local.aws_rules), keys(run.today.aws_rules)))}."
  }

  # The same whatever the cloud: what opens is the new site's.
  assert {
    condition     = alltrue([for one in provider::tachyon::compare(run.today.deployment, local.deployment).opened : contains([one.source, one.destination], "clients-latam")])
    error_message = "A new site opens more than its own connections: ${join(", ", provider::tachyon::compare(run.today.deployment, local.deployment).opened[*].connection)}."
  }
  assert {
    condition     = length(provider::tachyon::compare(run.today.deployment, local.deployment).changed) == 0
    error_message = "A new site changes connections of others: ${join(", ", provider::tachyon::compare(run.today.deployment, local.deployment).changed[*].connection)}."
  }

  # On Azure the site joins rules that are there. Their priorities stay.
  assert {
    condition     = alltrue([for key, rule in run.today.azure_rules : try(local.azure_priorities[key] == rule.priority, false)])
    error_message = "Gone, or with another priority: ${join(", ", [for key, rule in run.today.azure_rules : key if !try(local.azure_priorities[key] == rule.priority, false)])}."
  }
}

run "a_switch_comes" {
  command = plan

  variables {
    switch_ports = [4000, 4002]
    # The Switch setting of the clients must follow; the owners of the clients know.
    accepted_warnings = ["switch_port/tachyon"]
  }

  assert {
    condition     = length(setsubtract(keys(run.today.aws_rules), keys(local.aws_rules))) == 0
    error_message = "A second Switch would destroy rules of AWS: ${join(", ", setsubtract(keys(run.today.aws_rules), keys(local.aws_rules)))}."
  }

  # Both ends of the range: a rule from 4002 to 65535 begins with the right port as well.
  assert {
    condition     = toset([for key in setsubtract(keys(local.aws_rules), keys(run.today.aws_rules)) : "${local.aws_rules[key].from_port} to ${local.aws_rules[key].to_port}"]) == toset(["4002 to 4002"])
    error_message = "A second Switch opens 4002 and no other port: ${jsonencode({ for key in setsubtract(keys(local.aws_rules), keys(run.today.aws_rules)) : key => [local.aws_rules[key].from_port, local.aws_rules[key].to_port] })}."
  }

  assert {
    condition     = alltrue([for key, rule in run.today.azure_rules : try(local.azure_priorities[key] == rule.priority, false)])
    error_message = "A second Switch would destroy rules of Azure, or move them: ${join(", ", [for key, rule in run.today.azure_rules : key if !try(local.azure_priorities[key] == rule.priority, false)])}."
  }
  assert {
    condition     = toset([for key in setsubtract(keys(local.azure_rules), keys(run.today.azure_rules)) : local.azure_rules[key].destination_port_range]) == toset(["4002"])
    error_message = "On Azure a second Switch opens 4002 and no other port: ${jsonencode({ for key in setsubtract(keys(local.azure_rules), keys(run.today.azure_rules)) : key => local.azure_rules[key].destination_port_range })}."
  }
}

run "all_sites_go" {
  command = plan

  variables {
    client_networks = {}
  }

  assert {
    condition     = length([for key, rule in local.aws_rules : key if startswith(key, "clients-") || startswith(rule.peer, "clients-")]) == 0
    error_message = "Still open: ${join(", ", [for key, rule in local.aws_rules : key if startswith(key, "clients-") || startswith(rule.peer, "clients-")])}."
  }

  # No packet passes that did not before.
  assert {
    condition     = !provider::tachyon::compare(run.today.deployment, local.deployment).widens
    error_message = "Taking sites away opens something: ${join(", ", [for one in concat(provider::tachyon::compare(run.today.deployment, local.deployment).opened, provider::tachyon::compare(run.today.deployment, local.deployment).changed) : one.connection if one.widens])}."
  }
}
