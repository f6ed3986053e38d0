# An installation on both clouds, and a firewall that is tested like code: the tests stand in tests/. Nothing is created,
# so no account is needed, and after `terraform init` no network.
#
#   terraform init
#   terraform test

terraform {
  # Provider functions came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7.0"
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  deployment = {
    endpoints = merge(
      {
        for site, networks in var.client_networks : "clients-${site}" => {
          roles = ["client"]
          cidrs = networks
        }
      },
      {
        # On AWS the servers are known by their security groups, on Azure by their addresses.
        tachyon = {
          roles             = ["master_stack", "response_stack"]
          security_group_id = "sg-0a11c0ffee0000001"
          cidrs             = ["10.20.1.10/32"]
          ports             = { switches = var.switch_ports }
        }
        sql = {
          roles             = ["sql_master", "sql_responses"]
          security_group_id = "sg-0a11c0ffee0000002"
          cidrs             = ["10.20.2.10/32"]
          ports             = { sql = var.sql_port }
        }
        dmz = {
          roles             = ["dmz_server"]
          security_group_id = "sg-0a11c0ffee0000003"
          cidrs             = ["10.20.9.10/32"]
        }

        admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
        internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0", "::/0"], service_tag = "Internet" }

        # The document names neither host: ask 1E for the first, and read the second in your certificates.
        cloud-1e = { roles = ["cloud_1e"], cidrs = ["203.0.113.0/24"] }
        crl      = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }
      },
    )

    # Devices here do not fetch content from each other.
    exclude_flows = ["client_p2p"]

    options = {
      azure = {
        deny_all = true
        # This group has had a rule for browsers at 4000 for years; the network team knows it by that number.
        priorities = { "inbound/browser_to_master_https/443/ipv4" = 4000 }
      }
    }
  }

  # Each function is called once, here. What the tests look at is the very value that resources would get.
  matrix = provider::tachyon::connections(local.deployment)
  aws    = provider::tachyon::security_group_rules(local.deployment)
  azure  = provider::tachyon::network_security_rules(local.deployment)
}

# A function can't warn by itself. This check does so in every plan, and fails a test that does not expect it.
check "warnings" {
  assert {
    condition     = length(setsubtract(local.warnings, var.accepted_warnings)) == 0
    error_message = "Not accepted so far: ${join(", ", setsubtract(local.warnings, var.accepted_warnings))}. Read the warnings; if they do not matter here, add them to accepted_warnings."
  }
}
