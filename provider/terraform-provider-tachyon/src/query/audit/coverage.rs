//! Whether traffic is covered by other traffic together, decided piece by piece and within a bound of work.
//!
//! What rules that cross in many dimensions leave of each other can have more pieces than any memory holds, so it is never
//! built as a whole: one piece after another is looked at, and dropped once it is covered. That takes little memory; the
//! time is bounded by counting.

use std::cell::Cell;

use super::traffic::Traffic;

/// How many steps one audit may take: some seconds. Audits of groups as people have them take a thousandth of it.
pub(super) const MOST_STEPS: u64 = 100_000_000;

/// How many elements of sets are compared in the time of a step.
const ELEMENTS: usize = 8;

/// What one audit has done so far.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<u64>,
}

/// More steps would be needed than are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Work {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { left: Cell::new(MOST_STEPS) }
    }

    /// Counts the comparison of two.
    fn spend(&self, one: &Traffic, other: &Traffic) -> Result<(), Exhausted> {
        let steps = u64::try_from(1 + (one.size() + other.size()) / ELEMENTS).unwrap_or(u64::MAX);
        self.left.set(self.left.get().checked_sub(steps).ok_or(Exhausted)?);
        Ok(())
    }

    /// Whether some packet is in both.
    pub(super) fn meet(&self, one: &Traffic, other: &Traffic) -> Result<bool, Exhausted> {
        self.spend(one, other)?;
        Ok(one.meets(other))
    }

    /// The packets that are in both, if there are any.
    pub(super) fn both(
        &self,
        one: &Traffic,
        other: &Traffic,
    ) -> Result<Option<Traffic>, Exhausted> {
        self.spend(one, other)?;
        Ok(one.and(other))
    }

    /// Whether every packet is in one of `others`.
    pub(super) fn is_covered(
        &self,
        traffic: &Traffic,
        others: &[&Traffic],
    ) -> Result<bool, Exhausted> {
        // What is not covered so far, each piece with those of the others that have some of it.
        let mut open = vec![(traffic.clone(), self.near(traffic, others, None)?)];
        while let Some((piece, near)) = open.pop() {
            let mut nearest = None;
            for (position, other) in near.iter().enumerate() {
                self.spend(&piece, other)?;
                let outside = piece.dimensions_outside(other);
                if nearest.is_none_or(|(least, _, _)| outside < least) {
                    nearest = Some((outside, position, *other));
                }
                if outside == 0 {
                    break;
                }
            }
            // The one that leaves the fewest pieces.
            let Some((outside, position, other)) = nearest else { return Ok(false) };
            if outside == 0 {
                continue;
            }
            let mut pieces = Vec::with_capacity(outside);
            for left in piece.minus(other) {
                let others = self.near(&left, &near, Some(position))?;
                pieces.push((left, others));
            }
            // The piece that the fewest others have some of goes first: if nothing covers it, that is found soon.
            pieces.sort_by_key(|(_, others)| std::cmp::Reverse(others.len()));
            open.extend(pieces);
        }
        Ok(true)
    }

    /// Those that have some of the traffic, without the one at a position.
    fn near<'t>(
        &self,
        traffic: &Traffic,
        others: &[&'t Traffic],
        without: Option<usize>,
    ) -> Result<Vec<&'t Traffic>, Exhausted> {
        let mut near = Vec::new();
        for (position, other) in others.iter().enumerate() {
            if Some(position) != without && self.meet(traffic, other)? {
                near.push(*other);
            }
        }
        Ok(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::view::Direction;
    use crate::query::audit::compare::{Entangled, Rule, compare};
    use crate::query::audit::hosts::Hosts;
    use crate::query::audit::spans::Spans;

    /// One of so many parts of all ports.
    fn part(number: u16, parts: u16) -> Spans {
        let size = u16::MAX / parts;
        let last = if number + 1 == parts { u16::MAX } else { (number + 1) * size - 1 };
        Spans::of([(number * size, last)])
    }

    fn everything() -> Traffic {
        Traffic {
            protocols: Spans::one(6),
            source_ports: Spans::all(),
            ports: Spans::all(),
            sources: Hosts::all(),
            destinations: Hosts::all(),
        }
    }

    /// Everything in cells, each combination of a part of the source ports and one of the ports.
    fn cells(parts: u16) -> Vec<Traffic> {
        let cell = |number: u16| Traffic {
            source_ports: part(number / parts, parts),
            ports: part(number % parts, parts),
            ..everything()
        };
        (0..parts * parts).map(cell).collect()
    }

    #[test]
    fn many_parts_cover_the_whole_in_few_steps_and_no_part_can_be_missing() {
        let cells = cells(20);
        let work = Work::new();
        let all: Vec<&Traffic> = cells.iter().collect();
        assert_eq!(work.is_covered(&everything(), &all), Ok(true));
        let but_one: Vec<&Traffic> = all.iter().copied().filter(|it| *it != all[137]).collect();
        assert_eq!(work.is_covered(&everything(), &but_one), Ok(false));
        let steps = MOST_STEPS - work.left.get();
        assert!(steps < MOST_STEPS / 100, "{steps} steps");
    }

    #[test]
    fn what_takes_too_long_is_given_up_and_told() {
        let rule = |traffic: Traffic, allows: bool, priority: u32| Rule {
            direction: Direction::Ingress,
            allows,
            priority,
            traffic,
        };
        let mut actual: Vec<Rule> =
            (100..).zip(cells(20)).map(|(priority, cell)| rule(cell, false, priority)).collect();
        actual.push(rule(everything(), true, 4000));
        let few = Work { left: Cell::new(2_000) };
        assert_eq!(compare(&[], &actual, |_, _| None, &few), Err(Entangled::Actual(400)));
        let found = compare(&[], &actual, |_, _| None, &Work::new()).expect("steps enough");
        assert!(found.extra.is_empty(), "the denies hide the allow");
        assert!(Entangled::told("\"all\"").contains("\"all\" is about could not be decided in"));
    }
}
