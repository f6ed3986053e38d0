# A Master in one Region, and in another a Response Stack with a SQL Server and clients of its own. Rules refer to groups within a VPC, and
# to addresses between the two: no group of one Region means anything in the other.

locals {
  # One description for both. Who is created where is said below; every server has addresses, for the rules of the other Region.
  endpoints = {
    master     = { roles = ["master_stack"], cidrs = ["10.20.1.10/32"] }
    sql-master = { roles = ["sql_master"], cidrs = ["10.20.2.10/32"] }
    admins     = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }

    response-us = { roles = ["response_stack"], cidrs = ["10.30.1.10/32"] }
    sql-us      = { roles = ["sql_responses"], cidrs = ["10.30.2.10/32"] }
    clients-us  = { roles = ["client"], cidrs = ["10.64.0.0/12"] }
  }
  exclude_flows = ["client_p2p"]
}

resource "aws_vpc" "eu" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "tachyon-eu" }
}

resource "aws_vpc" "us" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  provider = aws.us

  cidr_block = "10.30.0.0/16"
  tags       = { Name = "tachyon-us" }
}

# The same call twice. What a module creates or gets in `existing` is known to it by its groups, everything else by its addresses.
module "eu" {
  source = "../modules/aws-security-groups-classic"

  vpc_id        = aws_vpc.eu.id
  endpoints     = local.endpoints
  create_for    = ["master", "sql-master"]
  exclude_flows = local.exclude_flows
}

module "us" {
  source    = "../modules/aws-security-groups-classic"
  providers = { aws = aws.us }

  vpc_id        = aws_vpc.us.id
  endpoints     = local.endpoints
  create_for    = ["response-us", "sql-us"]
  exclude_flows = local.exclude_flows
}
