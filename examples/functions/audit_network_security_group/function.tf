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
      response = { roles = ["response_stack"], cidrs = ["10.20.1.10/32"] }
      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    }
  }

  # A group as data.azurerm_network_security_group gives it, here as text and without what is not set. With a group of
  # yours, the data source itself is the third argument.
  actual = {
    id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/response"
    security_rule = [
      {
        name                       = "no-guests"
        priority                   = 110
        direction                  = "Inbound"
        access                     = "Deny"
        protocol                   = "*"
        source_port_range          = "*"
        source_address_prefix      = "10.33.0.0/16"
        destination_port_range     = "*"
        destination_address_prefix = "*"
      },
      {
        name                       = "switch"
        priority                   = 120
        direction                  = "Inbound"
        access                     = "Allow"
        protocol                   = "Tcp"
        source_port_range          = "*"
        source_address_prefix      = "10.32.0.0/12"
        destination_port_range     = "4000"
        destination_address_prefix = "10.20.1.10/32"
      },
      {
        name                       = "remote-desktop"
        priority                   = 130
        direction                  = "Inbound"
        access                     = "Allow"
        protocol                   = "Tcp"
        source_port_range          = "*"
        source_address_prefix      = "Internet"
        destination_port_range     = "3389"
        destination_address_prefix = "*"
      },
      {
        name                       = "agents"
        priority                   = 4000
        direction                  = "Inbound"
        access                     = "Allow"
        protocol                   = "Tcp"
        source_port_range          = "*"
        source_address_prefix      = "10.20.9.0/24"
        destination_port_range     = "8443"
        destination_address_prefix = "*"
      },
    ]
  }

  # Rules of our own on purpose: the id of a rule, or what it says. Whatever name and priority it has, this one accepts it.
  accepted = [
    {
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_port_range          = "*"
      source_address_prefix      = "10.20.9.0/24"
      destination_port_range     = "8443"
      destination_address_prefix = "*"
    },
  ]

  audit = provider::tachyon::audit_network_security_group(local.deployment, "response", local.actual, { accepted = local.accepted })
}

# What to open, which rules have no effect because of a deny, and what no row asks for.
output "missing" {
  value = [for rule in local.audit.missing : "${rule.direction}: ${rule.admits}"]
}

output "shadowed" {
  value = { for rule in local.audit.shadowed : rule.key => rule.denied_by }
}

output "extra" {
  value = [for rule in local.audit.extra : "${rule.name}: ${rule.admits}"]
}

# What is ours on purpose.
output "accepted" {
  value = [for rule in local.audit.accepted : "${rule.name}: ${rule.admits}"]
}

# For an import block. To change the name of a rule, Terraform replaces the rule: keep the actual name if you do not want that.
output "import" {
  value = { for rule in local.audit.equal : rule.key => rule.id }
}
