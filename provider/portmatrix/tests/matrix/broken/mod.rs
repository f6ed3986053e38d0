//! Each kind of finding, shown once by a document that is broken in one place.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

mod closed;
mod complete;
mod double_entry;
mod honest;
mod ordered;
mod sound;
mod zones;

use expect_test::{Expect, expect};
use portmatrix::matrix::{Finding, Matrix, MatrixError, findings};

const DOCUMENT: &str = include_str!("../../../data/8.1.toml");

/// The document with one text replaced where it first stands behind `after`.
fn broken(after: &str, from: &str, to: &str) -> String {
    let start = DOCUMENT.find(after).unwrap_or_else(|| panic!("{after} is in the document"));
    let (head, tail) = DOCUMENT.split_at(start);
    assert!(tail.contains(from), "{from} stands behind {after}");
    format!("{head}{}", tail.replacen(from, to, 1))
}

/// The document with one block moved up to before another.
fn moved(block: &str, before: &str) -> String {
    let start = DOCUMENT.find(block).expect("the block");
    let end = DOCUMENT[start..].find("\n\n").map_or(DOCUMENT.len(), |length| start + length + 2);
    let rest = format!("{}{}", &DOCUMENT[..start], &DOCUMENT[end..]);
    let place = rest.find(before).expect("the place");
    format!("{}{}{}", &rest[..place], &DOCUMENT[start..end], &rest[place..])
}

/// Everything found about a text, one on a line.
fn found(text: &str) -> String {
    match Matrix::parse(text) {
        Ok(matrix) => lines(&findings(&matrix)),
        Err(MatrixError::Findings(findings)) => lines(&findings),
        Err(error) => error.to_string(),
    }
}

fn lines(findings: &[Finding]) -> String {
    let mut lines = String::new();
    for finding in findings {
        lines += &finding.to_string();
        lines.push('\n');
    }
    lines
}

fn check(after: &str, from: &str, to: &str, expected: Expect) {
    expected.assert_eq(&found(&broken(after, from, to)));
}

const SWITCH: &str = "[[flow]]\nid = \"client_to_switch\"";
const CLOUD: &str = "[[flow]]\nid = \"master_to_cloud\"";
const SMTP: &str = "[[flow]]\nid = \"master_to_smtp\"";
const BROWSER: &str = "[[flow]]\nid = \"sql_browser_master\"";
const POKE: &str = "[[row]]\nid = \"dmz/4\"";
const LAST: &str = "[[row]]\nid = \"internal/7\"";
const SWITCHES: &str = "[[parameter]]\nid = \"response_stack.switch_ports\"";
const NAMED: &str = "[[parameter]]\nid = \"sql_master.named_instance\"";

#[test]
fn a_number_that_is_too_big() {
    check(
        SWITCH,
        "number = 1",
        "number = 70000",
        expect![[r#"
            TOML parse error at line 1807, column 10
                 |
            1807 | number = 70000
                 |          ^^^^^
            invalid value: integer `70000`, expected u16
        "#]],
    );
}

#[test]
fn a_port_that_is_none() {
    check(
        CLOUD,
        "ports = [\"443\"]",
        "ports = [\"84430\"]",
        expect![[r#"
            TOML parse error at line 1900, column 9
                 |
            1900 | ports = ["84430"]
                 |         ^^^^^^^^^
            `84430` is neither a port (1 to 65535) nor a range such as `49152-65535`
        "#]],
    );
}

#[test]
fn a_word_that_is_none() {
    check(
        POKE,
        "direction = \"in\"",
        "direction = \"inwards\"",
        expect![[r#"
            TOML parse error at line 1219, column 13
                 |
            1219 | direction = "inwards"
                 |             ^^^^^^^^^
            unknown variant `inwards`, expected one of `in`, `out`, `both`, `none`
        "#]],
    );
}

#[test]
fn a_field_that_is_none() {
    check(
        SWITCH,
        "confidence",
        "confidense",
        expect![[r#"
            TOML parse error at line 1818, column 1
                 |
            1818 | confidense = "high"
                 | ^^^^^^^^^^
            unknown field `confidense`, expected one of `id`, `number`, `from`, `to`, `transport`, `application`, `encrypted`, `ports`, `parameter`, `offset`, `topology`, `out_rows`, `in_rows`, `prose_rows`, `basis`, `confidence`, `why`, `evidence`, `optional`, `host_local`, `inside_endpoint`, `when`, `derived_from`, `replaced_in`, `purpose`, `note`
        "#]],
    );
}

#[test]
fn text_that_is_no_toml() {
    check(
        "[source]",
        "title",
        "= title",
        expect![[r#"
            TOML parse error at line 15, column 9
               |
            15 | = title = "Communication Ports"
               |         ^
            unexpected key or value, expected newline, `#`
        "#]],
    );
}

#[test]
fn everything_is_found_at_once() {
    let text =
        broken(SWITCH, "from = \"client\"", "from = \"clint\"").replace("rows = 13", "rows = 12");
    expect![[r#"
        closed: flow client_to_switch, `from`: there is no role "clint"; did you mean `client`?
        complete: table single-server/servers, `rows`: 13 rows where the page prints 12; take out what the page doesn't print
    "#]].assert_eq(&found(&text));
}

/// Whatever was broken, nothing panics: the document cut at many a line, and that line left out.
#[test]
fn a_damaged_document_is_told_what_is_wrong() {
    let lines: Vec<&str> = DOCUMENT.lines().collect();
    let mut told = 0;
    for cut in (0..lines.len()).step_by(29) {
        told += usize::from(!found(&lines[..cut].join("\n")).is_empty());
        let without: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != cut).map(|(_, line)| *line).collect();
        found(&without.join("\n"));
    }
    assert!(told > 70, "{told}");
}
