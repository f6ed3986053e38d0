//! Everything that stands between two ends, seen from what is behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deployment, Endpoint, EndpointId, Hop};
use crate::bug::OrBug;
use crate::connection::ports;
use crate::known::{Known, Truth};
use crate::matrix::{PortRange, RoleId};
use crate::mistake::HopMistake;
use crate::path::{At, quoted};
use crate::problem::{Problems, listed};

/// How many endpoints may stand on the ways between two ends.
pub const MOST_HOPS: usize = 16;

/// How many ways may lead from one end to another.
pub const MOST_WAYS: usize = 16;

/// How much is remembered of what arrives at something that forwards; above that, nothing is refused for it.
const MOST_ARRIVALS: usize = 10_000;

/// What stands before each endpoint.
#[derive(Debug, Clone, Default)]
pub(super) struct Hops {
    /// By what is behind them: those that name it.
    before: BTreeMap<EndpointId, Vec<EndpointId>>,
    /// Those behind which anything may be.
    open: Vec<EndpointId>,
    /// Those that traffic would never leave.
    circular: BTreeSet<EndpointId>,
}

impl Hops {
    /// Those among the endpoints of a deployment, in their order.
    pub(super) fn of(endpoints: &[Endpoint<'_>]) -> Self {
        let mut hops = Self::default();
        let ids = EndpointId::first(endpoints.len());
        for (id, hop) in ids.zip(endpoints).filter_map(|(id, it)| Some((id, it.hop.as_ref()?))) {
            for behind in hop.behind.named.keys() {
                hops.before.entry(*behind).or_default().push(id);
            }
            if hop.behind.open {
                hops.open.push(id);
            }
        }
        hops
    }
}

impl Deployment<'_> {
    /// Whether nothing stands or may stand between any two ends.
    pub(crate) fn is_direct(&self) -> bool {
        self.hops.before.is_empty() && self.hops.open.is_empty()
    }

    /// What forwards traffic of `role` to an endpoint, and whether it certainly does.
    pub(crate) fn hops_before(
        &self,
        endpoint: EndpointId,
        role: RoleId,
    ) -> impl Iterator<Item = (EndpointId, &Hop, Truth)> {
        let named = self.hops.before.get(&endpoint).into_iter().flatten();
        let does_not_name = move |id: &&EndpointId| {
            **id != endpoint && !self.hop(**id).behind.named.contains_key(&endpoint)
        };
        let open = self.hops.open.iter().filter(does_not_name);
        named.chain(open).filter_map(move |id| {
            let hop = self.hop(*id);
            // What leads into a circle was reported.
            let arrives = Truth::from(!self.hops.circular.contains(id)).or(Truth::Maybe);
            let does = Truth::all([hop.forwards_to(endpoint), hop.takes(role), arrives]);
            (does != Truth::No).then_some((*id, hop, does))
        })
    }

    /// Everything that is certainly behind what forwards, however far, each once.
    pub fn all_behind(&self, hop: &Hop) -> Vec<EndpointId> {
        let mut waiting: Vec<EndpointId> = hop.behind().collect();
        let mut seen: BTreeSet<EndpointId> = waiting.iter().copied().collect();
        let mut behind = Vec::new();
        while let Some(id) = waiting.pop() {
            behind.push(id);
            let further = self.endpoint(id).hop.iter().flat_map(Hop::behind);
            waiting.extend(further.filter(|id| seen.insert(*id)));
        }
        behind
    }

    /// The endpoint as what forwards.
    pub(crate) fn hop(&self, id: EndpointId) -> &Hop {
        self.endpoint(id).hop.as_ref().or_bug("an end that forwards")
    }
}

