//! A deployment: the user's endpoints, the roles each plays, what each listens on and whom it talks to.
//!
//! [`Deployment::check`] reads a [`Draft`] against a matrix and reports every mistake it finds. What is mistaken
//! counts as unknown from there on, so that one mistake is told once and does not cause others.

mod draft;
mod endpoint_id;
mod flows;
mod hop;
mod hops;
pub(crate) mod listeners;
mod ports;
mod roles;
mod talks_to;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use draft::{Draft, EndpointDraft, Forwarding, Names, Setting};
pub use endpoint_id::EndpointId;
use flows::{check_contradictions, check_flows, named};
pub use hop::Hop;
use hops::Hops;
pub use hops::{MOST_HOPS, MOST_WAYS};
pub use ports::Ports;
pub(crate) use ports::{ports_of, shown};
pub use roles::Roles;
pub use talks_to::TalksTo;

use crate::bug::OrBug;
use crate::known::{Known, Truth};
use crate::matrix::{Flow, Matrix, RoleId, Topology};
use crate::mistake::EndpointMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// The longest name an endpoint may have, in characters.
pub const LONGEST_NAME: usize = 64;

/// A checked deployment. Its endpoints stand in the order of their names.
#[derive(Debug, Clone)]
pub struct Deployment<'a> {
    /// The matrix it was checked against.
    pub matrix: Arc<Matrix>,
    /// In the order of their names.
    endpoints: Vec<Endpoint<'a>>,
    excluded: Known<Vec<Known<&'a str>>>,
    included: Known<Vec<Known<&'a str>>>,
    keep: Known<BTreeMap<&'a str, Known<bool>>>,
    hops: Hops,
}

/// A named machine, group of machines or network.
#[derive(Debug, Clone)]
pub struct Endpoint<'a> {
    /// The user's name for it.
    pub name: &'a str,
    /// The roles it plays.
    pub roles: Roles,
    /// What it listens on.
    pub ports: Ports<'a>,
    /// Whom it talks to.
    pub talks_to: TalksTo,
    /// What it does with the traffic of others, if it stands between two ends or may yet turn out to.
    pub hop: Option<Hop>,
}

impl<'a> Deployment<'a> {
    /// Reads `draft` and adds what is wrong with it to `problems`.
    ///
    /// The answer is unknown when the set of endpoints is. It can be expanded even if there were problems: nothing
    /// that depends on a mistaken value is then certain.
    pub fn check(matrix: &Arc<Matrix>, draft: &Draft<'a>, problems: &mut Problems) -> Known<Self> {
        let root = At::ROOT;
        let excluded =
            check_flows(matrix, &draft.exclude_flows, &root.name("exclude_flows"), problems);
        let included =
            check_flows(matrix, &draft.include_flows, &root.name("include_flows"), problems);
        check_contradictions(matrix, &draft.exclude_flows, &draft.include_flows, problems);
        let Known::Known(drafts) = &draft.endpoints else { return Known::Unknown };
        let at = root.name("endpoints");
        if drafts.is_empty() {
            problems.add(
                &at,
                EndpointMistake::NoEndpoint,
                "A deployment has at least one endpoint; found none.",
            );
        }
        let names: Vec<&str> = drafts.keys().copied().collect();
        let mut endpoints = Vec::with_capacity(drafts.len());
        for (name, draft) in drafts {
            let at = at.key(name);
            check_name(name, &at, problems);
            endpoints.push(match draft {
                Known::Known(draft) => Endpoint::check(matrix, name, draft, &names, &at, problems),
                Known::Unknown => Endpoint::unknown(name),
            });
        }
        let (matrix, keep) = (Arc::clone(matrix), draft.keep.clone());
        let hops = Hops::of(&endpoints);
        let mut deployment = Self { matrix, endpoints, excluded, included, keep, hops };
        deployment.check_talks_to(&at, problems);
        hops::check(&mut deployment, &at, problems);
        Known::Known(deployment)
    }

    /// Whether `endpoint` plays the part that makes `topology` apply.
    pub fn belongs(&self, topology: &Topology, endpoint: &Endpoint<'_>) -> Truth {
        let plays = topology.role.map_or(Truth::Yes, |role| endpoint.roles.plays(role));
        let elsewhere = topology.unless.map_or(Truth::Yes, |role| !endpoint.roles.plays(role));
        plays.and(elsewhere)
    }

    /// Whether `topology` applies to this deployment; the base always does.
    pub fn applies(&self, topology: &Topology) -> Truth {
        if topology.base {
            return Truth::Yes;
        }
        Truth::any(self.endpoints.iter().map(|endpoint| self.belongs(topology, endpoint)))
    }

    /// Whether the user left `flow` in, and no overlay in use replaces it. A derived flow goes with the one that it is
    /// derived from.
    pub fn wants(&self, flow: &Flow) -> Truth {
        let base = self.matrix.base_of(flow);
        let with_base = base.map_or(Truth::Yes, |base| self.wants_alone(base));
        self.wants_alone(flow).and(with_base)
    }

    /// Why no endpoint has the flow, if it is left out as a whole. Only for a deployment that is decided.
    pub(crate) fn left_out_as_a_whole(&self, flow: &Flow) -> Option<crate::connection::Reason> {
        use crate::connection::Reason;
        let base = self.matrix.base_of(flow);
        let either = |what: &dyn Fn(&Flow) -> Truth| {
            what(flow).or(base.map_or(Truth::No, what)) == Truth::Yes
        };
        if either(&|flow| self.excludes(flow)) {
            Some(Reason::Excluded)
        } else if either(&|flow| self.replaces(flow)) {
            Some(Reason::Replaced)
        } else {
            None
        }
    }

