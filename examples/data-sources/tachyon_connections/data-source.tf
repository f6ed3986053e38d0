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
  }
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
