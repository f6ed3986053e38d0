terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  before = {
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
      sql     = { roles = ["sql_master", "sql_responses"], security_group_id = "sg-0a11c0ffee0000002" }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12", "10.64.0.0/12"] }
      admins  = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
    }
    include_flows = ["client_p2p"]
  }

  # The clients of one site move away, the Switch moves to another port, and mail comes.
  after = merge(local.before, {
    endpoints = merge(local.before.endpoints, {
      tachyon = merge(local.before.endpoints.tachyon, { ports = { switches = [4002] } })
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      mail    = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }
    })
  })

  change = provider::tachyon::compare(local.before, local.after)
}

output "opened" {
  value = [for one in local.change.opened : "${one.connection}: ${one.protocol} ${join(", ", one.ports_after)} (${join(", ", one.causes)})"]
}

output "changed" {
  value = { for one in local.change.changed : one.connection => {
    ports  = "${join(", ", one.ports_before)} -> ${join(", ", one.ports_after)}"
    closed = one.addresses_closed
    causes = one.causes
  } }
}

# How many rules the next apply of the module adds, removes, replaces and updates.
output "rules" {
  value = local.change.rules.aws
}

output "widens" {
  value = local.change.widens
}
