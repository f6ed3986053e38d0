//! What is printed: tables, CSV, Markdown and YAML, colours, exit statuses, and readers that go away.

use std::io::Read;
use std::process::Stdio;

use expect_test::expect_file;
use serde_json::Value as Json;

use crate::{ENTERPRISE, binary, fed, json, printed, tachyon};

/// A deployment with something of everything.
const SMALL: &str = "examples/command-line/deployment.yaml";

#[test]
fn tables_are_readable() {
    let mut text = String::new();
    for arguments in [
        vec!["connections", SMALL],
        vec!["connections", SMALL, "--format", "csv"],
        vec!["rules", "aws", SMALL],
        vec!["rules", "azure", SMALL],
        vec!["explain", SMALL, "clients", "tachyon", "tcp", "4000"],
        vec!["explain", SMALL, "clients", "sql", "tcp", "1433"],
        vec!["lint", SMALL],
        vec!["lint", SMALL, "--format", "markdown"],
        vec!["compare", SMALL, "examples/command-line/changed.yaml"],
        vec!["compare", SMALL, "examples/command-line/changed.yaml", "--format", "markdown"],
        vec!["matrix", "rows", "--table", "dmz"],
        vec!["matrix", "roles", "--format", "yaml"],
        vec!["check", SMALL, "--cloud", "aws", "--cloud", "azure"],
    ] {
        text.push_str(&format!("$ tachyon {}\n{}\n", arguments.join(" "), printed(&arguments)));
    }
    expect_file!["golden/printed.txt"].assert_eq(&text);
}

#[test]
fn exit_statuses_tell_what_happened() {
    let changed = "examples/command-line/changed.yaml";
    for (status, arguments) in [
        (0, vec!["connections", SMALL]),
        (0, vec!["explain", SMALL, "clients", "tachyon", "tcp", "4000"]),
        (1, vec!["explain", SMALL, "clients", "sql", "tcp", "1433"]),
        (0, vec!["lint", SMALL]),
        (1, vec!["lint", SMALL, "--fail-on", "info"]),
        (1, vec!["lint", SMALL, "--severity", "undocumented_need=error"]),
        (0, vec!["lint", SMALL, "--severity", "undocumented_need=error", "--fail-on", "never"]),
        (
            0,
            vec![
                "lint",
                SMALL,
                "--severity",
                "undocumented_need=error",
                "--disable",
                "undocumented_need",
            ],
        ),
        (0, vec!["compare", SMALL, changed]),
        (1, vec!["compare", SMALL, changed, "--fail-on", "widens"]),
        (1, vec!["compare", SMALL, changed, "--fail-on", "differs"]),
        (1, vec!["compare", changed, SMALL, "--fail-on", "differs"]),
        (0, vec!["compare", changed, SMALL, "--fail-on", "widens"]),
        (0, vec!["compare", SMALL, SMALL, "--fail-on", "differs"]),
        (0, vec!["--help"]),
        (0, vec!["--version"]),
        (2, vec![]),
        (2, vec!["rules"]),
        (2, vec!["rules", "gcp", SMALL]),
    ] {
        let run = tachyon(&arguments);
        assert_eq!(run.status, status, "{arguments:?}: {}{}", run.output, run.messages);
        assert_eq!(run.output.is_empty(), status == 2, "{arguments:?}");
    }
}

#[test]
fn colours_follow_the_terminal_and_what_is_asked_for() {
    let coloured = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = binary();
        let output = command.args(arguments).envs(variables.iter().copied()).output();
        let output = output.expect("the binary runs");
        [output.stdout, output.stderr].map(|bytes| bytes.contains(&0x1b))
    };
    let (shown, wrong) = (["lint", SMALL], ["lint", "no-such-file"]);
    let missing = ["rules", "aws", "provider/tachyon-cli/tests/it/files/mistakes.yaml"];
    for arguments in [&shown[..], &wrong, &missing] {
        assert_eq!(coloured(&[], arguments), [false, false]);
        assert_eq!(coloured(&[("NO_COLOR", "1")], arguments), [false, false]);
    }
    assert_eq!(coloured(&[("CLICOLOR_FORCE", "1")], &shown), [true, false]);
    assert_eq!(coloured(&[("CLICOLOR_FORCE", "1")], &missing), [false, true]);
    assert_eq!(coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &shown), [false, false]);
    assert_eq!(
        coloured(&[("CLICOLOR_FORCE", "1")], &[&shown[..], &["--format", "json"]].concat()),
        [false, false]
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = binary();
    command.args(["connections", ENTERPRISE, "--format", "json"]);
    let mut process =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut output = process.stdout.take().expect("a pipe");
    let mut some = [0; 10];
    output.read_exact(&mut some).expect("the beginning");
    drop(output);
    let ended = process.wait_with_output().expect("it ends");
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
fn a_full_disk_is_a_failure() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut command = binary();
    let ended = command.args(["connections", ENTERPRISE]).stdout(full).output().expect("it runs");
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("can't be written"));
}

#[test]
fn csv_has_a_line_for_each_connection_and_yaml_says_the_same_as_json() {
    let csv = printed(&["connections", ENTERPRISE, "--format", "csv"]);
    let all = json(&["connections", ENTERPRISE]);
    let connections = all["connections"].as_object().expect("connections");
    assert_eq!(csv.lines().count(), connections.len() + 1);
    for (line, key) in csv.lines().skip(1).zip(connections.keys()) {
        assert!(line.starts_with(&format!("{key},")), "{line}");
    }
    // YAML is read by a parser of others: the one that reads deployments.
    let yaml = printed(&["rules", "aws", ENTERPRISE, "--format", "yaml"]);
    assert!(yaml.starts_with("matrix_version: \"8.1\"\n"), "{}", &yaml[..80]);
}

#[test]
fn hostile_texts_stay_in_their_cell() {
    let deployment = r#"{"endpoints": {"a": {"roles": ["client"], "cidrs": ["10.0.0.0/8"]}, "s": {"roles": ["master_stack"], "cidrs": ["192.0.2.1/32"]}},
        "additions": {"flows": {"f": {"source": "client", "destination": "master_stack", "protocol": "tcp", "ports": [9000],
        "purpose": "=HYPERLINK(\"x\")|\u001b[31mred\nline<b>", "citation": "site/f", "priority": 3400}}}}"#;
    let csv = fed(&["connections", "-", "--format", "csv"], deployment.as_bytes());
    assert_eq!(csv.status, 0, "{}", csv.messages);
    assert!(csv.output.contains("\"'=HYPERLINK(\"\"x\"\")|"), "{}", csv.output);
    for format in ["table", "markdown"] {
        let run = fed(&["connections", "-", "--format", format], deployment.as_bytes());
        assert!(!run.output.contains('\u{1b}') && !run.output.contains("<b>"), "{}", run.output);
    }
    let run = fed(&["connections", "-", "--format", "json"], deployment.as_bytes());
    let all: Json = serde_json::from_str(&run.output).expect("JSON");
    assert!(
        all["connections"]["f/a/s"]["purpose"].as_str().is_some_and(|it| it.contains('\u{1b}'))
    );
}
