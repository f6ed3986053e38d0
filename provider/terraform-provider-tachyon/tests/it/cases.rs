//! How many random cases a property is tried with.

use std::sync::LazyLock;

use proptest::test_runner::Config;

/// The number that `TACHYON_CASES` asks for, if it asks: a run of all tests tries many more than one can wait for while working.
static ASKED: LazyLock<Option<u32>> = LazyLock::new(|| {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of these tests that reads the environment"
    )]
    let cases = std::env::var("TACHYON_CASES").ok()?;
    Some(cases.parse().expect("TACHYON_CASES must be a number"))
});

/// A configuration with `few` cases, or as many as were asked for.
pub(crate) fn cases(few: u32) -> Config {
    let cases = ASKED.unwrap_or(few);
    // A case that fails is shrunk and printed; files beside the sources would only go stale.
    Config { cases, failure_persistence: None, max_shrink_iters: 4096, ..Config::default() }
}
