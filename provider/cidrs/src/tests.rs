//! Tests: every computation against a second implementation, written plainly, on universes small enough to enumerate.

mod count;
mod cover;
mod merge;
mod parse;
mod spelling;
mod summarize;
mod universe;
mod widen;

use proptest::test_runner::Config;

use crate::Cidr;

/// Thousands of cases, and no file of old failures: whatever fails becomes a named test.
fn thorough() -> Config {
    Config { cases: 3000, failure_persistence: None, ..Config::default() }
}

fn cidr(text: &str) -> Cidr {
    Cidr::parse(text).unwrap()
}

fn cidrs(texts: &[&str]) -> Vec<Cidr> {
    texts.iter().map(|text| cidr(text)).collect()
}

fn texts(cidrs: &[Cidr]) -> Vec<String> {
    cidrs.iter().map(ToString::to_string).collect()
}
