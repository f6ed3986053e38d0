terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  branches = ["10.32.0.0/24", "10.32.1.0/24", "10.32.3.0/24", "10.48.0.0/24"]

  # At most two prefixes that hold all the branches and as few other addresses as two prefixes can.
  summary = provider::tachyon::summarize_cidrs(local.branches, 2)
}

output "cidrs" {
  value = local.summary.cidrs
}

# What the shorter list costs: addresses that it allows although they were not in the list.
output "extra_addresses" {
  value = local.summary.extra_addresses
}
