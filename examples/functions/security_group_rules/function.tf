terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

variable "tachyon_security_group_id" {
  description = "The group of the Tachyon server. It may come from a resource of the same plan: unknown ids pass through."
  type        = string
  default     = "sg-0a11c0ffee0000001"
}

locals {
  # In a local, not in the for_each: Terraform calls a function there once per instance.
  firewall = provider::tachyon::security_group_rules({
    endpoints = {
      tachyon = {
        roles             = ["master_stack", "response_stack"]
        security_group_id = var.tachyon_security_group_id
        ports             = { switches = [4000, 4002] }
      }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12", "2001:db8:32::/48"] }
      admins  = { roles = ["browser"], prefix_lists = { offices = { id = "pl-0a11c0ffee0000001", max_entries = 20 } } }
    }
  })
}

# Ready for: for_each = local.firewall.endpoints["tachyon"].ingress
output "ingress" {
  value = {
    for key, rule in local.firewall.endpoints["tachyon"].ingress : key => rule.description
  }
}

# How much of EC2's quota the rules take.
output "usage" {
  value = local.firewall.endpoints["tachyon"].usage
}
