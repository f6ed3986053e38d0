//! Questions about one deployment: what connections ask for, and what rules for others let pass all the same.

use std::collections::BTreeSet;

use cidrs::{Cidr, common, merge};
use portmatrix::bug::OrBug;
use portmatrix::connection::Leg;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::Transport;
use portmatrix::question::{Absent, Question, Reason, Why, absent, why};

use super::clouds::{self, Cloud};
use super::cover::{Covered, Product, covered, meets};
use super::ends::{End, Side};
use crate::platform;
use crate::platform::traffic::{Held, Traffic};
use crate::platform::view::{Direction, View};

/// What is said if something is unknown in a deployment in which all is known.
const OPEN: &str = "ports of a deployment that is not decided";

/// A deployment in which everything is known that an answer may depend on.
#[derive(Debug)]
pub struct Inquiry<'a, 'v> {
    pub(super) view: &'v View<'a>,
    /// Every platform.
    pub(super) clouds: Vec<Cloud>,
    /// Those that count for what rules let pass.
    used: Vec<Cloud>,
    /// For each endpoint, the connections that begin at it, or a step of which does; by their places.
    beginning: Vec<Vec<usize>>,
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'e> {
    /// Who would initiate it.
    pub source: &'e End,
    /// Who would listen.
    pub destination: &'e End,
    /// The transport.
    pub transport: Transport,
    /// The port at the destination.
    pub port: u16,
}

/// What passes, and on what ground.
#[derive(Debug)]
pub struct Verdict<'a, 'v> {
    /// The connections, and steps of such, that ask for it, or for a part of it.
    pub(super) legs: Vec<Leg<'v, 'a>>,
    /// How much of it these ask for.
    pub(super) asked_for: Covered,
    /// How much of it rules let pass, where connections do not ask for all of it: the most that any platform does.
    pub(super) let_pass: Covered,
    /// The platforms whose rules let that much pass.
    pub(super) by: Vec<Passage>,
    /// Why nothing of it passes, if nothing does.
    pub(super) why: Option<Why<'v>>,
    /// The flows that are not there, unless connections ask for all of it.
    pub(super) absent: Vec<Absent<'a>>,
}

/// What the rules of one platform let pass.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) cloud: Cloud,
    pub(super) ways: Vec<Way>,
}

/// A pair of endpoints of which the rules at both ends let some of it pass.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) source: EndpointId,
    pub(super) destination: EndpointId,
    /// Whose rules at the source hold the destination.
    pub(super) towards: BTreeSet<EndpointId>,
    /// Whose rules at the destination hold the source.
    pub(super) from: BTreeSet<EndpointId>,
    /// The addresses between which it passes.
    pub(super) product: Product,
}

impl Asked<'_> {
    /// The same for the matrix.
    pub(super) fn question(&self) -> Question<'_> {
        Question {
            source: self.source.party(),
            destination: self.destination.party(),
            transport: self.transport,
            port: self.port,
        }
    }
}

impl Verdict<'_, '_> {
    /// Whether all of it passes.
    pub fn is_allowed(&self) -> bool {
        self.let_pass == Covered::All
    }

    /// Whether connections ask for all of it.
    pub fn is_exact(&self) -> bool {
        self.asked_for == Covered::All
    }

    /// On what ground.
    pub fn reason(&self) -> Reason {
        if self.is_exact() {
            let grounds = self.legs.iter().map(|leg| Reason::of(leg.connection.flow));
            return grounds.min().or_bug("traffic that no connection asks for");
        }
        match self.let_pass {
            Covered::All => Reason::SharedAddress,
            Covered::Some => Reason::Partial,
            Covered::Nothing => self.why.as_ref().or_bug("nothing passes, and not why").reason(),
        }
    }
}

