//! What fuzzers try on the provider: one function for each target, which takes any bytes and panics if something that
//! must hold does not.
//!
//! The list is [`TARGETS`]. `libfuzzer/` beside this crate drives them by coverage; `tests/corpus.rs` runs what was
//! found so far with every test run. A target has to be quick and to depend on its bytes alone.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a target panics when what must hold does not: that is how it tells"
)]

mod cidr_lists;
mod deployments;
mod matrices;
mod text;
mod union;
mod values;

/// Something to fuzz.
pub struct Target {
    /// Its name, which is also that of its folder in `corpus/`.
    pub name: &'static str,
    /// Tries one input.
    pub run: fn(&[u8]),
}

/// Everything that is fuzzed.
pub const TARGETS: [Target; 4] = [
    Target { name: "values", run: values::run },
    Target { name: "deployments", run: deployments::run },
    Target { name: "matrices", run: matrices::run },
    Target { name: "cidrs", run: cidr_lists::run },
];

/// Tries one input on the target of this name.
///
/// # Panics
///
/// If something does not hold that must; and if there is no such target.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("there is no target {name}")).run)(data);
}
