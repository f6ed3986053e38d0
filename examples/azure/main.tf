# The quickstart's installation on Azure. Each server gets an application security group, which the rules of the others
# name, and a network security group with its own rules. The ids of the former are unknown while Terraform plans; the keys of
# the rules are not.

locals {
  servers = toset(["dmz", "sql", "tachyon"])
}

module "firewall" {
  source = "../modules/azure-nsg"

  resource_group_name = var.resource_group_name
  location            = var.location

  endpoints = merge(
    {
      for site, networks in var.client_networks : "clients-${site}" => {
        roles = ["client"]
        cidrs = networks
      }
    },
    {
      tachyon = {
        roles = ["master_stack", "response_stack"]
        ports = { https = var.https_port, switches = var.switch_ports }
      }
      sql = { roles = ["sql_master", "sql_responses"] }
      dmz = { roles = ["dmz_server"] }

      admins   = { roles = ["browser"], cidrs = var.admin_networks }
      mail     = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }
      internet = { roles = ["internet_client"], service_tag = "Internet" }

      # The document names neither host: ask 1E for the first, and read the second in your certificates.
      cloud-1e = { roles = ["cloud_1e"], cidrs = ["203.0.113.0/24"] }
      crl      = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }
    },
  )

  # The document has one row for port 7766 and does not say what for (ambiguity A3). Here devices may use it among themselves.
  include_flows = ["client_p2p"]

  application_security_groups = { for server in local.servers : server => "asg-tachyon-${server}" }
  network_security_groups     = { for server in local.servers : server => "nsg-tachyon-${server}" }

  rules_as = var.rules_as
  options  = { azure = { deny_all = var.deny_all } }
}
