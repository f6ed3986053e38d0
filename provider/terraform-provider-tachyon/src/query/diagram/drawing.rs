//! From connections to a drawing: endpoints as nodes, what each pair has in common as one arrow.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pictures::{Arrow, Drawing, Node, Service, Zone, summarized};
use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Way};
use portmatrix::deployment::{Endpoint, EndpointId, Hop};
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Matrix, Role};

use crate::platform::Input;

/// A lane of the picture: in the order of the matrix' zones; a label of the user's stands behind the zone in which its
/// first endpoint would be without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Lane<'a> {
    /// The position of the zone in the matrix.
    tier: usize,
    /// Whether the title is a label of the user's.
    is_label: bool,
    /// What the zone is called.
    title: &'a str,
}

/// The drawing of a deployment. Unknown while an endpoint's roles or zone, or a connection, is.
pub(super) fn of(input: &Input<'_>, connections: &[Connection<'_>]) -> Known<Drawing> {
    let (Some(lanes), Some(arrows)) = (lanes(input), arrows(connections)) else {
        return Known::Unknown;
    };
    let in_order: BTreeSet<&Lane<'_>> = lanes.values().collect();
    let zone_of: BTreeMap<&Lane<'_>, usize> = in_order.iter().copied().zip(0..).collect();
    let mut order: Vec<(usize, EndpointId)> = lanes
        .iter()
        .map(|(id, lane)| (*zone_of.get(lane).or_bug("a lane of nobody"), *id))
        .collect();
    order.sort_unstable();
    let node_of: BTreeMap<EndpointId, usize> = order.iter().map(|(_, id)| *id).zip(0..).collect();
    let node = |id: EndpointId| *node_of.get(&id).or_bug("an endpoint of another deployment");
    let matrix = input.matrix();
    let nodes = order.iter().map(|(zone, id)| {
        let endpoint = input.deployment.endpoint(*id);
        let roles: Vec<String> =
            roles(matrix, endpoint).map(|role| role.id.replace('_', " ")).collect();
        let about = endpoint.hop.as_ref().map_or_else(|| roles.join(", "), about);
        Node { name: endpoint.name.to_owned(), about, zone: *zone }
    });
    let arrows = arrows.into_iter().map(|(Line { from, to, via, dashed }, services)| Arrow {
        from: node(from),
        to: node(to),
        via: via.iter().map(|hop| node(*hop)).collect(),
        services: services.into_iter().collect(),
        dashed,
    });
    let zone = |lane: &&Lane<'_>| Zone { title: lane.title.to_owned(), tone: lane.tier };
    let drawing = Drawing {
        title: title(input, connections.len()),
        arrows: arrows.collect(),
        nodes: nodes.collect(),
        zones: in_order.iter().map(zone).collect(),
    };
    drawing.check().ok().or_bug("a drawing with an end that is not there");
    Known::Known(summarized(drawing))
}

/// What the picture shows, in a line.
fn title(input: &Input<'_>, connections: usize) -> String {
    let counted =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    format!(
        "{}: {}, {}",
        input.matrix().name(),
        counted(input.deployment.count(), "endpoint"),
        counted(connections, "connection")
    )
}

/// The roles of an endpoint in the order of the matrix.
fn roles<'m>(matrix: &'m Matrix, endpoint: &Endpoint<'_>) -> impl Iterator<Item = &'m Role> {
    let played = matrix.role_ids().filter(|role| endpoint.plays(*role) == Truth::Yes);
    played.map(|role| matrix.role_at(role))
}

/// What something between two ends does to the traffic, in a few words.
fn about(hop: &Hop) -> String {
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
fn lanes<'a>(input: &'a Input<'_>) -> Option<BTreeMap<EndpointId, Lane<'a>>> {
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

/// From where to where and through what, documented and other apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    from: EndpointId,
    to: EndpointId,
    via: Rc<[EndpointId]>,
    dashed: bool,
}

/// What goes from one endpoint to another. None while something is not known.
fn arrows(connections: &[Connection<'_>]) -> Option<BTreeMap<Line, BTreeSet<Service>>> {
    let mut arrows: BTreeMap<Line, BTreeSet<Service>> = BTreeMap::new();
    let direct: Vec<Rc<[EndpointId]>> = vec![Rc::default()];
    for connection in connections {
        let ports = connection.settled().value()?;
        let flow = connection.flow;
        let (from, to) = (connection.source, connection.destination);
        let ways = match &connection.way {
            Way::Direct => &direct,
            Way::Via(route) => &route.ways,
            Way::Unknown => return None,
        };
        for via in ways.iter().map(Rc::clone) {
            let services =
                arrows.entry(Line { from, to, via, dashed: !flow.is_documented() }).or_default();
            services.extend(ports.iter().map(|range| Service {
                protocol: flow.transport.as_str().to_owned(),
                ports: (range.from, range.to),
            }));
        }
    }
    Some(arrows)
}
