output "rules" {
  description = "All rules by \"<endpoint>/<ingress|egress>/<rule>\"."
  value       = module.tachyon.rules
}

output "own" {
  description = "The connections that rows of the site's own ask for, each with what it is for and where that is written down."
  value = {
    for key, connection in local.matrix.connections : key => "${connection.purpose} (${join(", ", connection.citations)})"
    if connection.origin == "site"
  }
}

output "own_azure_rules" {
  description = "On Azure: the rules of the site's own rows at the servers, by endpoint and key, each with its priority."
  value = {
    for server in local.servers : server => {
      for key, rule in local.azure.endpoints[server].rules : key => rule.priority if rule.priority >= 3400
    }
  }
}

output "unresolved" {
  description = "What the document or a row of the site's own asks for, and nobody here plays."
  value       = distinct([for flow in module.tachyon.unresolved : flow.missing_role])
}
