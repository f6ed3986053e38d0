//! Coverage: which wanted addresses a set of blocks leaves out.

use crate::merge::Merged;
use crate::{Address, Cidr, Prefix};

/// The addresses of `wanted` that `by` does not hold, as the fewest blocks, sorted, IPv4 first.
pub fn uncovered(wanted: &[Cidr], by: &[Cidr]) -> Vec<Cidr> {
    let (wanted, by) = (Merged::of(wanted.iter().copied()), Merged::of(by.iter().copied()));
    Merged { v4: difference(&wanted.v4, &by.v4), v6: difference(&wanted.v6, &by.v6) }.into_cidrs()
}

/// Whether `by` holds every address of `wanted`.
pub fn covers(by: &[Cidr], wanted: &[Cidr]) -> bool {
    uncovered(wanted, by).is_empty()
}

/// Both are merged, and so is the outcome: a block is only ever split where a part of it is taken away.
fn difference<A: Address>(wanted: &[Prefix<A>], by: &[Prefix<A>]) -> Vec<Prefix<A>> {
    let mut left = Vec::new();
    for &prefix in wanted {
        let before = by.partition_point(|taken| taken.last() < prefix.address());
        let reached = by.partition_point(|taken| taken.address() <= prefix.last());
        take_away(prefix, by.get(before..reached).unwrap_or_default(), &mut left);
    }
    left
}

/// Adds what is left of `prefix` without `taken`, which are the blocks that share addresses with it. Goes as deep as
/// an address has bits.
fn take_away<A: Address>(prefix: Prefix<A>, taken: &[Prefix<A>], left: &mut Vec<Prefix<A>>) {
    let Some(first) = taken.first() else { return left.push(prefix) };
    if first.contains(prefix) {
        return;
    }
    if let Some((lower, upper)) = prefix.halves() {
        let (in_lower, in_upper) =
            taken.split_at(taken.partition_point(|block| block.address() < upper.address()));
        take_away(lower, in_lower, left);
        take_away(upper, in_upper, left);
    }
}
