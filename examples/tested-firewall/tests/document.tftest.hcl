# Every rule is asked for by a row of the vendor's document. Its rows come from the data sources, in a module of the tests'
# own: a test file can't hold data sources.

run "document" {
  module {
    source = "./tests/document"
  }

  variables {
    matrix_version = "8.1"
  }

  assert {
    condition     = length(data.tachyon_matrix.this.rows) == 49
    error_message = "The document has 49 rows, not ${length(data.tachyon_matrix.this.rows)}."
  }
}

run "every_rule_cites_a_row" {
  command = plan

  assert {
    condition     = local.matrix.matrix_version == "8.1"
    error_message = "The rules follow the document of version ${local.matrix.matrix_version}. Review what has changed, then change this line."
  }

  assert {
    condition     = length(setsubtract(local.cited_rows, run.document.rows)) == 0
    error_message = "Cited, but no rows of the document: ${join(", ", setsubtract(local.cited_rows, run.document.rows))}."
  }

  # The citation goes to the cloud with the rule, where auditors look: "1E Tachyon 8.1: ... [single-server/servers/6]".
  assert {
    condition     = alltrue([for rule in values(local.aws_rules) : can(regex("\\[[^\\]]+\\]$", rule.description))])
    error_message = "No row in the description: ${join(", ", [for key, rule in local.aws_rules : key if !can(regex("\\[[^\\]]+\\]$", rule.description))])}."
  }

  # The document names only one end of these flows; someone has looked into them.
  assert {
    condition     = local.inferred_flows == toset(["dmz_to_crl", "master_to_cloud"])
    error_message = "Inferred, and not printed as such in the document: ${join(", ", local.inferred_flows)}."
  }
}

run "a_dmz_server_accepts_what_its_role_does" {
  command = plan

  assert {
    condition     = length(setsubtract(flatten(values(local.aws.endpoints["dmz"].ingress)[*].flows), run.document.flows_to_dmz_server)) == 0
    error_message = "Not documented for a DMZ Server: ${join(", ", setsubtract(flatten(values(local.aws.endpoints["dmz"].ingress)[*].flows), run.document.flows_to_dmz_server))}."
  }
}
