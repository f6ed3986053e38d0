output "deployment" {
  description = "The deployment as the functions take it: what a later one is compared with."
  value       = local.deployment
}

output "aws_rules" {
  description = "All security group rules, by \"<endpoint>/<ingress|egress>/<rule>\"."
  value       = local.aws_rules
}

output "azure_rules" {
  description = "All network security rules, by \"<endpoint>/<rule>\"."
  value       = local.azure_rules
}
