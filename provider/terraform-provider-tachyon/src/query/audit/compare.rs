//! The comparison itself, the same on every platform: which documented rules the actual ones make good, and which
//! actual ones no documented rule asks for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;

use super::coverage::{Exhausted, MOST_STEPS, Work};
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
    /// where there are only rules that allow. Where a cloud has rules of one priority, of which a deny wins, numbers of ours
    /// that say so: wider than any cloud's, so that there is room between.
    pub(super) priority: u32,
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

/// The rule at which the work was too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entangled {
    /// A documented rule, by its position.
    Documented(usize),
    /// An actual one.
    Actual(usize),
}

impl Entangled {
    /// What to tell of it; `what` names the rule.
    pub(super) fn told(what: &str) -> String {
        format!(
            "Whether other rules together hold all that {what} is about could not be decided in {MOST_STEPS} steps: too many of them cross each other in ports, sources and destinations at once. Ranges that hold each other or lie apart are decided at once."
        )
    }
}

/// The rule of which a comparison has the position.
pub(super) fn at<R>(rules: &[R], position: usize) -> &R {
    rules.get(position).or_bug("a position of a comparison of other rules")
}

/// Compares documented rules with actual ones. `likeness` says how alike a documented and an actual rule about the
/// same traffic are otherwise, or none if they can't be one rule; where several could be paired, the most alike are.
pub(super) fn compare(
    documented: &[Rule],
    actual: &[Rule],
    likeness: impl Fn(usize, usize) -> Option<u8>,
    work: &Work,
) -> Result<Comparison, Entangled> {
    let equal = pairs(documented, actual, likeness);
    let mut comparison = Comparison { equal, ..Comparison::default() };
    let ranked = ranked(actual);
    for (position, rule) in documented.iter().enumerate() {
        let at = |_: Exhausted| Entangled::Documented(position);
        let met = meeting(rule, &ranked, work).map_err(at)?;
        let alike: Vec<&(usize, &Rule)> =
            met.iter().filter(|(_, other)| other.allows == rule.allows).collect();
        let others: Vec<&Traffic> = alike.iter().map(|(_, other)| &other.traffic).collect();
        if !work.is_covered(&rule.traffic, &others).map_err(at)? {
            let mut with: Vec<usize> = alike.iter().map(|(position, _)| *position).collect();
            with.sort_unstable();
            comparison.missing.push(Overlap { rule: position, with });
        }
        comparison.shadowed.extend(shadow(position, rule, &met, work).map_err(at)?);
    }
    let paired: BTreeSet<usize> = comparison.equal.iter().map(|(_, actual)| *actual).collect();
    let documented: Vec<(usize, &Rule)> = documented.iter().enumerate().collect();
    for (position, rule) in actual.iter().enumerate() {
        let at = |_: Exhausted| Entangled::Actual(position);
        let (is_extra, with) = excess(rule, &documented, &ranked, work).map_err(at)?;
        let overlap = Overlap { rule: position, with };
        if is_extra {
            comparison.extra.push(overlap);
        } else if !paired.contains(&position) {
            comparison.tolerated.push(overlap);
        }
    }
    Ok(comparison)
}

/// The rules of the same direction that are about some of a rule's traffic, in their order.
fn meeting<'r>(
    rule: &Rule,
    rules: &[(usize, &'r Rule)],
    work: &Work,
) -> Result<Vec<(usize, &'r Rule)>, Exhausted> {
    let mut met = Vec::new();
    for (position, other) in rules.iter().filter(|(_, other)| other.direction == rule.direction) {
        if work.meet(&rule.traffic, &other.traffic)? {
            met.push((*position, *other));
        }
    }
    Ok(met)
}

fn pairs(
    documented: &[Rule],
    actual: &[Rule],
    likeness: impl Fn(usize, usize) -> Option<u8>,
) -> Vec<(usize, usize)> {
    let said = |rule: &Rule| (rule.direction, rule.allows);
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (position, rule) in actual.iter().enumerate() {
        alike.entry((said(rule), &rule.traffic)).or_default().push(position);
    }
    let mut candidates: Vec<(Reverse<u8>, usize, usize)> = Vec::new();
    for (position, rule) in documented.iter().enumerate() {
        let others = alike.get(&(said(rule), &rule.traffic)).into_iter().flatten();
        candidates
            .extend(others.filter_map(|other| {
                Some((Reverse(likeness(position, *other)?), position, *other))
            }));
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
/// rule would admit them, or though the documented rule itself would, had it been there with its own priority. `met` has
/// the actual rules about some of its traffic, those that decide first standing first.
fn shadow(
    position: usize,
    rule: &Rule,
    met: &[(usize, &Rule)],
    work: &Work,
) -> Result<Option<Shadow>, Exhausted> {
    if !rule.allows || met.iter().all(|(_, other)| other.allows) {
        return Ok(None);
    }
    let (mut denies, mut admits) = (Vec::new(), false);
    let mut before: Vec<&Traffic> = Vec::with_capacity(met.len());
    for (rank, (other_position, other)) in met.iter().enumerate() {
        let Some(both) = work.both(&rule.traffic, &other.traffic)? else { continue };
        if other.allows {
            admits = admits || !work.is_covered(&both, &before)?;
        } else if other.priority < rule.priority {
            if !work.is_covered(&both, &before)? {
                denies.push(*other_position);
            }
        } else {
            for (_, later) in met.iter().skip(rank + 1).filter(|(_, later)| later.allows) {
                if let Some(hidden) = work.both(&both, &later.traffic)?
                    && !work.is_covered(&hidden, &before)?
                {
                    denies.push(*other_position);
                    break;
                }
            }
        }
        before.push(&other.traffic);
    }
    Ok((!denies.is_empty()).then_some(Shadow { rule: position, denies, wholly: !admits }))
}

/// Whether an actual rule admits what no documented rule does, and which documented rules admit some of what it does.
/// What a deny of higher priority takes away, the rule does not admit; a deny admits nothing.
fn excess(
    rule: &Rule,
    documented: &[(usize, &Rule)],
    ranked: &[(usize, &Rule)],
    work: &Work,
) -> Result<(bool, Vec<usize>), Exhausted> {
    let mut met = meeting(rule, documented, work)?;
    met.retain(|(_, other)| other.allows == rule.allows);
    if !rule.allows {
        return Ok((false, met.into_iter().map(|(position, _)| position).collect()));
    }
    let mut others: Vec<&Traffic> = Vec::new();
    let before = |other: &Rule| !other.allows && other.priority < rule.priority;
    for (_, deny) in ranked.iter().filter(|(_, other)| before(other)) {
        if deny.direction == rule.direction && work.meet(&rule.traffic, &deny.traffic)? {
            others.push(&deny.traffic);
        }
    }
    let mut with = Vec::new();
    for (position, other) in &met {
        if others.is_empty() {
            with.push(*position);
        } else if let Some(both) = work.both(&rule.traffic, &other.traffic)?
            && !work.is_covered(&both, &others)?
        {
            with.push(*position);
        }
    }
    others.extend(met.iter().map(|(_, other)| &other.traffic));
    Ok((!work.is_covered(&rule.traffic, &others)?, with))
}

/// The rules with their positions, those that decide first standing first.
fn ranked(rules: &[Rule]) -> Vec<(usize, &Rule)> {
    let mut ranked: Vec<(usize, &Rule)> = rules.iter().enumerate().collect();
    ranked.sort_by_key(|(_, rule)| rule.priority);
    ranked
}
