//! The exact optimum for one family: a knapsack over the trie of its prefixes.

use crate::trie::Fork;
use crate::{Address, Prefix};

/// For every number of prefixes up to some limit, the choice of blocks with the fewest extra addresses.
///
/// An extra address is one that a chosen block holds and no given prefix does.
pub(crate) struct Plan<A: Address> {
    root: Option<Node<A>>,
    costs: Costs<A>,
}

/// At index `i`, the fewest extra addresses with exactly `i + 1` blocks. Never rises: whatever spends fewer blocks than
/// there are prefixes has one around a fork, and splitting it there adds nothing.
type Costs<A> = Vec<A>;

enum Node<A: Address> {
    Leaf(Prefix<A>),
    Fork(Box<Choices<A>>),
}

struct Choices<A: Address> {
    /// What stands for everything beneath if there is but one block to spend.
    block: Prefix<A>,
    lower: Node<A>,
    upper: Node<A>,
    /// At index `i`, how many of `i + 1` blocks go to `lower`; nothing is shared out at index 0.
    lower_shares: Vec<u32>,
}

impl<A: Address> Plan<A> {
    /// Plans for up to `most` blocks around sorted disjoint prefixes; O(prefixes · `most`) time.
    ///
    /// Where choices cost the same, the lower half of a block gets the fewest blocks that allow it.
    pub(crate) fn of(prefixes: &[Prefix<A>], most: usize) -> Self {
        let (root, costs) = plan(prefixes, most).unzip();
        Plan { root, costs: costs.unwrap_or_default() }
    }

    /// The numbers of blocks worth spending, rising, each with its fewest extra addresses, strictly falling. Without
    /// prefixes that is none.
    pub(crate) fn offers(&self) -> Vec<(usize, u128)> {
        let mut offers: Vec<(usize, u128)> = Vec::new();
        for (blocks, cost) in (1..).zip(self.costs.iter().map(|cost| cost.to_u128())) {
            if offers.last().is_none_or(|&(_, dearer)| cost < dearer) {
                offers.push((blocks, cost));
            }
        }
        if offers.is_empty() { vec![(0, 0)] } else { offers }
    }

    /// The best choice of exactly `blocks` blocks, sorted.
    pub(crate) fn choose(&self, blocks: usize) -> Vec<Prefix<A>> {
        let mut chosen = Vec::with_capacity(blocks);
        if let Some(root) = &self.root {
            root.choose(blocks, &mut chosen);
        }
        chosen
    }
}

impl<A: Address> Node<A> {
    fn choose(&self, blocks: usize, chosen: &mut Vec<Prefix<A>>) {
        match self {
            Node::Leaf(prefix) => chosen.push(*prefix),
            Node::Fork(choices) => {
                match blocks.checked_sub(1).and_then(|index| choices.lower_shares.get(index)) {
                    Some(&share) if blocks > 1 => {
                        choices.lower.choose(share as usize, chosen);
                        choices.upper.choose(blocks.saturating_sub(share as usize), chosen);
                    }
                    _ => chosen.push(choices.block),
                }
            }
        }
    }
}

/// Costs are apart from the nodes because nobody needs them once the fork above has read them.
fn plan<A: Address>(prefixes: &[Prefix<A>], most: usize) -> Option<(Node<A>, Costs<A>)> {
    let Some(fork) = Fork::above(prefixes) else {
        return prefixes.first().map(|prefix| (Node::Leaf(*prefix), vec![A::ZERO]));
    };
    let (lower, lower_costs) = plan(fork.lower, most)?;
    let (upper, upper_costs) = plan(fork.upper, most)?;
    // No sum can wrap: all extra addresses and one that is not lie in the family.
    let alone = lower_costs.first()?.wrapping_plus(*upper_costs.first()?).wrapping_plus(fork.gap);
    let (costs, lower_shares) = share_out(alone, &lower_costs, &upper_costs, most);
    Some((Node::Fork(Box::new(Choices { block: fork.block, lower, upper, lower_shares })), costs))
}

/// The costs of a fork, and how many blocks its lower half then gets; `alone` is the cost of one block around all.
fn share_out<A: Address>(alone: A, lower: &[A], upper: &[A], most: usize) -> (Costs<A>, Vec<u32>) {
    let length = most.min(lower.len() + upper.len());
    // No cost is as high as this: not all addresses of a family can be extra.
    let mut costs = vec![!A::ZERO; length];
    let mut shares = vec![0; length];
    if let Some(first) = costs.first_mut() {
        *first = alone;
    }
    for (share, &lower_cost) in (1_u32..).zip(lower) {
        let (Some(costs), Some(shares)) =
            (costs.get_mut(share as usize..), shares.get_mut(share as usize..))
        else {
            break;
        };
        for ((cost, best_share), &upper_cost) in costs.iter_mut().zip(shares).zip(upper) {
            let candidate = lower_cost.wrapping_plus(upper_cost);
            if candidate < *cost {
                *cost = candidate;
                *best_share = share;
            }
        }
    }
    (costs, shares)
}