/// Reports what can't be true of things that forward to each other.
pub(super) fn check(deployment: &mut Deployment<'_>, at: &At<'_>, problems: &mut Problems) {
    let hops: Vec<EndpointId> =
        deployment.endpoints().filter(|(_, it)| it.hop.is_some()).map(|(id, _)| id).collect();
    if hops.is_empty() {
        return;
    }
    let (inside_out, circular) = inside_out(deployment, &hops);
    report_circles(deployment, circular.clone(), at, problems);
    deployment.hops.circular = circular;
    let mut arrivals: BTreeMap<EndpointId, Arrivals> = BTreeMap::new();
    for id in inside_out {
        let arriving = Arrivals::at(deployment, id, &arrivals);
        arriving.check(deployment, id, at, problems);
        arrivals.insert(id, arriving);
    }
    for (id, endpoint) in deployment.endpoints().filter(|(_, it)| it.hop.is_none()) {
        let is_crowded = |role| crate::connection::is_crowded(deployment, id, role);
        if deployment.matrix.role_ids().any(is_crowded) {
            let detail = format!(
                "More than {MOST_HOPS} endpoints forward to {}, or more than {MOST_WAYS} ways lead through them. Join those that do the same.",
                quoted(endpoint.name)
            );
            problems.add(&at.key(endpoint.name), HopMistake::TooManyBetween, detail);
        }
    }
}

/// What forwards, each after all that is behind it; and what traffic would never leave.
fn inside_out(
    deployment: &Deployment<'_>,
    hops: &[EndpointId],
) -> (Vec<EndpointId>, BTreeSet<EndpointId>) {
    let forward = |id: EndpointId| {
        let behind = deployment.hop(id).behind.named.keys().copied();
        behind.filter(|behind| deployment.endpoint(*behind).hop.is_some())
    };
    let mut left: BTreeMap<EndpointId, usize> =
        hops.iter().map(|id| (*id, forward(*id).count())).collect();
    let mut ready: Vec<EndpointId> =
        left.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    let mut order = Vec::with_capacity(hops.len());
    while let Some(id) = ready.pop() {
        left.remove(&id);
        order.push(id);
        for before in deployment.hops.before.get(&id).into_iter().flatten() {
            if let Some(count) = left.get_mut(before) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*before);
                }
            }
        }
    }
    (order, left.into_keys().collect())
}

/// Tells one circle after the other, each at its first endpoint by name. All that is left leads into one.
fn report_circles(
    deployment: &Deployment<'_>,
    mut left: BTreeSet<EndpointId>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    while let Some(start) = left.first().copied() {
        let mut walked: Vec<EndpointId> = vec![start];
        let mut place = BTreeMap::from([(start, 0)]);
        let circle = loop {
            let last = walked.last().copied().or_bug("a walk without a start");
            let behind = deployment.hop(last).behind.named.keys().copied();
            // What led into a circle that was told before leads into no other.
            let Some(next) = behind.into_iter().find(|it| left.contains(it)) else { break None };
            if let Some(first) = place.insert(next, walked.len()) {
                break walked.get(first..);
            }
            walked.push(next);
        };
        let Some(circle) = circle else {
            left.retain(|id| !place.contains_key(id));
            continue;
        };
        let first = circle.iter().min().copied().or_bug("a circle of nobody");
        let turn = circle.iter().position(|id| *id == first).or_bug("a circle of nobody");
        let (head, tail) = circle.split_at(turn);
        let around = [tail, head, &[first]].concat();
        let name = |id: &EndpointId| quoted(deployment.endpoint(*id).name);
        let mut names: Vec<String> = around.iter().take(MOST_HOPS).map(name).collect();
        if around.len() > MOST_HOPS {
            names.push("…".to_owned());
        }
        let path = names.join(" to ");
        let detail = format!("{path}: traffic would never arrive. Take one of the names out.");
        let next = around.get(1).or_bug("a circle of nobody");
        let index = deployment.hop(first).behind.named.get(next).copied();
        let at = at.key(deployment.endpoint(first).name);
        let at = at.name("forwards_to");
        let at = at.index(index.or_bug("a circle through what is not behind"));
        problems.add(&at, HopMistake::ForwardsInACircle, detail);
        left.retain(|id| !circle.contains(id));
    }
}

/// What the document lets arrive at something that forwards: from which roles, on which ports of its own.
#[derive(Debug, Default)]
struct Arrivals {
    /// The role, where what is behind it listens, and where it listens itself for that; unknown ports while a setting is.
    found: BTreeSet<(RoleId, Option<(PortRange, PortRange)>)>,
    /// Whether there may be more.
    open: bool,
}

