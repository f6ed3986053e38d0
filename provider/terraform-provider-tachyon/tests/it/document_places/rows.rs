//! Rows and the flows that they ask for.

use tfplugin::Value;

use super::{changed, check, no_texts};
use crate::answer::Read;
use crate::documents::EMBEDDED;

#[test]
fn rows_that_are_missing_unused_or_used_twice() {
    check(&[
        (&[("table|dmz|rows", value!(14))], "table|dmz|rows", "", "add dmz/13, dmz/14"),
        (
            &[("flow|client_to_background_channel|out_rows", value!(["single-server/clients/1"]))],
            "flow|client_to_background_channel|out_rows|0",
            "flow|client_to_switch|out_rows|0",
            "used once",
        ),
        (
            &[("silent|internal/2|row", value!("single-server/clients/1"))],
            "silent|single-server/clients/1|row",
            "flow|client_to_switch|out_rows|0",
            "a row is used, or silent",
        ),
        (
            &[("silent|internal/2|row", value!("internal/1"))],
            "row|internal/2",
            "",
            "no flow uses it",
        ),
        (
            &[("flow|client_to_switch|out_rows", value!(["single-server/servers/6"]))],
            "row|single-server/clients/1",
            "",
            "no flow uses it",
        ),
        (
            &[("row|single-server/servers/6|reading|direction", value!("both"))],
            "row|single-server/servers/6",
            "",
            "no flow begins at it",
        ),
        (
            &[("row|single-server/clients/1|reading|direction", value!("both"))],
            "row|single-server/clients/1",
            "",
            "no flow ends at it",
        ),
        (
            &[("flow|sql_browser_master|out_rows", value!(["single-server/servers/8"]))],
            "flow|sql_browser_master|derived_from",
            "flow|sql_browser_master|out_rows",
            "rows of its own",
        ),
        (
            &[("flow|sql_browser_master|in_rows", value!(["single-server/servers/12"]))],
            "flow|sql_browser_master|derived_from",
            "flow|sql_browser_master|in_rows",
            "rows of its own",
        ),
        (
            &[("flow|sql_browser_master|prose_rows", no_texts())],
            "flow|sql_browser_master|prose_rows",
            "",
            "no row asks for it",
        ),
        (
            &[("flow|sql_browser_master|derived_from", Value::Null)],
            "flow|sql_browser_master",
            "",
            "no row asks for it",
        ),
        (
            &[("silent|1|row", value!("internal/7"))],
            "silent|7|row",
            "silent|1|row",
            "it is declared twice",
        ),
        (&[("silent|internal/2|why", value!(" "))], "silent|internal/2|why", "", "say why"),
        (
            &[("silent|0|row", value!("internal/1"))],
            "flow|integrate_agent_local|out_rows|0",
            "",
            "declare the row silent",
        ),
    ]);
}

#[test]
fn flows_that_their_rows_contradict() {
    let row = "row|single-server/clients/1|reading";
    let other = |attribute: &str| format!("{row}|{attribute}");
    check(&[
        (
            &[("flow|client_to_switch|from", value!("browser"))],
            "flow|client_to_switch|from",
            &other("role"),
            "its role is browser",
        ),
        (
            &[("flow|client_to_switch|to", value!("dmz_server"))],
            "flow|client_to_switch|to",
            &other("counterparts"),
            "its counterpart is dmz_server",
        ),
        (
            &[("flow|client_to_switch|transport", value!("udp"))],
            "flow|client_to_switch|transport",
            &other("transport"),
            "its transport is udp",
        ),
        (
            &[("flow|client_to_switch|application", value!("ws"))],
            "flow|client_to_switch|application",
            &other("application"),
            "its application is ws",
        ),
        (
            &[("parameter|response_stack.switch_ports|default", value!(["4010"]))],
            "flow|client_to_switch|parameter",
            &other("ports"),
            "its port is 4010",
        ),
        (
            &[("flow|master_to_cloud|ports", value!(["444"]))],
            "flow|master_to_cloud|ports",
            "row|single-server/servers/4|reading|ports",
            "its port is 444",
        ),
        (
            &[("flow|client_to_switch|out_rows", value!(["single-server/servers/6"]))],
            "flow|client_to_switch|out_rows|0",
            "row|single-server/servers/6|reading|direction",
            "out_rows are outputs",
        ),
        (
            &[("flow|client_to_switch|in_rows", value!(["single-server/clients/1"]))],
            "flow|client_to_switch|in_rows|0",
            "row|single-server/clients/1|reading|direction",
            "in_rows are inputs",
        ),
        (
            &[("flow|client_to_switch|in_rows", Value::Null)],
            "flow|client_to_switch|in_rows",
            "",
            "no input",
        ),
        (
            &[("flow|client_to_switch|out_rows", no_texts())],
            "flow|client_to_switch|out_rows",
            "",
            "an input without an output",
        ),
        (
            &[("flow|master_to_smtp|in_rows", value!(["single-server/servers/1"]))],
            "flow|master_to_smtp|in_rows",
            "",
            "drop its in_rows",
        ),
        (
            &[("flow|client_to_switch|basis", value!("self_paired"))],
            "flow|client_to_switch|basis",
            "",
            "its basis is self_paired",
        ),
    ]);
}

#[test]
fn what_does_not_stand_in_its_place() {
    let line = EMBEDDED.at("row").list()[0].at("line").clone();
    let parameter = EMBEDDED.at("parameter").list()[0].clone();
    let parameter = changed(&parameter, &["id"], &value!("another"));
    check(&[
        (&[("row|dmz/4|id", value!("dmz/four"))], "row|dmz/four|id", "", "its id has no number"),
        (&[("row|dmz/4|id", value!("dmz/13"))], "row|dmz/13", "", "in its place"),
        (&[("row|1|line", line)], "row|1|line", "row|0|line", "lines ascend"),
        (&[("silent|1|row", value!("internal/7"))], "silent|2", "", "in its place"),
        (&[("parameter|+", parameter)], "parameter|another", "", "in its place"),
        (&[("flow|2|number", value!(33))], "flow|2|number", "", "kept for the platforms"),
        (&[("flow|2|number", value!(0))], "flow|2|number", "", "numbers are 1 to 39"),
        (&[("flow|2|number", value!(1))], "flow|2|number", "flow|0|number", "that of"),
        (&[("flow|2|number", value!(39))], "flow|3|number", "flow|2|number", "comes after 39"),
    ]);
}

#[test]
fn what_does_not_say_why_it_was_inferred() {
    check(&[
        (
            &[("row|internal/7|reading|because", value!(""))],
            "row|internal/7|reading|because",
            "",
            "nothing says why",
        ),
        (&[("flow|master_to_cloud|why", value!(""))], "flow|master_to_cloud|why", "", "give `why`"),
        (
            &[("flow|master_to_cloud|evidence", no_texts())],
            "flow|master_to_cloud|evidence",
            "",
            "inferred from nothing",
        ),
        (
            &[("flow|master_to_cloud|basis", value!("outside"))],
            "flow|master_to_cloud|basis",
            "flow|master_to_cloud|why",
            "not that it was",
        ),
        (
            &[("flow|master_to_smtp|evidence", value!(["catalog-cloud"]))],
            "flow|master_to_smtp|basis",
            "flow|master_to_smtp|evidence",
            "not that it was",
        ),
        (
            &[("flow|master_to_smtp|confidence", value!("medium"))],
            "flow|master_to_smtp|basis",
            "flow|master_to_smtp|confidence",
            "less than sure",
        ),
    ]);
}
