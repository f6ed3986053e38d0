# The Load Balancer. It listens on the ports that the document asks for on this way, so no port is written twice.

locals {
  connections = provider::tachyon::connections({ endpoints = local.endpoints, exclude_flows = ["client_p2p"] }).connections

  listeners = toset(flatten([
    for connection in values(local.connections) : connection.ports if contains(connection.via, "balancer")
  ]))
}

resource "azurerm_lb" "response" {
  name                = "lb-response"
  resource_group_name = azurerm_resource_group.tachyon.name
  location            = azurerm_resource_group.tachyon.location
  sku                 = "Standard"

  frontend_ip_configuration {
    name                          = "clients"
    subnet_id                     = azurerm_subnet.response.id
    private_ip_address            = local.frontend
    private_ip_address_allocation = "Static"
  }
}

resource "azurerm_lb_backend_address_pool" "response" {
  name            = "response"
  loadbalancer_id = azurerm_lb.response.id
}

resource "azurerm_lb_backend_address_pool_address" "response" {
  for_each = local.response_stacks

  name                    = each.key
  backend_address_pool_id = azurerm_lb_backend_address_pool.response.id
  virtual_network_id      = azurerm_virtual_network.tachyon.id
  ip_address              = each.value
}

# From the tag AzureLoadBalancer, on the port of the traffic.
resource "azurerm_lb_probe" "response" {
  for_each = local.listeners

  name            = "tcp-${each.key}"
  loadbalancer_id = azurerm_lb.response.id
  protocol        = "Tcp"
  port            = each.key
}

resource "azurerm_lb_rule" "response" {
  for_each = local.listeners

  name                           = "tcp-${each.key}"
  loadbalancer_id                = azurerm_lb.response.id
  protocol                       = "Tcp"
  frontend_ip_configuration_name = "clients"
  frontend_port                  = each.key
  backend_port                   = each.key
  backend_address_pool_ids       = [azurerm_lb_backend_address_pool.response.id]
  probe_id                       = azurerm_lb_probe.response[each.key].id

  # A Switch keeps a session open as long as a device is on. Without this the flow is forgotten after 4 quiet minutes.
  idle_timeout_in_minutes = 30
}
