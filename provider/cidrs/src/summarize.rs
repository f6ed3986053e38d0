//! Optimal summarizing: at most so many prefixes, and as few addresses too many as that allows.

use std::fmt;

use crate::merge::Merged;
use crate::plan::Plan;
use crate::widen::widen;
use crate::{Cidr, Count};

/// The exact part runs on at most this many prefixes times the prefixes allowed: well under a second, and no more than
/// a quarter of a gibibyte of 4-byte table cells.
const MOST_WORK: usize = 1 << 26;
/// The exact part runs on at most this many prefixes, each of which takes some 200 bytes beside its table.
const MOST_PREFIXES: usize = 1 << 20;

/// A few blocks that stand for many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The blocks, sorted, IPv4 first; no two of them could be merged.
    pub cidrs: Vec<Cidr>,
    /// How many addresses the answer contains that the input does not.
    pub extra_addresses: Count,
    /// Whether it is known that no other choice has fewer extra addresses.
    pub exact: bool,
}

/// A limit that no summary can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// The limit that was given.
    pub found: usize,
    /// The least that can be kept: one prefix for each family present, and never none.
    pub least: usize,
}

impl fmt::Display for TooFew {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why =
            if self.least > 1 { " (no prefix holds both IPv4 and IPv6 addresses)" } else { "" };
        write!(formatter, "expected a limit of at least {}{why}, found {}", self.least, self.found)
    }
}

impl std::error::Error for TooFew {}

/// At most `max_prefixes` blocks that hold all addresses of `cidrs` and the fewest others.
///
/// Of answers that are equally good, the one with the fewest blocks is taken; then, in the topmost block in which
/// two answers differ, the one with fewer blocks in the lower half (IPv4 counts as lower than IPv6).
///
/// The optimum comes from a knapsack over the binary trie of the merged prefixes, in O(n · `max_prefixes`) time. Where
/// that product passes 2^26, or n passes 2^20, prefixes are first joined, those with the fewest addresses between them
/// first, until it does not, or down to `max_prefixes` if that comes first; [`Summary::exact`] then is false. Up to
/// 8192 merged prefixes, and up to 2^20 if at most 64 are allowed, every summary is exact.
pub fn summarize(
    cidrs: impl IntoIterator<Item = Cidr>,
    max_prefixes: usize,
) -> Result<Summary, TooFew> {
    let affordable = MOST_WORK.checked_div(max_prefixes).unwrap_or_default().min(MOST_PREFIXES);
    summarize_affording(affordable, cidrs, max_prefixes)
}

/// As [`summarize`], with the exact part confined to `affordable` prefixes.
pub(crate) fn summarize_affording(
    affordable: usize,
    cidrs: impl IntoIterator<Item = Cidr>,
    max_prefixes: usize,
) -> Result<Summary, TooFew> {
    let merged = Merged::of(cidrs);
    let families = usize::from(!merged.v4.is_empty()) + usize::from(!merged.v6.is_empty());
    let least = families.max(1);
    if max_prefixes < least {
        return Err(TooFew { found: max_prefixes, least });
    }
    let asked_for = merged.addresses();
    let affordable = affordable.max(max_prefixes);
    let exact = merged.len() <= affordable;
    let candidates = if exact { merged } else { widen(&merged, affordable) };
    let summary = if candidates.len() > max_prefixes {
        optimum(&candidates, max_prefixes)
    } else {
        candidates
    };
    let extra_addresses = summary.addresses().saturating_sub(asked_for);
    Ok(Summary { cidrs: summary.into_cidrs(), extra_addresses, exact })
}

/// Plans each family apart, and shares out the blocks between them.
fn optimum(merged: &Merged, most: usize) -> Merged {
    let (v4, v6) = (Plan::of(&merged.v4, most), Plan::of(&merged.v6, most));
    let v6_offers = v6.offers();
    let best = v4.offers().into_iter().filter_map(|(v4_blocks, v4_extra)| {
        let left = most.checked_sub(v4_blocks)?;
        let within = v6_offers.partition_point(|&(blocks, _)| blocks <= left);
        let &(v6_blocks, v6_extra) = v6_offers.get(..within)?.last()?;
        Some((Count::from(v4_extra) + Count::from(v6_extra), v4_blocks + v6_blocks, v4_blocks))
    });
    let (_, blocks, v4_blocks) = best.min().unwrap_or_default();
    Merged { v4: v4.choose(v4_blocks), v6: v6.choose(blocks - v4_blocks) }
}
