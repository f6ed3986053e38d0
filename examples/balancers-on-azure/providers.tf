# The subscription comes from the environment: ARM_SUBSCRIPTION_ID.
provider "azurerm" {
  features {}
}
