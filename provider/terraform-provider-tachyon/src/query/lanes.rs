//! Where endpoints stand, for people: lanes of a picture, zones of a report. They decide no rule.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::deployment::{Endpoint, EndpointId, Hop};
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Matrix, Role};

use crate::platform::Input;

/// A lane of the picture: in the order of the matrix' zones; a label of the user's stands behind the zone in which its
/// first endpoint would be without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lane<'a> {
    /// The position of the zone in the matrix.
    pub(crate) tier: usize,
    /// Whether the title is a label of the user's.
    pub(crate) is_label: bool,
    /// What the zone is called.
    pub(crate) title: &'a str,
}

/// The roles of an endpoint in the order of the matrix.
fn roles<'m>(matrix: &'m Matrix, endpoint: &Endpoint<'_>) -> impl Iterator<Item = &'m Role> {
    let played = matrix.role_ids().filter(|role| endpoint.plays(*role) == Truth::Yes);
    played.map(|role| matrix.role_at(role))
}

/// What an endpoint is, in a few words: its roles, or what it does to the traffic of others.
pub(crate) fn about(matrix: &Matrix, endpoint: &Endpoint<'_>) -> String {
    let names = || roles(matrix, endpoint).map(|role| role.id.replace('_', " "));
    endpoint.hop.as_ref().map_or_else(|| names().collect::<Vec<_>>().join(", "), about_hop)
}

/// What something between two ends does to the traffic, in a few words.
fn about_hop(hop: &Hop) -> String {
    let what = match (hop.hides_source, hop.hides_destination) {
        (Known::Known(true), Known::Known(false)) => "hides the source",
        (Known::Known(false), Known::Known(true)) => "forwards, keeps the source",
        _ => "forwards",
    };
    what.to_owned()
}

/// The role by which something between two ends is given its lane: the first of what is behind it; where that is outside of
/// the product, the first of those whose traffic it takes, if only some is.
fn role_of_hop<'m>(input: &'m Input<'_>, hop: &Hop) -> Option<&'m Role> {
    let deployment = &input.deployment;
    let matrix = input.matrix();
    let behind = deployment.all_behind(hop);
    let found = behind.into_iter().find_map(|id| roles(matrix, deployment.endpoint(id)).next());
    let is_all = matrix.role_ids().all(|role| hop.takes(role) == Truth::Yes);
    let taken = matrix.role_ids().find(|role| !is_all && hop.takes(*role) == Truth::Yes);
    let taken = taken.map(|role| matrix.role_at(role));
    let outside = found.filter(|role| role.outside);
    outside.and(taken).or(found)
}

/// The lane of each endpoint; none while one is not known.
pub(crate) fn of<'a>(input: &'a Input<'_>) -> Option<BTreeMap<EndpointId, Lane<'a>>> {
    let zones = &input.matrix().zones;
    let mut tiers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut titles = Vec::with_capacity(input.deployment.count());
    for ((id, endpoint), addresses) in input.deployment.endpoints().zip(&input.addresses) {
        if !endpoint.roles.are_known() {
            return None;
        }
        let first = match &endpoint.hop {
            Some(hop) => role_of_hop(input, hop)?,
            None => roles(input.matrix(), endpoint).next().or_bug("an endpoint without a role"),
        };
        let usual = zones.iter().position(|zone| zone.id == first.zone);
        let title = match addresses.zone {
            None => first.zone.as_str(),
            Some(label) => label.value()?,
        };
        tiers.entry(title).or_insert(usual.or_bug("a role without a zone"));
        titles.push((id, title));
    }
    let lane = |title| {
        let named = zones.iter().position(|zone| zone.id == title);
        let tier = named.or(tiers.get(title).copied()).or_bug("a zone of no endpoint");
        Lane { tier, is_label: named.is_none(), title }
    };
    Some(titles.into_iter().map(|(id, title)| (id, lane(title))).collect())
}
