//! What passes in a deployment on one platform, and whether something new does.

use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::{PortRange, Transport};

use super::set::Set;

/// How many steps one comparison may take; some seconds' work.
pub(super) const MOST_STEPS: u64 = 50_000_000;

/// One port range of one connection.
#[derive(Debug)]
struct Opening<'s, 'a> {
    transport: Transport,
    ports: PortRange,
    source: &'s Set<'a>,
    destination: &'s Set<'a>,
}

/// Everything that passes.
#[derive(Debug)]
pub(super) struct Passing<'s, 'a>(Vec<Opening<'s, 'a>>);

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

/// The set of an endpoint.
pub(super) fn end<'s, 'a>(sets: &'s [Set<'a>], endpoint: EndpointId) -> &'s Set<'a> {
    sets.get(endpoint.index()).or_bug("an endpoint of another deployment")
}

/// The openings of a connection, which is settled.
fn openings<'s, 'a>(
    connection: &Connection<'_>,
    sets: &'s [Set<'a>],
) -> impl Iterator<Item = Opening<'s, 'a>> {
    let ports = connection.ports.as_ref().value().map_or(&[][..], |ports| &**ports).to_vec();
    let transport = connection.flow.transport;
    let (source, destination) = (end(sets, connection.source), end(sets, connection.destination));
    ports.into_iter().map(move |ports| Opening { transport, ports, source, destination })
}

impl<'s, 'a> Passing<'s, 'a> {
    /// What connections let pass; `sets` are those of the endpoints.
    pub(super) fn of(connections: &[Connection<'_>], sets: &'s [Set<'a>]) -> Self {
        Self(connections.iter().flat_map(|connection| openings(connection, sets)).collect())
    }

    /// Whether a connection of another deployment lets something pass that does not pass here. None while that is not
    /// known.
    pub(super) fn lacks(
        &self,
        connection: &Connection<'_>,
        sets: &[Set<'_>],
        steps: &mut u64,
    ) -> Result<Option<bool>, TooMuch> {
        let mut answer = Some(false);
        for opening in openings(connection, sets) {
            match self.lacks_opening(&opening, steps)? {
                Some(true) => return Ok(Some(true)),
                None => answer = None,
                Some(false) => {}
            }
        }
        Ok(answer)
    }

    fn lacks_opening(
        &self,
        opening: &Opening<'_, '_>,
        steps: &mut u64,
    ) -> Result<Option<bool>, TooMuch> {
        if opening.source.is_empty() || opening.destination.is_empty() {
            return Ok(Some(false));
        }
        let touching = self
            .0
            .iter()
            .filter(|it| it.transport == opening.transport && it.ports.overlaps(opening.ports));
        let touching: Vec<&Opening<'_, '_>> = touching.collect();
        take(steps, u64::try_from(self.0.len()).unwrap_or(u64::MAX))?;
        let is_known = |it: &Opening<'_, '_>| it.source.is_known() && it.destination.is_known();
        if !is_known(opening) {
            return Ok(None);
        }
        let piece = Piece {
            source: opening.source.clone(),
            destination: opening.destination.clone(),
            ports: opening.ports,
        };
        let is_new = is_left(piece, &touching, steps)?;
        let may_cover = touching.iter().any(|it| !is_known(it));
        Ok(if is_new && may_cover { None } else { Some(is_new) })
    }
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
            if !opening.ports.overlaps(piece.ports) {
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
            let rest_of_ports = without(piece.ports, opening.ports);
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
