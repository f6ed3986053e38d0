//! What passes in a deployment on one platform, and whether something new does.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Pass};
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::{PortRange, Transport};

use super::set::Set;
use super::sets::Sets;
use crate::platform::view::Direction;

/// How many steps one comparison may take; some seconds' work.
pub(super) const MOST_STEPS: u64 = 50_000_000;

/// What the rules of one side of a step let pass on one port range.
#[derive(Debug)]
struct Opening<'s, 'a> {
    kind: Kind,
    source: &'s Set<'a>,
    destination: &'s Set<'a>,
}

/// Openings of one kind may take each other's place, those of which the ports overlap too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    direction: Direction,
    transport: Transport,
    ports: PortRange,
}

/// Everything that passes. Collected when it is asked for the first time: mostly nothing comes, and nobody asks.
pub(super) struct Passing<'s, 'a> {
    connections: &'s [Connection<'s>],
    sets: &'s Sets<'s, 'a>,
    has_two_sides: bool,
    collected: Option<Collected<'s, 'a>>,
}

type Collected<'s, 'a> = BTreeMap<Kind, Vec<Opening<'s, 'a>>>;

/// A part of what a connection lets pass.
#[derive(Debug, Clone)]
struct Piece<'a> {
    source: Set<'a>,
    destination: Set<'a>,
    ports: PortRange,
}

impl Piece<'_> {
    fn is_empty(&self) -> bool {
        self.source.is_empty() || self.destination.is_empty()
    }
}

/// Too much work.
#[derive(Debug)]
pub(super) struct TooMuch;

/// The openings of a connection, each with the two endpoints that it is between. Those of the side that listens are told only if
/// they may be others than those of the side that sends.
fn openings<'s, 'a>(
    connection: &'s Connection<'_>,
    sets: &'s Sets<'_, 'a>,
    has_two_sides: bool,
) -> impl Iterator<Item = (Opening<'s, 'a>, [EndpointId; 2])> {
    let transport = connection.flow.transport;
    connection.passes().flat_map(move |Pass { from, to, seen, ports }| {
        ports.iter().copied().flat_map(move |ports| {
            let kind = |direction| Kind { direction, transport, ports };
            let (source, destination) = (sets.own(from), sets.seen(from, Direction::Egress, to));
            let opening = Opening { kind: kind(Direction::Egress), source, destination };
            let of_sender = (opening, [from, to]);
            let of_listener = has_two_sides.then(|| {
                let (source, destination) = (sets.seen(to, Direction::Ingress, seen), sets.own(to));
                let opening = Opening { kind: kind(Direction::Ingress), source, destination };
                (opening, [seen, to])
            });
            std::iter::once(of_sender).chain(of_listener)
        })
    })
}

/// What is told of a kind that has no openings.
const NO_PLACE: &str = "a kind of opening without a place";

/// What passes of one kind, while it is collected.
#[derive(Default)]
struct OfKind<'s, 'a> {
    known: BTreeSet<[EndpointId; 2]>,
    openings: Vec<Opening<'s, 'a>>,
}

/// What connections let pass, once between any two endpoints.
fn collected<'s, 'a>(
    connections: &'s [Connection<'s>],
    sets: &'s Sets<'s, 'a>,
    has_two_sides: bool,
) -> Collected<'s, 'a> {
    let mut places: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut kinds: Vec<OfKind<'s, 'a>> = Vec::new();
    // Mostly the next is of the same kind: connections of one flow stand together.
    let mut last: Option<(Kind, usize)> = None;
    let all = connections.iter().flat_map(|it| openings(it, sets, has_two_sides));
    for (opening, between) in all {
        let kind = opening.kind;
        let place = match last {
            Some((other, place)) if other == kind => place,
            _ => *places.entry(kind).or_insert(kinds.len()),
        };
        last = Some((kind, place));
        if place == kinds.len() {
            kinds.push(OfKind::default());
        }
        let of_kind = kinds.get_mut(place).or_bug(NO_PLACE);
        if of_kind.known.insert(between) {
            of_kind.openings.push(opening);
        }
    }
    let take = |(kind, place): (Kind, usize)| {
        let of_kind = kinds.get_mut(place).or_bug(NO_PLACE);
        (kind, std::mem::take(&mut of_kind.openings))
    };
    places.into_iter().map(take).collect()
}

