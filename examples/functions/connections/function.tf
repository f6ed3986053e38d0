terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  connections = provider::tachyon::connections({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"] }
      sql     = { roles = ["sql_master", "sql_responses"], ports = { sql = 51433, sql_named_instance = true } }
      dmz     = { roles = ["dmz_server"] }
      roaming = { roles = ["internet_client"] }
    }
  })
}

# What the document asks for here, with the rows that say so. No addresses are needed yet.
output "connections" {
  value = {
    for name, connection in local.connections.connections : name => {
      opens = [for port in connection.ports : "${connection.protocol} ${port}"]
      cites = connection.citations
    }
  }
}

# Documented flows of which one end is missing, such as the mail relay.
output "unresolved" {
  value = [for flow in local.connections.unresolved : "${flow.flow}: no ${flow.missing_role}"]
}
