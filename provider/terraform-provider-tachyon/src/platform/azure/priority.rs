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
//! A row of the user's own has twenty numbers, from the one that the user says: four for each of its first five default
//! ports (`ipv4`, `ipv6`, `groups`, tags); other ports and later groups share them.
//!
//! Default ports therefore never meet. Two rules that want one place (unusual ports, many tags) are told apart by
//! their keys: the first keeps the place, the others take the next free one. Only such rules can move when others
//! come or go, so each is reported.

use portmatrix::bug::OrBug;
use portmatrix::matrix::{Basis, Flow, LAST_NUMBER, PLATFORM_NUMBER, PortRange};

use super::part::Part;
use super::rule::{Rule, Subject};
use crate::platform::Input;
use crate::platform::text::stable_hash;

/// The number that wins over all others. Source: Azure, "Network security groups", rule properties.
pub(super) const HIGHEST: u16 = 100;
/// The number that yields to all others; ours, for what denies the rest.
pub(super) const LAST: u16 = 4096;
/// The last number that a user's own rule may have beside ours.
pub(crate) const LOWEST_OF_USERS: u16 = LAST - 1;
/// Numbers of a band.
pub(crate) const BAND: u16 = 100;

// Every ordinal that a flow can have gives a band of priorities that there are.
const _: () = assert!(BAND >= HIGHEST && (LAST_NUMBER + 1) * BAND - 1 <= LOWEST_OF_USERS);

/// The numbers above the last band that a version of the document can have.
pub(super) fn spare() -> impl Iterator<Item = u16> {
    (LAST_NUMBER + 1) * BAND..=LOWEST_OF_USERS
}

const DEFAULTS_START: u16 = 0;
const DEFAULT_WIDTH: u16 = 20;
const GROUP_PLACES: u16 = 10;
const TAG_PLACES: u16 = 8;
const OTHERS_START: u16 = 40;
const OTHER_ROWS: u16 = 11;
const OTHER_WIDTH: u16 = 5;

/// Numbers of the band of a row of the user's own.
pub(crate) const OWN_BAND: u16 = 20;
/// The last number that such a band can begin with.
pub(crate) const LAST_OWN_BAND: u16 = LOWEST_OF_USERS - OWN_BAND + 1;
const OWN_WIDTH: u16 = 4;

/// Consecutive numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Band {
    /// The first of them.
    pub(super) first: u16,
    /// How many there are.
    pub(super) width: u16,
}

impl Band {
    /// The band of an ordinal.
    pub(super) fn of(ordinal: u16) -> Self {
        Self { first: ordinal * BAND, width: BAND }
    }

    /// The number at a place, counted round and round.
    fn number(self, place: u16) -> u16 {
        self.first + place % self.width
    }
}

/// Where a rule's priority comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// A place in a band.
    Band { band: Band, place: u16 },
    /// A row of the user's own that says no priority, which is reported for the row.
    Nowhere,
    /// A number outside of all bands.
    Number(u16),
}

impl Wish {
    /// What a rule wants; in a group that several endpoints share, moved by a distance of the endpoint's own.
    pub(super) fn of<'a>(
        rule: &Rule<'a>,
        input: &Input<'_>,
        defaults: &mut DefaultPorts<'a>,
    ) -> Self {
        let of_platform = Band::of(PLATFORM_NUMBER);
        let (band, place) = match rule.subject {
            Subject::Flow { flow, ports, part, .. } => match (&flow.basis, flow.number) {
                (Basis::Site { priority: Some(first) }, _) => {
                    let place = own_place(defaults.of(flow, input), ports, part);
                    (Band { first: *first, width: OWN_BAND }, place)
                }
                (Basis::Site { priority: None }, _) => return Self::Nowhere,
                (_, number) => {
                    let ordinal = number.or_bug("a documented flow without its number");
                    (Band::of(ordinal), preferred_place(defaults.of(flow, input), ports, part))
                }
            },
            Subject::Service(tag) => (of_platform, hashed(&tag.to_ascii_lowercase(), BAND)),
            Subject::LoadBalancer => (of_platform, 0),
            Subject::Rest => return Self::Number(LAST),
        };
        let distance = rule
            .member
            .map_or(0, |member| hashed(input.deployment.endpoint(member).name, band.width));
        Self::Band { band, place: (place + distance) % band.width }
    }
}

/// The documented ports of the flow that was asked for last: rules of one stand together.
#[derive(Debug, Default)]
pub(super) struct DefaultPorts<'a> {
    flow: Option<&'a Flow>,
    ports: Vec<PortRange>,
}

impl<'a> DefaultPorts<'a> {
    fn of(&mut self, flow: &'a Flow, input: &Input<'_>) -> &[PortRange] {
        if !self.flow.is_some_and(|last| std::ptr::eq(last, flow)) {
            self.flow = Some(flow);
            self.ports = input.matrix().default_ports(flow);
        }
        &self.ports
    }
}

