# Firewall rules for another product: its communication matrix is a file of your own, orders.yaml, in the layout of the embedded
# documents. No cloud account is needed: the rules are printed, not created.

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
    matrix = yamldecode(file("${path.module}/orders.yaml"))

    endpoints = {
      shop     = { roles = ["order_server"], cidrs = ["10.1.0.10/32"], ports = { https = 9443 } }
      database = { roles = ["order_database"], cidrs = ["10.1.1.10/32"] }
      tills    = { roles = ["till"], cidrs = ["10.2.0.0/16"], zone = "shops" }
      bank     = { roles = ["payment_service"], cidrs = ["203.0.113.0/24"] }
    }
  }

  # Each function is called once, here, and never inside a for_each: Terraform would call it once per instance.
  aws   = provider::tachyon::security_group_rules(local.deployment)
  azure = provider::tachyon::network_security_rules(local.deployment)
}

output "version" {
  description = "The version of the document."
  value       = local.aws.matrix_version
}

output "aws_rules" {
  description = "Security group rules: the description of each, by endpoint, direction and key."
  value = {
    for name, endpoint in local.aws.endpoints : name => {
      ingress = { for key, rule in endpoint.ingress : key => rule.description }
      egress  = { for key, rule in endpoint.egress : key => rule.description }
    }
  }
}

output "azure_rules" {
  description = "Network security rules: the priority and the description of each, by endpoint and key."
  value = {
    for name, endpoint in local.azure.endpoints : name => {
      for key, rule in endpoint.rules : key => "${rule.priority}: ${rule.description}"
    }
  }
}

output "picture" {
  description = "Who talks to whom, for a page in Markdown."
  value       = provider::tachyon::diagram(local.deployment, "mermaid")
}
