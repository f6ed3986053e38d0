//! The connections that are not the same before and after.

use std::collections::BTreeSet;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Cause, Connection, Way, absence, moved};
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::PortRange;
use tfplugin::object;

use super::matched::Matched;
use super::passing::{MOST_STEPS, Passing, TooMuch};
use super::rules;
use super::set::Set;
use super::sets::{Sets, are_moved, moves};
use crate::leaf::Leaf;
use crate::platform::joined::Joined;
use crate::platform::lint::Look;
use crate::platform::view::View;
use crate::platform::{self, with_platforms};

object! {
    /// A connection that is not the same before and after.
    #[derive(Debug)]
    pub struct Difference<'a> {
        /// Its key: `<flow>/<source endpoint>/<destination endpoint>`.
        pub connection: String,
        /// The endpoint that initiates it.
        pub source: &'a str,
        /// The endpoint that listens.
        pub destination: &'a str,
        /// `tcp` or `udp`.
        pub protocol: &'static str,
        /// Its ports before; none if it was not there.
        pub ports_before: Vec<String>,
        /// Its ports after; none if it is not there any more.
        pub ports_after: Vec<String>,
        /// What stands for its ends, and for what is between, now and did not: CIDRs without those that did, ids of groups and
        /// lists, tags.
        pub addresses_opened: Leaf<Vec<String>>,
        /// What stood for them and does not any more.
        pub addresses_closed: Leaf<Vec<String>>,
        /// The id of its flow.
        pub flows: Vec<&'a str>,
        /// Ids of the rows of the document that ask for it.
        pub citations: Vec<&'a str>,
        /// What of the deployment changed: `endpoint`, `role`, `address`, `port`, `talks_to`, `exclude_flows`, `additions`, `option`, `matrix`, `via`.
        pub causes: Leaf<Vec<&'static str>>,
        /// Whether it lets something pass that no connection did before.
        pub widens: Leaf<bool>,
    }
}

/// The sets of the endpoints on one platform.
struct OnPlatform<'v, 'a> {
    before: Sets<'v, 'a>,
    after: Sets<'v, 'a>,
}

/// Both deployments.
pub(super) struct Both<'v, 'a> {
    before: &'v View<'a>,
    after: &'v View<'a>,
    matched: Matched,
    sets: Vec<OnPlatform<'v, 'a>>,
    /// Whether the rules at the two ends of a connection may differ in more than direction.
    has_two_sides: bool,
    /// Where the same stands for an endpoint whoever sees it: of each one of after, whether something else does than before, on
    /// some platform.
    moved: Option<Vec<Option<bool>>>,
}

/// What is not the same; what changed is none while that is not known.
pub(super) struct Found<'a> {
    pub(super) opened: Vec<Difference<'a>>,
    pub(super) closed: Vec<Difference<'a>>,
    pub(super) changed: Option<Vec<Difference<'a>>>,
}

impl<'v, 'a> Both<'v, 'a> {
    /// Those of two looks.
    pub(super) fn of(looks: &[Look<'v, 'a>; 2]) -> Self {
        let [before, after] = looks;
        let (before, after) = (before.view, after.view);
        let (matched, sets) = (Matched::of(before, after), sets(looks));
        let all = || sets.iter().flat_map(|it| [&it.before, &it.after]);
        let has_two_sides = all().any(Sets::has_two_sides);
        let moved =
            all().all(Sets::are_seen_alike).then(|| moved_endpoints(after, &matched, &sets));
        Self { before, after, matched, sets, has_two_sides, moved }
    }

