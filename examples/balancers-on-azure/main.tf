# Two balancers of Azure, which differ in what the ends see. Devices on the Internet reach an Application Gateway, and the DMZ Servers
# behind it see the gateway. Devices inside reach a Standard Load Balancer, and the Response Stacks behind it see the devices.

locals {
  dmz_servers     = { dmz-1 = "10.20.9.11", dmz-2 = "10.20.9.12" }
  response_stacks = { response-1 = "10.20.3.11", response-2 = "10.20.3.12" }
  gateway_network = "10.20.8.0/24"
  frontend        = "10.20.3.4"

  endpoints = merge(
    {
      for name, address in local.dmz_servers : name => {
        roles    = ["dmz_server"]
        cidrs    = ["${address}/32"]
        talks_to = { response_stack = keys(local.response_stacks) }
      }
    },
    {
      for name, address in local.response_stacks : name => { roles = ["response_stack"], cidrs = ["${address}/32"] }
    },
    {
      master   = { roles = ["master_stack"], cidrs = ["10.20.1.10/32"] }
      sql      = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }
      internet = { roles = ["internet_client"], service_tag = "Internet" }
      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }

      # Its instances take any address of its subnet, and requests and probes come from these.
      gateway = {
        forwards_to = keys(local.dmz_servers)
        from_roles  = ["internet_client"]
        cidrs       = [local.gateway_network]
      }

      # It hands packets on as they are, so that the servers' rules are about the devices. Devices address its frontend.
      balancer = {
        forwards_to  = keys(local.response_stacks)
        from_roles   = ["client"]
        hides_source = false
        cidrs        = ["${local.frontend}/32"]
      }
    },
  )
}

module "firewall" {
  source = "../modules/azure-nsg"

  resource_group_name = azurerm_resource_group.tachyon.name
  location            = azurerm_resource_group.tachyon.location

  endpoints     = local.endpoints
  exclude_flows = ["client_p2p"]
  options       = { azure = { deny_all = true } }

  # The Load Balancer has no group: no packet is for it, once its frontend was translated.
  network_security_groups = {
    for name in ["dmz-1", "dmz-2", "gateway", "master", "response-1", "response-2", "sql"] : name => "nsg-${name}"
  }

  # What the platform needs of a gateway's subnet, and no row of the document is about: Microsoft, "Application Gateway infrastructure
  # configuration". The probes of the platform's balancer are admitted by deny_all itself.
  extra_rules = {
    gateway = {
      management = {
        direction                  = "Inbound"
        protocol                   = "Tcp"
        priority                   = 4000
        source_address_prefix      = "GatewayManager"
        destination_address_prefix = "*"
        destination_port_range     = "65200-65535"
        description                = "Management of the Application Gateway (v2) by the platform"
      }
      platform = {
        direction                  = "Outbound"
        protocol                   = "*"
        priority                   = 4000
        source_address_prefix      = "*"
        destination_address_prefix = "Internet"
        description                = "The Application Gateway reaches the platform; it may not be denied the Internet"
      }
    }
  }
}
