//! The parts of the page, from top to bottom.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;

use super::writer::Html;
use crate::query::report::surroundings::{self, Surroundings};
use crate::query::report::traffic::{End, Line, Traffic};
use crate::query::report::words;

/// Each part below the head: its id and its heading.
const PARTS: [(&str, &str); 9] = [
    ("summary", words::SUMMARY),
    ("picture", words::PICTURE),
    ("grid", words::GRID),
    ("lines", words::LINES),
    ("endpoints", words::ENDPOINTS),
    ("justifications", words::JUSTIFICATIONS),
    ("findings", words::FINDINGS),
    ("left-out", words::LEFT_OUT),
    ("not-covered", words::NOT_COVERED),
];

pub(super) fn head(title: &str, traffic: &Traffic<'_>, page: &mut Html) {
    page.open("header", &[]);
    page.element("h1", &[], title);
    let mut details = traffic.details.named().peekable();
    if details.peek().is_some() {
        page.open("dl", &[]);
        for (name, text) in details {
            page.open("div", &[]);
            page.element("dt", &[], name);
            page.element("dd", &[], text);
            page.close("div");
        }
        page.close("dl");
    }
    page.close("header");
    page.open("nav", &[("aria-label", "Parts of this page")]);
    page.open("ul", &[]);
    for (id, heading) in PARTS {
        page.open("li", &[]);
        page.element("a", &[("href", &format!("#{id}"))], heading);
        page.close("li");
    }
    page.close("ul");
    page.close("nav");
}

/// Begins a part.
fn open(id: &str, heading: &str, page: &mut Html) {
    let label = format!("{id}-heading");
    page.open("section", &[("id", id), ("aria-labelledby", &label)]);
    page.element("h2", &[("id", &label)], heading);
}

/// Begins what may be wider than the window, and is then scrolled, with the keyboard as well.
fn open_wide(label: &str, page: &mut Html) {
    page.open(
        "div",
        &[("class", "wide"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)],
    );
}

pub(super) fn summary(traffic: &Traffic<'_>, page: &mut Html) {
    open("summary", words::SUMMARY, page);
    page.list(words::summary(traffic).iter().map(String::as_str));
    page.close("section");
}

pub(super) fn picture(id: &str, heading: &str, svg: &str, page: &mut Html) {
    open(id, heading, page);
    open_wide(&format!("{heading}, scrolls"), page);
    page.verbatim(svg);
    page.close("div");
    page.close("section");
}

const COLUMNS: [&str; 9] = [
    "From zone",
    "Source",
    "To zone",
    "Destination",
    "Service",
    "Application",
    "Encrypted",
    "Justification",
    "Rows",
];

pub(super) fn lines(traffic: &Traffic<'_>, page: &mut Html) {
    open("lines", words::LINES, page);
    let boundaries = traffic.boundaries();
    filters(traffic, page);
    open_wide("Lines to open, scroll", page);
    page.open_table(&[("id", "traffic")], "What a firewall has to let pass", &COLUMNS);
    let number_of: BTreeMap<_, _> = boundaries.keys().zip(0_usize..).collect();
    for line in &traffic.lines {
        let ends = traffic.ends_of(line);
        let number = number_of
            .get(&ends.map(|end| &end.lane))
            .or_bug("a line across no boundary that is known");
        let across = if traffic.is_across_zones(line) { "1" } else { "0" };
        page.open("tr", &[("data-boundary", &number.to_string()), ("data-across", across)]);
        cells(traffic, line, page);
        page.close("tr");
    }
    page.close_table();
    page.close("div");
    page.close("section");
}

/// What the lines are filtered by; shown by the script alone.
fn filters(traffic: &Traffic<'_>, page: &mut Html) {
    page.open(
        "div",
        &[("id", "filters"), ("role", "search"), ("aria-label", "Lines"), ("hidden", "")],
    );
    page.open("label", &[]);
    page.text("Zones ");
    page.open("select", &[("id", "boundary")]);
    page.element("option", &[("value", "all")], &format!("All ({})", traffic.lines.len()));
    let across = traffic.lines.iter().filter(|line| traffic.is_across_zones(line)).count();
    page.element("option", &[("value", "across")], &format!("Across zones ({across})"));
    for (number, ([from, to], count)) in traffic.boundaries().into_iter().enumerate() {
        let text = format!("{} to {} ({count})", from.title, to.title);
        page.element("option", &[("value", &number.to_string())], &text);
    }
    page.close("select");
    page.close("label");
    page.open("label", &[]);
    page.text("Words ");
    page.open("input", &[("id", "words"), ("type", "search"), ("autocomplete", "off")]);
    page.close("label");
    page.element("button", &[("id", "reset"), ("type", "button")], "Show all");
    page.close("div");
    page.element(
        "p",
        &[("id", "count"), ("role", "status")],
        &words::counted(traffic.lines.len(), "line"),
    );
}

