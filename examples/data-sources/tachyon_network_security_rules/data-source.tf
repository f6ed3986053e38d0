terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

data "tachyon_network_security_rules" "installation" {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
    sql     = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }
    clients = { roles = ["client"], cidrs = ["10.32.0.0/12", "10.64.0.0/12"] }
    admins  = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
  }

  # The row of client_p2p can be read in two ways (see the matrix guide). Here devices may use it: without this line there is a warning.
  include_flows = ["client_p2p"]
}

# Ready for: for_each = data.tachyon_network_security_rules.installation.rules["tachyon"].rules
# as long as every id above is known. With resources of the same plan use the function of this name.
output "rules" {
  value = {
    for key, rule in data.tachyon_network_security_rules.installation.rules["tachyon"].rules :
    key => "${rule.priority} ${rule.direction} ${rule.protocol} ${rule.destination_port_range}"
  }
}
