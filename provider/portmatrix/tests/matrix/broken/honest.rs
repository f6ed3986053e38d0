//! What does not say that, or why, it was inferred.

use expect_test::expect;

use super::{CLOUD, LAST, SMTP, check};

#[test]
fn each_finding_is_told() {
    check(
        CLOUD,
        "why = \"",
        "why = \"\"#",
        expect![[r#"
            honest: flow master_to_cloud: it is inferred, and doesn't say why; give `why`
        "#]],
    );
    check(
        CLOUD,
        "evidence = [\"catalog-cloud\"]",
        "evidence = []",
        expect![[r#"
            honest: flow master_to_cloud: it is inferred from nothing; give `evidence`
        "#]],
    );
    check(
        CLOUD,
        "basis = \"inferred\"",
        "basis = \"outside\"",
        expect![[r#"
            honest: flow master_to_cloud: it says why it was inferred, but not that it was; set `basis = "inferred"`, or move `why` and `evidence` to the rows' readings
            honest: flow master_to_cloud: no input confirms it, and it is less than sure; set `basis = "inferred"` and say why
        "#]],
    );
    check(
        SMTP,
        "confidence = \"high\"",
        "confidence = \"medium\"",
        expect![[r#"
            honest: flow master_to_smtp: no input confirms it, and it is less than sure; set `basis = "inferred"` and say why
        "#]],
    );
    check(
        LAST,
        "because = \"",
        "because = \"\"#",
        expect![[r#"
            honest: row internal/7: nothing says why it is read as master_stack; give `because`
        "#]],
    );
}
