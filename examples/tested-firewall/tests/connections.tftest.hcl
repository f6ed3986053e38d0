# Who may reach whom, whatever the cloud. Begin with these: everyone who knows the installation can read them.

run "who_reaches_whom" {
  command = plan

  assert {
    condition     = local.sources_of["sql"] == toset(["tachyon"])
    error_message = "Only the Tachyon server may reach SQL Server. Now: ${join(", ", local.sources_of["sql"])}."
  }

  assert {
    condition     = local.destinations_of["internet"] == toset(["dmz"])
    error_message = "The Internet may reach the DMZ Server and nothing else. Now: ${join(", ", local.destinations_of["internet"])}."
  }

  assert {
    condition     = local.destinations_of["dmz"] == toset(["crl", "tachyon"])
    error_message = "The DMZ Server may reach its Response Stack and the CRL. Now: ${join(", ", local.destinations_of["dmz"])}."
  }

  assert {
    condition     = alltrue([for name, sources in local.sources_of : length(sources) == 0 if startswith(name, "clients-")])
    error_message = "Nobody connects to devices, but: ${join(", ", [for name, sources in local.sources_of : "${join(" and ", sources)} to ${name}" if startswith(name, "clients-") && length(sources) > 0])}."
  }
}

# Flows that the document asks for and for which this installation has no other end: they get no rule.
run "what_is_left_out_is_left_out_on_purpose" {
  command = plan

  assert {
    condition     = local.missing_roles == toset(["configmgr_provider", "inventory_source", "smtp_server"])
    error_message = "Roles that no endpoint plays: ${join(", ", local.missing_roles)}. Describe the endpoint, or add the role to this list."
  }
}
