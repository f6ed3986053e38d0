output "network_security_group_ids" {
  description = "The groups: those of the servers are for their interfaces, that of the gateway is on its subnet already."
  value       = module.firewall.network_security_group_ids
}

output "rules" {
  description = "The rules of each group."
  value       = module.firewall.rules
}

output "listeners" {
  description = "Where the gateway has to listen, and the ports of its backend settings: those of the DMZ Servers that devices on the Internet use."
  value = toset(flatten([
    for connection in values(local.connections) : connection.ports if contains(connection.via, "gateway")
  ]))
}