/// One of so many numbers from 0, by a hash of a text.
fn hashed(text: &str, numbers: u16) -> u16 {
    let number = stable_hash(text) % u64::from(numbers);
    u16::try_from(number).ok().or_bug("a remainder over its divisor")
}

/// The place in its band that a rule wants, from 0 to 99.
fn preferred_place(defaults: &[PortRange], ports: PortRange, part: Part<'_>) -> u16 {
    let default = defaults
        .iter()
        .position(|default| *default == ports)
        .and_then(|index| u16::try_from(index).ok());
    match default {
        Some(index) if index < (OTHERS_START - DEFAULTS_START) / DEFAULT_WIDTH => {
            DEFAULTS_START + index * DEFAULT_WIDTH + default_column(part)
        }
        _ => {
            let origin = defaults.first().or_bug("a documented flow to no port").from;
            let distance =
                (i32::from(ports.from) - i32::from(origin)).rem_euclid(i32::from(OTHER_ROWS));
            let row = u16::try_from(distance).ok().or_bug("a remainder over its divisor");
            OTHERS_START + row * OTHER_WIDTH + other_column(part)
        }
    }
}

/// The place in a row's own band that a rule wants.
fn own_place(defaults: &[PortRange], ports: PortRange, part: Part<'_>) -> u16 {
    let rows = OWN_BAND / OWN_WIDTH;
    let default = defaults.iter().position(|default| *default == ports);
    let row = match default.and_then(|index| u16::try_from(index).ok()) {
        Some(index) => index % rows,
        None => ports.from % rows,
    };
    let column = match part {
        Part::Ipv4 => 0,
        Part::Ipv6 => 1,
        Part::Groups(_) => 2,
        Part::Tag(_) => 3,
    };
    row * OWN_WIDTH + column
}

fn default_column(part: Part<'_>) -> u16 {
    match part {
        Part::Ipv4 => 0,
        Part::Ipv6 => 1,
        // More than the places are for share the last.
        Part::Groups(chunk) => {
            2 + u16::try_from(chunk).map_or(GROUP_PLACES - 1, |chunk| chunk.min(GROUP_PLACES - 1))
        }
        Part::Tag(tag) => 2 + GROUP_PLACES + hashed(&tag.to_ascii_lowercase(), TAG_PLACES),
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
    /// Where its number comes from.
    pub(super) wish: Wish,
    /// The number that the user pinned it to.
    pub(super) pinned: Option<u16>,
}

/// The priorities of the rules of one direction of one group.
#[derive(Debug, Default)]
pub(super) struct Settled<'k> {
    /// The number of each claim, in their order; none where none is left.
    pub(super) priorities: Vec<Option<u16>>,
    /// Keys of rules that did not get the place they want, with the key of the rule that has it and the number they got.
    pub(super) probed: Vec<(&'k str, &'k str, Option<u16>)>,
    /// Keys of rules that have one number, since they were pinned to it; in pairs.
    pub(super) pinned_twice: Vec<(&'k str, &'k str)>,
}

/// The numbers that are taken, in order, each with the key of the rule that has it.
struct Taken<'k>(Vec<(u16, &'k str)>);

impl<'k> Taken<'k> {
    /// Whose the number is; it becomes that of `key` where it is nobody's.
    fn holder_or_take(&mut self, number: u16, key: &'k str) -> Option<&'k str> {
        match self.0.binary_search_by_key(&number, |(taken, _)| *taken) {
            Ok(place) => Some(self.0.get(place).or_bug("a place that was just found").1),
            Err(place) => {
                self.0.insert(place, (number, key));
                None
            }
        }
    }
}

/// Gives every claim its number: pins first, then whoever is first by key at the place it wants, then the rest. The claims are
/// in the order of their keys.
pub(super) fn settle<'k>(claims: &[Claim<'k>]) -> Settled<'k> {
    let mut settled = Settled::default();
    settled.priorities.reserve(claims.len());
    let mut taken = Taken(Vec::with_capacity(claims.len()));
    let fixed = |claim: &Claim<'_>| match (claim.pinned, claim.wish) {
        (Some(number), _) | (None, Wish::Number(number)) => Some(number),
        (None, Wish::Band { .. } | Wish::Nowhere) => None,
    };
    for claim in claims {
        let number = fixed(claim);
        if let Some(other) = number.and_then(|number| taken.holder_or_take(number, claim.key)) {
            settled.pinned_twice.push((other, claim.key));
        }
        settled.priorities.push(number);
    }
    let mut waiting = Vec::new();
    for (claim, number) in claims.iter().zip(&mut settled.priorities) {
        let (None, Wish::Band { band, place }) = (&number, claim.wish) else { continue };
        let wanted = band.number(place);
        match taken.holder_or_take(wanted, claim.key) {
            None => *number = Some(wanted),
            Some(holder) => waiting.push((claim.key, band, place, holder, number)),
        }
    }
    for (key, band, place, holder, number) in waiting {
        let mut others = (1..band.width).map(|step| band.number(place + step));
        *number = others.find(|number| taken.holder_or_take(*number, key).is_none());
        settled.probed.push((key, holder, *number));
    }
    settled
}
