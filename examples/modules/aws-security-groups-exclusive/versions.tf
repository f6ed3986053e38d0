terraform {
  # Provider functions came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7.0"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first with aws_vpc_security_group_rules_exclusive.
      version = ">= 6.29.0"
    }
  }
}
