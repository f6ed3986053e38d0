//! Sets of whole numbers, for ports and for protocols.

use super::traffic::Set;

/// A set of numbers from 0 to 65535, as the fewest ranges, ascending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spans(Vec<(u16, u16)>);

impl Spans {
    /// The numbers of all ranges together; both ends of each are included, the lower stands first.
    pub(super) fn of(ranges: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut ranges: Vec<(u16, u16)> = ranges.into_iter().collect();
        ranges.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match joined.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }

    /// Every number.
    pub(super) fn all() -> Self {
        Self(vec![(0, u16::MAX)])
    }

    /// One number.
    pub(super) fn one(number: u16) -> Self {
        Self(vec![(number, number)])
    }

    fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        // The lowest number that no range has reached; none once the highest was.
        let mut next = Some(0);
        for (from, to) in &self.0 {
            if let (Some(start), Some(end)) = (next, from.checked_sub(1))
                && start <= end
            {
                gaps.push((start, end));
            }
            next = to.checked_add(1);
        }
        gaps.extend(next.map(|start| (start, u16::MAX)));
        Self(gaps)
    }

    /// The ranges that both have, ascending.
    fn shared<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = (u16, u16)> + 's {
        self.0.iter().flat_map(|(from, to)| {
            let near = other.0.partition_point(|range| range.1 < *from);
            let reached = other.0.iter().skip(near).take_while(move |range| range.0 <= *to);
            reached.map(move |range| (range.0.max(*from), range.1.min(*to)))
        })
    }
}

impl Set for Spans {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn meets(&self, other: &Self) -> bool {
        self.shared(other).next().is_some()
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.shared(other).collect())
    }

    fn minus(&self, other: &Self) -> Self {
        self.and(&other.complement())
    }

    fn is_within(&self, other: &Self) -> bool {
        // Neighbouring ranges are joined, so each lies in one of the other's as a whole.
        self.0.iter().all(|(from, to)| {
            let near = other.0.partition_point(|range| range.1 < *from);
            other.0.get(near).is_some_and(|range| range.0 <= *from && *to <= range.1)
        })
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ranges close to either end of the numbers, where off-by-one mistakes live.
    fn range() -> impl Strategy<Value = (u16, u16)> {
        let number = prop_oneof![0_u16..12, u16::MAX - 12..=u16::MAX];
        (number.clone(), number).prop_map(|(a, b)| (a.min(b), a.max(b)))
    }

    proptest! {
        #[test]
        fn every_number_is_where_it_belongs(a in prop::collection::vec(range(), 0..4), b in prop::collection::vec(range(), 0..4)) {
            let holds = |ranges: &[(u16, u16)], number| ranges.iter().any(|(from, to)| (*from..=*to).contains(&number));
            let (left, right) = (Spans::of(a.clone()), Spans::of(b.clone()));
            let (and, minus) = (left.and(&right), left.minus(&right));
            for number in (0..20).chain(u16::MAX - 20..=u16::MAX) {
                let (in_a, in_b) = (holds(&a, number), holds(&b, number));
                prop_assert_eq!(holds(&left.0, number), in_a);
                prop_assert_eq!(holds(&and.0, number), in_a && in_b);
                prop_assert_eq!(holds(&minus.0, number), in_a && !in_b);
            }
            prop_assert_eq!(left.meets(&right), !and.is_empty());
            prop_assert_eq!(left.is_within(&right), minus.is_empty());
        }
    }

    #[test]
    fn neighbours_are_one_range() {
        assert_eq!(Spans::of([(5, 9), (3, 4), (8, 12)]), Spans::of([(3, 12)]));
        assert_eq!(Spans::of([(0, 10), (11, u16::MAX)]), Spans::all());
    }
}
