//! The way of a connection: what stands between its ends, and what each on it sees of the others.
//!
//! Two questions decide everything. Does who asks address the end, or what stands before it? And does the end see who
//! asked, or what stands between? So every step from one that is addressed to the next has three endpoints: who sends, who
//! is addressed, and who is seen there as the source. A rule at the sender names the second, a rule at the second the third.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::bug::OrBug;
use crate::deployment::{Deployment, EndpointId, MOST_HOPS, MOST_WAYS};
use crate::known::{Known, Truth};
use crate::matrix::{PortRange, RoleId};

/// Ports of one endpoint, ascending.
pub(super) type Ports = Known<Rc<[PortRange]>>;

/// How a connection gets from its source to its destination.
#[derive(Debug, Clone)]
pub enum Way {
    /// From one end to the other.
    Direct,
    /// Through others.
    Via(Rc<Route>),
    /// Not known yet: anything that forwards may be on it.
    Unknown,
}

/// All ways through others to an endpoint; the same for every source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What is on the ways, in the order in which traffic meets it; what stands side by side in the order of the names.
    pub via: Rc<[EndpointId]>,
    /// The ways, in the order of their names.
    pub ways: Vec<Rc<[EndpointId]>>,
    /// The steps of all ways.
    pub steps: Vec<Step>,
}

/// A step of a way, from one that is addressed, or the source, to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who sends it; none for the source of the connection.
    pub from: Option<EndpointId>,
    /// Who is addressed.
    pub to: EndpointId,
    /// Who is seen there as the source; none for the source of the connection.
    pub seen: Option<EndpointId>,
    /// Where `to` listens for it.
    pub ports: Ports,
    /// The way that it is a step of.
    pub way: Rc<[EndpointId]>,
}

impl Way {
    /// The way of traffic that an endpoint of `role` sends to `ports` of `destination`.
    pub(super) fn of(
        deployment: &Deployment<'_>,
        role: RoleId,
        destination: EndpointId,
        ports: &Ports,
    ) -> Self {
        let Known::Known(ways) = ways(deployment, role, destination) else { return Self::Unknown };
        if ways.is_empty() {
            return Self::Direct;
        }
        let steps = ways.iter().flat_map(|way| steps_of(deployment, way, destination, ports));
        let steps = steps.collect();
        Self::Via(Rc::new(Route { via: in_order(&ways), ways, steps }))
    }
}

/// The ways of traffic that an endpoint of `role` sends to `destination`, each with all that stands on it; none where nothing
/// stands between. The same for all ports and for every source.
pub(super) fn ways(
    deployment: &Deployment<'_>,
    role: RoleId,
    destination: EndpointId,
) -> Known<Vec<Rc<[EndpointId]>>> {
    if deployment.is_direct() {
        return Known::Known(Vec::new());
    }
    let web = Web::before(deployment, destination, role);
    if !web.is_certain || web.is_crowded {
        return Known::Unknown;
    }
    if web.hops.is_empty() {
        return Known::Known(Vec::new());
    }
    // Too many ways were reported when the deployment was checked.
    web.ways().map_or(Known::Unknown, Known::Known)
}

/// Whether more stands before an endpoint than is looked at.
pub(crate) fn is_crowded(deployment: &Deployment<'_>, endpoint: EndpointId, role: RoleId) -> bool {
    let web = Web::before(deployment, endpoint, role);
    web.is_crowded || (web.is_certain && web.ways().is_none())
}

/// Everything that forwards traffic of one role to one endpoint.
struct Web<'d, 'a> {
    deployment: &'d Deployment<'a>,
    destination: EndpointId,
    role: RoleId,
    hops: BTreeSet<EndpointId>,
    /// Whether all of it certainly does, and it is known what it hides. If not, some may lack.
    is_certain: bool,
    /// Whether it is more than is looked at, and some lacks.
    is_crowded: bool,
}

