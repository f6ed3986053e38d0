//! Roles, topologies and the printed tables.

use super::markdown::{Markdown, code};
use super::words::{arrow, configurable, ports, sentences};
use crate::matrix::{Column, Matrix, Row, Table};

pub(super) fn roles(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "Roles");
    page.paragraph(
        "An endpoint of a deployment plays one or more of these. Where a role is outside the vendor's documentation, only \
         the half at the other end is printed.",
    );
    let rows = matrix.roles.iter().map(|role| {
        let printed = if role.outside { "at the other end only" } else { "at both ends" };
        let single = if role.single { "An installation has exactly one." } else { "" };
        [
            code(&role.id),
            role.title.clone(),
            sentences([role.means.as_str(), single]),
            printed.to_owned(),
        ]
    });
    page.table(["Role", "Title", "What it is", "Its traffic is printed"], rows);
}

pub(super) fn topologies(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "Topologies");
    page.paragraph("The base is part of every deployment. An overlay adds its flows as soon as an endpoint brings it with it.");
    let rows = matrix.topologies.iter().map(|topology| {
        let role = topology.role.map(|role| code(matrix.role_id(role)));
        let unless = topology.unless.map(|role| format!(" and not {}", code(matrix.role_id(role))));
        let applies = match role {
            Some(role) => format!("an endpoint plays {role}{}", unless.unwrap_or_default()),
            None => "always".to_owned(),
        };
        [code(&topology.id), topology.means.clone(), applies]
    });
    page.table(["Topology", "What is installed", "Applies when"], rows);
}

pub(super) fn tables(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "The rows");
    page.paragraph(
        "Every row that the vendor prints, first as printed, then as read. The Usage cell is lost in all of them. Lines are \
         those of the copy.",
    );
    for table in &matrix.tables {
        page.heading(3, &table.title);
        let rows: Vec<&Row> = matrix.rows.iter().filter(|row| row.table == table.id).collect();
        page.paragraph("As printed:");
        page.table(
            ["Row", "Line", "Device", "Port", "Protocol", "Direction"],
            rows.iter().map(|row| {
                [
                    code(&row.id),
                    row.line.to_string(),
                    cell(table, row, Column::Device, row.device.as_deref()),
                    cell(table, row, Column::Port, row.port.as_deref()),
                    row.protocol.clone(),
                    cell(table, row, Column::Direction, row.direction.as_deref()),
                ]
            }),
        );
        page.paragraph("As read:");
        page.table(
            ["Row", "Who", "Service", "What for", "Can be changed", "Why, and notes"],
            rows.iter().map(|row| read(matrix, row)),
        );
    }
}

/// A cell as printed, or what became of it.
fn cell(table: &Table, row: &Row, column: Column, printed: Option<&str>) -> String {
    let lost = row.damaged.contains(&column);
    match printed {
        Some(text) if lost => format!("{text} (*number lost*)"),
        Some(text) => text.to_owned(),
        None if table.columns.contains(&column) => "*lost*".to_owned(),
        None => "–".to_owned(),
    }
}

fn read(matrix: &Matrix, row: &Row) -> [String; 6] {
    let reading = &row.reading;
    let silent = matrix.silent.iter().find(|silent| silent.row == row.id);
    let sure = match &reading.because {
        because if because.is_empty() => String::new(),
        because => format!("{because} (confidence: {})", reading.confidence.as_str()),
    };
    let opens_nothing =
        silent.map(|silent| format!("**No rule:** {}", silent.why)).unwrap_or_default();
    let evidence = match reading.evidence.as_slice() {
        [] => String::new(),
        evidence => format!("See {}", evidence.join(", ")),
    };
    let what = format!("{}. Component: {}", reading.purpose, reading.components.join(", "));
    [
        code(&row.id),
        arrow(matrix, row),
        format!("{} {} ({})", reading.transport, ports(&reading.ports), reading.application),
        sentences([if reading.components.is_empty() { reading.purpose.as_str() } else { &what }]),
        configurable(&reading.configurable),
        sentences([sure.as_str(), &reading.notes, &opens_nothing, &evidence]),
    ]
}
