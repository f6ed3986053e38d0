terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

provider "azurerm" {
  features {}
}

resource "azurerm_application_security_group" "tachyon" {
  name                = "asg-tachyon"
  location            = "westeurope"
  resource_group_name = "tachyon"
}

resource "azurerm_network_security_group" "tachyon" {
  name                = "nsg-tachyon"
  location            = "westeurope"
  resource_group_name = "tachyon"
}

locals {
  firewall = provider::tachyon::network_security_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], application_security_group_ids = [azurerm_application_security_group.tachyon.id] }
      sql     = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    }
    options = { azure = { deny_all = true } }
  })
}

resource "azurerm_network_security_rule" "tachyon" {
  for_each = local.firewall.endpoints["tachyon"].rules

  resource_group_name                        = "tachyon"
  network_security_group_name                = azurerm_network_security_group.tachyon.name
  name                                       = each.value.name
  description                                = each.value.description
  priority                                   = each.value.priority
  direction                                  = each.value.direction
  access                                     = each.value.access
  protocol                                   = each.value.protocol
  source_port_range                          = each.value.source_port_range
  source_address_prefix                      = each.value.source_address_prefix
  source_address_prefixes                    = each.value.source_address_prefixes
  source_application_security_group_ids      = each.value.source_application_security_group_ids
  destination_port_range                     = each.value.destination_port_range
  destination_address_prefix                 = each.value.destination_address_prefix
  destination_address_prefixes               = each.value.destination_address_prefixes
  destination_application_security_group_ids = each.value.destination_application_security_group_ids
}
