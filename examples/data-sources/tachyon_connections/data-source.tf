terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

data "tachyon_connections" "installation" {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"] }
    emea    = { roles = ["response_stack"] }
    sql     = { roles = ["sql_master", "sql_responses"] }
    clients = { roles = ["client"], talks_to = { response_stack = ["emea"] } }
    admins  = { roles = ["browser"] }
  }

  # The row of client_p2p can be read in two ways (see the matrix guide). Here it is not wanted: devices do not reach each other.
  exclude_flows = ["client_p2p"]
}

output "topologies" {
  value = data.tachyon_connections.installation.topologies
}

output "connections" {
  value = {
    for name, connection in data.tachyon_connections.installation.connections :
    name => "${connection.protocol} ${join(", ", connection.ports)}: ${connection.purpose}"
  }
}
