//! Sound: what is printed can be read, and what is read fits what is printed.

use super::Findings;
use super::place::{Block, Element, Place, blocks, elements};
use crate::matrix::printed::{Printed, PrintedPorts};
use crate::matrix::{
    Column, Flow, FlowPorts, Matrix, Parameter, ParameterKind, Row, RowDirection, Table,
};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    source(matrix, findings);
    for (block, row) in blocks(&matrix.rows) {
        if let Some(table) = matrix.table(&row.table) {
            cells(table, block, row, findings);
        }
        port(block, row, findings);
        spellings(matrix, block, row, findings);
        if row.reading.purpose.trim().is_empty() {
            findings.add(
                block.at("reading").at("purpose"),
                "no purpose",
                "say what it is for, or that it is not known",
            );
        }
    }
    for (block, parameter) in blocks(&matrix.parameters) {
        default(block, parameter, findings);
    }
    for (block, flow) in blocks(&matrix.flows) {
        arrives(matrix, block, flow, findings);
        if flow.purpose.trim().is_empty() {
            findings.add(block.at("purpose"), "no purpose", "say what it is for");
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
            Place::head("source").at("sha256"),
            format!("{sha256:?} is no SHA-256"),
            "give 64 lower-case hexadecimal digits",
        );
    }
    if matrix.version.trim().is_empty() {
        findings.add(Place::head("version"), "it is empty", "give the product's version");
    }
}

/// A cell of a column that there is is printed or lost; of another, neither.
fn cells(table: &Table, block: Block<'_>, row: &Row, findings: &mut Findings<'_>) {
    for (column, printed) in [
        (Column::Device, row.device.is_some()),
        (Column::Port, row.port.is_some()),
        (Column::Direction, row.direction.is_some()),
    ] {
        // Of a port the transport may be printed and the number lost.
        let lost = lost(block, row, column).filter(|_| !(column == Column::Port && printed));
        let name = column.as_str();
        match (table.columns.contains(&column), printed, lost) {
            (true, true, Some(lost)) => findings.add_between(
                (block.at(name), lost.place()),
                format!("its {name} is printed, and lost"),
                "it is one or the other",
            ),
            (true, false, None) => findings.add(
                block.at(name),
                format!("no {name}"),
                "print it, or name it in `damaged`",
            ),
            (false, true, _) => findings.add(
                block.at(name),
                format!("a {name}, which its table has no column for"),
                "take it out",
            ),
            _ => {}
        }
    }
    for (element, column) in elements(block, "damaged", &row.damaged)
        .filter(|(_, column)| !table.columns.contains(column))
    {
        findings.add(
            element.place(),
            format!("it lost its {}, which its table has no column for", column.as_str()),
            "take it out",
        );
    }
    if table.columns.contains(&Column::Direction) == (row.reading.direction == RowDirection::None) {
        findings.add(
            block.at("reading").at("direction"),
            format!("its direction is read as {}", row.reading.direction.as_str()),
            "there is one where the table has the column, and none where it hasn't",
        );
    }
}

/// Where a row says that it lost a cell.
fn lost<'b>(block: Block<'b>, row: &'b Row, column: Column) -> Option<Element<'b>> {
    let mut damaged = elements(block, "damaged", &row.damaged);
    damaged.find_map(|(element, damage)| (*damage == column).then_some(element))
}

fn port(block: Block<'_>, row: &Row, findings: &mut Findings<'_>) {
    let Some(cell) = &row.port else { return };
    let Some(printed) = Printed::read(cell) else {
        findings.add(
            block.at("port"),
            format!("the port {cell:?} can't be read"),
            "such as `TCP 443`, `TCP 135 and 445`, `TCP 400n` or `TCP`",
        );
        return;
    };
    let mend = "print it, or name it in `damaged`";
    match (lost(block, row, Column::Port), printed.ports == PrintedPorts::Lost) {
        (Some(lost), false) => {
            let places = (block.at("port"), lost.place());
            findings.add_between(places, "its port is printed, and lost", mend);
        }
        (None, true) => {
            findings.add(block.at("port"), "its port has no number, and is not lost", mend);
        }
        _ => {}
    }
    let reading = &row.reading;
    let is_read = [
        ("transport", printed.transport == reading.transport),
        ("ports", printed.ports.admits(&reading.ports)),
    ];
    for (attribute, _) in is_read.into_iter().filter(|(_, is_read)| !is_read) {
        let read: Vec<String> = reading.ports.iter().map(ToString::to_string).collect();
        findings.add_between(
            (block.at("reading").at(attribute), block.at("port")),
            format!("{cell:?} is read as {} {}", reading.transport, read.join(", ")),
            "read what is printed",
        );
    }
}

/// Device, protocol and direction as printed mean what was read.
fn spellings(matrix: &Matrix, block: Block<'_>, row: &Row, findings: &mut Findings<'_>) {
    let reading = &row.reading;
    for (column, printed, attribute, read) in [
        (Column::Device, row.device.as_ref(), "role", matrix.declared_role_id(reading.role)),
        (Column::Protocol, Some(&row.protocol), "application", reading.application.as_str()),
        (Column::Direction, row.direction.as_ref(), "direction", reading.direction.as_str()),
    ] {
        let Some(printed) = printed else { continue };
        let name = column.as_str();
        let spelling = blocks(&matrix.spellings)
            .find(|(_, spelling)| spelling.column == column && spelling.printed.contains(printed));
        match spelling {
            None => findings.add(
                block.at(name),
                format!("the {name} {printed:?} has no spelling"),
                "say what it means in a spelling",
            ),
            Some((other, spelling)) if spelling.means != read => {
                let found = format!(
                    "the {name} {printed:?} means {}, and is read as {read}",
                    spelling.means
                );
                let places = (block.at("reading").at(attribute), other.at("means"));
                findings.add_between(places, found, "mend the reading or the spelling");
            }
            Some(_) => {}
        }
    }
}

fn default(block: Block<'_>, parameter: &Parameter, findings: &mut Findings<'_>) {
    let single = parameter.default.iter().all(|range| range.from == range.to);
    let fits = match parameter.kind {
        ParameterKind::Port => single && parameter.default.len() == 1,
        ParameterKind::Ports => single && !parameter.default.is_empty(),
        ParameterKind::Range => parameter.default.len() == 1,
        ParameterKind::Flag => parameter.default.is_empty(),
    };
    if !fits {
        findings.add_between(
            (block.at("default"), block.at("kind")),
            format!("its default does not fit its kind, {}", parameter.kind.as_str()),
            "one port, a list of ports, one range, or nothing for a flag",
        );
    }
}

/// A flow arrives on ports that there are.
fn arrives(matrix: &Matrix, block: Block<'_>, flow: &Flow, findings: &mut Findings<'_>) {
    let (attribute, found) = match &flow.ports {
        FlowPorts::Fixed(ports) if ports.is_empty() => ("ports", "it arrives on no port"),
        FlowPorts::Fixed(_) => return,
        FlowPorts::Parameter { parameter, offset } => {
            // One that is not declared was reported, and has no port either.
            let parameter = matrix.declared_parameter(*parameter);
            let default = parameter.map_or(&[][..], |parameter| &parameter.default);
            if default.is_empty() {
                ("parameter", "it arrives on no port")
            } else if default.iter().any(|range| range.checked_add(*offset).is_none()) {
                ("offset", "it arrives on a port over 65535")
            } else {
                return;
            }
        }
    };
    findings.add(block.at(attribute), found, "give ports that there are");
}
