//! The rows that a rule's description cites.

use std::collections::BTreeSet;

/// Expands what stands in brackets at a description's end: `[dmz/2,7; single-server/servers/1]` cites `dmz/2`, `dmz/7`
/// and `single-server/servers/1`.
pub(crate) fn cited(description: &str) -> BTreeSet<String> {
    let Some((_, rest)) = description.rsplit_once('[') else { return BTreeSet::new() };
    let inside = rest.split(']').next().unwrap_or(rest);
    let mut cited = BTreeSet::new();
    let mut table = "";
    for part in inside.split([',', ';', ' ']).filter(|part| !part.is_empty()) {
        let number = match part.rsplit_once('/') {
            Some((of, number)) => {
                table = of;
                number
            }
            None => part,
        };
        if number.bytes().all(|digit| digit.is_ascii_digit()) {
            cited.insert(format!("{table}/{number}"));
        }
    }
    cited
}

#[test]
fn rows_of_one_table_share_its_name() {
    let cited = cited("1E Tachyon 8.1: a from b [single-server/servers/8,12; dmz/1]");
    assert!(cited.iter().eq(["dmz/1", "single-server/servers/12", "single-server/servers/8"]));
}
