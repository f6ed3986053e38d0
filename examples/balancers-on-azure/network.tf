# Where it all stands. The gateway itself is not here: it ends TLS, so its certificates decide how it is made. Whoever makes it puts it into
# this subnet, alone.

resource "azurerm_resource_group" "tachyon" {
  name     = "tachyon"
  location = "westeurope"
}

resource "azurerm_virtual_network" "tachyon" {
  name                = "vnet-tachyon"
  resource_group_name = azurerm_resource_group.tachyon.name
  location            = azurerm_resource_group.tachyon.location
  address_space       = ["10.20.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "snet-gateway"
  resource_group_name  = azurerm_resource_group.tachyon.name
  virtual_network_name = azurerm_virtual_network.tachyon.name
  address_prefixes     = [local.gateway_network]
}

resource "azurerm_subnet" "response" {
  # checkov:skip=CKV2_AZURE_31: Each server has a group of its own on its interface; one for the subnet would admit for both.
  name                 = "snet-response"
  resource_group_name  = azurerm_resource_group.tachyon.name
  virtual_network_name = azurerm_virtual_network.tachyon.name
  address_prefixes     = ["10.20.3.0/24"]
}

# A gateway has no interfaces that a group could be given to, only its subnet. The servers' groups go to their interfaces.
resource "azurerm_subnet_network_security_group_association" "gateway" {
  subnet_id                 = azurerm_subnet.gateway.id
  network_security_group_id = module.firewall.network_security_group_ids["gateway"]
}
