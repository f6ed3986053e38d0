terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

data "tachyon_matrix" "dmz" {
  role = "dmz_server"
}

# Every row that names the role: as the document prints it, and as it is read. Some cells of the page are damaged.
output "rows" {
  value = {
    for row in data.tachyon_matrix.dmz.rows : row.id => {
      printed = join(" | ", compact([row.printed.port, row.printed.protocol, row.printed.device, row.printed.direction]))
      lost    = row.damaged
      read_as = "${row.reading.role} ${row.reading.direction}: ${row.reading.purpose}"
    }
  }
}

# The flows that the rows ask for, including those that were inferred.
output "flows" {
  value = {
    for flow in data.tachyon_matrix.dmz.flows :
    flow.id => "${flow.source} -> ${flow.destination} ${flow.protocol} ${join(", ", flow.ports)} (${flow.basis})"
  }
}