    /// Everything that is not the same.
    pub(super) fn differences(&self) -> Result<Found<'a>, TooMuch> {
        let mut passed: Vec<Passing<'_, '_>> = (self.sets.iter())
            .map(|sets| Passing::of(&self.before.connections, &sets.before, self.has_two_sides))
            .collect();
        let mut steps = MOST_STEPS;
        let mut found = Found { opened: Vec::new(), closed: Vec::new(), changed: Some(Vec::new()) };
        for connection in self.matched.connections(self.before, self.after) {
            match connection {
                Joined::Before(was) => found.closed.push(self.closed(was)),
                Joined::After(is) => {
                    let widens = self.widens(&mut passed, is, &mut steps)?;
                    found.opened.push(self.opened(is, widens));
                }
                Joined::Both(was, is) => match self.differs(was, is) {
                    None => found.changed = None,
                    Some(false) => {}
                    Some(true) => {
                        let widens = self.widens(&mut passed, is, &mut steps)?;
                        let changed = self.changed(was, is, widens);
                        if let Some(all) = &mut found.changed {
                            all.push(changed);
                        }
                    }
                },
            }
        }
        for list in [&mut found.opened, &mut found.closed].into_iter().chain(&mut found.changed) {
            list.sort_unstable_by(|one, other| one.connection.cmp(&other.connection));
        }
        Ok(found)
    }

    /// Whether a connection of after lets something pass that did not pass on some platform.
    fn widens(
        &self,
        passed: &mut [Passing<'_, '_>],
        connection: &Connection<'_>,
        steps: &mut u64,
    ) -> Result<Leaf<bool>, TooMuch> {
        let mut answer = Leaf::Known(false);
        for (passed, sets) in passed.iter_mut().zip(&self.sets) {
            match passed.lacks(connection, (&sets.after, self.has_two_sides), steps)? {
                Some(true) => return Ok(Leaf::Known(true)),
                None => answer = Leaf::Unknown,
                Some(false) => {}
            }
        }
        Ok(answer)
    }

    /// Whether a connection has other ports, ways or addresses; none while that is not known.
    fn differs(&self, was: &Connection<'_>, is: &Connection<'_>) -> Option<bool> {
        if was.ports != is.ports || self.ways_differ(was, is) {
            return Some(true);
        }
        if let (Some(moved), Way::Direct) = (&self.moved, &is.way) {
            let ends = [is.source, is.destination];
            return either(ends.map(|end| *moved.get(end.index()).or_bug("an end of nobody")));
        }
        either(self.pairs(was, is).map(|(one, other)| one.differs(other)))
    }

    /// Whether something else stands between the ends, or listens elsewhere.
    fn ways_differ(&self, was: &Connection<'_>, is: &Connection<'_>) -> bool {
        if let (Way::Direct, Way::Direct) = (&was.way, &is.way) {
            return false;
        }
        // Where what is before the end listens follows from where the end does.
        let is_moved = was.ports != is.ports;
        let (was, is) = (steps(self.before, was), steps(self.after, is));
        was.0 != is.0 || was.1 != is.1 || (!is_moved && was.2 != is.2)
    }

    /// What stands at each step of a connection that is on the same ways before and after, on every platform.
    fn pairs<'s>(
        &'s self,
        was: &'s Connection<'_>,
        is: &'s Connection<'_>,
    ) -> impl Iterator<Item = (&'s Set<'a>, &'s Set<'a>)> {
        self.sets.iter().flat_map(|OnPlatform { before, after }| {
            let (before, after) = (before.at_steps(was), after.at_steps(is));
            before.flatten().flatten().zip(after.flatten().flatten())
        })
    }

    /// What stands at either side of a connection before and after, on every platform, whatever its ways are.
    fn sides<'s>(
        &'s self,
        was: &'s Connection<'_>,
        is: &'s Connection<'_>,
    ) -> Vec<[Vec<&'s Set<'a>>; 2]> {
        let mut sides = Vec::new();
        for OnPlatform { before, after } in &self.sets {
            let (was, is): (Vec<_>, Vec<_>) =
                (before.at_steps(was).collect(), after.at_steps(is).collect());
            for side in [0, 1] {
                sides.push([&was, &is].map(|steps| of_side(steps, side)));
            }
        }
        sides
    }

    fn opened(&self, is: &Connection<'a>, widens: Leaf<bool>) -> Difference<'a> {
        let causes = absence(&self.before.input.deployment, &self.after.input.deployment, is);
        let ends = self.sets.iter().flat_map(|sets| sets.after.at_steps(is));
        Difference {
            ports_after: ports(is),
            addresses_opened: texts(ends.flatten().flatten().cloned()),
            causes: told(causes),
            widens,
            ..bare(self.after, is)
        }
    }

    fn closed(&self, was: &Connection<'a>) -> Difference<'a> {
        let causes = absence(&self.after.input.deployment, &self.before.input.deployment, was);
        let ends = self.sets.iter().flat_map(|sets| sets.before.at_steps(was));
        Difference {
            ports_before: ports(was),
            addresses_closed: texts(ends.flatten().flatten().cloned()),
            causes: told(causes),
            ..bare(self.before, was)
        }
    }

    fn changed(
        &self,
        was: &Connection<'a>,
        is: &Connection<'a>,
        widens: Leaf<bool>,
    ) -> Difference<'a> {
        let deployments = [self.before, self.after].map(|view| &view.input.deployment);
        let [before, after] = deployments;
        let mut causes = BTreeSet::new();
        if was.ports != is.ports {
            causes.insert(moved((before, was), (after, is)));
        }
        let is_rerouted = self.ways_differ(was, is);
        if is_rerouted {
            causes.insert(Cause::Via);
        }
        let sides: Vec<[Vec<&Set<'_>>; 2]> = if is_rerouted {
            self.sides(was, is)
        } else {
            self.pairs(was, is).map(|(one, other)| [vec![one], vec![other]]).collect()
        };
        let mut are_known = true;
        for OnPlatform { before, after } in &self.sets {
            let more = if is_rerouted {
                let are_moved = are_moved(before, after, was, is);
                are_moved.map(|they_are| they_are.then_some(Cause::Address).into_iter().collect())
            } else {
                moves(before, after, was, is)
            };
            are_known &= more.is_some();
            causes.extend(more.into_iter().flatten());
        }
        let is_known = sides.iter().flatten().flatten().all(|set| set.is_known());
        let only = |part: fn(&[Vec<&Set<'a>>; 2]) -> Vec<Set<'a>>| {
            if is_known { texts(sides.iter().flat_map(part)) } else { Leaf::Unknown }
        };
        Difference {
            ports_before: ports(was),
            ports_after: ports(is),
            addresses_opened: only(|[was, is]| without(is, was)),
            addresses_closed: only(|[was, is]| without(was, is)),
            causes: if are_known { told(causes) } else { Leaf::Unknown },
            widens,
            ..bare(self.after, is)
        }
    }
}

/// Whether one of them holds. None while that is not known.
fn either(statements: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(false);
    for statement in statements {
        match statement {
            Some(true) => return Some(true),
            None => answer = None,
            Some(false) => {}
        }
    }
    answer
}

/// Of each endpoint of after, whether something else stands for it than before, on some platform; false for one that was not
/// there.
fn moved_endpoints(
    after: &View<'_>,
    matched: &Matched,
    sets: &[OnPlatform<'_, '_>],
) -> Vec<Option<bool>> {
    let is_moved = |is| {
        let Some(was) = matched.endpoint(is) else { return Some(false) };
        either(sets.iter().map(|of| of.before.own(was).differs(of.after.own(is))))
    };
    after.ids().map(is_moved).collect()
}

/// Causes by their names.
fn told(causes: impl IntoIterator<Item = Cause>) -> Leaf<Vec<&'static str>> {
    Leaf::Known(causes.into_iter().map(Cause::as_str).collect())
}

/// What stands at one side of the steps of a connection.
fn of_side<'s, 'a>(steps: &[[[&'s Set<'a>; 2]; 2]], side: usize) -> Vec<&'s Set<'a>> {
    let sides = steps.iter().filter_map(|step| step.get(side));
    sides.flatten().copied().collect()
}

/// What is in some sets and in none of others.
fn without<'a>(some: &[&Set<'a>], others: &[&Set<'a>]) -> Vec<Set<'a>> {
    let of_one =
        |set: &&Set<'a>| others.iter().fold((*set).clone(), |rest, other| rest.without(other));
    some.iter().map(of_one).collect()
}

/// The ways of a connection by the names of what stands on them; its steps by those of who sends, is addressed and is seen; and
/// the ports of each.
type Steps<'s> = (Vec<Vec<&'s str>>, Vec<[&'s str; 3]>, Vec<&'s [PortRange]>);

fn steps<'s>(view: &View<'s>, connection: &'s Connection<'_>) -> Steps<'s> {
    let name = |id: EndpointId| view.name(id);
    let ways = match &connection.way {
        Way::Via(route) => {
            route.ways.iter().map(|way| way.iter().map(|id| name(*id)).collect()).collect()
        }
        Way::Direct | Way::Unknown => Vec::new(),
    };
    let passes = || connection.passes();
    let names = passes().map(|it| [it.from, it.to, it.seen].map(name)).collect();
    (ways, names, passes().map(|it| it.ports).collect())
}