impl<'d, 'a> Web<'d, 'a> {
    fn before(deployment: &'d Deployment<'a>, destination: EndpointId, role: RoleId) -> Self {
        let hops = BTreeSet::new();
        let mut web =
            Self { deployment, destination, role, hops, is_certain: true, is_crowded: false };
        let mut waiting = vec![destination];
        while let Some(behind) = waiting.pop() {
            for (id, hop, does) in deployment.hops_before(behind, role) {
                if does == Truth::Maybe || !hop.hides_are_known() {
                    return Self { is_certain: false, ..web };
                }
                if web.hops.insert(id) {
                    waiting.push(id);
                }
                if web.hops.len() > MOST_HOPS {
                    return Self { is_crowded: true, ..web };
                }
            }
        }
        web
    }

    /// The ways from where traffic comes in. None if they are too many.
    fn ways(&self) -> Option<Vec<Rc<[EndpointId]>>> {
        let mut ways: Vec<Vec<EndpointId>> = Vec::new();
        let mut open = vec![vec![self.destination]];
        while let Some(way) = open.pop() {
            let last = way.last().copied().or_bug("a way without an end");
            let mut is_entry = true;
            for (before, _, _) in self.deployment.hops_before(last, self.role) {
                is_entry = false;
                let mut longer = way.clone();
                longer.push(before);
                open.push(longer);
            }
            if is_entry {
                ways.push(way.into_iter().skip(1).rev().collect());
            }
            if ways.len() + open.len() > MOST_WAYS {
                return None;
            }
        }
        ways.sort_unstable();
        Some(ways.into_iter().map(Rc::from).collect())
    }
}

/// Every endpoint on some ways, in an order in which each way has them.
fn in_order(ways: &[Rc<[EndpointId]>]) -> Rc<[EndpointId]> {
    let mut before: BTreeMap<EndpointId, BTreeSet<EndpointId>> = BTreeMap::new();
    for way in ways {
        let mut last = None;
        for id in way.iter().copied() {
            before.entry(id).or_default().extend(last);
            last = Some(id);
        }
    }
    let mut order: Vec<EndpointId> = Vec::with_capacity(before.len());
    while !before.is_empty() {
        let is_next = |others: &BTreeSet<EndpointId>| others.iter().all(|id| order.contains(id));
        let next = before.iter().find(|(_, others)| is_next(others)).map(|(id, _)| *id);
        let next = next.or_bug("ways that lead in a circle");
        before.remove(&next);
        order.push(next);
    }
    order.into()
}

/// The steps of one way, of which is known what everything on it hides.
pub(super) fn steps_of(
    deployment: &Deployment<'_>,
    way: &Rc<[EndpointId]>,
    destination: EndpointId,
    ports: &Ports,
) -> Vec<Step> {
    const HIDES: &str = "a way through something of which is not known what it hides";
    // Where each of them listens follows from where the next does, from the destination backwards.
    let mut listening: Vec<Ports> = Vec::with_capacity(way.len());
    let mut behind = ports.clone();
    for id in way.iter().rev() {
        let hop = deployment.hop(*id);
        if hop.hides_destination.value().or_bug(HIDES) {
            behind = translated(&behind, |port| hop.listens(port));
        }
        listening.push(behind.clone());
    }
    let (mut from, mut seen) = (None, None);
    let mut steps = Vec::new();
    for (id, ports) in way.iter().copied().zip(listening.into_iter().rev()) {
        let hop = deployment.hop(id);
        if hop.hides_destination.value().or_bug(HIDES) {
            steps.push(Step { from, to: id, seen, ports, way: Rc::clone(way) });
            from = Some(id);
        }
        if hop.hides_source.value().or_bug(HIDES) {
            seen = Some(id);
        }
    }
    let (to, ports) = (destination, ports.clone());
    steps.push(Step { from, to, seen, ports, way: Rc::clone(way) });
    steps
}

/// The ports on which something listens for what goes to `ports` behind it.
fn translated(ports: &Ports, listens: impl Fn(PortRange) -> Known<PortRange>) -> Ports {
    let Known::Known(ports) = ports else { return Known::Unknown };
    let own: Option<BTreeSet<PortRange>> =
        ports.iter().map(|port| listens(*port).value()).collect();
    own.map_or(Known::Unknown, |own| Known::Known(own.into_iter().collect()))
}
