//! Permanent priorities.
//!
//! Every flow has a band of a hundred numbers, that of its permanent ordinal. Inside it a rule's place follows from
//! its own port and part alone:
//!
//! | places | rules |
//! | --- | --- |
//! | 0-19 | the first documented default port: `ipv4`, `ipv6`, ten `groups`, eight places for tags |
//! | 20-39 | the second one, where a flow has two |
//! | 40-94 | other ports: eleven rows of `ipv4`, `ipv6`, `groups`, `groups-2` and later, tags; the row is the port's distance from the default, modulo 11, so that ports in steps of 1, 2, 10 or 100 keep apart |
//! | 95-99 | only by probing |
//!
//! Default ports therefore never meet. Two rules that want one place (unusual ports, many tags) are told apart by
//! their keys: the first keeps the place, the others take the next free one. Only such rules can move when others
//! come or go, so each is reported.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::matrix::{LAST_NUMBER, PortRange};

use super::part::Part;
use crate::platform::text::stable_hash;

/// The number that wins over all others. Source: Azure, "Network security groups", rule properties.
pub(super) const HIGHEST: u16 = 100;
/// The number that yields to all others; ours, for what denies the rest.
pub(super) const LAST: u16 = 4096;
/// The last number that a user's own rule may have beside ours.
pub(crate) const LOWEST_OF_USERS: u16 = LAST - 1;
/// Numbers of a band.
pub(crate) const BAND: u16 = 100;
/// The band of rules that no flow asks for but the platform needs.
pub(super) const PLATFORM_ORDINAL: u16 = portmatrix::matrix::PLATFORM_NUMBER;

// Every ordinal that a flow can have gives a band of priorities that there are.
const _: () = assert!(BAND >= HIGHEST && (LAST_NUMBER + 1) * BAND - 1 <= LOWEST_OF_USERS);

const DEFAULTS_START: u16 = 0;
const DEFAULT_WIDTH: u16 = 20;
const GROUP_PLACES: u16 = 10;
const TAG_PLACES: u64 = 8;
const OTHERS_START: u16 = 40;
const OTHER_ROWS: u16 = 11;
const OTHER_WIDTH: u16 = 5;

/// The place in its band that a rule wants, from 0 to 99.
pub(super) fn preferred_place(defaults: &[PortRange], ports: PortRange, part: Part<'_>) -> u16 {
    let default = defaults
        .iter()
        .position(|default| *default == ports)
        .and_then(|index| u16::try_from(index).ok());
    match default {
        Some(index) if index < (OTHERS_START - DEFAULTS_START) / DEFAULT_WIDTH => {
            DEFAULTS_START + index * DEFAULT_WIDTH + default_column(part)
        }
        _ => {
            let origin = defaults.first().map_or(0, |default| i32::from(default.from));
            let distance = (i32::from(ports.from) - origin).rem_euclid(i32::from(OTHER_ROWS));
            let row = u16::try_from(distance).unwrap_or(0);
            OTHERS_START + row * OTHER_WIDTH + other_column(part)
        }
    }
}

fn default_column(part: Part<'_>) -> u16 {
    match part {
        Part::Ipv4 => 0,
        Part::Ipv6 => 1,
        Part::Groups(chunk) => 2 + u16::try_from(chunk).unwrap_or(u16::MAX).min(GROUP_PLACES - 1),
        Part::Tag(tag) => {
            2 + GROUP_PLACES
                + u16::try_from(stable_hash(&tag.to_ascii_lowercase()) % TAG_PLACES).unwrap_or(0)
        }
    }
}

fn other_column(part: Part<'_>) -> u16 {
    match part {
        Part::Ipv4 => 0,
        Part::Ipv6 => 1,
        Part::Groups(0) => 2,
        Part::Groups(_) => 3,
        Part::Tag(_) => 4,
    }
}

/// A rule that wants a priority.
#[derive(Debug, Clone)]
pub(super) struct Claim<'k> {
    /// The rule's key, which decides between two that want one place.
    pub(super) key: &'k str,
    /// The ordinal of its flow.
    pub(super) ordinal: u16,
    /// The place that it wants.
    pub(super) place: u16,
    /// The number that the user pinned it to.
    pub(super) pinned: Option<u16>,
}

/// The priorities of the rules of one direction of one group.
#[derive(Debug, Default)]
pub(super) struct Settled<'k> {
    /// By key.
    pub(super) priorities: BTreeMap<&'k str, u16>,
    /// Keys of rules that did not get the place they want, with the key of the rule that has it.
    pub(super) probed: Vec<(&'k str, &'k str)>,
    /// Keys of rules for which nothing was left in their band.
    pub(super) homeless: Vec<&'k str>,
    /// Keys of rules that were pinned to one number, in pairs.
    pub(super) pinned_twice: Vec<(&'k str, &'k str)>,
}

/// Gives every claim its number: pins first, then whoever is first by key at the place it wants, then the rest.
pub(super) fn settle<'k>(mut claims: Vec<Claim<'k>>) -> Settled<'k> {
    claims.sort_by(|a, b| a.key.cmp(b.key));
    let mut settled = Settled::default();
    let mut taken: BTreeMap<u16, &'k str> = BTreeMap::new();
    let (pinned, free): (Vec<_>, Vec<_>) =
        claims.into_iter().partition(|claim| claim.pinned.is_some());
    for claim in &pinned {
        let Some(number) = claim.pinned else { continue };
        if let Some(other) = taken.get(&number) {
            settled.pinned_twice.push((other, claim.key));
        }
        taken.entry(number).or_insert(claim.key);
        settled.priorities.insert(claim.key, number);
    }
    let mut waiting = Vec::new();
    for claim in free {
        let number = claim.ordinal * BAND + claim.place;
        match taken.get(&number) {
            None => {
                taken.insert(number, claim.key);
                settled.priorities.insert(claim.key, number);
            }
            Some(holder) => waiting.push((claim, *holder)),
        }
    }
    let mut numbers: BTreeSet<u16> = taken.into_keys().collect();
    for (claim, holder) in waiting {
        let next = (1..BAND)
            .map(|step| claim.ordinal * BAND + (claim.place + step) % BAND)
            .find(|number| !numbers.contains(number));
        settled.probed.push((claim.key, holder));
        match next {
            Some(number) => {
                numbers.insert(number);
                settled.priorities.insert(claim.key, number);
            }
            None => settled.homeless.push(claim.key),
        }
    }
    settled
}