impl<'a, 'v> Inquiry<'a, 'v> {
    /// Questions about a deployment; none while something is unknown that an answer may depend on.
    pub fn of(view: &'v View<'a>) -> Option<Self> {
        let clouds = clouds::all();
        let is_known = |endpoint: EndpointId| {
            let cidrs = &view.addresses(endpoint).cidrs;
            let is_held = |cloud: &Cloud| {
                [Direction::Ingress, Direction::Egress].into_iter().all(|direction| {
                    let held = (cloud.held)(view, endpoint, direction, endpoint, endpoint);
                    !matches!(held, Held::Unknown)
                })
            };
            cidrs.as_ref().is_none_or(portmatrix::known::Known::is_known)
                && clouds.iter().all(is_held)
        };
        let is_decided = view.is_settled() && view.ids().all(is_known);
        let names = platform::in_use(view.input.addresses.iter().flat_map(platform::addressed));
        let used = clouds.iter().filter(|cloud| names.contains(&cloud.name)).copied().collect();
        is_decided.then(|| Self { view, clouds, used, beginning: beginning(view) })
    }

    /// What passes. None while something is unknown that it depends on.
    pub fn verdict(&self, asked: &Asked<'_>) -> Option<Verdict<'a, 'v>> {
        let question = asked.question();
        let begin = |side: &Side| {
            self.beginning.get(side.endpoint.index()).or_bug("an endpoint of another deployment")
        };
        let places: BTreeSet<usize> = asked.source.sides.iter().flat_map(begin).copied().collect();
        let legs: Vec<Leg<'_, '_>> = (places.into_iter())
            .flat_map(|place| {
                self.view.connections.get(place).or_bug("a connection of another view").legs()
            })
            .filter(|leg| question.is_asked_for_by(leg))
            .collect();
        let asked_for = asked_for(asked, &legs);
        let mut verdict = Verdict {
            legs,
            asked_for,
            let_pass: asked_for,
            by: Vec::new(),
            absent: Vec::new(),
            why: None,
        };
        if asked_for == Covered::All {
            return Some(verdict);
        }
        for cloud in &self.used {
            let ways = self.ways(cloud, asked, &question)?;
            let products: Vec<Product> = ways.iter().map(|way| way.product.clone()).collect();
            let much = covered(asked.source.addresses(), asked.destination.addresses(), &products);
            if much > verdict.let_pass {
                verdict.let_pass = much;
                verdict.by.clear();
            }
            if much == verdict.let_pass && much != Covered::Nothing {
                verdict.by.push(Passage { cloud: *cloud, ways });
            }
        }
        let (deployment, all) = (&self.view.input.deployment, &self.view.connections);
        verdict.absent = absent(deployment, &question);
        if verdict.let_pass == Covered::Nothing {
            verdict.why = Some(why(deployment, all, &verdict.absent, &question));
        }
        Some(verdict)
    }

