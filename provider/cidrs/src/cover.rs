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

/// The addresses that both have, as the fewest blocks, sorted, IPv4 first.
pub fn common(a: &[Cidr], b: &[Cidr]) -> Vec<Cidr> {
    let (a, b) = (Merged::of(a.iter().copied()), Merged::of(b.iter().copied()));
    Merged { v4: intersection(&a.v4, &b.v4), v6: intersection(&a.v6, &b.v6) }.into_cidrs()
}

/// Of two blocks that share addresses, one lies in the other. Both lists are merged, and so is the outcome: two halves of
/// one block would have to come from one list, or from halves of both.
fn intersection<A: Address>(a: &[Prefix<A>], b: &[Prefix<A>]) -> Vec<Prefix<A>> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut shared = Vec::new();
    while let (Some(&&left), Some(&&right)) = (a.peek(), b.peek()) {
        if left.contains(right) {
            shared.push(right);
        } else if right.contains(left) {
            shared.push(left);
        }
        if left.last() < right.last() {
            a.next();
        } else {
            b.next();
        }
    }
    shared
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
