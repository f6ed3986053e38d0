//! Sorted disjoint prefixes seen as a binary trie, without building one: a subtree is a run of the list.

use crate::{Address, Prefix};

/// An inner node of the compressed trie: a block with prefixes in both of its halves.
pub(crate) struct Fork<'list, A: Address> {
    /// The shortest block that holds all prefixes beneath.
    pub(crate) block: Prefix<A>,
    /// How many addresses `block` has beyond the shortest blocks around `lower` and around `upper`.
    pub(crate) gap: A,
    /// The prefixes in the lower half; at least one.
    pub(crate) lower: &'list [Prefix<A>],
    /// The prefixes in the upper half; at least one.
    pub(crate) upper: &'list [Prefix<A>],
}

impl<'list, A: Address> Fork<'list, A> {
    /// The topmost fork above the prefixes; `None` if there are fewer than two. Forks lie no deeper than an address
    /// has bits, so walking them by recursion is safe.
    pub(crate) fn above(list: &'list [Prefix<A>]) -> Option<Self> {
        let block = block_around(list)?;
        let (_, upper_half) = block.halves().filter(|_| list.len() > 1)?;
        let (lower, upper) = list.split_at(list.partition_point(|prefix| *prefix < upper_half));
        // The gap is less than the family, so wrapping sizes give it exactly, even for `::/0`.
        let gap = block.wrapping_size().wrapping_minus(block_around(lower)?.wrapping_size());
        Some(Fork {
            block,
            gap: gap.wrapping_minus(block_around(upper)?.wrapping_size()),
            lower,
            upper,
        })
    }
}

fn block_around<A: Address>(list: &[Prefix<A>]) -> Option<Prefix<A>> {
    Some(list.first()?.block(*list.last()?))
}
