//! Mistakes are shown where they stand, all of them, in the order of the file.

use expect_test::expect_file;

use crate::{fed, tachyon};

const FILES: [&str; 11] = [
    "mistakes.yaml",
    "mistakes.json",
    "mistakes.tfvars",
    "computed.tfvars",
    "syntax.yaml",
    "syntax.json",
    "syntax.tfvars",
    "twice.yaml",
    "twice.json",
    "additions.tfvars",
    "document.yaml",
];

#[test]
fn mistakes_are_shown_where_they_stand() {
    let mut text = String::new();
    for file in FILES {
        let path = format!("provider/tachyon-cli/tests/it/files/{file}");
        let run = tachyon(&["rules", "aws", &path]);
        assert_eq!((run.status, run.output.as_str()), (2, ""), "{file}");
        text.push_str(&format!("==> {file}\n{}\n", run.messages));
    }
    expect_file!["golden/mistakes.txt"].assert_eq(&text);
}

#[test]
fn the_same_mistakes_are_found_in_every_format() {
    let ids = |file: &str| {
        let path = format!("provider/tachyon-cli/tests/it/files/{file}");
        let messages = tachyon(&["connections", &path]).messages;
        let ids = messages.lines().filter_map(|line| line.strip_prefix("error[")).map(|line| {
            let (id, text) = line.split_once("]: ").expect("an id");
            (id.to_owned(), text.to_owned())
        });
        ids.collect::<Vec<_>>()
    };
    let expected = ids("mistakes.yaml");
    assert!(expected.len() >= 5, "{expected:?}");
    assert_eq!(ids("mistakes.json"), expected);
    assert_eq!(ids("mistakes.tfvars"), expected);
}

#[test]
fn a_place_within_a_character_is_shown() {
    for text in ["  é", "é", "{\"a\":é}", "{\"a\": 1}\n  é", "[\n\"é\":"] {
        for format in ["json", "yaml", "hcl"] {
            let run = fed(&["check", "-", "--input-format", format], text.as_bytes());
            assert_eq!(run.status, 2, "{format}: {text}");
            assert!(run.messages.contains("--> standard input:"), "{format}: {}", run.messages);
        }
    }
}

#[test]
fn both_files_of_a_comparison_are_shown() {
    let folder = "provider/tachyon-cli/tests/it/files";
    let [one, other] = ["mistakes.yaml", "mistakes.json"].map(|file| format!("{folder}/{file}"));
    let run = tachyon(&["compare", &one, &other]);
    assert_eq!(run.status, 2);
    for file in [&one, &other] {
        assert!(run.messages.contains(&format!("--> {file}:")), "{}", run.messages);
    }
    assert!(!run.messages.contains("before.") && !run.messages.contains("after."));
}

#[test]
fn what_is_said_on_the_command_line_is_told_without_a_place() {
    let deployment = crate::ENTERPRISE;
    for (arguments, said) in [
        (vec!["explain", deployment, "clients-emae", "sql-master", "tcp", "443"], "clients-emea"),
        (vec!["explain", deployment, "clients-emea", "sql-master", "TCP", "443"], "protocol"),
        (vec!["explain", deployment, "clients-emea", "sql-master", "tcp", "http"], "65535"),
        (vec!["explain", deployment, "clients-emea", "sql-master", "tcp", "70000"], "65535"),
        (vec!["lint", deployment, "--disable", "unreachd"], "unreached"),
        (vec!["lint", deployment, "--severity", "unreached"], "unreached=error"),
        (vec!["lint", deployment, "--severity", "unreached=eror"], "error"),
        (vec!["matrix", "rows", "8.0"], "8.1"),
        (vec!["matrix", "rows", "--role", "dmz_sever"], "dmz_server"),
        (vec!["conections", deployment], "connections"),
        (vec!["connections"], "FILE"),
        (vec!["connections", deployment, "--format", "xml"], "csv"),
        (vec!["compare", "-", "-"], "one of the two"),
    ] {
        let run = tachyon(&arguments);
        assert_eq!((run.status, run.output.as_str()), (2, ""), "{arguments:?}");
        assert!(run.messages.contains(said), "{arguments:?}: {}", run.messages);
    }
}

#[test]
fn a_file_that_is_no_deployment_is_refused() {
    for (text, said) in [
        ("[]", "A deployment is an object"),
        ("8", "A deployment is an object"),
        ("", "There is nothing in it"),
        ("{}", "endpoints"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: &a [*a]\n", "alias"),
        ("a: !!python/object b\n", "tag"),
    ] {
        let run = fed(&["check", "-"], text.as_bytes());
        assert_eq!(run.status, 2, "{text}");
        assert!(run.messages.contains(said), "{text}: {}", run.messages);
    }
}

#[test]
fn a_few_lines_never_stand_for_billions() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let run = fed(&["check", "-"], text.as_bytes());
    assert!(run.status == 2 && run.messages.contains("Aliases repeat"), "{}", run.messages);
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("[[", "")] {
        for format in ["json", "yaml", "hcl"] {
            let text = format!("a = {}1{}", open.repeat(20_000), close.repeat(20_000));
            let text = if format == "hcl" { text.as_str() } else { &text[4..] };
            let run = fed(&["check", "-", "--input-format", format], text.as_bytes());
            assert_eq!(run.status, 2, "{format}: {}", run.messages.len());
            assert!(!run.messages.contains("overflow"), "{}", run.messages);
        }
    }
}
