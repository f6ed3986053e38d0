//! The words of the page for what the matrix has as data.

use super::markdown::code;
use crate::matrix::{
    Basis, Configurable, Flow, FlowPorts, Matrix, PortRange, Row, RowDirection, When,
};

/// Texts as one run of sentences; empty ones leave nothing behind.
pub(super) fn sentences<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let ended = texts.into_iter().filter(|text| !text.is_empty()).map(|text| {
        let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
        format!("{text}{end}")
    });
    ended.collect::<Vec<_>>().join(" ")
}

/// `443`, `135, 445`.
pub(super) fn ports(ports: &[PortRange]) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Where a flow arrives, and what decides it.
pub(super) fn service(matrix: &Matrix, flow: &Flow) -> String {
    let service = format!("{} {}", flow.transport, ports(&matrix.default_ports(flow)));
    match &flow.ports {
        FlowPorts::Fixed(_) => format!("{service}, fixed"),
        FlowPorts::Parameter { parameter, offset } => {
            let parameter = &matrix.parameter(*parameter).id;
            let plus = if *offset == 0 { String::new() } else { format!(" + {offset}") };
            format!("{service}, {}{plus}", code(parameter))
        }
    }
}

/// Who talks to whom, as an arrow between roles.
pub(super) fn arrow(matrix: &Matrix, row: &Row) -> String {
    let arrow = match row.reading.direction {
        RowDirection::Out => "→",
        RowDirection::In => "←",
        RowDirection::Both => "↔",
        RowDirection::None => "–",
    };
    let others: Vec<String> =
        row.reading.counterparts.iter().map(|role| code(matrix.role_id(*role))).collect();
    format!("{} {arrow} {}", code(matrix.role_id(row.reading.role)), others.join(", "))
}

/// When, how and by which property a port is changed.
pub(super) fn configurable(configurable: &Configurable) -> String {
    let when = match configurable.when {
        When::Install => "At installation",
        When::PostInstall => "After installation",
        When::Target => "Follows the other end",
        When::No => "No",
        When::Unknown if configurable.how.is_empty() => "Not documented",
        When::Unknown => "",
    };
    let property = configurable
        .property
        .as_deref()
        .map(|property| {
            let how = if configurable.inferred { " (inferred, not printed)" } else { "" };
            format!("Setting: {}{how}", code(property))
        })
        .unwrap_or_default();
    sentences([when, &configurable.how, &property])
}

/// What a flow rests on, in a word or two.
pub(super) const fn basis(basis: &Basis) -> &'static str {
    match basis {
        Basis::Paired => "output and input",
        Basis::SelfPaired => "one row for both",
        Basis::Outside => "output, leaves the product",
        Basis::Prose => "text of the rows",
        Basis::Inferred { .. } => "**inferred**",
        Basis::Site { .. } => "a row of your own",
    }
}
