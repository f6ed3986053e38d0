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
      tachyon  = { roles = ["master_stack", "response_stack"] }
      sql      = { roles = ["sql_master", "sql_responses"] }
      dmz      = { roles = ["dmz_server"] }
      internet = { roles = ["internet_client"] }
      clients  = { roles = ["client"], zone = "offices" }
      admins   = { roles = ["browser"], zone = "offices" }
    }
  }
}

# For a page of a repository: GitHub and GitLab draw it inside Markdown.
output "mermaid" {
  value = provider::tachyon::diagram(local.deployment, "mermaid")
}

# For a file: `terraform output -raw picture > firewall.svg`, or the content of a `local_file`.
output "picture" {
  value = provider::tachyon::diagram(local.deployment, "svg")
}
