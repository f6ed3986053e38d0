# A Tachyon installation as many sites have it: one server with the Master and the Response Stack, its SQL Server,
# a DMZ Server for devices on the Internet. No cloud account is needed: the rules are printed, not created.
#
#   python3 examples/quickstart/run.py
#   python3 examples/quickstart/run.py -var 'switch_ports=[4000,4002]'

terraform {
  # Provider functions came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7.0"
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  # What there is. Everything below follows from this.
  deployment = {
    endpoints = merge(
      {
        for site, networks in var.client_networks : "clients-${site}" => {
          roles = ["client"]
          cidrs = networks
        }
      },
      {
        # On AWS the servers are known by their security groups, on Azure by their addresses.
        tachyon = {
          roles             = ["master_stack", "response_stack"]
          security_group_id = "sg-0a11c0ffee0000001"
          cidrs             = ["10.20.1.10/32"]
          ports             = { https = var.https_port, switches = var.switch_ports }
        }
        sql = {
          roles             = ["sql_master", "sql_responses"]
          security_group_id = "sg-0a11c0ffee0000002"
          cidrs             = ["10.20.2.10/32"]
        }
        dmz = {
          roles             = ["dmz_server"]
          security_group_id = "sg-0a11c0ffee0000003"
          cidrs             = ["10.20.9.10/32"]
        }

        admins   = { roles = ["browser"], cidrs = var.admin_networks }
        mail     = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }
        internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0", "::/0"], service_tag = "Internet" }

        # The document names neither host: ask 1E for the first, and read the second in your certificates.
        cloud-1e = { roles = ["cloud_1e"], cidrs = ["203.0.113.0/24"] }
        crl      = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }
      },
    )

    # The document has one row for port 7766 and does not say what for (ambiguity A3). Here devices may use it among themselves.
    include_flows = ["client_p2p"]
  }

  # Each function is called once, here, and never inside a for_each: Terraform would call it once per instance.
  matrix = provider::tachyon::connections(local.deployment)
  aws    = provider::tachyon::security_group_rules(local.deployment)
  azure  = provider::tachyon::network_security_rules(local.deployment)

  # Which rows of the document ask for a flow: the one where it leaves, then the one where it arrives.
  cited_by_connection = { for connection in values(local.matrix.connections) : connection.flow => connection.citations... }
  citations           = { for flow, rows in local.cited_by_connection : flow => distinct(flatten(rows)) }
}

output "aws_rules" {
  description = "Security group rules: for each endpoint a line per rule, with the rows of the document behind it."
  value = {
    for name, endpoint in local.aws.endpoints : name => sort(flatten([
      for direction, rules in { in = endpoint.ingress, out = endpoint.egress } : [
        for rule in values(rules) : format(
          "%-3s  %-3s %5d%-6s  %-4s  %-14s  %-20s  %s",
          direction,
          rule.ip_protocol,
          rule.from_port,
          rule.from_port == rule.to_port ? "" : "-${rule.to_port}",
          direction == "in" ? "from" : "to",
          rule.peer,
          coalesce(rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, rule.referenced_security_group_id),
          join(", ", distinct(flatten([for flow in rule.flows : local.citations[flow]]))),
        )
      ]
    ]))
  }
}

output "azure_rules" {
  description = "Network security rules: for each endpoint a line per rule, by direction and priority."
  value = {
    for name, endpoint in local.azure.endpoints : name => sort([
      for rule in values(endpoint.rules) : format(
        "%-3s  %4d  %-3s %-11s  %-26s -> %-26s  %s",
        rule.direction == "Inbound" ? "in" : "out",
        rule.priority,
        lower(rule.protocol),
        rule.destination_port_range,
        join(" ", coalesce(rule.source_address_prefixes, rule.source_application_security_group_ids, [rule.source_address_prefix])),
        join(" ", coalesce(rule.destination_address_prefixes, rule.destination_application_security_group_ids, [rule.destination_address_prefix])),
        join(", ", distinct(flatten([for flow in rule.flows : local.citations[flow]]))),
      )
    ])
  }
}

output "unresolved" {
  description = "What the document asks for and this deployment has no other end for."
  value = [
    for flow in local.matrix.unresolved : format(
      "%s: %s has no %s (%s)", flow.flow, flow.endpoint, flow.missing_role, join(", ", flow.citations),
    )
  ]
}

output "left_out" {
  description = "What the document asks for and this deployment leaves out, with the reason."
  value       = local.matrix.left_out
}

output "warnings" {
  description = "What the document warns of."
  value       = [for warning in local.matrix.warnings : "${warning.endpoint}: ${warning.summary}. ${warning.detail}"]
}
