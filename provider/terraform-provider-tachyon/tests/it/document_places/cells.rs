//! What is printed and read, and the settings that flows depend on.

use tfplugin::Value;

use super::{check, no_texts};

#[test]
fn cells_that_cannot_be_read() {
    let row = "row|dmz/4";
    let at = |way: &str| format!("{row}|{way}");
    check(&[
        (&[("source|sha256", value!("0712CF3C"))], "source|sha256", "", "no SHA-256"),
        (&[("version", value!(" "))], "version", "", "it is empty"),
        (
            &[("row|dmz/4|damaged", value!(["usage", "device"]))],
            &at("device"),
            &at("damaged|1"),
            "printed, and lost",
        ),
        (&[("row|dmz/4|device", Value::Null)], &at("device"), "", "no device"),
        (&[("row|dmz/4|port", Value::Null)], &at("port"), "", "no port"),
        (&[("row|dmz/4|direction", Value::Null)], &at("direction"), "", "no direction"),
        (
            &[("row|internal/7|device", value!("Clients"))],
            "row|internal/7|device",
            "",
            "no column for",
        ),
        (
            &[("row|internal/7|damaged|1", value!("device"))],
            "row|internal/7|damaged|1",
            "",
            "no column for",
        ),
        (
            &[("row|internal/7|reading|direction", value!("in"))],
            "row|internal/7|reading|direction",
            "",
            "where the table has the column",
        ),
        (&[("row|dmz/4|port", value!("TCP x"))], &at("port"), "", "can't be read"),
        (
            &[("row|dmz/4|damaged", value!(["usage", "port"]))],
            &at("port"),
            &at("damaged|1"),
            "its port is printed, and lost",
        ),
        (&[("row|dmz/4|port", value!("TCP"))], &at("port"), "", "has no number"),
        (
            &[("row|dmz/4|port", value!("TCP 500n"))],
            &at("reading|ports"),
            &at("port"),
            "is read as tcp 4001",
        ),
        (
            &[("row|dmz/4|port", value!("UDP 400n"))],
            &at("reading|transport"),
            &at("port"),
            "is read as tcp 4001",
        ),
        (&[("row|dmz/4|device", value!("DMZ"))], &at("device"), "", "has no spelling"),
        (&[("row|dmz/4|protocol", value!("x"))], &at("protocol"), "", "has no spelling"),
        (&[("row|dmz/4|direction", value!("x"))], &at("direction"), "", "has no spelling"),
        (
            &[
                ("row|dmz/4|reading|role", value!("client")),
                ("spelling|0|printed|+", value!("Z")),
                ("spelling|0|means", value!("dmz_server")),
                ("row|dmz/4|device", value!("Z")),
            ],
            &at("reading|role"),
            "spelling|0|means",
            "mend the reading or the spelling",
        ),
        (&[("row|dmz/4|reading|purpose", value!(""))], &at("reading|purpose"), "", "no purpose"),
        (
            &[("parameter|sql_master.port|default", value!(["1-2"]))],
            "parameter|sql_master.port|default",
            "parameter|sql_master.port|kind",
            "does not fit its kind",
        ),
        (
            &[("flow|master_to_cloud|ports", no_texts())],
            "flow|master_to_cloud|ports",
            "",
            "arrives on no port",
        ),
        (
            &[("parameter|smtp_server.port|default", no_texts())],
            "flow|master_to_smtp|parameter",
            "",
            "arrives on no port",
        ),
        (
            &[("flow|response_to_dmz_switch_poke|offset", value!(65000))],
            "flow|response_to_dmz_switch_poke|offset",
            "",
            "a port over 65535",
        ),
        (&[("flow|0|purpose", value!(" "))], "flow|0|purpose", "", "no purpose"),
    ]);
}

#[test]
fn settings_that_nobody_has() {
    let sql = "parameter|sql_master.port";
    let named = "parameter|sql_master.named_instance";
    check(&[
        (
            &[("flow|client_to_switch|parameter", value!("dmz_server.switch_ports"))],
            "parameter|response_stack.switch_ports",
            "",
            "no flow to its role depends on it",
        ),
        (
            &[("parameter|response_stack.switch_ports|rows", no_texts())],
            "parameter|response_stack.switch_ports|rows",
            "",
            "no row says that it can be set",
        ),
        (
            &[("parameter|sql_master.named_instance|attribute", value!("sql"))],
            &format!("{named}|attribute"),
            &format!("{sql}|attribute"),
            "one parameter of a role",
        ),
        (
            &[("parameter|sql_responses.port|kind", value!("ports"))],
            "parameter|sql_responses.port|kind",
            &format!("{sql}|kind"),
            "have one kind",
        ),
        (
            &[("parameter|sql_master.port|caution|0|when|not_default_unless_flag", value!("x"))],
            &format!("{sql}|caution|0|when|not_default_unless_flag"),
            "",
            "its role has no flag",
        ),
        (
            &[("parameter|sql_master.named_instance|caution|0|when|set_without", value!("x"))],
            &format!("{named}|caution|0|when|set_without"),
            "",
            "its role has no attribute",
        ),
        (
            &[("parameter|sql_master.port|caution|0|when", value!({ "set_without": "sql" }))],
            &format!("{sql}|caution|0|when|set_without"),
            &format!("{sql}|kind"),
            "it is no flag",
        ),
        (
            &[("flow|client_to_switch|parameter", value!("dmz_server.switch_ports"))],
            "flow|client_to_switch|parameter",
            "",
            "ports are set by what listens",
        ),
        (
            &[("flow|sql_browser_master|when", value!("sql"))],
            "flow|sql_browser_master|when",
            "",
            "names a flag of what listens",
        ),
        (
            &[("flow|sql_browser_master|derived_from", value!("master_to_smtp"))],
            "flow|sql_browser_master|derived_from",
            "",
            "between the same roles",
        ),
    ]);
}
