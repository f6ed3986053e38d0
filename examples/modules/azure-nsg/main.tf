resource "azurerm_application_security_group" "this" {
  for_each = local.wanted.application_security_groups

  name                = each.value
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
      read   = timeouts.value.read
      update = timeouts.value.update
      delete = timeouts.value.delete
    }
  }

  # Azure refuses to delete a group that a rule names. So the rules that stay are changed first, and a group that nobody
  # names any longer is deleted afterwards.
  lifecycle {
    create_before_destroy = true
  }
}

resource "azurerm_network_security_group" "this" {
  for_each = local.wanted.network_security_groups

  name                = each.value
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags

  # Null leaves the rules to resources of their own; an empty list removes every rule. azurerm wants all sixteen
  # attributes of an inline rule, the null ones too.
  security_rule = var.rules_as == "resources" ? null : [
    for rule in values(local.rules) : {
      name                                       = rule.name
      description                                = rule.description
      priority                                   = rule.priority
      direction                                  = rule.direction
      access                                     = rule.access
      protocol                                   = rule.protocol
      source_port_range                          = rule.source_port_range
      source_port_ranges                         = null
      source_address_prefix                      = rule.source_address_prefix
      source_address_prefixes                    = rule.source_address_prefixes
      source_application_security_group_ids      = rule.source_application_security_group_ids
      destination_port_range                     = rule.destination_port_range
      destination_port_ranges                    = null
      destination_address_prefix                 = rule.destination_address_prefix
      destination_address_prefixes               = rule.destination_address_prefixes
      destination_application_security_group_ids = rule.destination_application_security_group_ids
    } if var.rules_as == "inline" && rule.holder == each.key
  ]

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
      read   = timeouts.value.read
      update = timeouts.value.update
      delete = timeouts.value.delete
    }
  }
}

locals {
  # Where the rules of an endpoint, or of several, go. The name is taken from the id, which is unknown while a group is to be
  # replaced: its rules go with it, and the same plan creates them again. Its `name` stays known all along.
  groups = merge(local.wanted.existing_network_security_groups, {
    for holder, group in azurerm_network_security_group.this :
    holder => { name = basename(group.id), resource_group_name = group.resource_group_name }
  })
}

resource "azurerm_network_security_rule" "this" {
  for_each = { for key, rule in local.rules : key => rule if var.rules_as == "resources" }

  # What remembers that there are such rules goes only after all of them.
  depends_on = [terraform_data.rules_as]

  network_security_group_name                = local.groups[each.value.holder].name
  resource_group_name                        = local.groups[each.value.holder].resource_group_name
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

  dynamic "timeouts" {
    for_each = var.timeouts[*]
    content {
      create = timeouts.value.create
      read   = timeouts.value.read
      update = timeouts.value.update
      delete = timeouts.value.delete
    }
  }
}
