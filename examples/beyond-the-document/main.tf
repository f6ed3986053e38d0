# An installation with what the document leaves out: the directory, revocation lists, Analysis Services and Nomad, as rows of the
# site's own (additions.tf). The groups are created in the same plan as the rules.

locals {
  servers = toset(["sql", "tachyon"])

  deployment = {
    additions = local.additions

    endpoints = {
      tachyon = {
        roles             = ["master_stack", "response_stack"]
        security_group_id = aws_security_group.server["tachyon"].id
        cidrs             = ["10.20.1.10/32"]
      }
      sql = {
        roles             = ["sql_master", "sql_responses"]
        security_group_id = aws_security_group.server["sql"].id
        cidrs             = ["10.20.2.10/32"]
      }

      directory = { roles = ["domain_controller"], cidrs = ["10.20.4.0/28"] }
      cube      = { roles = ["analysis_server"], cidrs = ["10.20.2.20/32"] }
      pki       = { roles = ["crl_distribution_point"], cidrs = ["10.20.5.80/32"] }

      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
      mail     = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }
      cloud-1e = { roles = ["cloud_1e"], cidrs = ["203.0.113.0/24"] }
    }

    # The document has one row for port 7766 and does not say what for (ambiguity A3). Here devices may use it among themselves.
    include_flows = ["client_p2p"]
  }

  # Each function is called once, here, and never inside a for_each: Terraform would call it once per instance.
  firewall = provider::tachyon::security_group_rules(local.deployment)
  azure    = provider::tachyon::network_security_rules(local.deployment)
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
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "tachyon" }
}

resource "aws_security_group" "server" {
  # checkov:skip=CKV2_AWS_5: The machines are yours: attach the groups to their interfaces.
  for_each = local.servers

  name        = "tachyon-${each.key}"
  description = "Tachyon ${each.key}: the communication matrix, by the tachyon provider"
  vpc_id      = aws_vpc.tachyon.id
}
