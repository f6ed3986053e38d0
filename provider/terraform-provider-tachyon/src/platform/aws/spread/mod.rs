//! Which of an endpoint's groups each rule belongs to.
//!
//! A rule's group is decided by its key alone: the key's hash names the group it prefers, and the order in which it
//! tries the others when that one is full. Rules settle in the order of their hashes, so that whether a rule finds
//! its group full depends only on rules that go before it; a rule that comes or goes moves another only if it takes
//! or frees a place that the other wanted.

use portmatrix::bug::OrBug;

use super::rule::Weight;

/// A group's load, by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Load {
    pub(super) ipv4: u32,
    pub(super) ipv6: u32,
}

impl Load {
    pub(super) fn with(self, weight: Weight) -> Self {
        Self {
            ipv4: self.ipv4.saturating_add(weight.ipv4),
            ipv6: self.ipv6.saturating_add(weight.ipv6),
        }
    }

    /// What EC2 compares with the quota: the fuller of the two families.
    pub(super) fn most(self) -> u32 {
        self.ipv4.max(self.ipv6)
    }
}

/// The rules spread over groups.
#[derive(Debug)]
pub(super) struct Spread {
    /// The group of each rule, in the order of the rules.
    pub(super) groups: Vec<u32>,
    /// What each group holds, those that found no room with it.
    pub(super) loads: Vec<Load>,
    /// Positions of the rules that found no group with room; they stand in the group they prefer.
    pub(super) left_over: Vec<usize>,
    /// What each group holds of those that found room: what is over takes it from no other.
    placed: Vec<Load>,
}

/// Spreads rules over `count` groups (at least one) of `limit` rules each; `hashes` gives those of their keys.
pub(super) fn spread(
    rules: &[Weight],
    hashes: impl FnOnce() -> Vec<u64>,
    count: u32,
    limit: u32,
) -> Spread {
    if count <= 1 {
        let load = rules.iter().copied().fold(Load::default(), Load::with);
        if load.most() <= limit {
            // All fit into the one group there is, in whatever order, and no key is needed.
            return Spread {
                groups: vec![0; rules.len()],
                loads: vec![load],
                left_over: Vec::new(),
                placed: vec![load],
            };
        }
    }
    // Rules stand in an order of their own, which decides between two of one hash.
    let mut order: Vec<(u64, usize)> = hashes().into_iter().zip(0..).collect();
    order.sort_unstable();
    let count = usize::try_from(count.max(1)).ok().or_bug("more groups than can be counted");
    let mut spread = Spread {
        groups: vec![0; rules.len()],
        loads: vec![Load::default(); count],
        left_over: Vec::new(),
        placed: vec![Load::default(); count],
    };
    for (hash, position) in order {
        let weight = rules.get(position).or_bug("a rule that is not among the rules");
        spread.settle(hash, position, *weight, limit);
    }
    spread.left_over.sort_unstable();
    spread
}

impl Spread {
    fn settle(&mut self, hash: u64, position: usize, weight: Weight, limit: u32) {
        let preferred = remainder(hash, self.loads.len());
        let chosen = self.probes(hash, preferred).find(|group| {
            self.placed.get(*group).is_some_and(|load| load.with(weight).most() <= limit)
        });
        let group = chosen.unwrap_or(preferred);
        let add = |loads: &mut Vec<Load>| {
            let load = loads.get_mut(group).or_bug("a group that there is not");
            *load = load.with(weight);
        };
        add(&mut self.loads);
        if chosen.is_some() {
            add(&mut self.placed);
        } else {
            self.left_over.push(position);
        }
        let place = self.groups.get_mut(position).or_bug("a rule that is not among the rules");
        *place = u32::try_from(group).ok().or_bug("more groups than were asked for");
    }

    /// The groups in the order in which a key tries them: from the preferred one in steps of its own.
    fn probes(&self, hash: u64, preferred: usize) -> impl Iterator<Item = usize> + use<> {
        let count = self.loads.len();
        let wanted = 1 + remainder(hash >> 32, count.saturating_sub(1).max(1));
        // Only a step without a common divisor visits every group.
        let step = (wanted..wanted + count).find(|step| greatest_common_divisor(*step, count) == 1);
        let step = step.or_bug("as many steps in a row as groups, none of them without a divisor");
        (0..count).map(move |probe| (preferred + probe * step) % count)
    }
}

fn remainder(hash: u64, count: usize) -> usize {
    let count = u64::try_from(count).ok().or_bug("more groups than can be counted");
    usize::try_from(hash % count).ok().or_bug("a remainder over what it is divided by")
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests;
