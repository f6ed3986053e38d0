//! Double entry: a flow's outgoing and incoming rows agree with it, and so with each other.

use super::Findings;
use super::place::{Block, Element, blocks, elements, row};
use crate::matrix::{
    Basis, Flow, FlowPorts, Matrix, PortRange, RoleId, Row, RowDirection, Transport,
};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    for (block, flow) in blocks(&matrix.flows) {
        for half in [Half::out(block, flow), Half::into(block, flow)] {
            for (element, id) in elements(block, half.attribute, half.rows) {
                if let Some(row) = row(matrix, id) {
                    half.direction(element, row, findings);
                    half.check(matrix, row, findings);
                }
            }
        }
        ends(matrix, block, flow, findings);
        basis(block, flow, findings);
    }
}

/// One end of a flow, and the rows that print it.
struct Half<'m> {
    block: Block<'m>,
    flow: &'m Flow,
    attribute: &'static str,
    rows: &'m [String],
    /// The end that the rows are about, and the other, each with the attribute of the flow.
    own: (&'static str, RoleId),
    other: (&'static str, RoleId),
    /// What the flow does at the rows, which rows can have that, and what they are called.
    does: &'static str,
    fits: fn(RowDirection) -> bool,
    called: &'static str,
}

impl<'m> Half<'m> {
    fn out(block: Block<'m>, flow: &'m Flow) -> Self {
        Self {
            block,
            flow,
            attribute: "out_rows",
            rows: &flow.out_rows,
            own: ("from", flow.from),
            other: ("to", flow.to),
            does: "begins",
            fits: RowDirection::goes_out,
            called: "outputs",
        }
    }

    fn into(block: Block<'m>, flow: &'m Flow) -> Self {
        Self {
            block,
            flow,
            attribute: "in_rows",
            rows: &flow.in_rows,
            own: ("to", flow.to),
            other: ("from", flow.from),
            does: "ends",
            fits: RowDirection::comes_in,
            called: "inputs",
        }
    }

    /// The row goes the way of the half.
    fn direction(
        &self,
        own: Element<'_>,
        (at, row): (Block<'_>, &Row),
        findings: &mut Findings<'_>,
    ) {
        let direction = row.reading.direction;
        if !(self.fits)(direction) {
            let Self { does, attribute, called, .. } = self;
            findings.add_between(
                (own.place(), at.at("reading").at("direction")),
                format!("it {does} at {}, which is read as {}", row.id, direction.as_str()),
                format!("{attribute} are {called}"),
            );
        }
    }

    /// One row against its flow: who it is about, whom it talks to, by which transport, application and port.
    fn check(&self, matrix: &Matrix, (at, row): (Block<'_>, &Row), findings: &mut Findings<'_>) {
        let Self { block, flow, .. } = self;
        let ((own_at, own), (other_at, other)) = (self.own, self.other);
        // A role that is not declared was told already.
        if matrix.declared_role(own).is_none() || matrix.declared_role(other).is_none() {
            return;
        }
        let reading = &row.reading;
        let mut differ =
            |what: &str, (of_flow, flow_has): Said<'_>, (of_row, row_has): Said<'_>| {
                findings.add_between(
                    (block.at(of_flow), at.at("reading").at(of_row)),
                    format!("its {what} is {flow_has}, that of row {} is {row_has}", row.id),
                    "compare both with the page",
                );
            };
        let name = |role| matrix.declared_role_id(role);
        if reading.role != own {
            differ("role", (own_at, name(own)), ("role", name(reading.role)));
        }
        if !reading.counterparts.contains(&other) {
            let row_has: Vec<&str> = reading.counterparts.iter().map(|role| name(*role)).collect();
            let row_has = row_has.join(", ");
            differ("counterpart", (other_at, name(other)), ("counterparts", &row_has));
        }
        if reading.transport != flow.transport {
            let [flow_has, row_has] = [flow.transport, reading.transport].map(Transport::as_str);
            differ("transport", ("transport", flow_has), ("transport", row_has));
        }
        if reading.application != flow.application {
            let (flow_has, row_has) = (&flow.application, &reading.application);
            differ("application", ("application", flow_has), ("application", row_has));
        }
        let ports = matrix.default_ports(flow);
        if reading.ports != ports {
            let attribute = match flow.ports {
                FlowPorts::Fixed(_) => "ports",
                FlowPorts::Parameter { .. } => "parameter",
            };
            differ("port", (attribute, &listed(&ports)), ("ports", &listed(&reading.ports)));
        }
    }
}

/// An attribute, and what it says.
type Said<'s> = (&'static str, &'s str);

/// The document's promise: every output has an input, but for those that leave the product.
fn ends(matrix: &Matrix, block: Block<'_>, flow: &Flow, findings: &mut Findings<'_>) {
    let outside = matrix.declared_role(flow.to).is_some_and(|role| role.outside);
    match (flow.out_rows.is_empty(), flow.in_rows.is_empty()) {
        (false, true) if !outside => {
            findings.add(
                block.at("in_rows"),
                format!("no input, though {} is not outside", matrix.declared_role_id(flow.to)),
                "name its in_rows",
            );
        }
        (true, false) => {
            findings.add(block.at("out_rows"), "an input without an output", "name its out_rows");
        }
        (_, false) if outside => {
            findings.add(
                block.at("in_rows"),
                format!("an input, though {} is outside", matrix.declared_role_id(flow.to)),
                "drop its in_rows",
            );
        }
        _ => {}
    }
}

/// What a flow says that it rests on is what it rests on.
fn basis(block: Block<'_>, flow: &Flow, findings: &mut Findings<'_>) {
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
            block.at("basis"),
            format!("its basis is {}, which its rows are not", flow.basis.as_str()),
            "paired has both rows, self_paired one for both, outside an output alone, prose neither",
        );
    }
}

fn listed(ports: &[PortRange]) -> String {
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    if ports.is_empty() { "none".to_owned() } else { ports.join(", ") }
}
