//! Double entry: a flow's outgoing and incoming rows agree with it, and so with each other.

use super::Findings;
use crate::matrix::{Basis, Flow, Matrix, PortRange, RoleId, Row};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    for flow in &matrix.flows {
        for row in flow.out_rows.iter().filter_map(|row| matrix.row(row)) {
            if !row.reading.direction.goes_out() {
                let place = format!("flow {}", flow.id);
                let found = format!(
                    "it begins at {}, which is read as {}",
                    row.id,
                    row.reading.direction.as_str()
                );
                findings.add(place, found, "out_rows are outputs");
            }
            half(matrix, flow, row, (flow.from, flow.to), findings);
        }
        for row in flow.in_rows.iter().filter_map(|row| matrix.row(row)) {
            if !row.reading.direction.comes_in() {
                let place = format!("flow {}", flow.id);
                let found = format!(
                    "it ends at {}, which is read as {}",
                    row.id,
                    row.reading.direction.as_str()
                );
                findings.add(place, found, "in_rows are inputs");
            }
            half(matrix, flow, row, (flow.to, flow.from), findings);
        }
        ends(matrix, flow, findings);
        basis(flow, findings);
    }
}

/// One row against its flow: who it is about, whom it talks to, by which transport, application and port.
fn half(
    matrix: &Matrix,
    flow: &Flow,
    row: &Row,
    ends: (RoleId, RoleId),
    findings: &mut Findings<'_>,
) {
    let (own, other) = ends;
    // A role that is not declared was told already.
    if matrix.declared_role(own).is_none() || matrix.declared_role(other).is_none() {
        return;
    }
    let reading = &row.reading;
    let mut differ = |what: &str, flow_has: &str, row_has: &str| {
        findings.add(
            format!("flow {}", flow.id),
            format!("its {what} is {flow_has}, that of row {} is {row_has}", row.id),
            "compare both with the page",
        );
    };
    if reading.role != own {
        differ("role", matrix.declared_role_id(own), matrix.declared_role_id(reading.role));
    }
    if !reading.counterparts.contains(&other) {
        let row_has: Vec<&str> =
            reading.counterparts.iter().map(|role| matrix.declared_role_id(*role)).collect();
        differ("counterpart", matrix.declared_role_id(other), &row_has.join(", "));
    }
    if reading.transport != flow.transport {
        differ("transport", flow.transport.as_str(), reading.transport.as_str());
    }
    if reading.application != flow.application {
        differ("application", &flow.application, &reading.application);
    }
    let ports = matrix.default_ports(flow);
    if reading.ports != ports {
        differ("port", &listed(&ports), &listed(&reading.ports));
    }
}

/// The document's promise: every output has an input, but for those that leave the product.
fn ends(matrix: &Matrix, flow: &Flow, findings: &mut Findings<'_>) {
    let place = format!("flow {}", flow.id);
    let outside = matrix.declared_role(flow.to).is_some_and(|role| role.outside);
    match (flow.out_rows.is_empty(), flow.in_rows.is_empty()) {
        (false, true) if !outside => {
            findings.add(
                place,
                format!("no input, though {} is not outside", matrix.declared_role_id(flow.to)),
                "name its in_rows",
            );
        }
        (true, false) => findings.add(place, "an input without an output", "name its out_rows"),
        (_, false) if outside => {
            findings.add(
                place,
                format!("an input, though {} is outside", matrix.declared_role_id(flow.to)),
                "drop its in_rows",
            );
        }
        _ => {}
    }
}

/// What a flow says that it rests on is what it rests on.
fn basis(flow: &Flow, findings: &mut Findings<'_>) {
    let (out, into) = (!flow.out_rows.is_empty(), !flow.in_rows.is_empty());
    let fits = match &flow.basis {
        Basis::Paired => out && into && flow.out_rows != flow.in_rows,
        Basis::SelfPaired => out && flow.out_rows == flow.in_rows,
        Basis::Outside => out && !into,
        Basis::Prose => !out && !into,
        Basis::Inferred { .. } | Basis::Site { .. } => true,
    };
    if !fits {
        findings.add(
            format!("flow {}", flow.id),
            format!("its basis is {}, which its rows are not", flow.basis.as_str()),
            "paired has both rows, self_paired one for both, outside an output alone, prose neither",
        );
    }
}

fn listed(ports: &[PortRange]) -> String {
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    if ports.is_empty() { "none".to_owned() } else { ports.join(", ") }
}
