# The rules of the security groups.

run "security_group_rules" {
  command = plan

  # By name: one rule more fails the test, and so does one that is gone.
  assert {
    condition = local.aws_rules_for_anybody == toset([
      "dmz/ingress/tcp-443/0.0.0.0/0",
      "dmz/ingress/tcp-443/::/0",
      "dmz/ingress/tcp-4000/0.0.0.0/0",
      "dmz/ingress/tcp-4000/::/0",
    ])
    error_message = "Other security group rules are for anybody than was agreed: ${join(", ", local.aws_rules_for_anybody)}."
  }

  # Keys are addresses of resources: under another key Terraform creates the rule again.
  assert {
    condition     = length(setsubtract(["tachyon/ingress/tcp-4000/10.32.0.0/12", "sql/ingress/tcp-1433/tachyon"], keys(local.aws_rules))) == 0
    error_message = "Rules that operations rely on are gone, or have another key. There are: ${join(", ", keys(local.aws_rules))}."
  }

  assert {
    condition     = length(local.aws.endpoints["sql"].egress) == 0
    error_message = "SQL Server calls nobody, but: ${join(", ", keys(local.aws.endpoints["sql"].egress))}."
  }

  # Each network is a rule of its own, so none should lie within another or make one with it. A condition may call
  # functions of the provider.
  assert {
    condition     = length(provider::tachyon::merge_cidrs(flatten(values(var.client_networks)))) == length(flatten(values(var.client_networks)))
    error_message = "The networks of the sites can be written as fewer: ${join(", ", provider::tachyon::merge_cidrs(flatten(values(var.client_networks))))}."
  }

  # A site of ten networks needs two rules for each.
  assert {
    condition     = min(values(local.aws_headroom)...) >= 20
    error_message = "A security group has no room for another site. Rules still free: ${join(", ", [for name, free in local.aws_headroom : "${name} ${free}"])}."
  }
}
