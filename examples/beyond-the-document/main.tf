# An installation with what the document leaves out: the directory, revocation lists, Analysis Services and Nomad, as rows of the
# site's own (additions.tf). The groups are created in the same plan as the rules.

locals {
  servers = toset(["sql", "tachyon"])

  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
    sql     = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }

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

  # What the functions take; the module makes the same of its inputs.
  deployment = {
    additions     = local.additions
    endpoints     = local.endpoints
    include_flows = local.include_flows
  }
  azure  = provider::tachyon::network_security_rules(local.deployment)
  matrix = provider::tachyon::connections(local.deployment)
}

resource "aws_vpc" "tachyon" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "tachyon" }
}

module "tachyon" {
  source = "../modules/aws-security-groups"

  vpc_id        = aws_vpc.tachyon.id
  endpoints     = local.endpoints
  create_for    = local.servers
  additions     = local.additions
  include_flows = local.include_flows

  group_descriptions = {
    for server in local.servers : server => "Tachyon ${server}: the communication matrix and rows of our own"
  }
  # A group is deleted only once no interface has it; those of functions are slow to go.
  timeouts = { delete = "45m" }
}
