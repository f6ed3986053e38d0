//! What is drawn: nodes in zones, and arrows between them.

use std::fmt;

/// Nodes in zones, and what goes from one to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawing {
    /// What the picture shows, for its first line and for screen readers.
    pub title: String,
    /// The zones, from left to right.
    pub zones: Vec<Zone>,
    /// The nodes: those of one zone stand together, and zones in their order.
    pub nodes: Vec<Node>,
    /// The arrows, at most one for each pair of ends and way between them.
    pub arrows: Vec<Arrow>,
}

/// A group of nodes that is drawn as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its name.
    pub title: String,
    /// Which colour it has: the same for equal numbers, in every picture.
    pub tone: usize,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, which no other node has.
    pub name: String,
    /// A few words below the name; may be empty.
    pub about: String,
    /// The position of its zone.
    pub zone: usize,
}

/// What goes from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// The position of the node that initiates it.
    pub from: usize,
    /// The position of the node that listens; may be the same.
    pub to: usize,
    /// The positions of the nodes on the way, in order.
    pub via: Vec<usize>,
    /// What goes over each leg, sorted: to the first node on the way, from each to the next, and to the end; at least one
    /// service for each. Something on the way may listen elsewhere than what is behind it.
    pub legs: Vec<Vec<Service>>,
    /// Whether it is drawn dashed.
    pub dashed: bool,
}

/// A protocol with its ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The lowest and the highest port.
    pub ports: (u16, u16),
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.ports;
        write!(f, "{} {from}", self.protocol)?;
        if to != from {
            write!(f, "-{to}")?;
        }
        Ok(())
    }
}

/// Why something is no drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidDrawing {
    /// A node is in a zone that is not there, or before one of an earlier zone.
    Zone(String),
    /// An arrow begins, ends or passes at a node that is not there, or carries nothing on one of its legs.
    Arrow(usize),
}

impl fmt::Display for InvalidDrawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zone(node) => write!(f, "the zone of node {node:?} is not there or out of order"),
            Self::Arrow(position) => write!(f, "an end or service of arrow {position} is missing"),
        }
    }
}

impl std::error::Error for InvalidDrawing {}

impl Drawing {
    /// Whether every position is one, so that each format can draw it.
    pub fn check(&self) -> Result<(), InvalidDrawing> {
        let mut zone = 0;
        for node in &self.nodes {
            if node.zone < zone || node.zone >= self.zones.len() {
                return Err(InvalidDrawing::Zone(node.name.clone()));
            }
            zone = node.zone;
        }
        for (position, arrow) in self.arrows.iter().enumerate() {
            let mut ends = arrow.via.iter().chain([&arrow.from, &arrow.to]);
            let is_whole = arrow.legs.len() == arrow.via.len() + 1;
            let is_empty = arrow.legs.iter().any(Vec::is_empty);
            if !is_whole || is_empty || ends.any(|end| *end >= self.nodes.len()) {
                return Err(InvalidDrawing::Arrow(position));
            }
        }
        Ok(())
    }

    /// The node at a position.
    pub(crate) fn node(&self, position: usize) -> &Node {
        #[expect(clippy::indexing_slicing, reason = "`check` has seen that every end is a node")]
        &self.nodes[position]
    }

    /// The zone of a node.
    pub(crate) fn zone_of(&self, node: &Node) -> &Zone {
        #[expect(clippy::indexing_slicing, reason = "`check` has seen that every zone is there")]
        &self.zones[node.zone]
    }

    /// Each zone with its nodes and their positions; zones without a node are left out.
    pub(crate) fn lanes(&self) -> Vec<(&Zone, Vec<(usize, &Node)>)> {
        let nodes: Vec<(usize, &Node)> = self.nodes.iter().enumerate().collect();
        nodes
            .chunk_by(|(_, a), (_, b)| a.zone == b.zone)
            .filter_map(|lane| Some((self.zone_of(lane.first()?.1), lane.to_vec())))
            .collect()
    }

    /// An arrow as a sentence: `browsers to tachyon through proxy: tcp 8443, behind proxy tcp 443`.
    pub(crate) fn sentence(&self, arrow: &Arrow) -> String {
        let through: Vec<&str> =
            arrow.via.iter().map(|hop| self.node(*hop).name.as_str()).collect();
        let through = if through.is_empty() {
            String::new()
        } else {
            format!(" through {}", through.join(", "))
        };
        let mut carried = String::new();
        for (before, services) in arrow.changes() {
            match before {
                None => carried.push_str(&in_full(services)),
                Some(hop) => {
                    let behind = &self.node(hop).name;
                    carried.push_str(&format!(", behind {behind} {}", in_full(services)));
                }
            }
        }
        format!(
            "{} to {}{through}: {carried}{}",
            self.node(arrow.from).name,
            self.node(arrow.to).name,
            if arrow.dashed { " (not printed in the document)" } else { "" }
        )
    }
}

impl Arrow {
    /// What goes over each leg, with the node before it that is on the way.
    pub(crate) fn by_leg(&self) -> impl Iterator<Item = (Option<usize>, &[Service])> {
        let before = [None].into_iter().chain(self.via.iter().copied().map(Some));
        before.zip(self.legs.iter().map(Vec::as_slice))
    }

    /// The same without legs over which goes what went over the one before.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (Option<usize>, &[Service])> {
        let mut last: &[Service] = &[];
        self.by_leg()
            .filter(move |(_, services)| std::mem::replace(&mut last, services) != *services)
    }

    /// What goes over the first leg.
    pub(crate) fn sent(&self) -> &[Service] {
        self.legs.first().map_or(&[], Vec::as_slice)
    }
}

/// Services in full, for a sentence: `tcp 443, tcp 4000-4002`.
fn in_full(services: &[Service]) -> String {
    services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Services for a label, which names each protocol once: `tcp 443, 4000-4002, udp 1434`.
pub(crate) fn label(services: &[Service]) -> String {
    let mut label = String::new();
    let mut protocol = "";
    for service in services {
        if !label.is_empty() {
            label.push_str(", ");
        }
        if service.protocol == protocol {
            let text = service.to_string();
            label.push_str(text.get(protocol.len() + 1..).unwrap_or(&text));
        } else {
            label.push_str(&service.to_string());
            protocol = &service.protocol;
        }
    }
    label
}
