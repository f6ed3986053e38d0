//! The connections that are not the same before and after.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::connection::{Cause, Connection, absence, moved};
use portmatrix::deployment::EndpointId;
use tfplugin::object;

use super::passing::{MOST_STEPS, Passing, TooMuch, end};
use super::rules;
use super::set::Set;
use crate::leaf::Leaf;
use crate::platform::lint::Look;
use crate::platform::view::View;
use crate::platform::{self, Platform, with_platforms};

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
        /// What stands for its ends now and did not: CIDRs without those that did, ids of groups and lists, tags.
        pub addresses_opened: Leaf<Vec<String>>,
        /// What stood for its ends and does not any more.
        pub addresses_closed: Leaf<Vec<String>>,
        /// The id of its flow.
        pub flows: Vec<&'a str>,
        /// Ids of the rows of the document that ask for it.
        pub citations: Vec<&'a str>,
        /// What of the deployment changed: `endpoint`, `role`, `address`, `port`, `talks_to`, `exclude_flows`, `option`, `matrix`.
        pub causes: Vec<&'static str>,
        /// Whether it lets something pass that no connection did before.
        pub widens: Leaf<bool>,
    }
}

/// The sets of the endpoints on one platform, before and after.
struct Sets<'a> {
    before: Vec<Set<'a>>,
    after: Vec<Set<'a>>,
}

/// Both deployments.
pub(super) struct Both<'v, 'a> {
    before: &'v View<'a>,
    after: &'v View<'a>,
    sets: Vec<Sets<'a>>,
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
        Self { before: before.view, after: after.view, sets: sets(looks) }
    }

    /// Everything that is not the same.
    pub(super) fn differences(&self) -> Result<Found<'a>, TooMuch> {
        let by_key = |view: &View<'a>| -> BTreeMap<String, Connection<'a>> {
            let keyed = view.connections.iter().map(|connection| {
                let mut key = String::new();
                connection.push_key(&view.input.deployment, &mut key);
                (key, connection.clone())
            });
            keyed.collect()
        };
        let (was, is) = (by_key(self.before), by_key(self.after));
        let passed: Vec<Passing<'_, '_>> = (self.sets.iter())
            .map(|sets| Passing::of(&self.before.connections, &sets.before))
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
            match passed.lacks(connection, &sets.after, steps)? {
                Some(true) => return Ok(Leaf::Known(true)),
                None => answer = Leaf::Unknown,
                Some(false) => {}
            }
        }
        Ok(answer)
    }

    /// Whether a connection has other ports or addresses; none while that is not known.
    fn differs(&self, was: &Connection<'_>, is: &Connection<'_>) -> Option<bool> {
        if was.ports != is.ports {
            return Some(true);
        }
        let mut answer = Some(false);
        for sets in &self.sets {
            for (one, other) in ends(sets, was, is) {
                match one.differs(other) {
                    Some(true) => return Some(true),
                    None => answer = None,
                    Some(false) => {}
                }
            }
        }
        answer
    }

    fn opened(&self, key: &str, is: &Connection<'a>, widens: Leaf<bool>) -> Difference<'a> {
        let causes = absence(&self.before.input.deployment, &self.after.input.deployment, is);
        let ends = self
            .sets
            .iter()
            .flat_map(|sets| [end(&sets.after, is.source), end(&sets.after, is.destination)]);
        Difference {
            ports_after: ports(is),
            addresses_opened: texts(ends.cloned()),
            causes: causes.into_iter().map(Cause::as_str).collect(),
            widens,
            ..bare(self.after, key, is)
        }
    }

    fn closed(&self, key: &str, was: &Connection<'a>) -> Difference<'a> {
        let causes = absence(&self.after.input.deployment, &self.before.input.deployment, was);
        let ends = self
            .sets
            .iter()
            .flat_map(|sets| [end(&sets.before, was.source), end(&sets.before, was.destination)]);
        Difference {
            ports_before: ports(was),
            addresses_closed: texts(ends.cloned()),
            causes: causes.into_iter().map(Cause::as_str).collect(),
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
        let pairs: Vec<(&Set<'_>, &Set<'_>)> =
            self.sets.iter().flat_map(|sets| ends(sets, was, is)).collect();
        if pairs.iter().any(|(one, other)| one.differs(other) == Some(true)) {
            causes.insert(Cause::Address);
        }
        let is_known = pairs.iter().all(|(one, other)| one.is_known() && other.is_known());
        let only = |parts: Vec<Set<'_>>| {
            if is_known { texts(parts.into_iter()) } else { Leaf::Unknown }
        };
        Difference {
            ports_before: ports(was),
            ports_after: ports(is),
            addresses_opened: only(pairs.iter().map(|(one, other)| other.without(one)).collect()),
            addresses_closed: only(pairs.iter().map(|(one, other)| one.without(other)).collect()),
            causes: causes.into_iter().map(Cause::as_str).collect(),
            widens,
            ..bare(self.after, key, is)
        }
    }
}

/// The two ends of a connection, each before and after.
fn ends<'s, 'a>(
    sets: &'s Sets<'a>,
    was: &Connection<'_>,
    is: &Connection<'_>,
) -> [(&'s Set<'a>, &'s Set<'a>); 2] {
    let pair =
        |one: EndpointId, other: EndpointId| (end(&sets.before, one), end(&sets.after, other));
    [pair(was.source, is.source), pair(was.destination, is.destination)]
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
        causes: Vec::new(),
        widens: Leaf::Known(false),
    }
}

fn ports(connection: &Connection<'_>) -> Vec<String> {
    let ports = connection.ports.as_ref().value();
    ports.map_or(Vec::new(), |ports| ports.iter().map(ToString::to_string).collect())
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
fn sets<'a>(looks: &[Look<'_, 'a>; 2]) -> Vec<Sets<'a>> {
    fn of<'a, P: Platform>(view: &View<'a>) -> Vec<Set<'a>> {
        view.ids().map(|id| Set::of(P::standing(view.addresses(id)))).collect()
    }
    let [before, after] = looks;
    let mut sets = Vec::new();
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $(if rules::is_for::<platform::$name::$platform>(looks) {
                sets.push(Sets {
                    before: of::<platform::$name::$platform>(before.view),
                    after: of::<platform::$name::$platform>(after.view),
                });
            })*
        };
    }
    with_platforms!(of_each);
    sets
}
