# No account is needed, and after `terraform init` no network: Terraform answers for hashicorp/aws itself, by the schema of
# the real provider. The rules are those of the tachyon provider, which is not mocked. `terraform test` needs Terraform 1.7 or OpenTofu 1.8 for it.

mock_provider "aws" {}

# The groups are yet to be created, so their ids are unknown here. The keys of the rules are not.
run "what_the_first_plan_creates" {
  command = plan

  assert {
    condition     = toset(keys(aws_security_group.server)) == toset(["dmz", "sql", "tachyon"])
    error_message = "Groups for other servers than agreed: ${join(", ", keys(aws_security_group.server))}."
  }

  assert {
    condition     = toset([for key in keys(output.rules) : key if startswith(key, "sql/")]) == toset(["sql/ingress/tcp-1433/tachyon"])
    error_message = "SQL Server's group holds one rule. Now: ${join(", ", [for key in keys(output.rules) : key if startswith(key, "sql/")])}."
  }

  assert {
    condition = toset([for key, rule in output.rules : key if contains(["0.0.0.0/0", "::/0"], coalesce(rule.cidr, "none"))]) == toset([
      "dmz/ingress/tcp-443/0.0.0.0/0",
      "dmz/ingress/tcp-443/::/0",
      "dmz/ingress/tcp-4000/0.0.0.0/0",
      "dmz/ingress/tcp-4000/::/0",
    ])
    error_message = "Other security group rules are for anybody than was agreed: ${join(", ", [for key, rule in output.rules : key if contains(["0.0.0.0/0", "::/0"], coalesce(rule.cidr, "none"))])}."
  }

  assert {
    condition     = length(output.warnings) == 0
    error_message = "There are warnings: ${join(" ", [for one in output.warnings : "${one.endpoint}: ${one.detail}"])}"
  }
}

# Applied, mocked resources have ids: a rule then refers to the very group that was created for its peer.
run "what_the_rules_refer_to" {
  assert {
    condition     = output.rules["tachyon/egress/tcp-1433/sql"].referenced_security_group_id == aws_security_group.server["sql"].id
    error_message = "The Tachyon server's rule towards SQL Server refers to ${output.rules["tachyon/egress/tcp-1433/sql"].referenced_security_group_id}, not to its group."
  }

  assert {
    condition     = output.rules["sql/ingress/tcp-1433/tachyon"].security_group_id == aws_security_group.server["sql"].id
    error_message = "SQL Server's rule is in the group ${output.rules["sql/ingress/tcp-1433/tachyon"].security_group_id}, not in its own."
  }

  assert {
    condition     = min([for use in values(output.usage) : use.ingress.headroom]...) >= 20
    error_message = "A security group has no room for another site of ten networks. Rules still free: ${join(", ", [for name, use in output.usage : "${name} ${use.ingress.headroom}"])}."
  }
}
