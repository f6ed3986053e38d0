//! Large drawings, one node a zone: what nobody could read is counted instead.

use std::collections::BTreeMap;

use crate::drawing::{Arrow, Drawing, Node, Service};

/// How many nodes a picture shows one by one.
pub const MOST_NODES: usize = 60;

/// From where to where and through what, and whether it is dashed.
type Line = (usize, usize, Vec<usize>, bool);

/// The drawing itself, or with more than [`MOST_NODES`] nodes one with a node for each zone.
pub fn summarized(drawing: Drawing) -> Drawing {
    if drawing.nodes.len() <= MOST_NODES { drawing } else { by_zone(&drawing) }
}

/// A drawing with a node for each zone.
pub(crate) fn by_zone(drawing: &Drawing) -> Drawing {
    let lanes = drawing.lanes();
    // Lanes follow each other as their nodes do, so this has the lane of each node in its place.
    let mut lane_of = Vec::with_capacity(drawing.nodes.len());
    let mut nodes = Vec::new();
    let mut zones = Vec::new();
    for (position, (zone, members)) in lanes.iter().enumerate() {
        lane_of.extend(members.iter().map(|_| position));
        let plural = if members.len() == 1 { "" } else { "s" };
        let about = format!("{} endpoint{plural}", members.len());
        nodes.push(Node { name: zone.title.clone(), about, zone: position });
        zones.push((*zone).clone());
    }
    #[expect(clippy::indexing_slicing, reason = "`check` has seen that every end is a node")]
    let lane = |node: usize| lane_of[node];
    let mut arrows: BTreeMap<Line, Vec<Vec<Service>>> = BTreeMap::new();
    for arrow in &drawing.arrows {
        let via: Vec<usize> = arrow.via.iter().map(|hop| lane(*hop)).collect();
        let key = (lane(arrow.from), lane(arrow.to), via, arrow.dashed);
        let legs = arrows.entry(key).or_insert_with(|| vec![Vec::new(); arrow.legs.len()]);
        for (all, leg) in legs.iter_mut().zip(&arrow.legs) {
            all.extend(leg.iter().cloned());
        }
    }
    let arrows = arrows.into_iter().map(|((from, to, via, dashed), mut legs)| {
        for leg in &mut legs {
            leg.sort();
            leg.dedup();
        }
        Arrow { from, to, via, legs, dashed }
    });
    let title = format!("{}, by zone", drawing.title);
    Drawing { title, arrows: arrows.collect(), nodes, zones }
}
