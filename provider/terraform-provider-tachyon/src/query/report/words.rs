//! What every format says in the same words.

use portmatrix::matrix::{Basis, Flow, PortRange};

use super::traffic::{End, Line, Traffic};

/// How many connections a step names, and how many addresses of an end a page shows.
const MOST_NAMED: usize = 3;
const MOST_SHOWN: usize = 4;

/// The title of a request.
pub(super) fn title(traffic: &Traffic<'_>) -> String {
    match traffic.details.title {
        "" => format!("Firewall request: {}", traffic.matrix.name()),
        title => title.to_owned(),
    }
}

/// Whether what a flow carries is encrypted.
pub(super) const fn encrypted(flow: &Flow) -> &'static str {
    match flow.encrypted {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

/// `tcp 443, 8443`.
pub(super) fn service(line: &Line<'_>) -> String {
    format!("{} {}", line.flow.transport, ports(&line.ports))
}

fn ports(ports: &[PortRange]) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a line is for.
pub(super) fn justification(traffic: &Traffic<'_>, line: &Line<'_>) -> String {
    sentences([line.flow.purpose.clone(), part_of(traffic, line)])
}

/// Of which connections a line is a step; empty where it is the whole way.
pub(super) fn part_of(traffic: &Traffic<'_>, line: &Line<'_>) -> String {
    let count = line.part_of.len();
    if count == 0 {
        return String::new();
    }
    let named = line.part_of.iter().take(MOST_NAMED).map(|(source, destination)| {
        format!("{} to {}", traffic.end(*source).name, traffic.end(*destination).name)
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = count.saturating_sub(MOST_NAMED);
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    format!("A step on the way from {named}{more}.")
}

/// The addresses of an end as a page shows them in a line, and how many are left out.
pub(super) fn addresses<'e>(end: &'e End<'_>) -> (Vec<&'e str>, usize) {
    let mut all = end.address.all();
    // One more takes no more room than saying that there is one.
    let most = if all.len() == MOST_SHOWN + 1 { all.len() } else { MOST_SHOWN };
    let rest = all.len().saturating_sub(most);
    all.truncate(most);
    (all, rest)
}

/// What a flow rests on.
pub(super) fn basis(flow: &Flow) -> String {
    match &flow.basis {
        Basis::Inferred { why, .. } => format!("Inferred, not printed: {why}"),
        Basis::Site { .. } => "A row of your own.".to_owned(),
        Basis::Prose => "Asked for by the text of the rows.".to_owned(),
        Basis::Paired | Basis::SelfPaired | Basis::Outside => "Printed.".to_owned(),
    }
}

/// `1 line`, `2 lines`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What a reader should know first, a statement each.
pub(super) fn summary(traffic: &Traffic<'_>) -> Vec<String> {
    let lines = &traffic.lines;
    let count =
        |is_one: &dyn Fn(&Line<'_>) -> bool| lines.iter().filter(|line| is_one(line)).count();
    let across = count(&|line| traffic.is_across_zones(line));
    let clear = count(&|line| line.flow.encrypted == Some(false));
    let open = count(&|line| line.flow.encrypted.is_none());
    let own = count(&|line| line.flow.is_own());
    let inferred = count(&|line| !line.flow.is_documented()) - own;
    let mut summary = vec![
        format!(
            "{} for {} between {}, as {} documents them.",
            counted(lines.len(), "line"),
            counted(traffic.connections, "connection"),
            counted(traffic.ends.len(), "endpoint"),
            traffic.matrix.name(),
        ),
        format!("Across a zone boundary: {across}."),
        format!("In clear text: {clear}; encrypted or not by how it is set up: {open}."),
    ];
    if inferred > 0 {
        summary.push(format!("Inferred, not printed in the document: {inferred}."));
    }
    if own > 0 {
        summary.push(format!("From rows of your own: {own}."));
    }
    if traffic.left_out > 0 {
        summary.push(format!("Left out, since they stay within one zone: {}.", traffic.left_out));
    }
    if lines.iter().any(|line| !line.part_of.is_empty()) {
        summary.push(STEPS.to_owned());
    }
    summary
}

/// What a line is where something stands between two ends.
const STEPS: &str = "Where something stands between two endpoints, each step has a line of its own, as firewalls see it there: with the address that \
    is the source on that step, and the address and port that are asked for.";

/// Texts as one run of sentences; empty ones leave nothing behind.
pub(super) fn sentences(texts: impl IntoIterator<Item = String>) -> String {
    let ended = texts.into_iter().filter(|text| !text.is_empty()).map(|text| {
        let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
        format!("{text}{end}")
    });
    ended.collect::<Vec<_>>().join(" ")
}

/// The headings of the parts of a page, in its order.
pub(super) const SUMMARY: &str = "Summary";
pub(super) const PICTURE: &str = "Picture";
pub(super) const GRID: &str = "Grid";
pub(super) const LINES: &str = "Lines to open";
pub(super) const ENDPOINTS: &str = "Endpoints";
pub(super) const JUSTIFICATIONS: &str = "Justifications";
pub(super) const FINDINGS: &str = "Warnings and findings";
pub(super) const LEFT_OUT: &str = "Asked for and left out";
pub(super) const NOT_COVERED: &str = "What the document does not cover";

/// What stands above the list of what is left out, and above the one of what the document lacks.
pub(super) const ABOUT_LEFT_OUT: &str = "The document asks for these flows, and the deployment leaves them out, or has one end only. No line above opens them.";
pub(super) const ABOUT_NOT_COVERED: &str = "An installation may need these as well. The document has no row for them, so no line above opens them.";
