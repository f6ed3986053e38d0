terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  deployment = {
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      sql     = { roles = ["sql_master", "sql_responses"], security_group_id = "sg-0a11c0ffee0000002" }
    }
  }

  # Rules as data.aws_vpc_security_group_rule gives them, here as text. With a group of yours:
  #
  #   data "aws_vpc_security_group_rules" "tachyon" {
  #     filter {
  #       name   = "group-id"
  #       values = ["sg-0a11c0ffee0000001"]
  #     }
  #   }
  #   data "aws_vpc_security_group_rule" "tachyon" {
  #     for_each               = toset(data.aws_vpc_security_group_rules.tachyon.ids)
  #     security_group_rule_id = each.key
  #   }
  #
  # and data.aws_vpc_security_group_rule.tachyon as the third argument.
  actual = [
    { id = "sgr-01", is_egress = false, ip_protocol = "tcp", from_port = 4000, to_port = 4000, cidr_ipv4 = "10.32.0.0/12" },
    { id = "sgr-02", is_egress = false, ip_protocol = "tcp", from_port = 443, to_port = 443, cidr_ipv4 = "10.32.0.0/13" },
    { id = "sgr-03", is_egress = false, ip_protocol = "tcp", from_port = 443, to_port = 443, cidr_ipv4 = "10.40.0.0/13" },
    { id = "sgr-04", is_egress = false, ip_protocol = "tcp", from_port = 3389, to_port = 3389, cidr_ipv4 = "0.0.0.0/0" },
    { id = "sgr-05", is_egress = false, ip_protocol = "tcp", from_port = 22, to_port = 22, cidr_ipv4 = "10.20.9.0/24" },
    { id = "sgr-06", is_egress = true, ip_protocol = "tcp", from_port = 636, to_port = 636, cidr_ipv4 = "10.20.3.0/24" },
  ]

  # Rules of our own on purpose, by id or as a whole.
  accepted = [
    "sgr-05",
    { is_egress = true, ip_protocol = "tcp", from_port = 636, to_port = 636, cidr_ipv4 = "10.20.3.0/24" },
    "sgr-77",
  ]

  audit = provider::tachyon::audit_security_group(local.deployment, "tachyon", local.actual, {
    accepted = local.accepted
    # The endpoint's own groups, the first one first. It matters where rules of others are among the actual ones, or where the endpoint has several.
    groups = ["sg-0a11c0ffee0000001"]
  })
}

# What to open, and what no row asks for. The two /13 together are the documented /12, so they are in neither list.
output "missing" {
  value = [for rule in local.audit.missing : "${rule.direction}: ${rule.admits}"]
}

output "extra" {
  value = [for rule in local.audit.extra : "${rule.id}: ${rule.admits}"]
}

# What is ours on purpose, and entries that match no rule any more: delete those.
output "accepted" {
  value = [for rule in local.audit.accepted : "${rule.id}: ${rule.admits}"]
}

output "accepted_unmatched" {
  value = local.audit.accepted_unmatched
}

# For an import block, which adopts a rule that is there instead of creating it again:
#
#   import {
#     for_each = { for rule in local.audit.equal : rule.key => rule.id if rule.direction == "ingress" }
#     to       = aws_vpc_security_group_ingress_rule.tachyon[each.key]
#     id       = each.value
#   }
output "import" {
  value = { for rule in local.audit.equal : rule.key => rule.id if rule.direction == "ingress" }
}
