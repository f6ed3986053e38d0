terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

resource "aws_vpc" "this" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_security_group" "tachyon" {
  name   = "tachyon"
  vpc_id = aws_vpc.this.id
}

locals {
  firewall = provider::tachyon::security_group_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], security_group_id = aws_security_group.tachyon.id }
      sql     = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.2.10/32"] }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    }
  })
}

resource "aws_vpc_security_group_ingress_rule" "tachyon" {
  for_each = local.firewall.endpoints["tachyon"].ingress

  security_group_id            = aws_security_group.tachyon.id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "tachyon" {
  for_each = local.firewall.endpoints["tachyon"].egress

  security_group_id            = aws_security_group.tachyon.id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  description                  = each.value.description
}
