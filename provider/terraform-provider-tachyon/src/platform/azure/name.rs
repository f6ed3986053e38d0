//! Names of rules: unique in their group, readable, and never longer than Azure takes.
//!
//! At most 80 characters; begins with a letter, digit or `_`, ends with one of these, holds also `.` and `-` (source:
//! Azure, "Naming rules and restrictions", Microsoft.Network networkSecurityGroups/securityRules).

use portmatrix::bug::OrBug;

use super::part::Part;
use crate::platform::text::identity;

/// The longest name, in characters.
pub(super) const LONGEST: usize = 80;

/// Writes the name of a rule into an empty text: `in-client_to_switch-4000-ipv4`. A longer one than Azure takes has its words abbreviated and
/// ends in a hash of the full name.
pub(super) fn push_rule(
    full: &mut String,
    direction: &str,
    flow: &str,
    ports: &str,
    part: Part<'_>,
) {
    full.reserve(LONGEST);
    for word in [direction, flow, ports] {
        full.push_str(word);
        full.push('-');
    }
    let start = full.len();
    // With the endpoint `2-x` behind it, `groups` would read as `groups-2` does with `x`.
    part.push(full, '_');
    if full.len() <= LONGEST {
        return;
    }
    let mark = identity(full);
    let part = full.split_off(start);
    let flow = abbreviated(flow);
    let shorter = [
        format!("{direction}-{flow}-{ports}-{part}-{mark}"),
        format!("{direction}-{flow}-{ports}-{mark}"),
    ];
    // The last always fits: the longest flow abbreviates to less than half of the room.
    let fitting = shorter.into_iter().find(|name| name.len() <= LONGEST);
    *full = fitting.or_bug("a flow whose name is too long however it is abbreviated");
}

/// The name of a rule in a group that several endpoints share: with the endpoint at its end, and with a hash where that
/// alone would not do: Azure does not tell `A` from `a`, and a name must not end in `.` or `-`.
pub(super) fn of_member(rule: &str, endpoint: &str) -> String {
    let full = format!("{rule}-{endpoint}");
    let plain = !endpoint.contains(|letter: char| letter.is_ascii_uppercase());
    let ends_well = full.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
    if full.len() <= LONGEST && ends_well && plain {
        return full;
    }
    let mark = identity(&full);
    let (direction, _) = rule.split_once('-').unwrap_or((rule, ""));
    let shorter = [format!("{full}-{mark}"), format!("{rule}-{mark}")];
    let fitting = shorter.into_iter().find(|name| name.len() <= LONGEST);
    fitting.unwrap_or_else(|| format!("{direction}-{mark}"))
}

/// Each word of an id by its first four letters.
fn abbreviated(id: &str) -> String {
    let words: Vec<String> = id.split('_').map(|word| word.chars().take(4).collect()).collect();
    words.join("_")
}
