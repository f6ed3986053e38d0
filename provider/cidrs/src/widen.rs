//! Fewer prefixes by joining whatever lies closest: fast for any number of them, though not optimal.

use crate::Address;
use crate::merge::Merged;
use crate::prefix::Prefix;
use crate::trie::Fork;

/// Joins prefixes until at most `most` are left, which must be no less than the families present.
///
/// A join puts the shortest block in the place of its two halves' contents, and those that add the fewest addresses
/// come first, whatever the family; of equal ones, IPv4 and then the lower addresses.
pub(crate) fn widen(merged: &Merged, most: usize) -> Merged {
    // A fork can be joined only after those beneath it. So its turn comes with the dearest join of its subtree.
    let mut turns = Vec::with_capacity(merged.len());
    join(merged, |turn| {
        turns.push(turn);
        false
    });
    turns.sort_unstable();
    let joins = merged.len().saturating_sub(most);
    let last_turn = turns.get(..joins).and_then(|taken| taken.last()).copied().unwrap_or_default();
    let mut joins_left_in_last_turn =
        joins.saturating_sub(turns.partition_point(|&turn| turn < last_turn));
    let widened = join(merged, |turn| {
        let takes_a_tie = turn == last_turn && joins_left_in_last_turn > 0;
        joins_left_in_last_turn -= usize::from(takes_a_tie);
        takes_a_tie || turn < last_turn
    });
    // Joined blocks may have come to be the two halves of another.
    Merged::of(widened.into_cidrs())
}

/// Asks `accept` about the turn of each fork, those beneath before those above, and joins the accepted ones.
fn join(merged: &Merged, mut accept: impl FnMut(u128) -> bool) -> Merged {
    let mut joined = Merged::default();
    join_beneath(&merged.v4, &mut joined.v4, &mut accept);
    join_beneath(&merged.v6, &mut joined.v6, &mut accept);
    joined
}

/// Returns the turn of the topmost fork.
fn join_beneath<A: Address>(
    list: &[Prefix<A>],
    joined: &mut Vec<Prefix<A>>,
    accept: &mut impl FnMut(u128) -> bool,
) -> u128 {
    let Some(fork) = Fork::above(list) else {
        joined.extend_from_slice(list);
        return 0;
    };
    let start = joined.len();
    let lower_turn = join_beneath(fork.lower, joined, accept);
    let upper_turn = join_beneath(fork.upper, joined, accept);
    let turn = fork.gap.to_u128().max(lower_turn).max(upper_turn);
    if accept(turn) {
        joined.truncate(start);
        joined.push(fork.block);
    }
    turn
}
