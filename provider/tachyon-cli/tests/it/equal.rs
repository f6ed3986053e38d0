//! The command line and the provider give equal answers, in whatever format the deployment is written.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tfplugin::{Number, Value, direct};

use crate::{ENTERPRISE, fed, json, printed, root, tachyon};

/// JSON as a value, read here and not by the binary.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => {
            Value::Number(Number::parse(&number.to_string()).expect("a number"))
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(elements) => Value::List(elements.iter().map(value).collect()),
        Json::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| (name.clone(), value(field)));
            Value::Map(fields.collect::<BTreeMap<_, _>>())
        }
    }
}

pub(crate) fn enterprise() -> Json {
    let text = std::fs::read_to_string(root().join(ENTERPRISE)).expect("the example");
    serde_json::from_str(&text).expect("JSON")
}

/// What the provider says.
fn provider(function: &str, arguments: &[Value]) -> Value {
    direct::call(&tachyon::provider(), function, arguments).expect("an answer")
}

#[test]
fn every_command_answers_as_its_function() {
    let deployment = value(&enterprise());
    let one = std::slice::from_ref(&deployment);
    let command = |arguments: &[&str]| value(&json(arguments));
    assert_eq!(command(&["connections", ENTERPRISE]), provider("connections", one));
    assert_eq!(command(&["rules", "aws", ENTERPRISE]), provider("security_group_rules", one));
    assert_eq!(command(&["rules", "azure", ENTERPRISE]), provider("network_security_rules", one));
    assert_eq!(command(&["lint", ENTERPRISE]), provider("lint", one));
    let question: Vec<Value> =
        ["clients-emea", "response-emea", "tcp"].map(Value::from).into_iter().collect();
    let question = [one, &question, &[Value::from(4000)]].concat();
    let asked = ["explain", ENTERPRISE, "clients-emea", "response-emea", "tcp", "4000"];
    assert_eq!(command(&asked), provider("explain", &question));
}

#[test]
fn comparing_answers_as_the_function_does() {
    let (before, mut after) = (enterprise(), enterprise());
    after["endpoints"]["admins"]["cidrs"] = json!(["10.20.101.0/24"]);
    let text = after.to_string();
    let run = fed(&["compare", ENTERPRISE, "-", "--format", "json"], text.as_bytes());
    assert_eq!(run.status, 0, "{}", run.messages);
    let answer: Json = serde_json::from_str(&run.output).expect("JSON");
    assert_eq!(value(&answer), provider("compare", &[value(&before), value(&after)]));
}

#[test]
fn pictures_are_those_of_the_function_and_every_format_is_one_of_its_own() {
    let help = printed(&["diagram", "--help"]);
    for format in ["mermaid", "svg", "grid", "dot"] {
        assert!(help.contains(format), "{help}");
        let picture = provider("diagram", &[value(&enterprise()), format.into()]);
        let Value::String(picture) = picture else { panic!("no text") };
        let shown = printed(&["diagram", ENTERPRISE, "--format", format]);
        assert_eq!(shown.trim_end(), picture.trim_end());
    }
}

#[test]
fn a_command_is_there_exactly_where_its_function_is() {
    let has = tachyon::provider().function("report").is_some();
    assert_eq!(printed(&["--help"]).contains("\n  report "), has);
    if has {
        let deployment = value(&enterprise());
        for format in ["markdown", "html", "csv", "csv-tufin", "csv-algosec"] {
            let details =
                Value::from([("title", "A title".into()), ("only_across_zones", true.into())]);
            let report = provider("report", &[deployment.clone(), format.into(), details]);
            let Value::String(report) = report else { panic!("no text") };
            let asked = [
                "report",
                ENTERPRISE,
                "--format",
                format,
                "--title",
                "A title",
                "--only-across-zones",
            ];
            assert_eq!(printed(&asked).trim_end(), report.trim_end());
        }
    }
}

#[test]
fn a_deployment_means_the_same_in_every_format() {
    let text = enterprise().to_string();
    let expected = json(&["rules", "aws", ENTERPRISE]);
    // JSON is YAML, and the value of an attribute in HCL.
    let wrapped = format!("# a comment\ndeployment = {text}\n");
    let listed = format!("region = \"eu-central-1\"\n{wrapped}");
    for (format, text) in
        [("yaml", &text), ("json", &text), ("hcl", &text), ("hcl", &wrapped), ("hcl", &listed)]
    {
        let run = fed(
            &["rules", "aws", "-", "--input-format", format, "--format", "json"],
            text.as_bytes(),
        );
        let answer: Json = serde_json::from_str(&run.output).expect(&run.messages);
        assert_eq!(answer, expected, "{format}");
        let guessed = fed(&["rules", "aws", "-", "--format", "json"], text.as_bytes());
        let answer: Json = serde_json::from_str(&guessed.output).expect(&guessed.messages);
        assert_eq!(answer, expected, "{format}, not said");
    }
}

#[test]
fn a_deployment_may_come_as_utf_16_or_with_a_mark() {
    let text = enterprise().to_string();
    let little: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let expected = printed(&["check", ENTERPRISE]);
    let (_, expected) = expected.split_once(": ").expect("a name");
    for bytes in [little, big, marked] {
        let run = fed(&["check", "-"], &bytes);
        assert_eq!(run.output, format!("standard input: {expected}"), "{}", run.messages);
    }
    assert_eq!(fed(&["check", "-"], b"\xff\xfe\x00").status, 2);
    assert_eq!(fed(&["check", "-"], b"{\"a\": \"\xff\"}").status, 2);
    assert_eq!(tachyon(&["check", "no-such-file.json"]).status, 2);
}
