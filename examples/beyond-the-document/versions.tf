terraform {
  # Provider functions came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7.0"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first with a resource for each rule; below it, call ../modules/aws-security-groups-classic.
      version = ">= 5.0.0"
    }
    tachyon = {
      source  = "tachyon-iac/tachyon"
      version = ">= 0.1.0"
    }
  }
}
