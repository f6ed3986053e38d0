//! Zones that roles do not name, or that are not there.

use expect_test::expect;

use super::check;

const BROWSER: &str = "[[role]]\nid = \"browser\"";
const ZONE: &str = "zone = \"users\"\n";

#[test]
fn a_role_without_a_zone() {
    check(
        BROWSER,
        ZONE,
        "",
        expect![[r#"
            closed: role browser, `zone`: there is no zone ""; declare it
        "#]],
    );
}

#[test]
fn a_role_in_a_zone_that_is_not_there() {
    check(
        BROWSER,
        ZONE,
        "zone = \"user\"\n",
        expect![[r#"
            closed: role browser, `zone`: there is no zone "user"; did you mean `users`?
        "#]],
    );
}

#[test]
fn a_zone_without_a_role() {
    check(
        "[[zone]]\nid = \"users\"",
        "[[zone]]",
        "[[zone]]\nid = \"attic\"\nmeans = \"\"\n[[zone]]",
        expect![[r#"
            closed: zone attic: no role stands in it; take it out
        "#]],
    );
}

#[test]
fn a_need_of_a_role_that_is_not_there() {
    check(
        "id = \"active_directory\"",
        "roles = [\"master_stack\"]",
        "roles = [\"master_stak\"]",
        expect![[r#"
            closed: not_covered active_directory, `roles[0]`: there is no role "master_stak"; did you mean `master_stack`?
        "#]],
    );
}
