# The quickstart's installation as real resources. The groups are created in the same plan as the rules that refer to
# each other's groups: their ids are unknown then, the keys of the rules are not.

locals {
  servers = toset(["dmz", "sql", "tachyon"])

  deployment = {
    endpoints = merge(
      {
        for site, networks in var.client_networks : "clients-${site}" => {
          roles = ["client"]
          cidrs = networks
        }
      },
      {
        tachyon = {
          roles             = ["master_stack", "response_stack"]
          security_group_id = aws_security_group.server["tachyon"].id
          ports             = { https = var.https_port, switches = var.switch_ports }
        }
        sql = {
          roles             = ["sql_master", "sql_responses"]
          security_group_id = aws_security_group.server["sql"].id
        }
        dmz = {
          roles             = ["dmz_server"]
          security_group_id = aws_security_group.server["dmz"].id
        }

        admins   = { roles = ["browser"], cidrs = var.admin_networks }
        mail     = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }
        internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0", "::/0"] }

        # The document names neither host: ask 1E for the first, and read the second in your certificates.
        cloud-1e = { roles = ["cloud_1e"], cidrs = ["203.0.113.0/24"] }
        crl      = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }
      },
    )

    # The document has one row for port 7766 and does not say what for (ambiguity A3). Here devices may use it among themselves.
    include_flows = ["client_p2p"]
  }

  # Each function is called once, here, and never inside a for_each: Terraform would call it once per instance.
  firewall = provider::tachyon::security_group_rules(local.deployment)
  matrix   = provider::tachyon::connections(local.deployment)

  # One map for all the servers, keyed "<server>/<direction>/<rule>".
  rules = merge(flatten([
    for server in local.servers : [
      for direction, rules in {
        ingress = local.firewall.endpoints[server].ingress
        egress  = local.firewall.endpoints[server].egress
        } : {
        for key, rule in rules : "${server}/${direction}/${key}" => merge(rule, {
          direction         = direction
          security_group_id = aws_security_group.server[server].id
        })
      }
    ]
  ])...)
}

resource "aws_vpc" "tachyon" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  cidr_block                       = "10.20.0.0/16"
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = "tachyon" }
}

resource "aws_security_group" "server" {
  # checkov:skip=CKV2_AWS_5: The machines are yours: attach the groups to their interfaces.
  for_each = local.servers

  name        = "tachyon-${each.key}"
  description = "Tachyon ${each.key}: the communication matrix, by the tachyon provider"
  vpc_id      = aws_vpc.tachyon.id
}
