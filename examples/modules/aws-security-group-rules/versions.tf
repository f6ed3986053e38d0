terraform {
  required_version = ">= 1.8.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 3.39.0"
    }
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}
