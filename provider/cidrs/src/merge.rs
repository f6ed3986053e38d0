//! Exact merging: the fewest prefixes that hold the same addresses.

use crate::address::Number;
use crate::{Address, Cidr, Count, Prefix, V4, V6};

/// The fewest blocks that hold exactly the same addresses, sorted, IPv4 first.
///
/// Takes the time of sorting: O(n log n), less if the blocks are sorted already.
pub fn merge(cidrs: impl IntoIterator<Item = Cidr>) -> Vec<Cidr> {
    Merged::of(cidrs).into_cidrs()
}

/// A set of addresses, as the fewest prefixes of each family, sorted.
#[derive(Default)]
pub(crate) struct Merged {
    pub(crate) v4: Vec<V4>,
    pub(crate) v6: Vec<V6>,
}

impl Merged {
    pub(crate) fn of(cidrs: impl IntoIterator<Item = Cidr>) -> Merged {
        let cidrs = cidrs.into_iter();
        // Lists are nearly always of IPv4, and those keys are small.
        let mut v4 = Vec::with_capacity(cidrs.size_hint().0);
        let mut v6 = Vec::new();
        for cidr in cidrs {
            match cidr {
                Cidr::V4(prefix) => v4.push(u32::pack(prefix)),
                Cidr::V6(prefix) => v6.push(u128::pack(prefix)),
            }
        }
        Merged { v4: merge_keys(v4), v6: merge_keys(v6) }
    }

    pub(crate) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    pub(crate) fn addresses(&self) -> Count {
        let v4: Count = self.v4.iter().map(|prefix| prefix.addresses()).sum();
        v4 + self.v6.iter().map(|prefix| prefix.addresses()).sum()
    }

    pub(crate) fn into_cidrs(self) -> Vec<Cidr> {
        self.v4.into_iter().map(Cidr::V4).chain(self.v6.into_iter().map(Cidr::V6)).collect()
    }
}

fn merge_keys<A: Address>(mut keys: Vec<A::Key>) -> Vec<Prefix<A>> {
    keys.sort_unstable();
    // Disjoint, ascending, and no two neighbours are halves of one block.
    let mut merged: Vec<Prefix<A>> = Vec::with_capacity(keys.len());
    for mut prefix in keys.into_iter().map(A::unpack) {
        // Whatever holds the prefix sorts before it, and only the last can reach so far.
        if merged.last().is_some_and(|last| last.contains(prefix)) {
            continue;
        }
        while let Some(whole) = merged.last().and_then(|last| last.joined(prefix)) {
            merged.pop();
            prefix = whole;
        }
        merged.push(prefix);
    }
    merged
}
