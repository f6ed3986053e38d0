terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  deployment = {
    endpoints = {
      tachyon  = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"], security_group_id = "sg-0a11c0ffee0000001" }
      sql      = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"], security_group_id = "sg-0a11c0ffee0000002" }
      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
      dmz      = { roles = ["dmz_server"], cidrs = ["10.20.9.10/32"], security_group_id = "sg-0a11c0ffee0000003" }
      internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0"] }
    }
    exclude_flows = ["client_p2p"]
  }
}

# May the devices reach the server, and by which rules?
output "answer" {
  value = provider::tachyon::explain(local.deployment, "clients", "tachyon", "tcp", 4000)
}

# A sentence for whoever asks, with endpoints by name or by address.
output "sentences" {
  value = {
    for asked in [
      ["admins", "tachyon", "tcp", 443],
      ["clients", "tachyon", "tcp", 3901],
      ["sql", "tachyon", "tcp", 1433],
      ["10.33.7.7", "10.20.2.10", "tcp", 1433],
      ["clients", "clients", "tcp", 7766],
      ["tachyon", "admins", "tcp", 25],
      ["tachyon", "sql", "tcp", 3389],
    ] :
    "${asked[0]} to ${asked[1]} on ${asked[2]} ${asked[3]}" =>
    provider::tachyon::explain(local.deployment, asked[0], asked[1], asked[2], asked[3]).summary
  }
}
