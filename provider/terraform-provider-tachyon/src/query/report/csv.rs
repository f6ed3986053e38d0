//! The request as comma-separated values: for people with a spreadsheet, and for the importers of two products.

use cidrs::{Cidr, Family};

use super::rows::{Row, rows};
use super::traffic::{Line, Traffic};
use super::words;

/// A text of comma-separated values, a line feed behind each row.
#[derive(Default)]
struct Csv(String);

impl Csv {
    fn of(header: &[&str]) -> Self {
        let mut csv = Self::default();
        csv.row(header.iter().copied());
        csv
    }

    fn row<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) {
        for (position, cell) in cells.into_iter().enumerate() {
            if position > 0 {
                self.0.push(',');
            }
            self.cell(cell);
        }
        self.0.push('\n');
    }

    fn cell(&mut self, text: &str) {
        // Spreadsheets take what begins so for a formula, which may send the sheet elsewhere: an apostrophe makes it text.
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let shown = if is_formula { &format!("'{text}") } else { text };
        let is_plain = !shown.contains([',', '"', '\n', '\r']) && shown.trim() == shown;
        if is_plain {
            self.0.push_str(shown);
        } else {
            self.0.push('"');
            self.0.push_str(&shown.replace('"', "\"\""));
            self.0.push('"');
        }
    }
}

/// The columns of [`plain`].
const COLUMNS: [&str; 20] = [
    "id",
    "action",
    "source_zone",
    "source_name",
    "source",
    "destination_zone",
    "destination_name",
    "destination",
    "protocol",
    "port",
    "application",
    "encrypted",
    "justification",
    "citations",
    "documented",
    "requester",
    "ticket",
    "approver",
    "expires",
    "review_by",
];

/// Everything, a row for each port, family and destination.
pub(super) fn plain(traffic: &Traffic<'_>) -> String {
    let mut csv = Csv::of(&COLUMNS);
    let details = &traffic.details;
    for line in &traffic.lines {
        let [source, destination] = traffic.ends_of(line);
        let justification = words::justification(traffic, line);
        let citations = line.flow.citations().join(", ");
        for row in rows(traffic, line) {
            let obstacle =
                row.obstacle.map(|obstacle| format!("{justification} {}", obstacle.as_str()));
            csv.row([
                row.id.as_str(),
                if obstacle.is_some() { "review" } else { "allow" },
                source.lane.title,
                source.name,
                &row.sources.join(", "),
                destination.lane.title,
                destination.name,
                row.destination,
                line.flow.transport.as_str(),
                &row.port.to_string(),
                &line.flow.application,
                words::encrypted(line.flow),
                obstacle.as_deref().unwrap_or(&justification),
                &citations,
                if line.flow.is_documented() { "yes" } else { "no" },
                details.requester,
                details.ticket,
                details.approver,
                details.expires,
                details.review_by,
            ]);
        }
    }
    csv.0
}

/// What Tufin's importer takes: a row for each pair of networks. What its topology mode refuses stands at the end, and says so.
pub(super) fn tufin(traffic: &Traffic<'_>) -> String {
    let mut csv = Csv::of(&["Name", "Source", "Destination", "Port", "Protocol", "Comment"]);
    let mut refused = Csv::default();
    for line in &traffic.lines {
        for row in rows(traffic, line) {
            let sources = if row.sources.is_empty() { &[""][..] } else { &row.sources };
            for source in sources {
                let comment = refusal(&row, source);
                let into = if comment.is_empty() { &mut csv } else { &mut refused };
                into.row([
                    row.id.as_str(),
                    source,
                    row.destination,
                    &row.port.to_string(),
                    line.flow.transport.as_str(),
                    comment,
                ]);
            }
        }
    }
    csv.0 + &refused.0
}

/// The longest prefix that Tufin's topology mode refuses for being too wide.
const TOO_WIDE: u8 = 8;

/// Why Tufin's topology mode refuses a row; empty where it does not.
fn refusal(row: &Row<'_>, source: &str) -> &'static str {
    if let Some(obstacle) = row.obstacle {
        return obstacle.as_str();
    }
    if row.family == Some(Family::V6) {
        return "Not in topology mode: IPv6.";
    }
    let networks = [source, row.destination].map(Cidr::parse);
    if networks.iter().any(Result::is_err) {
        return "Not in topology mode: no network.";
    }
    if networks.iter().flatten().any(|network| network.length() <= TOO_WIDE) {
        return "Not in topology mode: /8 or wider.";
    }
    ""
}

/// What AlgoSec takes: families in requests of their own, told apart by their subjects.
pub(super) fn algosec(traffic: &Traffic<'_>) -> String {
    const HEADER: [&str; 10] = [
        "Requestor",
        "Subject",
        "Due",
        "Expires",
        "Source",
        "User",
        "Destination",
        "Service",
        "Application",
        "Action",
    ];
    let title = words::title(traffic);
    let mut csv = Csv::of(&HEADER);
    for kind in [Kind::V4, Kind::V6, Kind::Names, Kind::Blocked] {
        let subject = format!("{title} ({})", kind.as_str());
        for line in &traffic.lines {
            for row in rows(traffic, line).filter(|row| Kind::of(row) == kind) {
                let service = format!("{}/{}", line.flow.transport, row.port);
                csv.row([
                    traffic.details.requester,
                    &subject,
                    "",
                    traffic.details.expires,
                    &row.sources.join(", "),
                    "",
                    row.destination,
                    &service,
                    &line.flow.application,
                    "Allow",
                ]);
            }
        }
    }
    csv.0
}

/// What can't be in one request of AlgoSec's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    V4,
    V6,
    Names,
    Blocked,
}

impl Kind {
    fn of(row: &Row<'_>) -> Self {
        match (row.obstacle, row.family) {
            (Some(_), _) => Self::Blocked,
            (None, Some(Family::V4)) => Self::V4,
            (None, Some(Family::V6)) => Self::V6,
            (None, None) => Self::Names,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
            Self::Names => "groups",
            Self::Blocked => "to settle first",
        }
    }
}

/// About how long a row is besides its addresses.
const ROW: usize = 600;
const SHORT_ROW: usize = 160;

/// About how many bytes a line takes in [`plain`] and [`algosec`].
pub(super) fn cost(traffic: &Traffic<'_>, line: &Line<'_>) -> usize {
    let [sources, destinations] = traffic.ends_of(line).map(|end| end.address.all());
    let of_row = ROW + sources.iter().map(|text| text.len() + 2).sum::<usize>();
    line.ports.len() * destinations.len().max(1).saturating_mul(of_row)
}

/// About how many bytes a line takes in [`tufin`].
pub(super) fn cost_of_pairs(traffic: &Traffic<'_>, line: &Line<'_>) -> usize {
    let [sources, destinations] = traffic.ends_of(line).map(|end| end.address.all().len().max(1));
    line.ports.len() * sources.saturating_mul(destinations).saturating_mul(SHORT_ROW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_and_begin_no_formula() {
        let mut csv = Csv::of(&["a", "b,c"]);
        csv.row(["=1+1", "say \"no\""]);
        csv.row(["-1", "@x", " + ", "two\nlines", "+a,b", "\t=1"]);
        let expected =
            "a,\"b,c\"\n'=1+1,\"say \"\"no\"\"\"\n'-1,'@x,\" + \",\"two\nlines\",\"'+a,b\",'\t=1\n";
        assert_eq!(csv.0, expected);
    }
}
