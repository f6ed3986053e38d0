//! Rows that are missing, unused, or used twice.

use expect_test::expect;

use super::{BROWSER, check};

#[test]
fn a_table_with_rows_missing() {
    check(
        "[[table]]\nid = \"dmz\"",
        "rows = 12",
        "rows = 14",
        expect![[r#"
            complete: table dmz, `rows`: 12 rows where the page prints 14; add dmz/13, dmz/14
        "#]],
    );
}

#[test]
fn a_table_with_a_row_too_many() {
    check(
        "[[table]]\nid = \"dmz\"",
        "rows = 12",
        "rows = 11",
        expect![[r#"
            complete: table dmz, `rows`: 12 rows where the page prints 11; take out what the page doesn't print
        "#]],
    );
}

#[test]
fn a_row_silent_twice() {
    check(
        "[[silent]]\nrow = \"internal/2\"",
        "internal/2",
        "internal/1",
        expect![[r#"
            complete: row internal/2: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            complete: silent internal/1, `row`: it is declared twice; keep one
        "#]],
    );
}

#[test]
fn a_silent_row_that_a_flow_uses() {
    check(
        "[[silent]]\nrow = \"internal/2\"",
        "internal/2",
        "dmz/3",
        expect![[r#"
            complete: silent dmz/3, `row`: flow dmz_to_coordinator uses the row; a row is used, or silent
            complete: row internal/2: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            ordered: silent dmz/3: it doesn't stand in its place; put it where the document has it
        "#]],
    );
}

#[test]
fn a_silent_row_without_a_reason() {
    check(
        "[[silent]]\nrow = \"internal/2\"",
        "why = \"",
        "why = \"\"#",
        expect![[r#"
            complete: silent internal/2, `why`: it doesn't say why; say why nothing comes of the row
        "#]],
    );
}

#[test]
fn a_local_flow_whose_row_is_not_silent() {
    check(
        "[[silent]]\nrow = \"single-server/servers/5\"",
        "single-server/servers/5",
        "internal/1",
        expect![[r#"
            complete: silent internal/1, `row`: it is declared twice; keep one
            complete: flow integrate_agent_local, `out_rows[0]`: it stays inside a host, but its row single-server/servers/5 is not silent; declare the row silent
        "#]],
    );
}

#[test]
fn an_output_used_twice() {
    check(
        "id = \"client_to_background_channel\"",
        "single-server/clients/2",
        "single-server/clients/1",
        expect![[r#"
            complete: flow client_to_background_channel, `out_rows[0]`: it begins at row single-server/clients/1, as flow client_to_switch does; an output is used once
            complete: row single-server/clients/2: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            double entry: flow client_to_background_channel, `application`: its application is https, that of row single-server/clients/1 is wss; compare both with the page
            double entry: flow client_to_background_channel, `parameter`: its port is 443, that of row single-server/clients/1 is 4000; compare both with the page
        "#]],
    );
}

#[test]
fn an_input_that_no_flow_uses() {
    check(
        "id = \"dmz_to_coordinator\"",
        "in_rows = [\"dmz/10\"]",
        "in_rows = []",
        expect![[r#"
            complete: row dmz/10: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            double entry: flow dmz_to_coordinator, `in_rows`: no input, though master_stack is not outside; name its in_rows
            double entry: flow dmz_to_coordinator, `basis`: its basis is paired, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}

#[test]
fn a_derived_flow_that_no_row_asks_for() {
    check(
        BROWSER,
        "prose_rows = [\"single-server/servers/8\", \"single-server/servers/12\"]",
        "prose_rows = []",
        expect![[r#"
            complete: flow sql_browser_master, `prose_rows`: no row asks for it; name the rows whose text does in prose_rows
        "#]],
    );
}

#[test]
fn a_flow_without_rows() {
    check(
        BROWSER,
        "derived_from",
        "# derived_from",
        expect![[r#"
            complete: flow sql_browser_master: no row asks for it; name its out_rows and in_rows, or the flow it is derived_from
        "#]],
    );
}

#[test]
fn a_derived_flow_with_rows_of_its_own() {
    check(
        BROWSER,
        "prose_rows = [",
        "out_rows = [",
        expect![[r#"
            complete: flow sql_browser_master, `out_rows[0]`: it begins at row single-server/servers/8, as flow master_to_sql_master does; an output is used once
            complete: flow sql_browser_master, `derived_from`: it is derived, and has rows of its own; drop derived_from, or name prose_rows only
            double entry: flow sql_browser_master, `transport`: its transport is udp, that of row single-server/servers/8 is tcp; compare both with the page
            double entry: flow sql_browser_master, `application`: its application is ssrp, that of row single-server/servers/8 is tds; compare both with the page
            double entry: flow sql_browser_master, `ports`: its port is 1434, that of row single-server/servers/8 is 1433; compare both with the page
            double entry: flow sql_browser_master, `out_rows[1]`: it begins at single-server/servers/12, which is read as in; out_rows are outputs
            double entry: flow sql_browser_master, `from`: its role is master_stack, that of row single-server/servers/12 is sql_master; compare both with the page
            double entry: flow sql_browser_master, `to`: its counterpart is sql_master, that of row single-server/servers/12 is master_stack; compare both with the page
            double entry: flow sql_browser_master, `transport`: its transport is udp, that of row single-server/servers/12 is tcp; compare both with the page
            double entry: flow sql_browser_master, `application`: its application is ssrp, that of row single-server/servers/12 is tds; compare both with the page
            double entry: flow sql_browser_master, `ports`: its port is 1434, that of row single-server/servers/12 is 1433; compare both with the page
            double entry: flow sql_browser_master, `in_rows`: no input, though sql_master is not outside; name its in_rows
            double entry: flow sql_browser_master, `basis`: its basis is prose, which its rows are not; paired has both rows, self_paired one for both, outside an output alone, prose neither
        "#]],
    );
}
