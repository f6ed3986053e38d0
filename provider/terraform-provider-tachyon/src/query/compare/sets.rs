//! The sets of the endpoints of a deployment on one platform: each for itself, and as the rules of others see it.

use std::collections::BTreeSet;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Cause, Connection, Pass};
use portmatrix::deployment::EndpointId;

use super::set::Set;
use crate::platform::view::{Direction, View};
use crate::platform::{self, Platform, Reach};

/// The sets of the endpoints of one deployment.
pub(super) struct Sets<'v, 'a> {
    view: &'v View<'a>,
    reach: fn(&View<'_>, EndpointId, Direction, EndpointId) -> Reach,
    /// Whether rules refer to groups in both directions.
    refers_both_ways: bool,
    /// By what stands for each endpoint where its groups can be referred to.
    within: Vec<Set<'a>>,
    /// Where they can't; none if that is nowhere: no endpoint tells its network.
    across: Vec<Set<'a>>,
    /// Where that is not known; none if that is nowhere.
    open: Vec<Set<'a>>,
}

impl<'v, 'a> Sets<'v, 'a> {
    /// Those on a platform.
    pub(super) fn of<P: Platform>(view: &'v View<'a>) -> Self {
        let sets = |reach| -> Vec<Set<'a>> {
            view.ids().map(|id| Set::of(P::standing(view.addresses(id), reach))).collect()
        };
        let refers_both_ways = platform::refers_both_ways(P::NAME);
        let (across, open) = if tells_networks(view) || !refers_both_ways {
            (sets(Reach::Across), sets(Reach::Unknown))
        } else {
            (Vec::new(), Vec::new())
        };
        let within = sets(Reach::Within);
        Self { view, reach: platform::reach::<P>, refers_both_ways, within, across, open }
    }

    /// The machines of an endpoint, for its own rules.
    pub(super) fn own(&self, endpoint: EndpointId) -> &Set<'a> {
        end(&self.within, endpoint)
    }

    /// What stands for a peer in the rules of one direction of an endpoint.
    pub(super) fn seen(
        &self,
        endpoint: EndpointId,
        direction: Direction,
        peer: EndpointId,
    ) -> &Set<'a> {
        if self.across.is_empty() {
            return self.own(peer);
        }
        match self.reach_of(endpoint, direction, peer) {
            Reach::Within => self.own(peer),
            Reach::Across => end(&self.across, peer),
            Reach::Unknown => end(&self.open, peer),
        }
    }

    fn reach_of(&self, endpoint: EndpointId, direction: Direction, peer: EndpointId) -> Reach {
        (self.reach)(self.view, endpoint, direction, peer)
    }

    /// Whether the rules at the two ends of a connection may differ in more than direction: something stands between, or groups
    /// do not stand for an endpoint everywhere.
    pub(super) fn has_two_sides(&self) -> bool {
        !self.refers_both_ways
            || tells_networks(self.view)
            || self.view.input.deployment.endpoints().any(|(_, it)| it.hop.is_some())
    }

    /// Whether the same stands for an endpoint whoever sees it.
    pub(super) fn are_seen_alike(&self) -> bool {
        self.across.is_empty()
    }

    /// What stands at each step of a connection: for who sends it and who is seen as the source, then for who is addressed, at
    /// either side.
    pub(super) fn at_steps<'s>(
        &'s self,
        connection: &'s Connection<'_>,
    ) -> impl Iterator<Item = [[&'s Set<'a>; 2]; 2]> {
        let of = |pass: Pass<'_>| {
            let Pass { from, to, seen, .. } = pass;
            let (source, destination) =
                (self.seen(to, Direction::Ingress, seen), self.seen(from, Direction::Egress, to));
            [[self.own(from), source], [destination, self.own(to)]]
        };
        connection.passes().map(of)
    }
}

/// Whether an end of a connection has other addresses of its own. None while that is not known.
pub(super) fn are_moved(
    before: &Sets<'_, '_>,
    after: &Sets<'_, '_>,
    was: &Connection<'_>,
    is: &Connection<'_>,
) -> Option<bool> {
    let differs = |one, other| before.own(one).differs(after.own(other));
    let source = differs(was.source, is.source);
    let destination = differs(was.destination, is.destination);
    if source == Some(true) { source } else { destination.filter(|it| *it || source.is_some()) }
}

/// Why other machines stand at the steps of a connection that is on the same ways before and after; nothing if the same do. None
/// while that is not known.
pub(super) fn moves(
    before: &Sets<'_, '_>,
    after: &Sets<'_, '_>,
    was: &Connection<'_>,
    is: &Connection<'_>,
) -> Option<BTreeSet<Cause>> {
    let mut causes = BTreeSet::new();
    let sides = |pass: Pass<'_>| {
        let egress = (pass.from, Direction::Egress, pass.to);
        [egress, (pass.to, Direction::Ingress, pass.seen)]
    };
    let pairs = was.passes().flat_map(sides).zip(is.passes().flat_map(sides));
    for ((at_before, direction, peer_before), (at_after, _, peer_after)) in pairs {
        if before.own(at_before).differs(after.own(at_after))? {
            causes.insert(Cause::Address);
        }
        let was = before.seen(at_before, direction, peer_before);
        if !was.differs(after.seen(at_after, direction, peer_after))? {
            continue;
        }
        let network = |sets: &Sets<'_, '_>, id| {
            sets.view.addresses(id).network.map(|network| network.map(str::to_ascii_lowercase))
        };
        let are_where_they_were = network(before, at_before) == network(after, at_after)
            && network(before, peer_before) == network(after, peer_after);
        let reach = [
            before.reach_of(at_before, direction, peer_before),
            after.reach_of(at_after, direction, peer_after),
        ];
        if reach.contains(&Reach::Unknown) {
            return None;
        }
        let is_reached_alike = reach[0] == reach[1];
        // The same networks, which have come to be open to each other, or are no longer.
        causes.insert(if are_where_they_were && !is_reached_alike {
            Cause::Option
        } else {
            Cause::Address
        });
    }
    Some(causes)
}

fn tells_networks(view: &View<'_>) -> bool {
    view.ids().any(|id| view.addresses(id).network.is_some())
}

fn end<'s, 'a>(sets: &'s [Set<'a>], endpoint: EndpointId) -> &'s Set<'a> {
    sets.get(endpoint.index()).or_bug("an endpoint of another deployment")
}
