//! The connections that are not the same before and after.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::connection::{Cause, Connection, Way, absence, moved};
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::PortRange;
use tfplugin::object;

use super::passing::{MOST_STEPS, Passing, TooMuch};
use super::rules;
use super::set::Set;
use super::sets::{Sets, are_moved, has_two_sides, moves};
use crate::leaf::Leaf;
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
    sets: Vec<OnPlatform<'v, 'a>>,
    /// Whether the rules at the two ends of a connection may differ in more than direction.
    has_two_sides: bool,
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
        let has_two_sides = has_two_sides(before) || has_two_sides(after);
        Self { before, after, sets: sets(looks), has_two_sides }
    }

    /// Everything that is not the same.
    pub(super) fn differences(&self) -> Result<Found<'a>, TooMuch> {
        let by_key = |view: &'v View<'a>| -> BTreeMap<String, &'v Connection<'a>> {
            let keyed = view.connections.iter().map(|connection| {
                let mut key = String::new();
                connection.push_key(&view.input.deployment, &mut key);
                (key, connection)
            });
            keyed.collect()
        };
        let (was, is) = (by_key(self.before), by_key(self.after));
        let passed: Vec<Passing<'_, '_>> = (self.sets.iter())
            .map(|sets| Passing::of(&self.before.connections, &sets.before, self.has_two_sides))
            .collect();
        let mut steps = MOST_STEPS;
        let mut found = Found { opened: Vec::new(), closed: Vec::new(), changed: Some(Vec::new()) };
        for (key, connection) in &is {
            match was.get(key) {
                None => {
                    let widens = self.widens(&passed, connection, &mut steps)?;
                    found.opened.push(self.opened(key, connection, widens));
                }
                Some(before) => match self.differs(before, connection) {
                    None => found.changed = None,
                    Some(false) => {}
                    Some(true) => {
                        let widens = self.widens(&passed, connection, &mut steps)?;
                        let changed = self.changed(key, before, connection, widens);
                        if let Some(all) = &mut found.changed {
                            all.push(changed);
                        }
                    }
                },
            }
        }
        let gone = was.iter().filter(|(key, _)| !is.contains_key(*key));
        found.closed.extend(gone.map(|(key, connection)| self.closed(key, connection)));
        Ok(found)
    }

    /// Whether a connection of after lets something pass that did not pass on some platform.
    fn widens(
        &self,
        passed: &[Passing<'_, '_>],
        connection: &Connection<'_>,
        steps: &mut u64,
    ) -> Result<Leaf<bool>, TooMuch> {
        let mut answer = Leaf::Known(false);
        for (passed, sets) in passed.iter().zip(&self.sets) {
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
        let mut answer = Some(false);
        for (one, other) in self.pairs(was, is) {
            match one.differs(other) {
                Some(true) => return Some(true),
                None => answer = None,
                Some(false) => {}
            }
        }
        answer
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
    fn pairs(&self, was: &Connection<'_>, is: &Connection<'_>) -> Vec<(&Set<'a>, &Set<'a>)> {
        let mut pairs = Vec::new();
        for OnPlatform { before, after } in &self.sets {
            let steps = before.at_steps(was).into_iter().zip(after.at_steps(is));
            let sides = steps.flat_map(|(one, other)| one.into_iter().zip(other));
            pairs.extend(sides.flat_map(|(one, other)| one.into_iter().zip(other)));
        }
        pairs
    }

    /// What stands at either side of a connection before and after, on every platform, whatever its ways are.
    fn sides(&self, was: &Connection<'_>, is: &Connection<'_>) -> Vec<[Vec<&Set<'a>>; 2]> {
        let mut sides = Vec::new();
        for OnPlatform { before, after } in &self.sets {
            let (was, is) = (before.at_steps(was), after.at_steps(is));
            for side in [0, 1] {
                sides.push([&was, &is].map(|steps| of_side(steps, side)));
            }
        }
        sides
    }

    fn opened(&self, key: &str, is: &Connection<'a>, widens: Leaf<bool>) -> Difference<'a> {
        let causes = absence(&self.before.input.deployment, &self.after.input.deployment, is);
        let ends = self.sets.iter().flat_map(|sets| sets.after.at_steps(is));
        Difference {
            ports_after: ports(is),
            addresses_opened: texts(ends.flatten().flatten().cloned()),
            causes: told(causes),
            widens,
            ..bare(self.after, key, is)
        }
    }

    fn closed(&self, key: &str, was: &Connection<'a>) -> Difference<'a> {
        let causes = absence(&self.after.input.deployment, &self.before.input.deployment, was);
        let ends = self.sets.iter().flat_map(|sets| sets.before.at_steps(was));
        Difference {
            ports_before: ports(was),
            addresses_closed: texts(ends.flatten().flatten().cloned()),
            causes: told(causes),
            ..bare(self.before, key, was)
        }
    }

    fn changed(
        &self,
        key: &str,
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
            let pairs = self.pairs(was, is).into_iter();
            pairs.map(|(one, other)| [vec![one], vec![other]]).collect()
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
            ..bare(self.after, key, is)
        }
    }
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
fn bare<'a>(view: &View<'a>, key: &str, connection: &Connection<'a>) -> Difference<'a> {
    Difference {
        connection: key.to_owned(),
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
