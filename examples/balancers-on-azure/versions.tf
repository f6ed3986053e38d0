terraform {
  # Provider functions came with Terraform 1.8 and OpenTofu 1.7.
  required_version = ">= 1.7.0"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0.0"
    }
    tachyon = {
      source  = "tachyon-iac/tachyon"
      version = ">= 0.1.0"
    }
  }
}
