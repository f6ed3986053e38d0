terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

# There is nothing to configure: no credentials, no network, no files.
provider "tachyon" {}

locals {
  firewall = provider::tachyon::security_group_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    }
  })
}

output "what_clients_may_reach" {
  value = keys(local.firewall.endpoints["tachyon"].ingress)
}
