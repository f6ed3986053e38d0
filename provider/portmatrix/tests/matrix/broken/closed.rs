//! Names that are not declared, declared twice, or not used.

use expect_test::expect;

use super::{BROWSER, LAST, NAMED, SWITCH, SWITCHES, check};

#[test]
fn a_role_that_is_not_declared() {
    check(
        SWITCH,
        "from = \"client\"",
        "from = \"clint\"",
        expect![[r#"
            closed: flow client_to_switch, `from`: there is no role "clint"; did you mean `client`?
        "#]],
    );
}

#[test]
fn a_topology_that_is_not_declared() {
    check(
        SWITCH,
        "topology = \"single_server\"",
        "topology = \"singleserver\"",
        expect![[r#"
            closed: flow client_to_switch, `topology`: there is no topology "singleserver"; did you mean `single_server`?
        "#]],
    );
}

#[test]
fn a_parameter_that_is_not_declared() {
    check(
        SWITCH,
        "parameter = \"response_stack.switch_ports\"",
        "parameter = \"response_stack.switches\"",
        expect![[r#"
            closed: flow client_to_switch, `parameter`: there is no parameter "response_stack.switches"; did you mean `response_stack.switch_ports`?
            double entry: flow client_to_switch, `parameter`: its port is none, that of row single-server/clients/1 is 4000; compare both with the page
            double entry: flow client_to_switch, `parameter`: its port is none, that of row single-server/servers/6 is 4000; compare both with the page
            closed: parameter response_stack.switch_ports: no flow to its role depends on it; name it in the flow, or take it out
            sound: flow client_to_switch, `parameter`: it arrives on no port; give ports that there are
        "#]],
    );
}

#[test]
fn two_bases() {
    check(
        "[[topology]]\nid = \"dmz\"",
        "id = \"dmz\"",
        "id = \"dmz\"\nbase = true",
        expect![[r#"
            closed: topology dmz, `role`: it is neither a base nor an overlay; a base has no role, an overlay has one
            closed: topology dmz, `base`: it is a second base; one is, the others are overlays
        "#]],
    );
}

#[test]
fn a_role_that_no_flow_has() {
    check(
        "[[role]]\nid = \"browser\"",
        "[[role]]",
        "[[role]]\nid = \"kiosk\"\ntitle = \"\"\nmeans = \"\"\n[[role]]",
        expect![[r#"
            closed: role kiosk, `zone`: there is no zone ""; declare it
            closed: role kiosk: no flow has it at an end; add the flow, or take it out
        "#]],
    );
}

#[test]
fn a_topology_that_no_flow_has() {
    check(
        "[[topology]]\nid = \"dmz\"",
        "[[topology]]",
        "[[topology]]\nid = \"cluster\"\ntitle = \"\"\nmeans = \"\"\nrole = \"client\"\n[[topology]]",
        expect![[r#"
            closed: topology cluster: no flow belongs to it; add its flows, or take it out
        "#]],
    );
}

#[test]
fn two_parameters_with_one_attribute() {
    check(
        NAMED,
        "attribute = \"sql_named_instance\"",
        "attribute = \"sql\"",
        expect![[r#"
            closed: parameter sql_master.port, `caution[0].when.not_default_unless_flag`: its role has no flag "sql_named_instance"; a caution names a flag of its role
            closed: parameter sql_master.named_instance: no flow to its role depends on it; name it in the flow, or take it out
            closed: parameter sql_master.named_instance, `attribute`: sql_master.port has the attribute "sql" too; an attribute sets one parameter of a role
            closed: parameter sql_responses.port, `kind`: its kind is port, that of sql_master.named_instance is flag; parameters that share an attribute have one kind
            closed: parameter sql_catalog.port, `kind`: its kind is port, that of sql_master.named_instance is flag; parameters that share an attribute have one kind
            closed: parameter inventory_source.port, `kind`: its kind is port, that of sql_master.named_instance is flag; parameters that share an attribute have one kind
            closed: flow sql_browser_master, `when`: sql_master has no flag "sql_named_instance"; `when` names a flag of what listens
            closed: flow sql_browser_master_from_remote_response, `when`: sql_master has no flag "sql_named_instance"; `when` names a flag of what listens
        "#]],
    );
}

#[test]
fn a_parameter_without_rows() {
    check(
        SWITCHES,
        "rows = [\"single-server/servers/6\"]",
        "rows = []",
        expect![[r#"
            closed: parameter response_stack.switch_ports, `rows`: no row says that it can be set; name the rows
        "#]],
    );
}

#[test]
fn a_parameter_with_an_unknown_row() {
    check(
        SWITCHES,
        "rows = [\"single-server/servers/6\"]",
        "rows = [\"single-server/server/6\"]",
        expect![[r#"
            closed: parameter response_stack.switch_ports, `rows[0]`: there is no row "single-server/server/6"; did you mean `single-server/servers/6`?
        "#]],
    );
}

#[test]
fn evidence_that_is_not_declared() {
    check(
        LAST,
        "evidence = [\"sla-properties\"]",
        "evidence = [\"sla-property\"]",
        expect![[r#"
            closed: row internal/7, `reading.evidence[0]`: there is no evidence "sla-property"; did you mean `sla-properties`?
        "#]],
    );
}

#[test]
fn evidence_that_nothing_cites() {
    check(
        "[[evidence]]\nid = \"ports-5.1\"",
        "ports-5.1",
        "ports-5.2",
        expect![[r#"
            closed: row single-server/servers/1, `reading.evidence[0]`: there is no evidence "ports-5.1"; did you mean `ports-5.2`?
            closed: row single-server/servers/2, `reading.evidence[0]`: there is no evidence "ports-5.1"; did you mean `ports-5.2`?
            closed: evidence ports-5.2: nothing cites it; cite it where it is evidence, or take it out
        "#]],
    );
}

#[test]
fn an_ambiguity_declared_twice() {
    check(
        "[[ambiguity]]\nid = \"A2\"",
        "A2",
        "A1",
        expect![[r#"
            closed: ambiguity A1, `id`: it is declared twice; keep one, or give one another id
        "#]],
    );
}

#[test]
fn a_spelling_of_an_unknown_role() {
    check(
        "[[spelling]]",
        "means = \"master_stack\"",
        "means = \"master\"",
        expect![[r#"
            closed: spelling master, `means`: there is no role "master"; did you mean `master_stack`?
            sound: row remote-catalog/1, `reading.role`: the device "Tachyon Server (Master Stack)" means master, and is read as master_stack; mend the reading or the spelling
            sound: row remote-response-stack/1, `reading.role`: the device "Tachyon Server (Master Stack)" means master, and is read as master_stack; mend the reading or the spelling
            sound: row remote-response-stack/3, `reading.role`: the device "Tachyon Server (Master Stack)" means master, and is read as master_stack; mend the reading or the spelling
            sound: row dmz/8, `reading.role`: the device "Tachyon Server (Master Stack)" means master, and is read as master_stack; mend the reading or the spelling
            sound: row dmz/10, `reading.role`: the device "Tachyon Server (Master Stack)" means master, and is read as master_stack; mend the reading or the spelling
        "#]],
    );
}

#[test]
fn a_flag_that_what_listens_does_not_have() {
    check(
        BROWSER,
        "when = \"sql_named_instance\"",
        "when = \"sql\"",
        expect![[r#"
            closed: flow sql_browser_master, `when`: sql_master has no flag "sql"; `when` names a flag of what listens
        "#]],
    );
}

#[test]
fn derived_from_a_flow_between_other_roles() {
    check(
        BROWSER,
        "derived_from = \"master_to_sql_master\"",
        "derived_from = \"master_to_smtp\"",
        expect![[r#"
            closed: flow sql_browser_master, `derived_from`: it is derived from "master_to_smtp"; derived_from names a flow with rows, between the same roles
        "#]],
    );
}

#[test]
fn ports_of_another_role() {
    check(
        SWITCH,
        "parameter = \"response_stack.switch_ports\"",
        "parameter = \"dmz_server.switch_ports\"",
        expect![[r#"
            closed: parameter response_stack.switch_ports: no flow to its role depends on it; name it in the flow, or take it out
            closed: flow client_to_switch, `parameter`: its ports come from dmz_server.switch_ports; ports are set by what listens: response_stack
        "#]],
    );
}

#[test]
fn a_caution_with_an_unknown_flag() {
    check(
        "id = \"default_instance_port\"",
        "not_default_unless_flag = \"sql_named_instance\"",
        "not_default_unless_flag = \"named\"",
        expect![[r#"
            closed: parameter sql_master.port, `caution[0].when.not_default_unless_flag`: its role has no flag "named"; a caution names a flag of its role
        "#]],
    );
}
