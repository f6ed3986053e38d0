//! The request as Markdown, for a ticket or a page of a repository.

use portmatrix::page::markdown::{Markdown, code, literal};

use super::surroundings::{Surroundings, left_out};
use super::traffic::{End, Line, Traffic};
use super::words;

/// The page.
pub(super) fn markdown(traffic: &Traffic<'_>, around: &Surroundings<'_>) -> String {
    let mut page = Markdown::default();
    page.heading(1, &literal(&words::title(traffic)));
    page.table(
        ["Detail", ""],
        traffic.details.named().map(|(name, text)| [name.to_owned(), literal(text)]),
    );
    page.heading(2, words::SUMMARY);
    page.list(words::summary(traffic).iter().map(|text| literal(text)));
    page.heading(2, words::PICTURE);
    page.verbatim(&format!("```mermaid\n{}```", pictures::mermaid(&around.drawing)));
    page.heading(2, words::LINES);
    page.table(
        [
            "From zone",
            "Source",
            "To zone",
            "Destination",
            "Service",
            "Application",
            "Encrypted",
            "Justification",
            "Rows",
        ],
        traffic.lines.iter().map(|line| cells(traffic, line)),
    );
    page.heading(2, words::ENDPOINTS);
    page.table(
        ["Endpoint", "Zone", "What it is", "Addresses"],
        traffic.ends.iter().map(|end| {
            let addresses = end.address.all().join(", ");
            [code(end.name), literal(end.lane.title), literal(&end.about), literal(&addresses)]
        }),
    );
    page.heading(2, words::JUSTIFICATIONS);
    page.table(
        ["Flow", "Application", "Encrypted", "Purpose", "Rests on", "Confidence", "Rows"],
        traffic.flows().map(|flow| {
            [
                code(&flow.id),
                literal(&flow.application),
                words::encrypted(flow).to_owned(),
                literal(&flow.purpose),
                literal(&words::basis(flow)),
                flow.confidence.as_str().to_owned(),
                literal(&flow.citations().join(", ")),
            ]
        }),
    );
    page.heading(2, words::FINDINGS);
    page.table(
        ["Severity", "Finding", "Endpoint", "What is the case", "What to do"],
        around.findings.iter().map(|one| {
            let endpoints = [&one.endpoint, &one.peer].into_iter().flatten();
            [
                one.severity.to_owned(),
                code(&one.id),
                endpoints.map(|name| code(name)).collect::<Vec<_>>().join(", "),
                literal(&one.summary),
                literal(&one.remedy),
            ]
        }),
    );
    page.heading(2, words::LEFT_OUT);
    page.paragraph(words::ABOUT_LEFT_OUT);
    page.table(
        ["Flow", "Endpoint", "Why", "Rows"],
        left_out(around).map(|cells| cells.map(|cell| literal(&cell))),
    );
    page.heading(2, words::NOT_COVERED);
    page.paragraph(words::ABOUT_NOT_COVERED);
    page.table(
        ["Need", "Ports", "What is known"],
        traffic
            .matrix
            .not_covered
            .iter()
            .map(|need| [&need.need, &need.ports, &need.why].map(|text| literal(text))),
    );
    page.into_text()
}

fn cells(traffic: &Traffic<'_>, line: &Line<'_>) -> [String; 9] {
    let [source, destination] = traffic.ends_of(line);
    let flow = line.flow;
    [
        literal(source.lane.title),
        shown(source),
        literal(destination.lane.title),
        shown(destination),
        words::service(line),
        literal(&flow.application),
        words::encrypted(flow).to_owned(),
        literal(&words::justification(traffic, line)),
        literal(&flow.citations().join(", ")),
    ]
}

/// The name of an end with its addresses.
fn shown(end: &End<'_>) -> String {
    let (addresses, rest) = words::addresses(end);
    let addresses = addresses.join(", ");
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    if addresses.is_empty() {
        return format!("{}: no address", code(end.name));
    }
    format!("{}: {}{more}", code(end.name), literal(&addresses))
}
