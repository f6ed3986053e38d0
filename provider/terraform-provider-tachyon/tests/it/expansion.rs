//! The second expansion: which flows exist in a deployment, from the facts and the rules for deployments alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{FACTS, Fact, Overlay, Ports};
use crate::model::{Deployment, Endpoint};

/// A flow between two endpoints.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) fact: &'static Fact,
    pub(crate) source: String,
    pub(crate) destination: String,
    /// Ranges, both ends included; never empty.
    pub(crate) ports: BTreeSet<(u16, u16)>,
}

impl Connection {
    pub(crate) fn key(&self) -> String {
        format!("{}/{}/{}", self.fact.flow, self.source, self.destination)
    }
}

/// Whether an endpoint takes its part in an overlay: a server that is not the Master's own host.
fn remote(endpoint: &Endpoint, overlay: Overlay) -> bool {
    match overlay {
        Overlay::Base => true,
        Overlay::RemoteCatalog => {
            endpoint.plays("catalog_server") && !endpoint.plays("master_stack")
        }
        Overlay::RemoteResponse => {
            endpoint.plays("response_stack") && !endpoint.plays("master_stack")
        }
        Overlay::Dmz => endpoint.plays("dmz_server"),
    }
}

/// The role whose endpoints an overlay is about.
fn subject(overlay: Overlay) -> Option<&'static str> {
    match overlay {
        Overlay::Base => None,
        Overlay::RemoteCatalog => Some("catalog_server"),
        Overlay::RemoteResponse => Some("response_stack"),
        Overlay::Dmz => Some("dmz_server"),
    }
}

impl Deployment {
    fn has(&self, overlay: Overlay) -> bool {
        self.endpoints.values().any(|endpoint| remote(endpoint, overlay))
    }

    /// The names of what applies, sorted.
    pub(crate) fn topologies(&self) -> BTreeSet<&'static str> {
        let overlays = [
            ("single_server", Overlay::Base),
            ("remote_catalog", Overlay::RemoteCatalog),
            ("remote_response_stack", Overlay::RemoteResponse),
            ("dmz", Overlay::Dmz),
        ];
        overlays
            .into_iter()
            .filter(|(_, overlay)| self.has(*overlay))
            .map(|(name, _)| name)
            .collect()
    }

    /// Whether a flow is wanted here at all, whoever its ends are. What follows from a flow goes with it.
    fn wants(&self, fact: &Fact) -> bool {
        let replaced = fact.flow == "browser_to_master_catalog_ui"
            && self.has(Overlay::RemoteCatalog)
            && self.options.keep_master_catalog_ui != Some(true);
        let excluded = |flow: &str| self.exclude_flows.contains(flow);
        !replaced && !excluded(fact.flow) && !fact.follows.is_some_and(excluded)
    }

    /// Whether an overlay is a question here: it applies, or there is somebody who has a part in it alone.
    fn asks_for(&self, overlay: Overlay) -> bool {
        let own: &[&str] = match overlay {
            Overlay::Base | Overlay::RemoteResponse => &[],
            Overlay::RemoteCatalog => &["sql_catalog"],
            Overlay::Dmz => &["internet_client", "crl_distribution_point"],
        };
        // A role at an end of a row of the user's own is not of the overlay alone.
        let is_elsewhere =
            |role: &str| self.own.iter().any(|own| own.fact.from == role || own.fact.to == role);
        let own = own.iter().filter(|role| !is_elsewhere(role));
        self.has(overlay)
            || own.clone().any(|role| self.endpoints.values().any(|endpoint| endpoint.plays(role)))
    }

    /// The flows of the document, and those of the user's own.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &'static Fact> {
        let documented = if self.document.is_some() { &[][..] } else { FACTS };
        documented.iter().chain(self.own.iter().map(|own| own.fact))
    }

    /// Whether a flow also exists inside one endpoint.
    fn is_inside(&self, fact: &Fact) -> bool {
        let own = self.own.iter().find(|own| own.fact.flow == fact.flow);
        own.map_or(fact.flow == "client_p2p", |own| own.inside_endpoint)
    }

    /// Every connection by its key.
    pub(crate) fn connections(&self) -> BTreeMap<String, Connection> {
        let mut connections = BTreeMap::new();
        for fact in self.facts().filter(|fact| self.wants(fact)) {
            for (source, from) in
                self.endpoints.iter().filter(|(_, endpoint)| endpoint.plays(fact.from))
            {
                for (destination, to) in
                    self.endpoints.iter().filter(|(_, endpoint)| endpoint.plays(fact.to))
                {
                    let meets = (source, from, destination, to);
                    if exists(fact, self.is_inside(fact), meets) {
                        let ports = ports(fact.ports, to);
                        let (source, destination) = (source.clone(), destination.clone());
                        let connection = Connection { fact, source, destination, ports };
                        connections.insert(connection.key(), connection);
                    }
                }
            }
        }
        connections
    }

    /// Flows of which one end is here and the other is nowhere: flow, endpoint, missing role.
    pub(crate) fn unresolved(&self) -> BTreeSet<(&'static str, String, &'static str)> {
        let played = |role: &str| self.endpoints.values().any(|endpoint| endpoint.plays(role));
        let mut unresolved = BTreeSet::new();
        // What follows from another flow is open for the same reason as that one, which says it already.
        let asked = |fact: &&Fact| {
            self.wants(fact) && fact.follows.is_none() && self.asks_for(fact.overlay)
        };
        for fact in self.facts().filter(asked) {
            for (present, missing) in [(fact.from, fact.to), (fact.to, fact.from)] {
                if played(missing) {
                    continue;
                }
                let here = self.endpoints.iter().filter(|(_, endpoint)| {
                    endpoint.plays(present)
                        && (subject(fact.overlay) != Some(present)
                            || remote(endpoint, fact.overlay))
                });
                unresolved.extend(here.map(|(name, _)| (fact.flow, name.clone(), missing)));
            }
        }
        unresolved
    }
}

fn exists(
    fact: &Fact,
    is_inside: bool,
    (source, from, destination, to): (&String, &Endpoint, &String, &Endpoint),
) -> bool {
    let lets = |endpoint: &Endpoint, role: &str, name: &String| {
        endpoint.talks_to.get(role).is_none_or(|names| names.contains(name))
    };
    let apart = source != destination || is_inside;
    let applies = match subject(fact.overlay) {
        Some(role) if role == fact.from => remote(from, fact.overlay),
        Some(role) if role == fact.to => remote(to, fact.overlay),
        _ => true,
    };
    // The SQL Browser is asked only where there is an instance with a name to ask for.
    let named = fact.follows.is_none()
        || fact.transport != "udp"
        || to.ports.sql_named_instance == Some(true);
    apart && applies && named && lets(from, fact.to, destination) && lets(to, fact.from, source)
}

pub(crate) fn ports(ports: Ports, listener: &Endpoint) -> BTreeSet<(u16, u16)> {
    let set = &listener.ports;
    let switches = || set.switches.clone().unwrap_or_else(|| vec![4000]);
    match ports {
        Ports::Fixed(ports) => ports.iter().copied().collect(),
        Ports::Of("switches", _) => switches().into_iter().map(|port| (port, port)).collect(),
        Ports::Of("rpc_dynamic", default) => BTreeSet::from([set.rpc_dynamic.unwrap_or(default)]),
        Ports::Of(attribute, default) => {
            BTreeSet::from([set.single.get(attribute).map_or(default, |port| (*port, *port))])
        }
        Ports::Poke => switches().into_iter().map(|port| (port + 1, port + 1)).collect(),
    }
}