impl<'s, 'a> Passing<'s, 'a> {
    /// What connections let pass; `sets` are those of their endpoints.
    pub(super) fn of(
        connections: &'s [Connection<'s>],
        sets: &'s Sets<'s, 'a>,
        has_two_sides: bool,
    ) -> Self {
        Self { connections, sets, has_two_sides, collected: None }
    }

    /// Whether a connection of another deployment lets something pass that does not pass here. None while that is not
    /// known.
    pub(super) fn lacks(
        &mut self,
        connection: &Connection<'_>,
        (sets, has_two_sides): (&Sets<'_, '_>, bool),
        steps: &mut u64,
    ) -> Result<Option<bool>, TooMuch> {
        let Self { connections, sets: own, has_two_sides: has, .. } = *self;
        let collected = self.collected.get_or_insert_with(|| collected(connections, own, has));
        let mut answer = Some(false);
        for (opening, _) in openings(connection, sets, has_two_sides) {
            match lacks_opening(collected, &opening, steps)? {
                Some(true) => return Ok(Some(true)),
                None => answer = None,
                Some(false) => {}
            }
        }
        Ok(answer)
    }
}

/// Whether an opening lets something pass that nothing of these does. None while that is not known.
fn lacks_opening(
    collected: &Collected<'_, '_>,
    opening: &Opening<'_, '_>,
    steps: &mut u64,
) -> Result<Option<bool>, TooMuch> {
    if opening.source.is_empty() || opening.destination.is_empty() {
        return Ok(Some(false));
    }
    let Kind { direction, transport, ports } = opening.kind;
    let touching = collected.iter().filter(|(kind, _)| {
        kind.direction == direction && kind.transport == transport && kind.ports.overlaps(ports)
    });
    let touching: Vec<&Opening<'_, '_>> = touching.flat_map(|(_, all)| all).collect();
    take(steps, u64::try_from(touching.len()).unwrap_or(u64::MAX))?;
    let is_known = |it: &Opening<'_, '_>| it.source.is_known() && it.destination.is_known();
    if !is_known(opening) {
        return Ok(None);
    }
    // Mostly the same passed for the same ends; to take sets apart is much more work than to see that.
    let is_same = |it: &Opening<'_, '_>| {
        (it.kind.ports.from..=it.kind.ports.to).contains(&ports.from)
            && it.kind.ports.to >= ports.to
            && it.source == opening.source
            && it.destination == opening.destination
    };
    if touching.iter().any(|it| is_same(it)) {
        return Ok(Some(false));
    }
    let piece =
        Piece { source: opening.source.clone(), destination: opening.destination.clone(), ports };
    let is_new = is_left(piece, &touching, steps)?;
    let may_cover = touching.iter().any(|it| !is_known(it));
    Ok(if is_new && may_cover { None } else { Some(is_new) })
}

fn take(steps: &mut u64, count: u64) -> Result<(), TooMuch> {
    *steps = steps.checked_sub(count).ok_or(TooMuch)?;
    Ok(())
}

/// Whether something of a piece is in none of the openings. What one of them takes away leaves smaller pieces, which are looked
/// at one after the other, so that not more than a few wait at any time.
fn is_left(
    piece: Piece<'_>,
    openings: &[&Opening<'_, '_>],
    steps: &mut u64,
) -> Result<bool, TooMuch> {
    let mut waiting = vec![(piece, 0)];
    'pieces: while let Some((piece, start)) = waiting.pop() {
        if piece.is_empty() {
            continue;
        }
        let size = piece.source.size() + piece.destination.size();
        for (position, opening) in openings.iter().enumerate().skip(start) {
            take(steps, 1 + size)?;
            if !opening.kind.ports.overlaps(piece.ports) {
                continue;
            }
            let source = piece.source.common(opening.source);
            if source.is_empty() {
                continue;
            }
            let destination = piece.destination.common(opening.destination);
            if destination.is_empty() {
                continue;
            }
            take(steps, opening.source.size() + opening.destination.size())?;
            let next = position + 1;
            let rest_of_ports = without(piece.ports, opening.kind.ports);
            let of_ports = rest_of_ports.into_iter().map(|ports| Piece {
                source: source.clone(),
                destination: destination.clone(),
                ports,
            });
            let other_destinations = piece.destination.without(opening.destination);
            let other_sources = piece.source.without(opening.source);
            let rest = [
                Piece { source: other_sources, destination: piece.destination, ports: piece.ports },
                Piece {
                    source: source.clone(),
                    destination: other_destinations,
                    ports: piece.ports,
                },
            ];
            waiting.extend(of_ports.chain(rest).map(|piece| (piece, next)));
            continue 'pieces;
        }
        return Ok(true);
    }
    Ok(false)
}

/// The ports of one range that are not in another.
fn without(ports: PortRange, other: PortRange) -> Vec<PortRange> {
    let below = other.from.checked_sub(1).filter(|to| *to >= ports.from);
    let above = other.to.checked_add(1).filter(|from| *from <= ports.to);
    let below = below.map(|to| PortRange { from: ports.from, to: to.min(ports.to) });
    let above = above.map(|from| PortRange { from: from.max(ports.from), to: ports.to });
    below.into_iter().chain(above).collect()
}
