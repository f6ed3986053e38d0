//! The document: exported, and taken as a deployment's own.

use crate::{fed, json, printed, root};

#[test]
fn an_exported_document_answers_as_the_embedded_one() {
    let deployment = std::fs::read_to_string(root().join("examples/command-line/deployment.yaml"))
        .expect("the example");
    let deployment = deployment.replace("matrix_version: \"8.1\"\n", "");
    let expected = json(&["connections", "examples/command-line/deployment.yaml"]);
    for format in ["yaml", "json"] {
        let exported = printed(&["matrix", "export", "8.1", "--format", format]);
        // What is indented below a name is its value, in either format.
        let indented = exported.lines().collect::<Vec<_>>().join("\n  ");
        let own = format!("{deployment}\nmatrix:\n  {indented}\n");
        let run = fed(
            &["connections", "-", "--input-format", "yaml", "--format", "json"],
            own.as_bytes(),
        );
        assert_eq!(run.status, 0, "{}", run.messages);
        let answer: serde_json::Value = serde_json::from_str(&run.output).expect("JSON");
        assert_eq!(answer, expected, "{format}");
    }
}

/// Every attribute is a column: the same names as in JSON, a line for each element.
#[test]
fn the_document_can_be_read_by_a_spreadsheet() {
    for part in ["rows", "roles", "flows"] {
        let csv = printed(&["matrix", part, "--format", "csv"]);
        let mut lines = csv.lines();
        let all = json(&["matrix", part]);
        let all = all.as_array().expect("a list");
        let head = lines.next().expect("a head").split(',').collect::<Vec<_>>();
        let mut names: Vec<&str> =
            all[0].as_object().expect("an object").keys().map(String::as_str).collect();
        names.sort_unstable();
        let mut sorted = head.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, names, "{part}");
        assert!(lines.count() >= all.len(), "{part}");
    }
}

#[test]
fn parts_of_the_document_can_be_asked_for() {
    let all = json(&["matrix", "rows"]);
    let dmz = json(&["matrix", "rows", "8.1", "--table", "dmz"]);
    let count = |rows: &serde_json::Value| rows.as_array().expect("rows").len();
    assert!(count(&dmz) > 3 && count(&all) > count(&dmz));
    let flows = json(&["matrix", "flows", "--role", "dmz_server"]);
    for flow in flows.as_array().expect("flows") {
        assert!(
            [&flow["source"], &flow["destination"]].contains(&&serde_json::json!("dmz_server"))
        );
    }
}
