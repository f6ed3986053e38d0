//! Short texts for clouds that take only so many characters.

use portmatrix::matrix::{Flow, Matrix};

/// Ids of rows, those of one table together: `dmz/1,3; single-server/servers/2`.
pub fn grouped_rows<'r>(rows: impl IntoIterator<Item = &'r str>) -> String {
    let split = |row: &'r str| {
        let (table, number) = row.rsplit_once('/').unwrap_or(("", row));
        (table, number.parse().unwrap_or(usize::MAX), number)
    };
    let mut rows: Vec<(&str, usize, &str)> = rows.into_iter().map(split).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut text = String::with_capacity(rows.iter().map(|(table, ..)| table.len() + 4).sum());
    let mut last = None;
    for (table, _, number) in rows {
        if last == Some(table) {
            text.push(',');
        } else {
            text.push_str(if last.is_some() { "; " } else { "" });
            text.push_str(table);
            text.push('/');
            last = Some(table);
        }
        text.push_str(number);
    }
    text
}

/// What a rule's description says of flows that the document does not ask for: `, inferred`, `, partly own`.
pub fn grounds(flows: &[&Flow]) -> &'static str {
    let own = flows.iter().filter(|flow| flow.is_own()).count();
    let documented = flows.iter().filter(|flow| flow.is_documented()).count();
    let inferred = flows.len() - own - documented;
    match (documented, inferred, own) {
        (_, 0, 0) => "",
        (0, _, 0) => ", inferred",
        (_, _, 0) => ", partly inferred",
        (0, 0, _) => ", own",
        (_, 0, _) => ", partly own",
        _ => ", partly inferred, partly own",
    }
}

/// Whether descriptions call two documents the same.
pub fn is_same_document(one: &Matrix, other: &Matrix) -> bool {
    std::ptr::eq(one, other)
        || (one.source.product == other.source.product && one.version == other.version)
}

/// Whether descriptions say the same of two flows: they say nothing that is not of the flow.
pub fn is_same_flow(one: &Flow, other: &Flow) -> bool {
    std::ptr::eq(one, other) || one == other
}

/// The first name, and how many others there are: `browsers +2 more`.
pub fn counted(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} +{} more", rest.len()),
    }
}

/// The names of what stands on a way, for the description of a rule: `waf then balancer`.
pub fn way_in_words<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(" then ")
}

/// How many of the costliest are told.
pub const TOLD: usize = 5;

/// Names with what each costs, the costliest first.
pub fn costliest<'n, C: Ord>(costs: impl IntoIterator<Item = (&'n str, C)>) -> Vec<(&'n str, C)> {
    let mut costs: Vec<(&str, C)> = costs.into_iter().collect();
    costs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    costs
}

/// Eight hexadecimal digits that stand for a text.
pub fn identity(text: &str) -> String {
    format!("{:08x}", stable_hash(text) >> 32)
}

/// A hash of text that is the same on every machine and in every release: FNV-1a with the finish of SplitMix64, since
/// FNV alone leaves the low bits of short, similar texts alike.
///
/// What is kept apart by it (groups, priorities, names) is stored in users' state, so it never changes.
pub fn stable_hash(text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let fnv = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_table_stand_together_in_the_order_of_the_document() {
        let rows = ["single-server/servers/10", "single-server/servers/9", "dmz/1", "dmz/1"];
        assert_eq!(grouped_rows(rows), "dmz/1; single-server/servers/9,10");
        assert_eq!(grouped_rows([]), "");
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(stable_hash(""), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(identity("tcp-443/10.1.0.0/16"), identity("tcp-443/10.1.0.0/16"));
    }
}