    /// The pairs of endpoints of which a platform's rules let some of it pass. None while that is unknown.
    fn ways(&self, cloud: &Cloud, asked: &Asked<'_>, question: &Question<'_>) -> Option<Vec<Way>> {
        let peers = |side: &Side, direction| -> BTreeSet<EndpointId> {
            self.view
                .side(side.endpoint, direction)
                .filter(|seen| question.is_about(seen.connection, seen.ports.value().or_bug(OPEN)))
                .map(|seen| seen.peer)
                .collect()
        };
        let with_peers = |sides: &'_ [Side], direction| -> Vec<(Side, BTreeSet<EndpointId>)> {
            let sides = sides.iter().map(|side| (side.clone(), peers(side, direction)));
            sides.filter(|(_, peers)| !peers.is_empty()).collect()
        };
        let sources = with_peers(&asked.source.sides, Direction::Egress);
        if sources.is_empty() {
            return Some(Vec::new());
        }
        let destinations = with_peers(&asked.destination.sides, Direction::Ingress);
        let mut ways = Vec::new();
        for (source, reached) in &sources {
            for (destination, admitted) in &destinations {
                let at = (source.endpoint, Direction::Egress);
                let (towards, to) = self.holding(cloud, at, reached, destination)?;
                if to.is_empty() {
                    continue;
                }
                let at = (destination.endpoint, Direction::Ingress);
                let (from, by) = self.holding(cloud, at, admitted, source)?;
                if !by.is_empty() {
                    ways.push(Way {
                        source: source.endpoint,
                        destination: destination.endpoint,
                        towards,
                        from,
                        product: Product { sources: by, destinations: to },
                    });
                }
            }
        }
        Some(ways)
    }

    /// For which of its peers an endpoint has rules of a direction that hold some of the machines, and which machines these hold
    /// together.
    fn holding(
        &self,
        cloud: &Cloud,
        (at, direction): (EndpointId, Direction),
        peers: &BTreeSet<EndpointId>,
        side: &Side,
    ) -> Option<(BTreeSet<EndpointId>, Vec<Cidr>)> {
        let (mut holders, mut all) = (BTreeSet::new(), Vec::new());
        for peer in peers {
            let held = match (cloud.held)(self.view, at, direction, *peer, side.endpoint) {
                Held::All => side.addresses.clone(),
                Held::Nothing | Held::Unaddressed => continue,
                Held::Addresses(blocks) => {
                    // Most peers have nothing in common with the machines: that is found out without a set.
                    if !blocks.iter().any(|block| meets(&side.addresses, &block.cidr)) {
                        continue;
                    }
                    let blocks: Vec<Cidr> = blocks.iter().map(|block| block.cidr).collect();
                    let mut held = common(&blocks, &side.addresses);
                    // Of a machine whose address nobody tells it is certain only if any address is held.
                    held.retain(|cidr| side.are_stated || cidr.length() == 0);
                    held
                }
                Held::Unknown => return None,
            };
            if !held.is_empty() {
                holders.insert(*peer);
                all.extend(held);
            }
        }
        Some((holders, merge(all)))
    }

    /// The keys of an endpoint's rules for some peers; none where no peer has an address on the platform. An error
    /// while they are unknown.
    pub(super) fn keys(
        &self,
        cloud: &Cloud,
        endpoint: EndpointId,
        direction: Direction,
        traffic: &Traffic<'_>,
    ) -> Result<Option<BTreeSet<String>>, Unknown> {
        let reaches = |peer: &EndpointId| cloud.reaches(self.view, endpoint, direction, *peer);
        if !traffic.peers.iter().any(reaches) {
            return Ok(None);
        }
        (cloud.keys)(self.view, endpoint, direction, traffic).value().map(Some).ok_or(Unknown)
    }
}

/// That something is not known yet.
#[derive(Debug)]
pub(super) struct Unknown;

/// For each endpoint, the places of the connections that begin at it, or a step of which does.
fn beginning(view: &View<'_>) -> Vec<Vec<usize>> {
    let mut beginning = vec![Vec::new(); view.input.deployment.count()];
    for (place, connection) in view.connections.iter().enumerate() {
        for leg in connection.legs() {
            let at: &mut Vec<usize> =
                beginning.get_mut(leg.source.index()).or_bug("an endpoint of another deployment");
            if at.last() != Some(&place) {
                at.push(place);
            }
        }
    }
    beginning
}

/// How much of it the connections ask for. An endpoint by its name is meant whole, whatever its addresses are.
fn asked_for(asked: &Asked<'_>, legs: &[Leg<'_, '_>]) -> Covered {
    let network = |end: &End| end.network;
    let (source, destination) = (network(asked.source), network(asked.destination));
    let any = source.or(destination);
    let (Some(any), false) = (any, legs.is_empty()) else {
        return if legs.is_empty() { Covered::Nothing } else { Covered::All };
    };
    // The family of what is asked about stands for an endpoint that is meant whole.
    let every = [Cidr::holding(any.first(), 0)];
    let of = |end: &End, id: EndpointId| -> Vec<Cidr> {
        if end.network.is_none() {
            return every.to_vec();
        }
        let side = end.sides.iter().find(|side| side.endpoint == id);
        side.or_bug("an end that nobody asked about").addresses.clone()
    };
    let products: Vec<Product> = (legs.iter())
        .map(|leg| Product {
            sources: of(asked.source, leg.source),
            destinations: of(asked.destination, leg.destination),
        })
        .collect();
    let whole = |network: Option<Cidr>| network.map_or(every, |network| [network]);
    covered(&whole(source), &whole(destination), &products)
}
