terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

data "tachyon_security_group_rules" "installation" {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
    sql     = { roles = ["sql_master", "sql_responses"], security_group_id = "sg-0a11c0ffee0000002" }
    clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    admins  = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
  }

  # The row of client_p2p can be read in two ways (see the matrix guide). Here devices may use it: without this line there is a warning.
  include_flows = ["client_p2p"]
}

# Ready for: for_each = data.tachyon_security_group_rules.installation.rules["tachyon"].ingress
# as long as every id above is known. With groups of the same plan use the function of this name.
output "ingress" {
  value = {
    for key, rule in data.tachyon_security_group_rules.installation.rules["tachyon"].ingress : key => rule.description
  }
}
