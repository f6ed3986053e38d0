# Single questions, answered with the rows of the document: what must work, and what must not. An answer says why, so its
# sentence is the message.

run "what_must_work" {
  command = plan

  # By name, or by an address as it stands in a ticket.
  assert {
    condition     = provider::tachyon::explain(local.deployment, "admins", "tachyon", "tcp", 443).exact
    error_message = "The portal is not open to browsers: ${provider::tachyon::explain(local.deployment, "admins", "tachyon", "tcp", 443).summary}"
  }

  assert {
    condition     = provider::tachyon::explain(local.deployment, "10.32.7.7", "tachyon", "tcp", var.switch_ports[0]).exact
    error_message = "Devices do not reach their Switch: ${provider::tachyon::explain(local.deployment, "10.32.7.7", "tachyon", "tcp", var.switch_ports[0]).summary}"
  }
}

run "what_must_not" {
  command = plan

  # Whoever passes, by a row or by addresses that it shares with somebody, is in this set.
  assert {
    condition     = local.reach_sql == toset(["tachyon"])
    error_message = "Others than the stacks reach SQL Server, or they do not: ${join(" ", [for name, answer in local.towards_sql : answer.summary if answer.allowed || answer.reason == "partial"])}"
  }

  assert {
    condition     = provider::tachyon::explain(local.deployment, "internet", "tachyon", "tcp", 443).reason == "not_documented"
    error_message = "The Internet is nearer to the server than agreed: ${provider::tachyon::explain(local.deployment, "internet", "tachyon", "tcp", 443).summary}"
  }
}

# A flow that is left out on purpose is told apart from one that nobody thought of.
run "what_was_left_out" {
  command = plan

  assert {
    condition     = provider::tachyon::explain(local.deployment, "10.32.7.7", "10.64.7.7", "tcp", 7766).reason == "excluded"
    error_message = "That devices do not fetch content from each other is not by `exclude_flows`: ${provider::tachyon::explain(local.deployment, "10.32.7.7", "10.64.7.7", "tcp", 7766).summary}"
  }
}
