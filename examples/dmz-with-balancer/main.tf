# Two DMZ Servers behind a Network Load Balancer with a security group of its own. Devices on the Internet reach the balancer and nothing
# else; the servers admit the balancer's group on the ports that it forwards to, and the inner servers directly.

locals {
  dmz_servers = { dmz-1 = "10.20.9.11", dmz-2 = "10.20.9.12" }

  endpoints = merge(
    {
      for name, address in local.dmz_servers : name => { roles = ["dmz_server"], cidrs = ["${address}/32"] }
    },
    {
      tachyon  = { roles = ["master_stack", "response_stack"] }
      sql      = { roles = ["sql_master", "sql_responses"] }
      internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0"] }
      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }

      balancer = {
        forwards_to = keys(local.dmz_servers)
        from_roles  = ["internet_client"]
      }
    },
  )
}

resource "aws_vpc" "tachyon" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "tachyon" }
}

module "tachyon" {
  source = "../modules/aws-security-groups-classic"

  vpc_id        = aws_vpc.tachyon.id
  endpoints     = local.endpoints
  create_for    = concat(["balancer", "sql", "tachyon"], keys(local.dmz_servers))
  exclude_flows = ["client_p2p"]
}
