terraform {
  required_version = ">= 1.8.0"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first with aws_vpc_security_group_rules_exclusive.
      version = ">= 6.29.0"
    }
  }
}
