//! Whom an endpoint talks to, where that is not every endpoint with the role.

use std::collections::BTreeMap;

use super::{Deployment, EndpointId, Names};
use crate::known::{Known, Truth};
use crate::matrix::{Flow, Matrix, RoleId};
use crate::mistake::EndpointMistake;
use crate::path::{At, quoted};
use crate::problem::{Problems, listed};

/// The bounds an endpoint sets itself: for some roles, the only endpoints it talks to.
#[derive(Debug, Clone)]
pub struct TalksTo(Known<BTreeMap<RoleId, Bound>>);

/// Some endpoints of a deployment, such as those one role is bound to.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// The endpoints, each with its index in the user's list.
    pub(super) named: BTreeMap<EndpointId, usize>,
    /// Whether the list has names that are not known yet, or mistaken.
    pub(super) open: bool,
}

impl TalksTo {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self(Known::Unknown)
    }

    /// There are no bounds.
    pub(super) fn none() -> Self {
        Self(Known::Known(BTreeMap::new()))
    }

    /// Reads the bounds; `names` are those of all endpoints in order.
    pub(super) fn check(
        matrix: &Matrix,
        draft: &Known<BTreeMap<&str, Option<Names<'_>>>>,
        names: &[&str],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let Known::Known(draft) = draft else { return Self::unknown() };
        let mut bounds = BTreeMap::new();
        for (role_name, listed) in draft {
            let at = at.name(role_name);
            let Some(role) = matrix.role(role_name) else {
                let known = matrix.roles.iter().map(|role| role.id.as_str());
                problems.add_unknown_name(
                    &at.its_name(),
                    EndpointMistake::UnknownRole,
                    "role",
                    role_name,
                    known,
                );
                continue;
            };
            if let Some(listed) = listed {
                bounds.insert(role, Bound::check(listed, names, &at, problems));
            }
        }
        Self(Known::Known(bounds))
    }

    /// Whether the endpoint lets itself talk to `other` in its part as `role`.
    pub fn admits(&self, role: RoleId, other: EndpointId) -> Truth {
        let Known::Known(bounds) = &self.0 else { return Truth::Maybe };
        match bounds.get(&role) {
            None => Truth::Yes,
            Some(bound) if bound.named.contains_key(&other) => Truth::Yes,
            Some(bound) if bound.open => Truth::Maybe,
            Some(_) => Truth::No,
        }
    }

    /// Whether all names are known.
    pub fn is_known(&self) -> bool {
        match &self.0 {
            Known::Known(bounds) => bounds.values().all(|bound| !bound.open),
            Known::Unknown => false,
        }
    }

    /// The roles that are bound.
    pub fn roles(&self) -> impl Iterator<Item = RoleId> + '_ {
        self.0.as_ref().value().into_iter().flat_map(|bounds| bounds.keys().copied())
    }

    /// Reports names of endpoints that do not play the role they stand under.
    pub(super) fn check_roles(
        &self,
        able: &mut Able<'_, '_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) {
        let Known::Known(bounds) = &self.0 else { return };
        for (role, bound) in bounds {
            let role_name = able.deployment.matrix.role_id(*role);
            for (named, index) in &bound.named {
                let endpoint = able.deployment.endpoint(*named);
                if endpoint.plays(*role) == Truth::No {
                    let detail = format!(
                        "The endpoint {} does not play the role {}. Endpoints that do: {}.",
                        quoted(endpoint.name),
                        quoted(role_name),
                        able.listed(*role)
                    );
                    let at = at.name(role_name);
                    problems.add(
                        &at.index(*index),
                        EndpointMistake::EndpointWithoutTheRole,
                        detail,
                    );
                }
            }
        }
    }
}

impl Deployment<'_> {
    /// Whether both ends of a flow let themselves talk to the other.
    pub(crate) fn admits(&self, flow: &Flow, source: EndpointId, destination: EndpointId) -> Truth {
        let [from, to] = [source, destination].map(|id| &self.endpoint(id).talks_to);
        from.admits(flow.to, destination).and(to.admits(flow.from, source))
    }
}

/// The endpoints that can play each role, listed once however many mistakes ask for them.
pub(super) struct Able<'d, 'a> {
    deployment: &'d Deployment<'a>,
    listed: BTreeMap<RoleId, String>,
}

impl<'d, 'a> Able<'d, 'a> {
    /// Those of `deployment`.
    pub(super) fn new(deployment: &'d Deployment<'a>) -> Self {
        Self { deployment, listed: BTreeMap::new() }
    }

    fn listed(&mut self, role: RoleId) -> &str {
        self.listed.entry(role).or_insert_with(|| {
            let able: Vec<&str> = (self.deployment.endpoints.iter())
                .filter(|endpoint| endpoint.plays(role) == Truth::Yes)
                .map(|endpoint| endpoint.name)
                .collect();
            listed(&able)
        })
    }
}

impl Bound {
    /// Reads a list of names; `names` are those of all endpoints in order.
    pub(super) fn check(
        listed: &Names<'_>,
        names: &[&str],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let mut bound = Self { named: BTreeMap::new(), open: false };
        let Known::Known(listed) = listed else { return Self { open: true, ..bound } };
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, name) in listed.iter().enumerate() {
            let Known::Known(name) = name else {
                bound.open = true;
                continue;
            };
            let list = at;
            let at = at.index(index);
            if let Some(first) = places.insert(name, index) {
                problems.add_between(
                    (&at, &list.index(first)),
                    EndpointMistake::RepeatedEndpoint,
                    format!("The endpoint {} is listed twice.", quoted(name)),
                );
                continue;
            }
            if let Ok(position) = names.binary_search(name) {
                bound.named.insert(EndpointId::of(position), index);
            } else {
                problems.add_unknown_name(
                    &at,
                    EndpointMistake::UnknownEndpoint,
                    "endpoint",
                    name,
                    names.iter().copied(),
                );
                bound.open = true;
            }
        }
        bound
    }
}
