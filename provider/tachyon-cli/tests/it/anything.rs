//! What has no other place: texts from anywhere never make the binary panic.

use proptest::prelude::*;

use crate::fed;

/// Files that are nearly right: parts of real ones, cut and joined.
fn nearly() -> impl Strategy<Value = String> {
    const PARTS: [&str; 26] = [
        "endpoints",
        ":",
        "=",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "\n",
        "  ",
        "- ",
        "a",
        "é",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "10.0.0.0/8",
        "443",
        "|",
        "#",
        ",",
        "null",
        "${",
        "<<EOT\n",
    ];
    proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    // Each starts three processes, within milliseconds.
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_is_answered_or_refused(text in nearly()) {
        for format in ["json", "yaml", "hcl"] {
            let run = fed(&["check", "-", "--input-format", format], text.as_bytes());
            prop_assert!(run.status == 0 || run.status == 2 && run.messages.starts_with("error"), "{}", run.messages);
            prop_assert!(!run.messages.contains("bug") && !run.messages.contains("panicked"), "{}", run.messages);
        }
    }
}
