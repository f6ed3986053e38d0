//! What stands out of its place.

use expect_test::expect;

use super::{POKE, check, found, moved};

#[test]
fn a_row_with_a_number_too_high() {
    check(
        POKE,
        "id = \"dmz/4\"",
        "id = \"dmz/13\"",
        expect![[r#"
            complete: row dmz/13: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            closed: flow response_to_dmz_switch_poke, `in_rows[0]`: there is no row "dmz/4"; did you mean `dmz/1`?
            closed: parameter dmz_server.switch_ports, `rows[0]`: there is no row "dmz/4"; did you mean `dmz/1`?
            ordered: row dmz/13: it doesn't stand in its place; rows stand in the page's order, numbered without a gap
            ordered: row dmz/5: it doesn't stand in its place; rows stand in the page's order, numbered without a gap
        "#]],
    );
}

#[test]
fn a_row_without_a_number() {
    check(
        POKE,
        "id = \"dmz/4\"",
        "id = \"dmz/four\"",
        expect![[r#"
            complete: row dmz/four: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            closed: flow response_to_dmz_switch_poke, `in_rows[0]`: there is no row "dmz/4"; did you mean `dmz/1`?
            closed: parameter dmz_server.switch_ports, `rows[0]`: there is no row "dmz/4"; did you mean `dmz/1`?
            ordered: row dmz/four, `id`: its id has no number; an id is the table's id, `/`, and the row's number from 1
            ordered: row dmz/5: it doesn't stand in its place; rows stand in the page's order, numbered without a gap
        "#]],
    );
}

#[test]
fn lines_that_do_not_ascend() {
    check(
        POKE,
        "line = 103",
        "line = 101",
        expect![[r#"
            ordered: row dmz/4, `line`: line 101 comes after line 101; lines ascend
        "#]],
    );
}

#[test]
fn a_number_of_another_flow() {
    check(
        "id = \"client_p2p\"",
        "number = 3",
        "number = 1",
        expect![[r#"
            ordered: flow client_p2p, `number`: its number 1 is that of client_to_switch; take the next free one
        "#]],
    );
}

#[test]
fn a_number_below_the_first() {
    check(
        "id = \"client_p2p\"",
        "number = 3",
        "number = 0",
        expect![[r#"
            ordered: flow client_p2p, `number`: its number is 0; numbers are 1 to 39: platforms have no room for others
        "#]],
    );
}

#[test]
fn a_number_beyond_the_last() {
    check(
        "id = \"configmgr_rpc_dynamic\"",
        "number = 32",
        "number = 40",
        expect![[r#"
            ordered: flow configmgr_rpc_dynamic, `number`: its number is 40; numbers are 1 to 39: platforms have no room for others
        "#]],
    );
}

#[test]
fn a_number_that_platforms_keep() {
    check(
        "id = \"client_p2p\"",
        "number = 3",
        "number = 33",
        expect![[r#"
            ordered: flow client_p2p, `number`: its number 33 is kept for the platforms; give it the next free number
            ordered: flow browser_to_master_https, `number`: its number 4 comes after 33; flows stand by number
        "#]],
    );
}

#[test]
fn a_parameter_out_of_its_place() {
    expect![[r#"
        ordered: parameter sql_catalog.port: it doesn't stand in its place; put it where the document has it
    "#]].assert_eq(&found(&moved(
        "[[parameter]]\nid = \"client.interaction_port\"",
        "[[parameter]]\nid = \"sql_catalog.port\"",
    )));
}

#[test]
fn a_silent_row_out_of_its_place() {
    check(
        "[[silent]]\nrow = \"internal/1\"",
        "internal/1",
        "internal/7",
        expect![[r#"
            complete: row internal/1: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            complete: silent internal/7, `row`: it is declared twice; keep one
            ordered: silent internal/2: it doesn't stand in its place; put it where the document has it
        "#]],
    );
}
