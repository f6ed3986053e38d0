//! From connections to a drawing: endpoints as nodes, what each pair has in common as one arrow.

use std::collections::{BTreeMap, BTreeSet};

use pictures::{Arrow, Drawing, Node, Service, Zone, summarized};
use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use crate::platform::Input;
use crate::query::lanes::{self, Lane};

/// The drawing of a deployment. Unknown while an endpoint's roles or zone, or a connection, is.
pub(crate) fn of(input: &Input<'_>, connections: &[Connection<'_>]) -> Known<Drawing> {
    let (Some(lanes), Some(arrows)) = (lanes::of(input), arrows(input, connections)) else {
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
        let about = lanes::about(matrix, endpoint);
        Node { name: endpoint.name.to_owned(), about, zone: *zone }
    });
    let arrows = arrows.into_iter().map(|(Line { from, to, via, dashed }, legs)| Arrow {
        from: node(from),
        to: node(to),
        via: via.iter().map(|hop| node(*hop)).collect(),
        legs: legs.into_iter().map(|services| services.into_iter().collect()).collect(),
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

/// From where to where and through what, documented and other apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    from: EndpointId,
    to: EndpointId,
    via: Vec<EndpointId>,
    dashed: bool,
}

/// What goes over each leg of a line.
type Legs = Vec<BTreeSet<Service>>;

/// What goes from one endpoint to another. None while something is not known.
fn arrows(input: &Input<'_>, connections: &[Connection<'_>]) -> Option<BTreeMap<Line, Legs>> {
    let mut arrows: BTreeMap<Line, Legs> = BTreeMap::new();
    for connection in connections {
        connection.settled().value()?;
        let flow = connection.flow;
        let (from, to, dashed) = (connection.source, connection.destination, !flow.is_documented());
        for segments in connection.segments(&input.deployment).value()? {
            let via = segments.iter().skip(1).map(|segment| segment.from).collect();
            let of_line = arrows.entry(Line { from, to, via, dashed }).or_default();
            of_line.resize_with(segments.len(), BTreeSet::new);
            for (services, segment) in of_line.iter_mut().zip(&segments) {
                let ports = segment.ports.as_ref().value()?;
                services.extend(ports.iter().map(|range| Service {
                    protocol: flow.transport.as_str().to_owned(),
                    ports: (range.from, range.to),
                }));
            }
        }
    }
    Some(arrows)
}
