terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  # In a local, not in the for_each: Terraform calls a function there once per instance.
  firewall = provider::tachyon::network_security_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
      dmz     = { roles = ["dmz_server"], cidrs = ["10.20.9.10/32"] }
      emea    = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      us      = { roles = ["client"], cidrs = ["10.64.0.0/12"] }
      roaming = { roles = ["internet_client"], service_tag = "Internet" }
    }
  })
}

# Ready for: for_each = local.firewall.endpoints["dmz"].rules
output "rules" {
  value = {
    for key, rule in local.firewall.endpoints["dmz"].rules :
    key => "${rule.priority} ${rule.direction} ${rule.protocol} ${rule.destination_port_range}"
  }
}