impl Arrivals {
    fn at(deployment: &Deployment<'_>, id: EndpointId, known: &BTreeMap<EndpointId, Self>) -> Self {
        let hop = deployment.hop(id);
        let mut arriving = Self { found: BTreeSet::new(), open: hop.behind.open };
        for behind in hop.behind.named.keys() {
            if arriving.open || arriving.found.len() > MOST_ARRIVALS {
                return Self { open: true, ..arriving };
            }
            match known.get(behind) {
                Some(further) => arriving.take_further(further, hop),
                None => arriving.take_ends(deployment, deployment.endpoint(*behind), hop),
            }
        }
        arriving
    }

    fn take_further(&mut self, further: &Self, hop: &Hop) {
        self.open |= further.open;
        let found = further.found.iter().filter(|(role, _)| hop.takes(*role) != Truth::No);
        self.found.extend(
            found.map(|(role, ports)| (*role, ports.and_then(|(_, theirs)| own(hop, theirs)))),
        );
    }

    fn take_ends(&mut self, deployment: &Deployment<'_>, endpoint: &Endpoint<'_>, hop: &Hop) {
        self.open |= !endpoint.roles.are_known();
        for flow in deployment.matrix.flows.iter().filter(|flow| !flow.host_local) {
            if endpoint.plays(flow.to) == Truth::No || hop.takes(flow.from) == Truth::No {
                continue;
            }
            match ports(deployment, flow, endpoint) {
                Known::Known(ports) => {
                    self.found.extend(ports.iter().map(|theirs| (flow.from, own(hop, *theirs))));
                }
                Known::Unknown => _ = self.found.insert((flow.from, None)),
            }
        }
    }

    /// Reports roles and ports of its own that mean nothing.
    fn check(
        &self,
        deployment: &Deployment<'_>,
        id: EndpointId,
        at: &At<'_>,
        problems: &mut Problems,
    ) {
        if self.open {
            return;
        }
        let (hop, matrix) = (deployment.hop(id), &deployment.matrix);
        let at = at.key(deployment.endpoint(id).name);
        let roles: BTreeSet<RoleId> = self.found.iter().map(|(role, _)| *role).collect();
        for (index, role) in hop.named_roles.iter().filter(|(_, role)| !roles.contains(role)) {
            let able = reaching(deployment, hop).into_iter().map(|role| matrix.role_id(role));
            let detail = format!(
                "By the document, no {} reaches what is behind {}. Roles that do: {}.",
                quoted(matrix.role_id(*role)),
                quoted(deployment.endpoint(id).name),
                listed(&able.collect::<Vec<_>>())
            );
            let at = at.name("from_roles");
            problems.add(&at.index(*index), HopMistake::RoleThatNeverReaches, detail);
        }
        let ports: Option<BTreeSet<PortRange>> =
            self.found.iter().map(|(_, ports)| ports.map(|(theirs, _)| theirs)).collect();
        if let (Some(ports), Known::Known(given)) = (ports, &hop.ports) {
            for theirs in given.keys().filter(|theirs| !ports.contains(theirs)) {
                let known: Vec<String> = ports.iter().map(ToString::to_string).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let detail = format!(
                    "Nothing behind {} listens on {theirs} for the traffic that comes this way. Ports there: {}.",
                    quoted(deployment.endpoint(id).name),
                    listed(&known)
                );
                let theirs = theirs.to_string();
                let at = at.name("ports");
                problems.add(&at.key(&theirs).its_name(), HopMistake::PortOfNobodyBehind, detail);
            }
        }
    }
}

/// Where what is behind it listens, and where it does itself; none while that is not known.
fn own(hop: &Hop, theirs: PortRange) -> Option<(PortRange, PortRange)> {
    hop.listens(theirs).value().map(|own| (theirs, own))
}

/// The roles from which the document lets traffic arrive at what is right behind it.
fn reaching(deployment: &Deployment<'_>, hop: &Hop) -> BTreeSet<RoleId> {
    let mut roles = BTreeSet::new();
    for id in deployment.all_behind(hop) {
        let endpoint = deployment.endpoint(id);
        let flows = deployment.matrix.flows.iter().filter(|flow| !flow.host_local);
        roles.extend(
            flows.filter(|flow| endpoint.plays(flow.to) == Truth::Yes).map(|flow| flow.from),
        );
    }
    roles
}
