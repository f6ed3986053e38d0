//! Flows whose rows disagree.

use expect_test::expect;

use super::{CLOUD, SMTP, SWITCH, SWITCHES, check};

#[test]
fn a_transport_that_its_rows_do_not_have() {
    check(
        SWITCH,
        "transport = \"tcp\"",
        "transport = \"udp\"",
        expect![[r#"
            double entry: flow client_to_switch, `transport`: its transport is udp, that of row single-server/clients/1 is tcp; compare both with the page
            double entry: flow client_to_switch, `transport`: its transport is udp, that of row single-server/servers/6 is tcp; compare both with the page
        "#]],
    );
}

#[test]
fn an_application_that_its_rows_do_not_have() {
    check(
        SWITCH,
        "application = \"wss\"",
        "application = \"ws\"",
        expect![[r#"
            double entry: flow client_to_switch, `application`: its application is ws, that of row single-server/clients/1 is wss; compare both with the page
            double entry: flow client_to_switch, `application`: its application is ws, that of row single-server/servers/6 is wss; compare both with the page
        "#]],
    );
}

#[test]
fn an_end_that_its_rows_do_not_have() {
    check(
        SWITCH,
        "to = \"response_stack\"",
        "to = \"dmz_server\"",
        expect![[r#"
            double entry: flow client_to_switch, `to`: its counterpart is dmz_server, that of row single-server/clients/1 is response_stack; compare both with the page
            double entry: flow client_to_switch, `to`: its role is dmz_server, that of row single-server/servers/6 is response_stack; compare both with the page
            closed: parameter response_stack.switch_ports: no flow to its role depends on it; name it in the flow, or take it out
            closed: flow client_to_switch, `parameter`: its ports come from response_stack.switch_ports; ports are set by what listens: dmz_server
        "#]],
    );
}

#[test]
fn fixed_ports_that_its_row_does_not_have() {
    check(
        CLOUD,
        "ports = [\"443\"]",
        "ports = [\"444\"]",
        expect![[r#"
            double entry: flow master_to_cloud, `ports`: its port is 444, that of row single-server/servers/4 is 443; compare both with the page
        "#]],
    );
}

#[test]
fn a_default_that_its_rows_do_not_have() {
    check(
        SWITCHES,
        "default = [\"4000\"]",
        "default = [\"4010\"]",
        expect![[r#"
            double entry: flow client_to_switch, `parameter`: its port is 4010, that of row single-server/clients/1 is 4000; compare both with the page
            double entry: flow client_to_switch, `parameter`: its port is 4010, that of row single-server/servers/6 is 4000; compare both with the page
        "#]],
    );
}

#[test]
fn an_input_named_as_output() {
    check(
        SWITCH,
        "out_rows = [\"single-server/clients/1\"]",
        "out_rows = [\"single-server/servers/6\"]",
        expect![[r#"
            complete: row single-server/clients/1: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            double entry: flow client_to_switch, `out_rows[0]`: it begins at single-server/servers/6, which is read as in; out_rows are outputs
            double entry: flow client_to_switch, `from`: its role is client, that of row single-server/servers/6 is response_stack; compare both with the page
            double entry: flow client_to_switch, `to`: its counterpart is response_stack, that of row single-server/servers/6 is client; compare both with the page
            double entry: flow client_to_switch, `basis`: its basis is paired, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}

#[test]
fn an_input_without_an_output() {
    check(
        SWITCH,
        "out_rows",
        "# out_rows",
        expect![[r#"
            complete: row single-server/clients/1: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            double entry: flow client_to_switch, `out_rows`: an input without an output; name its out_rows
            double entry: flow client_to_switch, `basis`: its basis is paired, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}

#[test]
fn an_output_without_an_input() {
    check(
        SWITCH,
        "in_rows",
        "# in_rows",
        expect![[r#"
            complete: row single-server/servers/6: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            double entry: flow client_to_switch, `in_rows`: no input, though response_stack is not outside; name its in_rows
            double entry: flow client_to_switch, `basis`: its basis is paired, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}

#[test]
fn an_input_of_what_is_outside() {
    check(
        SMTP,
        "out_rows",
        "in_rows = [\"single-server/servers/1\"]\nout_rows",
        expect![[r#"
            double entry: flow master_to_smtp, `to`: its role is smtp_server, that of row single-server/servers/1 is master_stack; compare both with the page
            double entry: flow master_to_smtp, `from`: its counterpart is master_stack, that of row single-server/servers/1 is browser; compare both with the page
            double entry: flow master_to_smtp, `application`: its application is smtp, that of row single-server/servers/1 is https; compare both with the page
            double entry: flow master_to_smtp, `parameter`: its port is 25, that of row single-server/servers/1 is 443; compare both with the page
            double entry: flow master_to_smtp, `in_rows`: an input, though smtp_server is outside; drop its in_rows
            double entry: flow master_to_smtp, `basis`: its basis is outside, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}

#[test]
fn a_basis_that_its_rows_do_not_have() {
    check(
        SWITCH,
        "basis = \"paired\"",
        "basis = \"self_paired\"",
        expect![[r#"
            double entry: flow client_to_switch, `basis`: its basis is self_paired, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}
