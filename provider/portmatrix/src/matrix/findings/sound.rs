//! Sound: what is printed can be read, and what is read fits what is printed.

use super::Findings;
use crate::matrix::printed::{Printed, PrintedPorts};
use crate::matrix::{
    Column, FlowPorts, Matrix, Parameter, ParameterKind, Row, RowDirection, Table,
};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    source(matrix, findings);
    for row in &matrix.rows {
        if let Some(table) = matrix.table(&row.table) {
            cells(table, row, findings);
        }
        port(row, findings);
        spellings(matrix, row, findings);
        if row.reading.purpose.trim().is_empty() {
            findings.add(
                format!("row {}", row.id),
                "no purpose",
                "say what it is for, or that it is not known",
            );
        }
    }
    for parameter in &matrix.parameters {
        default(parameter, findings);
    }
    for flow in &matrix.flows {
        let place = format!("flow {}", flow.id);
        let given = match &flow.ports {
            FlowPorts::Fixed(ports) => ports.len(),
            FlowPorts::Parameter { parameter, .. } => {
                matrix.declared_parameter(*parameter).map_or(0, |p| p.default.len())
            }
        };
        let arrives = matrix.default_ports(flow).len();
        if arrives == 0 || arrives != given {
            findings.add(
                &place,
                "it arrives on no port, or on one over 65535",
                "give ports that there are",
            );
        }
        if flow.purpose.trim().is_empty() {
            findings.add(&place, "no purpose", "say what it is for");
        }
    }
}

fn source(matrix: &Matrix, findings: &mut Findings<'_>) {
    let sha256 = &matrix.source.sha256;
    let is_given = !sha256.is_empty();
    if is_given
        && (sha256.len() != 64
            || !sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    {
        findings.add(
            "source",
            format!("{sha256:?} is no SHA-256"),
            "give 64 lower-case hexadecimal digits",
        );
    }
    if matrix.version.trim().is_empty() {
        findings.add("version", "it is empty", "give the product's version");
    }
}

/// A cell of a column that there is is printed or lost; of another, neither.
fn cells(table: &Table, row: &Row, findings: &mut Findings<'_>) {
    let place = format!("row {}", row.id);
    for (column, printed) in [
        (Column::Device, row.device.is_some()),
        (Column::Port, row.port.is_some()),
        (Column::Direction, row.direction.is_some()),
    ] {
        // Of a port the transport may be printed and the number lost.
        let lost = row.damaged.contains(&column) && !(column == Column::Port && printed);
        let name = column.as_str();
        match (table.columns.contains(&column), printed, lost) {
            (true, true, true) => findings.add(
                &place,
                format!("its {name} is printed, and lost"),
                "it is one or the other",
            ),
            (true, false, false) => {
                findings.add(&place, format!("no {name}"), "print it, or name it in `damaged`");
            }
            (false, true, _) => findings.add(
                &place,
                format!("a {name}, which its table has no column for"),
                "take it out",
            ),
            _ => {}
        }
    }
    for column in row.damaged.iter().filter(|column| !table.columns.contains(column)) {
        findings.add(
            &place,
            format!("it lost its {}, which its table has no column for", column.as_str()),
            "take it out",
        );
    }
    if table.columns.contains(&Column::Direction) == (row.reading.direction == RowDirection::None) {
        let found = format!("its direction is read as {}", row.reading.direction.as_str());
        findings.add(
            &place,
            found,
            "there is one where the table has the column, and none where it hasn't",
        );
    }
}

fn port(row: &Row, findings: &mut Findings<'_>) {
    let Some(cell) = &row.port else { return };
    let place = format!("row {}", row.id);
    let Some(printed) = Printed::read(cell) else {
        findings.add(
            place,
            format!("the port {cell:?} can't be read"),
            "such as `TCP 443`, `TCP 135 and 445`, `TCP 400n` or `TCP`",
        );
        return;
    };
    let lost = row.damaged.contains(&Column::Port);
    if lost != (printed.ports == PrintedPorts::Lost) {
        let found = if lost {
            "its port is printed, and lost"
        } else {
            "its port has no number, and is not lost"
        };
        findings.add(&place, found, "print it, or name it in `damaged`");
    }
    if printed.transport != row.reading.transport || !printed.ports.admits(&row.reading.ports) {
        let read: Vec<String> = row.reading.ports.iter().map(ToString::to_string).collect();
        let found = format!("{cell:?} is read as {} {}", row.reading.transport, read.join(", "));
        findings.add(&place, found, "read what is printed");
    }
}

/// Device, protocol and direction as printed mean what was read.
fn spellings(matrix: &Matrix, row: &Row, findings: &mut Findings<'_>) {
    for (column, printed, read) in [
        (Column::Device, row.device.as_ref(), matrix.declared_role_id(row.reading.role)),
        (Column::Protocol, Some(&row.protocol), row.reading.application.as_str()),
        (Column::Direction, row.direction.as_ref(), row.reading.direction.as_str()),
    ] {
        let Some(printed) = printed else { continue };
        let place = format!("row {}", row.id);
        let name = column.as_str();
        let spelling = matrix
            .spellings
            .iter()
            .find(|spelling| spelling.column == column && spelling.printed.contains(printed));
        match spelling {
            None => findings.add(
                place,
                format!("the {name} {printed:?} has no spelling"),
                "say what it means in a spelling",
            ),
            Some(spelling) if spelling.means != read => {
                let found = format!(
                    "the {name} {printed:?} means {}, and is read as {read}",
                    spelling.means
                );
                findings.add(place, found, "mend the reading or the spelling");
            }
            Some(_) => {}
        }
    }
}

fn default(parameter: &Parameter, findings: &mut Findings<'_>) {
    let single = parameter.default.iter().all(|range| range.from == range.to);
    let fits = match parameter.kind {
        ParameterKind::Port => single && parameter.default.len() == 1,
        ParameterKind::Ports => single && !parameter.default.is_empty(),
        ParameterKind::Range => parameter.default.len() == 1,
        ParameterKind::Flag => parameter.default.is_empty(),
    };
    if !fits {
        let found = format!("its default does not fit its kind, {}", parameter.kind.as_str());
        findings.add(
            format!("parameter {}", parameter.id),
            found,
            "one port, a list of ports, one range, or nothing for a flag",
        );
    }
}
