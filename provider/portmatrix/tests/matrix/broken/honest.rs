//! What does not say that, or why, it was inferred.

use expect_test::expect;

use super::{CLOUD, LAST, SMTP, check};

#[test]
fn an_inferred_flow_without_a_reason() {
    check(
        CLOUD,
        "why = \"",
        "why = \"\"#",
        expect![[r#"
            honest: flow master_to_cloud, `why`: it is inferred, and doesn't say why; give `why`
        "#]],
    );
}

#[test]
fn an_inferred_flow_without_evidence() {
    check(
        CLOUD,
        "evidence = [\"catalog-cloud\"]",
        "evidence = []",
        expect![[r#"
            honest: flow master_to_cloud, `evidence`: it is inferred from nothing; give `evidence`
        "#]],
    );
}

#[test]
fn a_reason_without_an_inference() {
    check(
        CLOUD,
        "basis = \"inferred\"",
        "basis = \"outside\"",
        expect![[r#"
            honest: flow master_to_cloud, `basis`: it says why it was inferred, but not that it was; set `basis = "inferred"`, or move `why` and `evidence` to the rows' readings
            honest: flow master_to_cloud, `basis`: no input confirms it, and it is less than sure; set `basis = "inferred"` and say why
        "#]],
    );
}

#[test]
fn less_than_sure_without_an_inference() {
    check(
        SMTP,
        "confidence = \"high\"",
        "confidence = \"medium\"",
        expect![[r#"
            honest: flow master_to_smtp, `basis`: no input confirms it, and it is less than sure; set `basis = "inferred"` and say why
        "#]],
    );
}

#[test]
fn a_row_read_without_a_reason() {
    check(
        LAST,
        "because = \"",
        "because = \"\"#",
        expect![[r#"
            honest: row internal/7, `reading.because`: nothing says why it is read as master_stack; give `because`
        "#]],
    );
}
