//! What a rule is for, within what EC2 takes as a description.
//!
//! At most 255 characters of `a-z A-Z 0-9 . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *` and space (source: EC2 API,
//! `IpRange.Description`; `&` only where the source is a CIDR, so it is not used here).

use std::collections::BTreeSet;

use crate::platform::text::{counted, grouped_rows, identity};
use crate::platform::view::Direction;

/// The longest description, in characters.
pub(super) const LONGEST: usize = 255;

/// What a description tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'t> {
    /// The version of the matrix.
    pub(super) version: &'t str,
    /// Whether traffic comes in or goes out.
    pub(super) direction: Direction,
    /// The flows, sorted.
    pub(super) flows: &'t [&'t str],
    /// The rows that ask for them.
    pub(super) rows: &'t BTreeSet<&'t str>,
    /// The peers, by name.
    pub(super) peers: &'t [&'t str],
}

/// Everything in full where it fits; else peers, then flows, then rows are counted instead of named, and a short hash
/// of the full text tells apart what then reads the same.
pub(super) fn of_rule(told: &Told<'_>) -> String {
    let rows = grouped_rows(told.rows);
    let full = text(told, &told.flows.join(", "), &told.peers.join(", "), &rows);
    if full.len() <= LONGEST {
        return full;
    }
    let peers = counted(told.peers);
    let flows = counted(told.flows);
    let all_rows: Vec<&str> = told.rows.iter().copied().collect();
    let shorter = [
        text(told, &told.flows.join(", "), &peers, &rows),
        text(told, &flows, &peers, &rows),
        text(told, &flows, &peers, &counted(&all_rows)),
    ];
    let mark = format!(" #{}", identity(&full));
    // The last always fits: names have at most 64 characters, flows and rows come from the matrix.
    let fitting = shorter.into_iter().find(|text| text.len() + mark.len() <= LONGEST).unwrap_or_default();
    fitting + &mark
}

fn text(told: &Told<'_>, flows: &str, peers: &str, rows: &str) -> String {
    let towards = match told.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    format!("1E Tachyon {}: {flows} {towards} {peers} [{rows}]", told.version)
}
