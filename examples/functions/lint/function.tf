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
      tachyon  = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.9.10/32"] }
      dmz      = { roles = ["dmz_server"], cidrs = ["10.20.9.0/26"] }
      sql      = { roles = ["sql_master", "sql_responses"], cidrs = ["10.20.9.12/32"] }
      internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0"] }
      clients  = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
      admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }
    }
    include_flows = ["client_p2p"]
  }

  # What the installation needs besides is allowed elsewhere, and between the servers nobody listens in.
  lint = provider::tachyon::lint(local.deployment, {
    disable    = ["undocumented_need"]
    severities = { cleartext_across_boundary = "info" }
  })
}

output "clean" {
  value = local.lint.clean
}

output "findings" {
  value = [for finding in local.lint.findings : "${finding.severity} ${finding.id}: ${finding.summary}"]
}