fn cells(traffic: &Traffic<'_>, line: &Line<'_>, page: &mut Html) {
    let [source, destination] = traffic.ends_of(line);
    let flow = line.flow;
    page.element("td", &[], source.lane.title);
    end(line.source.index(), source, page);
    page.element("td", &[], destination.lane.title);
    end(line.destination.index(), destination, page);
    page.element("td", &[("class", "service")], &words::service(line));
    page.element("td", &[], &flow.application);
    let encrypted = words::encrypted(flow);
    page.element("td", &[("class", &format!("encrypted-{encrypted}"))], encrypted);
    page.open("td", &[]);
    page.element("a", &[("href", &format!("#flow-{}", flow.place))], &flow.purpose);
    let part_of = words::part_of(traffic, line);
    if !part_of.is_empty() {
        page.element("p", &[("class", "note")], &part_of);
    }
    if !flow.is_documented() {
        let what = if flow.is_own() { "a row of your own" } else { "inferred" };
        page.element("p", &[("class", "note")], &format!("Not printed in the document: {what}."));
    }
    page.close("td");
    page.open("td", &[("class", "rows")]);
    for row in flow.citations() {
        page.element("span", &[], row);
        page.verbatim(" ");
    }
    page.close("td");
}

/// An end by its name, with its first addresses.
fn end(number: usize, end: &End<'_>, page: &mut Html) {
    let place = format!("#endpoint-{number}");
    page.open("td", &[]);
    page.element("a", &[("href", &place)], end.name);
    let (addresses, rest) = words::addresses(end);
    page.open("p", &[("class", "addresses")]);
    page.text(&addresses.join(" "));
    if rest > 0 {
        page.text(&format!(" and {rest} more"));
    }
    if addresses.is_empty() {
        page.text("no address");
    }
    page.close("p");
    page.close("td");
}

pub(super) fn endpoints(traffic: &Traffic<'_>, page: &mut Html) {
    open("endpoints", words::ENDPOINTS, page);
    open_wide("Endpoints, scroll", page);
    page.open_table(
        &[],
        "Where each stands, and how it is known",
        &["Endpoint", "Zone", "What it is", "Addresses"],
    );
    for (number, end) in traffic.ends.iter().enumerate() {
        page.open("tr", &[("id", &format!("endpoint-{number}"))]);
        page.element("th", &[("scope", "row")], end.name);
        page.element("td", &[], end.lane.title);
        page.element("td", &[], &end.about);
        page.element("td", &[("class", "addresses")], &end.address.all().join(" "));
        page.close("tr");
    }
    page.close_table();
    page.close("div");
    page.close("section");
}

pub(super) fn justifications(traffic: &Traffic<'_>, page: &mut Html) {
    open("justifications", words::JUSTIFICATIONS, page);
    open_wide("Justifications, scroll", page);
    let columns = [
        "Flow",
        "Application",
        "Encrypted",
        "Purpose",
        "Rests on",
        "Confidence",
        "Rows of the document",
    ];
    page.open_table(&[], "Why each flow is asked for", &columns);
    for flow in traffic.flows() {
        page.open("tr", &[("id", &format!("flow-{}", flow.place))]);
        page.element("th", &[("scope", "row")], &flow.id);
        page.element("td", &[], &flow.application);
        page.element("td", &[], words::encrypted(flow));
        page.element("td", &[], &words::sentences([flow.purpose.clone(), flow.note.clone()]));
        page.element("td", &[], &words::basis(flow));
        page.element("td", &[], flow.confidence.as_str());
        page.open("td", &[]);
        let rows: Vec<String> =
            flow.citations().into_iter().map(|id| printed(traffic, id)).collect();
        page.list(rows.iter().map(String::as_str));
        page.close("td");
        page.close("tr");
    }
    page.close_table();
    page.close("div");
    page.close("section");
}

/// A row by its id, with what the document prints in it.
fn printed(traffic: &Traffic<'_>, id: &str) -> String {
    let Some(row) = traffic.matrix.rows.iter().find(|row| row.id == id) else {
        return id.to_owned();
    };
    let cells = [&row.device, &row.port, &Some(row.protocol.clone()), &row.direction];
    let cells: Vec<&str> = cells.into_iter().flatten().map(String::as_str).collect();
    format!("{id}: {}", cells.join(", "))
}

pub(super) fn findings(around: &Surroundings<'_>, page: &mut Html) {
    open("findings", words::FINDINGS, page);
    open_wide("Warnings and findings, scroll", page);
    page.table(
        "What should be looked at, the gravest first",
        ["Severity", "Finding", "Endpoint", "What is the case", "What to do"],
        around.findings.iter().map(|one| {
            let endpoints = [&one.endpoint, &one.peer].into_iter().flatten();
            [
                one.severity.to_owned(),
                one.id.clone(),
                endpoints.cloned().collect::<Vec<_>>().join(", "),
                one.summary.clone(),
                one.remedy.clone(),
            ]
        }),
    );
    page.close("div");
    page.close("section");
}

pub(super) fn left_out(around: &Surroundings<'_>, page: &mut Html) {
    open("left-out", words::LEFT_OUT, page);
    page.element("p", &[], words::ABOUT_LEFT_OUT);
    let columns = ["Flow", "Endpoint", "Why", "Rows"];
    open_wide("Flows that are left out, scroll", page);
    page.table("Flows that are left out", columns, surroundings::left_out(around));
    page.close("div");
    page.close("section");
}

pub(super) fn not_covered(traffic: &Traffic<'_>, page: &mut Html) {
    open("not-covered", words::NOT_COVERED, page);
    page.element("p", &[], words::ABOUT_NOT_COVERED);
    open_wide("What the document does not cover, scrolls", page);
    page.table(
        "What an installation may need besides",
        ["Need", "Ports", "What is known"],
        traffic
            .matrix
            .not_covered
            .iter()
            .map(|need| [need.need.clone(), need.ports.clone(), need.why.clone()]),
    );
    page.close("div");
    page.close("section");
}
