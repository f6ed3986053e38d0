//! Names: declared, declared once, used, and fit for rules.

use tfplugin::Value;

use super::{check, no_texts};

#[test]
fn names_that_are_there_twice() {
    check(&[
        (&[("evidence|1|id", value!("ports-5.1"))], "evidence|1|id", "evidence|0|id", "twice"),
        (&[("zone|1|id", value!("users"))], "zone|1|id", "zone|0|id", "twice"),
        (&[("role|1|id", value!("master_stack"))], "role|1|id", "role|0|id", "twice"),
        (&[("topology|2|id", value!("single_server"))], "topology|2|id", "topology|0|id", "twice"),
        (&[("table|5|id", value!("dmz"))], "table|5|id", "table|4|id", "twice"),
        (&[("row|1|id", value!("single-server/servers/1"))], "row|1|id", "row|0|id", "twice"),
        (
            &[("parameter|1|id", value!("master_stack.https_port"))],
            "parameter|1|id",
            "parameter|0|id",
            "twice",
        ),
        (&[("flow|1|id", value!("client_to_switch"))], "flow|1|id", "flow|0|id", "twice"),
        (
            &[("not_covered|1|id", value!("active_directory"))],
            "not_covered|1|id",
            "not_covered|0|id",
            "twice",
        ),
        (&[("ambiguity|1|id", value!("A1"))], "ambiguity|1|id", "ambiguity|0|id", "twice"),
        (&[("ambiguity|1|id", value!(""))], "ambiguity|1|id", "", "it is empty"),
        (
            &[("spelling|0|printed", value!(["Twice", "Twice"]))],
            "spelling|0|printed|1",
            "spelling|0|printed|0",
            "twice",
        ),
        (&[("spelling|0|printed|+", value!(""))], "spelling|0|printed|1", "", "it is empty"),
    ]);
}

#[test]
fn names_that_are_not_there_or_not_used() {
    check(&[
        (&[("row|0|id", value!("servers/1"))], "row|0|id", "", "there is no table"),
        (
            &[("flow|client_to_switch|out_rows|+", value!("dmz/44"))],
            "flow|client_to_switch|out_rows|1",
            "",
            "there is no row",
        ),
        (
            &[("flow|client_to_switch|in_rows|+", value!("dmz/44"))],
            "flow|client_to_switch|in_rows|1",
            "",
            "there is no row",
        ),
        (
            &[("flow|sql_browser_master|prose_rows|1", value!("dmz/44"))],
            "flow|sql_browser_master|prose_rows|1",
            "",
            "there is no row",
        ),
        (&[("parameter|0|rows|+", value!("dmz/44"))], "parameter|0|rows|1", "", "there is no row"),
        (&[("silent|2|row", value!("internal/22"))], "silent|2|row", "", "there is no row"),
        (&[("ambiguity|0|rows|0", value!("dmz/44"))], "ambiguity|0|rows|0", "", "there is no row"),
        (&[("role|browser|zone", value!("user"))], "role|browser|zone", "", "`users`"),
        (&[("role|browser|bound_to", value!("clent"))], "role|browser|bound_to", "", "`client`"),
        (
            &[("zone|+", value!({ "id": "attic", "means": "Up." }))],
            "zone|attic",
            "",
            "no role stands in it",
        ),
        (&[("need|1|roles|1", value!("clent"))], "need|1|roles|1", "", "`client`"),
        (&[("need|1|roles", no_texts())], "need|1|roles", "", "one without a role"),
        (&[("not_covered|0|roles|0", value!("clent"))], "not_covered|0|roles|0", "", "`client`"),
        (&[("ambiguity|0|readings", value!(["one"]))], "ambiguity|0|readings", "", "one way only"),
        (
            &[("ambiguity|0|flows", value!(["client_p2q"]))],
            "ambiguity|0|flows|0",
            "",
            "`client_p2p`",
        ),
        (
            &[("row|internal/7|reading|evidence", value!(["sla-properties", "sla"]))],
            "row|internal/7|reading|evidence|1",
            "",
            "there is no evidence",
        ),
        (
            &[("flow|master_to_cloud|evidence|0", value!("sky"))],
            "flow|master_to_cloud|evidence|0",
            "",
            "there is no evidence",
        ),
        (
            &[("not_covered|0|evidence", value!(["sky"]))],
            "not_covered|0|evidence|0",
            "",
            "there is no evidence",
        ),
        (
            &[("ambiguity|0|evidence", value!(["sky"]))],
            "ambiguity|0|evidence|0",
            "",
            "there is no evidence",
        ),
        (
            &[("evidence|+", value!({ "id": "e", "title": "E", "url": "u", "shows": "s" }))],
            "evidence|e",
            "",
            "nothing cites it",
        ),
        (
            &[("role|+", value!({ "id": "kiosk", "title": "K", "means": "K.", "zone": "users" }))],
            "role|kiosk",
            "",
            "no flow has it at an end",
        ),
        (&[("spelling|0|means", value!("mastr_stack"))], "spelling|0|means", "", "`master_stack`"),
        (
            &[("topology|+", value!({ "id": "t", "title": "T", "means": "T.", "role": "client" }))],
            "topology|t",
            "",
            "no flow belongs to it",
        ),
    ]);
}

