//! The comparison itself, the same on every platform: which documented rules the actual ones make good, and which
//! actual ones no documented rule asks for.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::traffic::Traffic;
use crate::platform::view::Direction;

/// A rule as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// Whether it is about traffic that comes in or goes out.
    pub(super) direction: Direction,
    /// Whether it allows or denies.
    pub(super) allows: bool,
    /// Of the rules of a direction that a packet matches, the one with the lowest number decides. One number for all
    /// where there are only rules that allow.
    pub(super) priority: u16,
    /// What it is about.
    pub(super) traffic: Traffic,
}

impl Rule {
    /// Whether both do the same with the same traffic, whatever their priorities.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.direction == other.direction
            && self.allows == other.allows
            && self.traffic == other.traffic
    }
}

/// What the comparison found; rules by their positions, in their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// Documented rules that actual ones do not make good, or only in part.
    pub(super) missing: Vec<Overlap>,
    /// Documented rules that actual denies keep from working.
    pub(super) shadowed: Vec<Shadow>,
    /// Pairs of a documented and an actual rule about the same traffic; no rule is in two of them.
    pub(super) equal: Vec<(usize, usize)>,
    /// Actual rules that admit what no documented rule does.
    pub(super) extra: Vec<Overlap>,
    /// Actual rules that would be extra, had the user not accepted them.
    pub(super) accepted: Vec<Overlap>,
    /// Actual rules that are neither extra nor accepted nor equal.
    pub(super) tolerated: Vec<Overlap>,
}

/// A rule, and those of the other kind that are about some of its traffic.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overlap {
    pub(super) rule: usize,
    pub(super) with: Vec<usize>,
}

/// A documented rule, and the actual denies that hide some of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shadow {
    pub(super) rule: usize,
    pub(super) denies: Vec<usize>,
    /// Whether nothing of the rule's traffic gets through.
    pub(super) wholly: bool,
}

/// Compares documented rules with actual ones. `likeness` says how alike a documented and an actual rule about the
/// same traffic are otherwise, or none if they can't be one rule; where several could be paired, the most alike are.
pub(super) fn compare(
    documented: &[Rule],
    actual: &[Rule],
    likeness: impl Fn(usize, usize) -> Option<u8>,
) -> Comparison {
    let mut comparison =
        Comparison { equal: pairs(documented, actual, likeness), ..Comparison::default() };
    for (position, rule) in documented.iter().enumerate() {
        let kind = |other: &Rule| other.direction == rule.direction && other.allows == rule.allows;
        let (with, others) = meeting(&rule.traffic, actual, kind);
        if !rule.traffic.is_covered(&others) {
            comparison.missing.push(Overlap { rule: position, with });
        }
        comparison.shadowed.extend(shadow(position, rule, actual));
    }
    let paired: BTreeSet<usize> = comparison.equal.iter().map(|(_, actual)| *actual).collect();
    for (position, rule) in actual.iter().enumerate() {
        let (is_extra, overlap) = excess(position, rule, documented, actual);
        if is_extra {
            comparison.extra.push(overlap);
        } else if !paired.contains(&position) {
            comparison.tolerated.push(overlap);
        }
    }
    comparison
}

/// The rules of a kind that are about some of the traffic: their positions, and what they are about.
fn meeting<'r>(
    traffic: &Traffic,
    rules: &'r [Rule],
    kind: impl Fn(&Rule) -> bool,
) -> (Vec<usize>, Vec<&'r Traffic>) {
    let met =
        rules.iter().enumerate().filter(|(_, rule)| kind(rule) && rule.traffic.meets(traffic));
    met.map(|(position, rule)| (position, &rule.traffic)).unzip()
}

fn pairs(
    documented: &[Rule],
    actual: &[Rule],
    likeness: impl Fn(usize, usize) -> Option<u8>,
) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(Reverse<u8>, usize, usize)> = Vec::new();
    for (position, rule) in documented.iter().enumerate() {
        let equal = actual.iter().enumerate().filter(|(_, other)| rule.says_the_same(other));
        candidates.extend(
            equal.filter_map(|(other, _)| {
                Some((Reverse(likeness(position, other)?), position, other))
            }),
        );
    }
    candidates.sort_unstable();
    let (mut used, mut used_actual) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, rule, other) in candidates {
        if !used.contains(&rule) && !used_actual.contains(&other) {
            used.insert(rule);
            used_actual.insert(other);
            pairs.push((rule, other));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// What keeps a documented allow from working: a deny that decides about some of its packets, though another actual
/// rule would admit them, or though the documented rule itself would, had it been there with its own priority.
fn shadow(position: usize, rule: &Rule, actual: &[Rule]) -> Option<Shadow> {
    let denies_some = |other: &Rule| {
        other.direction == rule.direction && !other.allows && other.traffic.meets(&rule.traffic)
    };
    if !rule.allows || !actual.iter().any(denies_some) {
        return None;
    }
    let ranked = ranked(rule.direction, actual);
    let (mut denies, mut admits) = (Vec::new(), false);
    let mut open = vec![rule.traffic.clone()];
    for (rank, (other_position, other)) in ranked.iter().enumerate() {
        let decided: Vec<Traffic> =
            open.iter().filter_map(|piece| piece.and(&other.traffic)).collect();
        if decided.is_empty() {
            continue;
        }
        if other.allows {
            admits = true;
        } else {
            let mut later = ranked.iter().skip(rank + 1).filter(|(_, later)| later.allows);
            let hidden = |later: &Rule| decided.iter().any(|piece| later.traffic.meets(piece));
            if other.priority < rule.priority || later.any(|(_, later)| hidden(later)) {
                denies.push(*other_position);
            }
        }
        open = open.iter().flat_map(|piece| piece.minus(&other.traffic)).collect();
    }
    (!denies.is_empty()).then_some(Shadow { rule: position, denies, wholly: !admits })
}

/// Whether an actual rule admits what no documented rule does, and which documented rules admit some of the rest.
/// What a deny of higher priority takes away, the rule does not admit; a deny admits nothing.
fn excess(position: usize, rule: &Rule, documented: &[Rule], actual: &[Rule]) -> (bool, Overlap) {
    if !rule.allows {
        let (with, _) = meeting(&rule.traffic, documented, |other| {
            other.direction == rule.direction && !other.allows
        });
        return (false, Overlap { rule: position, with });
    }
    let mut open = vec![rule.traffic.clone()];
    for (_, other) in ranked(rule.direction, actual) {
        if !other.allows && other.priority < rule.priority {
            open = open.iter().flat_map(|piece| piece.minus(&other.traffic)).collect();
        }
    }
    let mut with = BTreeSet::new();
    let mut is_extra = false;
    for piece in open {
        let kind = |other: &Rule| other.direction == rule.direction && other.allows;
        let (positions, others) = meeting(&piece, documented, kind);
        with.extend(positions);
        is_extra |= !piece.is_covered(&others);
    }
    (is_extra, Overlap { rule: position, with: with.into_iter().collect() })
}

/// The rules of a direction with their positions, those that decide first standing first.
fn ranked(direction: Direction, rules: &[Rule]) -> Vec<(usize, &Rule)> {
    let mut ranked: Vec<(usize, &Rule)> =
        rules.iter().enumerate().filter(|(_, rule)| rule.direction == direction).collect();
    ranked.sort_by_key(|(_, rule)| rule.priority);
    ranked
}
