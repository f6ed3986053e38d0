//! The recipe for a new version, followed: a copy of a document under another number, with one flow more and one default
//! changed, passes all that holds the embedded ones, and where a step is left out that is noticed.

use portmatrix::matrix::{Flow, Matrix, PLATFORM_NUMBER, findings};
use portmatrix::page::markdown;

use crate::ledger::{LEDGER, faults, ledger, strangers};
use crate::page::missing;
use crate::second_reading::{differences, read};

/// What a contributor writes.
struct Version {
    document: String,
    extract: String,
    ledger: String,
}

const FLOW: &str = r#"
[[flow]]
id = "dmz_to_cloud"
number = 34
from = "dmz_server"
to = "cloud_1e"
transport = "tcp"
application = "https"
ports = ["443"]
topology = "dmz"
out_rows = ["dmz/13"]
basis = "outside"
confidence = "high"
purpose = "The DMZ Server fetches updates."
"#;

const ROW: &str = r#"[[row]]
id = "dmz/13"
line = 120
device = "DMZ Server"
port = "TCP 443"
protocol = "HTTPS"
direction = "Outgoing"
damaged = ["usage"]

[row.reading]
role = "dmz_server"
counterparts = ["cloud_1e"]
transport = "tcp"
ports = ["443"]
application = "https"
direction = "out"
purpose = "The DMZ Server fetches updates."
configurable = { when = "no" }
confidence = "high"

"#;

/// A made-up version 8.2: mail goes to 587, and a DMZ Server to 1E Cloud.
fn version() -> Version {
    let mut document = include_str!("../../data/8.1.toml").to_owned();
    replace(&mut document, "", "version = \"8.1\"", "version = \"8.2\"");
    replace(&mut document, "id = \"dmz\"\ntitle = \"DMZ Server\"", "rows = 12", "rows = 13");
    let mail = "id = \"single-server/servers/7\"";
    replace(&mut document, mail, "port = \"TCP 25\"", "port = \"TCP 587\"");
    replace(&mut document, mail, "ports = [\"25\"]", "ports = [\"587\"]");
    replace(
        &mut document,
        "id = \"smtp_server.port\"",
        "default = [\"25\"]",
        "default = [\"587\"]",
    );
    let internal = document.find("[[row]]\nid = \"internal/1\"").expect("the next table");
    document.insert_str(internal, ROW);
    let silent = document.find("\n[[silent]]").expect("what stands behind the flows");
    document.insert_str(silent, &format!("{FLOW}\n"));

    let mut extract = include_str!("../../data/8.1.extract.tsv").to_owned();
    replace(&mut extract, "", "row\t30\tTCP 25 |", "row\t30\tTCP 587 |");
    let next = extract.find("title\t121").expect("the next table");
    extract.insert_str(next, "row\t120\tDMZ Server | TCP 443 | HTTPS | Outgoing |\t| * |\n");

    Version { document, extract, ledger: format!("{}34\tdmz_to_cloud\n", old_ledger()) }
}

/// The ledger as it was with 8.1: what later versions added has no place beside a made-up one.
fn old_ledger() -> String {
    LEDGER.split_inclusive('\n').take(1 + usize::from(PLATFORM_NUMBER)).collect()
}

/// Replaces one text where it first stands behind another.
fn replace(text: &mut String, after: &str, from: &str, to: &str) {
    let start = text.find(after).unwrap_or_else(|| panic!("{after} is in the text"));
    let place = text[start..].find(from).unwrap_or_else(|| panic!("{from} follows {after}"));
    text.replace_range(start + place..start + place + from.len(), to);
}

fn parsed(version: &Version) -> Matrix {
    Matrix::parse(&version.document).unwrap_or_else(|error| panic!("{error}"))
}

/// Everything that the tests of embedded documents would say of a version.
fn check(version: &Version) -> Vec<String> {
    let matrix = match Matrix::parse(&version.document) {
        Ok(matrix) => matrix,
        Err(error) => return vec![error.to_string()],
    };
    let mut found: Vec<String> = findings(&matrix).iter().map(ToString::to_string).collect();
    let ledger = ledger(&version.ledger);
    found.extend(faults(&ledger));
    found.extend(strangers(&matrix, &ledger));
    match read(&version.extract) {
        Ok(read) => found.extend(differences(&read, &matrix)),
        Err(error) => found.push(error),
    }
    let page = markdown(&matrix, "");
    found.extend(missing(&matrix, &page).iter().map(|id| format!("{id} is not on the page")));
    found
}

#[test]
fn a_new_version_passes_everything() {
    let version = version();
    assert_eq!(check(&version), [""; 0]);

    let matrix = parsed(&version);
    let flow = matrix.flow("dmz_to_cloud").expect("the new flow");
    assert_eq!(
        (matrix.version.as_str(), flow.number, flow.is_documented()),
        ("8.2", Some(34), true)
    );
    let mail = matrix.flow("master_to_smtp").map(|flow| matrix.default_ports(flow));
    assert_eq!(mail, Some(vec![587.into()]));
    let page = markdown(&matrix, "");
    assert!(page.starts_with("# Communication matrix 8.2\n"), "{page}");
    assert!(page.contains("| 34 | `dmz_to_cloud` | `dmz_server` | `cloud_1e` | tcp 443, fixed |"));
}

#[test]
fn the_flows_of_the_old_version_keep_their_numbers() {
    let old = Matrix::of("8.1").expect("8.1 is embedded");
    let new = parsed(&version());
    let number = |flow: &Flow| (flow.id.clone(), flow.number);
    let (old, mut new): (Vec<_>, Vec<_>) =
        (old.flows.iter().map(number).collect(), new.flows.iter().map(number).collect());
    assert_eq!(new.pop(), Some(("dmz_to_cloud".to_owned(), Some(34))));
    assert_eq!(new, old);
}

#[test]
fn a_step_left_out_is_noticed() {
    let mut forgotten = version();
    forgotten.ledger = old_ledger();
    assert_eq!(check(&forgotten), ["34 dmz_to_cloud"]);

    let mut forgotten = version();
    forgotten.extract = include_str!("../../data/8.1.extract.tsv").to_owned();
    let found = check(&forgotten);
    assert!(found[0].starts_with("rows: their order"), "{found:?}");
    assert!(
        found.iter().any(|line| line.starts_with("single-server/servers/7: port")),
        "{found:?}"
    );
}

#[test]
fn a_number_that_no_flow_can_have_is_noticed() {
    for (number, expected) in [
        (33, "ordered: flow dmz_to_cloud, `number`: its number 33 is kept for the platforms"),
        (40, "ordered: flow dmz_to_cloud, `number`: its number is 40; numbers are 1 to 39"),
        (
            12,
            "ordered: flow dmz_to_cloud, `number`: its number 12 is that of response_to_sql_responses",
        ),
    ] {
        let mut wrong = version();
        replace(
            &mut wrong.document,
            "id = \"dmz_to_cloud\"",
            "number = 34",
            &format!("number = {number}"),
        );
        let found = check(&wrong);
        assert!(found.iter().any(|line| line.starts_with(expected)), "{number}: {found:?}");
    }
}
