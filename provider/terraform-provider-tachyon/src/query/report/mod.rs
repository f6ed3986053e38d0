//! `report`: the traffic of a deployment as a firewall request, for people and for importers.

mod csv;
mod details;
mod html;
mod markdown;
mod rows;
mod surroundings;
mod traffic;
mod words;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Attribute, Function, FunctionError, Replied, Reply, Signature, Value};

use self::details::Details;
use self::surroundings::Surroundings;
use self::traffic::{Line, Traffic};
use super::arguments::Arguments;
use super::deployment;
use super::format;
use crate::platform::view::View;
use crate::query::QueryMistake;
use crate::reader::Reader;

/// What a format is made from.
#[derive(Clone, Copy)]
enum Format {
    /// From the lines alone: what writes them, and about how many bytes it takes for one.
    Table(fn(&Traffic<'_>) -> String, fn(&Traffic<'_>, &Line<'_>) -> usize),
    /// From what surrounds them as well.
    Page(fn(&Traffic<'_>, &Surroundings<'_>) -> String),
}

/// The formats, in the order of the documentation.
const FORMATS: [(&str, Format); 5] = [
    ("markdown", Format::Page(markdown::markdown)),
    ("html", Format::Page(html::html)),
    ("csv", Format::Table(csv::plain, csv::cost)),
    ("csv-tufin", Format::Table(csv::tufin, csv::cost_of_pairs)),
    ("csv-algosec", Format::Table(csv::algosec, csv::cost)),
];

/// About how long a report may be: what is longer is nobody's request, and no text of Terraform's.
const LONGEST: usize = 32 << 20;

/// About how long a line of a page is.
const LINE_OF_PAGE: usize = 1200;

/// The function `report`.
#[derive(Debug)]
pub struct Report;

impl Function for Report {
    fn name(&self) -> &'static str {
        "report"
    }

    fn signature(&self) -> Signature {
        let formats =
            "`\"markdown\"`, `\"html\"`, `\"csv\"`, `\"csv-tufin\"` or `\"csv-algosec\"`.";
        Signature {
            summary: "The firewall request of a deployment".to_owned(),
            description: DESCRIPTION.to_owned(),
            parameters: vec![deployment::parameter(), format::parameter(formats)],
            variadic: Some(details::parameter()),
            returns: String::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let view = reading.view(reader);
        let (argument, reader) = arguments.at(1);
        let format = format::read(&FORMATS, argument, reader);
        let details = Details::read(&mut arguments, 2);
        let report = match (&view, format, details) {
            (Known::Known(view), Known::Known(format), Known::Known(details))
                if view.is_decided =>
            {
                let (_, reader) = arguments.at(0);
                written(view, format, details, reader)
            }
            _ => Known::Unknown,
        };
        arguments.answer(report, reply)
    }
}

/// The text of a report. Unknown while anything that it shows is, and where it would be too long, which is a mistake.
fn written(
    view: &View<'_>,
    format: Format,
    details: Details<'_>,
    reader: &mut Reader,
) -> Known<String> {
    let traffic = Traffic::of(view.input, &view.connections, details);
    let Known::Known(traffic) = traffic else { return Known::Unknown };
    let cost = |line: &Line<'_>| match format {
        Format::Table(_, cost) => cost(&traffic, line),
        Format::Page(_) => LINE_OF_PAGE,
    };
    let length = traffic.lines.iter().map(cost).fold(0, usize::saturating_add);
    if length > LONGEST {
        let detail = format!(
            "The report would have about {} MB; {} is the most. Merge or summarize the CIDRs of endpoints, or ask for `only_across_zones`.",
            length >> 20,
            LONGEST >> 20
        );
        reader.problems.add(&At::ROOT.name("endpoints"), QueryMistake::TooLongReport, detail);
        return Known::Unknown;
    }
    match format {
        Format::Table(write, _) => Known::Known(write(&traffic)),
        Format::Page(write) => Surroundings::of(view).map(|around| write(&traffic, &around)),
    }
}

const DESCRIPTION: &str = "Writes the traffic of a deployment as a firewall request, from the same connections as the rules, so it is always up to date. Write it with `local_file`, or \
    by `terraform output -raw`.\n\n\
    - `html`: one file without anything from elsewhere: summary, picture, grid, lines that can be filtered by zones and words, justifications with the rows of the document, warnings and the \
    findings of [`lint`](lint.md), what is left out, what the document does not cover. It works from a file and prints.\n\
    - `markdown`: the same for a ticket or a page of a repository, with the picture as Mermaid.\n\
    - `csv`: a row for each port, address family and destination. Where `action` is `review`, the two ends have no address family in common, or one has no address: `justification` says which.\n\
    - `csv-tufin`: `Name`, `Source`, `Destination`, `Port`, `Protocol`, a row for each pair of networks, and a `Comment` on what the importer's topology mode refuses (IPv6, /8 and wider, what is \
    no network). Those rows stand at the end.\n\
    - `csv-algosec`: the columns of FireFlow. IPv4 and IPv6 have subjects of their own, since they must not share a request.\n\n\
    **Lines are steps.** A firewall sees the traffic between two that follow each other. So where a balancer, proxy or address translation stands between two endpoints, each step is a line: to the \
    balancer on its port, and from it, or from the source if that stays visible, to the destination on its own.\n\n\
    Endpoints are shown by their CIDRs, and those without by what clouds call them: groups, lists, tags. Where such an id is not known yet, neither is the report; pages also wait for what \
    lints wait for. Cells of CSV that would begin a formula have an apostrophe before them. Rows end with a line feed.";