/// A difference of which only the connection is known.
fn bare<'a>(view: &View<'a>, connection: &Connection<'a>) -> Difference<'a> {
    let mut key = String::new();
    connection.push_key(&view.input.deployment, &mut key);
    Difference {
        connection: key,
        source: view.name(connection.source),
        destination: view.name(connection.destination),
        protocol: connection.flow.transport.as_str(),
        ports_before: Vec::new(),
        ports_after: Vec::new(),
        addresses_opened: Leaf::Known(Vec::new()),
        addresses_closed: Leaf::Known(Vec::new()),
        flows: vec![&connection.flow.id],
        citations: connection.flow.citations(),
        causes: Leaf::Known(Vec::new()),
        widens: Leaf::Known(false),
    }
}

fn ports(connection: &Connection<'_>) -> Vec<String> {
    let ports = connection.ports.as_ref().value();
    let ports = ports.or_bug("ports of a deployment that is not decided");
    ports.iter().map(ToString::to_string).collect()
}

/// What stands in some sets, each once: CIDRs and names in the order of their texts.
fn texts<'a>(sets: impl Iterator<Item = Set<'a>>) -> Leaf<Vec<String>> {
    let mut texts = BTreeSet::new();
    for set in sets {
        if !set.is_known() {
            return Leaf::Unknown;
        }
        texts.extend(set.texts());
    }
    Leaf::Known(texts.into_iter().collect())
}

/// The sets of all endpoints on each platform that one of the deployments is for.
fn sets<'v, 'a>(looks: &[Look<'v, 'a>; 2]) -> Vec<OnPlatform<'v, 'a>> {
    let [before, after] = looks;
    let mut sets = Vec::new();
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $(if rules::is_for::<platform::$name::$platform>(looks) {
                sets.push(OnPlatform {
                    before: Sets::of::<platform::$name::$platform>(before.view),
                    after: Sets::of::<platform::$name::$platform>(after.view),
                });
            })*
        };
    }
    with_platforms!(of_each);
    sets
}
