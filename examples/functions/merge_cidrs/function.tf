terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

locals {
  # As an address plan lists them: subnets that overlap or are next to each other.
  offices = ["10.32.0.0/16", "10.33.0.0/16", "10.33.7.0/24", "10.40.0.0/14", "2001:db8:32::/49", "2001:db8:32:8000::/49"]
}

# The same addresses in fewer prefixes, so fewer rules.
output "merged" {
  value = provider::tachyon::merge_cidrs(local.offices)
}