#[test]
fn references_that_lead_nowhere() {
    check(&[
        (&[("topology|dmz|role", value!("dmz_sever"))], "topology|dmz|role", "", "`dmz_server`"),
        (&[("topology|dmz|unless", value!("clent"))], "topology|dmz|unless", "", "`client`"),
        (&[("row|0|reading|role", value!("clent"))], "row|0|reading|role", "", "`client`"),
        (
            &[("row|0|reading|counterparts|0", value!("clent"))],
            "row|0|reading|counterparts|0",
            "",
            "`client`",
        ),
        (&[("parameter|0|role", value!("clent"))], "parameter|0|role", "", "`client`"),
        (&[("flow|0|from", value!("clent"))], "flow|0|from", "", "`client`"),
        (&[("flow|0|to", value!("clent"))], "flow|0|to", "", "`client`"),
        (&[("flow|0|topology", value!("dm"))], "flow|0|topology", "", "there is no topology"),
        (
            &[("flow|browser_to_master_catalog_ui|replaced_in|topology", value!("remote_catalg"))],
            "flow|browser_to_master_catalog_ui|replaced_in|topology",
            "",
            "`remote_catalog`",
        ),
        (
            &[("flow|client_to_switch|parameter", value!("response_stack.switches"))],
            "flow|client_to_switch|parameter",
            "",
            "there is no parameter",
        ),
        (
            &[("flow|sql_browser_master|derived_from", value!("master_to_sql"))],
            "flow|sql_browser_master|derived_from",
            "",
            "there is no flow",
        ),
        (
            &[("flow|master_to_cloud|parameter", value!("smtp_server.port"))],
            "flow|master_to_cloud|ports",
            "flow|master_to_cloud|parameter",
            "both ports and a parameter",
        ),
        (
            &[("flow|master_to_cloud|ports", Value::Null)],
            "flow|master_to_cloud",
            "",
            "neither ports nor a parameter",
        ),
        (
            &[("flow|master_to_cloud|offset", value!(1))],
            "flow|master_to_cloud|offset",
            "",
            "an offset of 1 without a parameter",
        ),
        (
            &[("silent|internal/6|row", value!("internal/8"))],
            "silent|internal/8|listener",
            "",
            "a listener without a port",
        ),
        (
            &[("topology|dmz|base", value!(true))],
            "topology|dmz|role",
            "topology|dmz|base",
            "neither a base nor an overlay",
        ),
        (
            &[("topology|single_server|unless", value!("client"))],
            "topology|single_server|unless",
            "topology|single_server|base",
            "neither a base nor an overlay",
        ),
        (
            &[("topology|dmz|base", value!(true))],
            "topology|dmz|base",
            "topology|single_server|base",
            "a second base",
        ),
        (
            &[("topology|single_server|base", value!(false))],
            "topology",
            "",
            "none of them is the base",
        ),
    ]);
}

#[test]
fn names_that_rules_cannot_have() {
    let roles: Vec<Value> = (0..65)
        .map(|number| {
            let id = format!("r{number}");
            value!({ "id": (id), "title": "R", "means": "R.", "zone": "users" })
        })
        .collect();
    check(&[
        (&[("role|0|id", value!("A b"))], "role|0|id", "", "lower-case"),
        (&[("flow|0|id", value!("A b"))], "flow|0|id", "", "lower-case"),
        (
            &[("flow|browser_to_master_catalog_ui|replaced_in|keep_option", value!("A b"))],
            "flow|browser_to_master_catalog_ui|replaced_in|keep_option",
            "",
            "lower-case",
        ),
        (&[("parameter|0|attribute", value!("A b"))], "parameter|0|attribute", "", "lower-case"),
        (&[("topology|0|id", value!("A b"))], "topology|0|id", "", "lower-case"),
        (&[("table|0|id", value!("a b"))], "table|0|id", "", "can't be cited"),
        (&[("table|0|id", value!("site"))], "table|0|id", "", "are cited so"),
        (&[("version", value!("“8”"))], "version", "", "descriptions"),
        (&[("source|product", value!("“x”"))], "source|product", "", "descriptions"),
        (&[("role", no_texts())], "role", "", "there is no role"),
        (&[("zone", no_texts())], "zone", "", "there is no zone"),
        (&[("role", Value::List(roles))], "role", "", "there are 65 roles"),
        (
            &[("flow|browser_to_master_catalog_ui|replaced_in|keep_option", value!("merge_cidrs"))],
            "flow|browser_to_master_catalog_ui|replaced_in|keep_option",
            "",
            "is another",
        ),
    ]);
}