    /// Whether `include_flows` names the flow.
    pub(crate) fn includes(&self, flow: &Flow) -> Truth {
        named(&self.included, flow)
    }

    fn wants_alone(&self, flow: &Flow) -> Truth {
        (!self.excludes(flow)).and(!self.replaces(flow))
    }

    /// Whether `exclude_flows` names the flow.
    pub(crate) fn excludes(&self, flow: &Flow) -> Truth {
        named(&self.excluded, flow)
    }

    /// Whether an overlay in use does away with the flow.
    pub(crate) fn replaces(&self, flow: &Flow) -> Truth {
        let Some(replacement) = &flow.replaced_in else { return Truth::No };
        let kept = match &self.keep {
            Known::Known(keep) => keep
                .get(replacement.keep_option.as_str())
                .map_or(Truth::No, |kept| Truth::from(*kept)),
            Known::Unknown => Truth::Maybe,
        };
        let overlay = self.matrix.topology(&replacement.topology);
        let overlay = overlay.or_bug("a flow replaced in a topology that the matrix does not have");
        self.applies(overlay).and(!kept)
    }

    /// The endpoint at a place, which is one of this deployment.
    pub fn endpoint(&self, id: EndpointId) -> &Endpoint<'a> {
        self.endpoints.get(id.index()).or_bug("an endpoint of another deployment")
    }

    /// The endpoints with their places, in the order of their names.
    pub fn endpoints(&self) -> impl Iterator<Item = (EndpointId, &Endpoint<'a>)> {
        self.ids().zip(&self.endpoints)
    }

    /// The places of the endpoints, in the order of their names.
    pub fn ids(&self) -> impl Iterator<Item = EndpointId> + use<> {
        EndpointId::first(self.endpoints.len())
    }

    /// How many endpoints there are.
    pub fn count(&self) -> usize {
        self.endpoints.len()
    }

    /// The place of the endpoint of this name.
    pub fn find(&self, name: &str) -> Option<EndpointId> {
        self.endpoints.binary_search_by(|endpoint| endpoint.name.cmp(name)).ok().map(EndpointId::of)
    }

    /// Whether everything that decides which connections there are is known.
    pub fn is_decided(&self) -> bool {
        let are_known = |ids: &Known<Vec<Known<&str>>>| match ids {
            Known::Known(ids) => ids.iter().all(Known::is_known),
            Known::Unknown => false,
        };
        are_known(&self.excluded)
            && are_known(&self.included)
            && self.keeping_is_decided()
            && self.endpoints.iter().all(|endpoint| {
                endpoint.roles.are_known()
                    && endpoint.ports.are_known()
                    && endpoint.talks_to.is_known()
                    && endpoint.hop.as_ref().is_none_or(Hop::is_known)
            })
    }

    /// Whether it is known which flows are kept that an overlay would replace.
    fn keeping_is_decided(&self) -> bool {
        match &self.keep {
            Known::Known(keep) => keep.values().all(Known::is_known),
            Known::Unknown => self.matrix.flows.iter().all(|flow| flow.replaced_in.is_none()),
        }
    }

    /// Names in `talks_to` must be endpoints that can play the role they stand under.
    fn check_talks_to(&self, at: &At<'_>, problems: &mut Problems) {
        let mut able = talks_to::Able::new(self);
        for endpoint in &self.endpoints {
            let at = at.key(endpoint.name);
            endpoint.talks_to.check_roles(&mut able, &at.name("talks_to"), problems);
        }
    }
}

impl<'a> Endpoint<'a> {
    fn check(
        matrix: &Matrix,
        name: &'a str,
        draft: &EndpointDraft<'a>,
        names: &[&str],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        if let Some(forwarding) = &draft.forwards {
            let hop = Hop::check(matrix, draft, forwarding, names, at, problems);
            return Self { name, hop: Some(hop), ..Self::without_roles(name) };
        }
        let roles = Roles::check(matrix, &draft.roles, &at.name("roles"), problems);
        let ports = Ports::check(matrix, &draft.ports, roles, &at.name("ports"), problems);
        listeners::check(matrix, roles, &ports, &at.name("ports"), problems);
        let talks_to =
            TalksTo::check(matrix, &draft.talks_to, names, &at.name("talks_to"), problems);
        Self { name, roles, ports, talks_to, hop: None }
    }

    fn unknown(name: &'a str) -> Self {
        Self {
            name,
            roles: Roles::UNKNOWN,
            ports: Ports::unknown(),
            talks_to: TalksTo::unknown(),
            hop: Some(Hop::unknown()),
        }
    }

    fn without_roles(name: &'a str) -> Self {
        let (ports, talks_to) = (Ports::none(), TalksTo::none());
        Self { name, roles: Roles::NONE, ports, talks_to, hop: None }
    }

    /// Whether it plays `role`.
    pub fn plays(&self, role: RoleId) -> Truth {
        self.roles.plays(role)
    }
}

/// Whether text is a name as endpoints have it: letters, digits, `-`, `_` and `.`, not too long.
pub fn is_name(text: &str) -> bool {
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(allowed)
}

fn check_name(name: &str, at: &At<'_>, problems: &mut Problems) {
    if !is_name(name) {
        let detail = format!(
            "Found the name {}. The name of an endpoint has 1 to {LONGEST_NAME} letters (a-z, A-Z), digits, `-`, `_` or `.`.",
            quoted(name)
        );
        problems.add(&at.its_name(), EndpointMistake::UnusableEndpointName, detail);
    }
}
