# The vendor's document as the data sources tell it, for the tests to hold the firewall against.

terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

variable "matrix_version" {
  description = "The version of the document."
  type        = string
}

data "tachyon_matrix" "this" {
  matrix_version = var.matrix_version
}

data "tachyon_role" "dmz_server" {
  name           = "dmz_server"
  matrix_version = var.matrix_version
}

output "rows" {
  description = "The ids of all rows."
  value       = toset(data.tachyon_matrix.this.rows[*].id)
}

output "flows_to_dmz_server" {
  description = "The documented flows that arrive at a DMZ Server."
  value       = toset([for flow in data.tachyon_role.dmz_server.flows : flow.id if flow.destination == "dmz_server"])
}
