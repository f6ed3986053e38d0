//! The functions that take a deployment and nothing else, and that a data source answers for too: `connections`, and one for
//! each platform.

use std::sync::LazyLock;

use crate::answer::PROVIDER;

/// Their names.
pub(crate) static FUNCTIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let names = PROVIDER.functions.iter().filter_map(|function| {
        let signature = function.signature();
        let [only] = signature.parameters.as_slice() else { return None };
        let has_twin = PROVIDER.data_source(&format!("tachyon_{}", function.name())).is_some();
        (only.name == "deployment" && has_twin).then(|| function.name())
    });
    names.collect()
});

/// The names of those that answer for a platform.
pub(crate) fn of_platforms() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().copied().filter(|name| *name != "connections")
}

#[test]
fn each_platform_and_the_connections_are_among_them() {
    let expected = ["connections", "security_group_rules", "network_security_rules"];
    assert!(expected.iter().all(|name| FUNCTIONS.contains(name)), "{FUNCTIONS:?}");
}
