# The installation of deployment.json in a VPC of its own, for a current hashicorp/aws.

locals {
  deployment = jsondecode(file("${path.module}/../deployment.json"))
  endpoints  = merge(local.deployment.endpoints, var.endpoints)
}

resource "aws_vpc" "tachyon" {
  # checkov:skip=CKV2_AWS_11: It stands in for your VPC, so that the example runs alone; flow logs are a matter of the whole VPC.
  # checkov:skip=CKV2_AWS_12: The same; and no group of Tachyon's is the default one.
  cidr_block                       = "10.20.0.0/16"
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = "tachyon" }
}

module "tachyon" {
  source = "../../modules/aws-security-groups"

  vpc_id         = aws_vpc.tachyon.id
  endpoints      = local.endpoints
  create_for     = [for name, endpoint in local.endpoints : name if can(endpoint.security_groups)]
  exclude_flows  = local.deployment.exclude_flows
  include_flows  = local.deployment.include_flows
  options        = merge(local.deployment.options, var.options)
  matrix_version = local.deployment.matrix_version
  tags           = { application = "tachyon" }
}

# What a person adds to these groups at the console is removed by the next apply.
module "exclusive" {
  source = "../../modules/aws-security-groups-exclusive"
  count  = var.exclusive ? 1 : 0

  groups = module.tachyon.ownership
}
