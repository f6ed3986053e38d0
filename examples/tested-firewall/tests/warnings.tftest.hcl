# A warning changes no rule, and nobody reads a long plan. A test does.

run "there_are_none" {
  command = plan

  assert {
    condition     = length(local.warnings) == 0
    error_message = "There are warnings: ${join(" ", distinct([for one in concat(local.matrix.warnings, local.aws.warnings, local.azure.warnings) : "${one.endpoint}: ${one.detail}"]))}"
  }
}

# Each run may set variables. A default instance on another port is what the document warns of; then the check in
# main.tf must fail, and a test says so.
run "another_port_of_sql" {
  command = plan

  variables {
    sql_port = 51433
  }

  expect_failures = [check.warnings]

  assert {
    condition     = local.warnings == toset(["default_instance_port/sql"])
    error_message = "Exactly one warning is known of another port; now: ${join(", ", local.warnings)}."
  }
}

# Without expect_failures the check must hold.
run "another_port_of_sql_is_accepted" {
  command = plan

  variables {
    sql_port          = 51433
    accepted_warnings = ["default_instance_port/sql"]
  }

  assert {
    condition     = contains(keys(local.aws.endpoints["sql"].ingress), "tcp-51433/tachyon")
    error_message = "The rule does not follow the port; there are: ${join(", ", keys(local.aws.endpoints["sql"].ingress))}."
  }
}
