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
      tachyon  = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
      dmz      = { roles = ["dmz_server"], cidrs = ["10.20.9.10/32"] }
      balancer = { forwards_to = ["dmz"], from_roles = ["internet_client"], cidrs = ["203.0.113.10/32"] }
      internet = { roles = ["internet_client"], cidrs = ["0.0.0.0/0"] }
    }
  }
  details = {
    title     = "Tachyon behind the balancer"
    requester = "Workplace team"
    ticket    = "CHG-1024"
    review_by = "2027-06-30"
  }
}

# For a spreadsheet. Each step on the way has rows of its own: to the balancer, and from it to the DMZ Server.
output "csv" {
  value = provider::tachyon::report(local.deployment, "csv", local.details)
}

# What the importer of Tufin takes.
output "tufin" {
  value = provider::tachyon::report(local.deployment, "csv-tufin", local.details)
}

# For a browser, "html" is one file: `terraform output -raw page > request.html`, or the content of a `local_file`.
output "page_is_one_file" {
  value = startswith(provider::tachyon::report(local.deployment, "html", local.details), "<!DOCTYPE html>")
}
