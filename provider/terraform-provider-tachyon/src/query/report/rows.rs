//! A line of a request as machines take it: one port, one family and one destination a row.

use std::borrow::Cow;

use cidrs::Family;
use portmatrix::matrix::PortRange;

use super::traffic::{Address, Line, Traffic};

/// What one firewall rule would let pass.
#[derive(Debug)]
pub(super) struct Row<'t> {
    /// What tells it from every other; made of names, the port and the destination.
    pub(super) id: String,
    /// At least one, unless the source is known by nothing.
    pub(super) sources: Cow<'t, [&'t str]>,
    /// Empty where the destination is known by nothing.
    pub(super) destination: &'t str,
    /// None where no end is known by networks.
    pub(super) family: Option<Family>,
    pub(super) port: PortRange,
    /// Why it can't be opened as it stands.
    pub(super) obstacle: Option<Obstacle>,
}

/// Why no firewall can let a row pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// One end has IPv4 alone, the other IPv6.
    NoCommonFamily,
    /// An end is known by nothing.
    NoAddress,
}

impl Obstacle {
    /// What is to be settled first.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NoCommonFamily => {
                "To settle first: source and destination have no address family in common."
            }
            Self::NoAddress => "To settle first: an end has no address.",
        }
    }
}

/// What a row has of addresses.
struct Pair<'t> {
    sources: Cow<'t, [&'t str]>,
    destination: &'t str,
    family: Option<Family>,
    obstacle: Option<Obstacle>,
}

/// The rows of a line, by port, then by destination.
pub(super) fn rows<'t>(
    traffic: &'t Traffic<'_>,
    line: &'t Line<'_>,
) -> impl Iterator<Item = Row<'t>> {
    let [source, destination] = traffic.ends_of(line);
    let ends = format!("{}/{}/{}", line.flow.id, source.name, destination.name);
    // A name is no network: the family of the source is what tells two rows apart.
    let is_named = !matches!(destination.address, Address::Networks { .. });
    line.ports.iter().flat_map(move |port| {
        let ends = ends.clone();
        pairs(&source.address, &destination.address).into_iter().map(move |pair| {
            let last = if pair.destination.is_empty() { "no-address" } else { pair.destination };
            let family = pair.family.filter(|_| is_named).map_or("", in_id);
            let Pair { sources, destination, family: of_row, obstacle } = pair;
            let id = format!("{ends}/{port}/{last}{family}");
            Row { id, sources, destination, family: of_row, port: *port, obstacle }
        })
    })
}

const fn in_id(family: Family) -> &'static str {
    match family {
        Family::V4 => "/ipv4",
        Family::V6 => "/ipv6",
    }
}

fn pairs<'t>(source: &'t Address<'_>, destination: &'t Address<'_>) -> Vec<Pair<'t>> {
    let blocked = |obstacle| {
        let mut destinations = destination.all();
        if destinations.is_empty() {
            destinations.push("");
        }
        let pair = |destination| {
            let sources = Cow::Owned(source.all());
            Pair { sources, destination, family: None, obstacle: Some(obstacle) }
        };
        destinations.into_iter().map(pair).collect()
    };
    let pair = |sources: &'t [&'t str], destination, family| Pair {
        sources: Cow::Borrowed(sources),
        destination,
        family,
        obstacle: None,
    };
    match (source, destination) {
        (Address::Nothing, _) | (_, Address::Nothing) => blocked(Obstacle::NoAddress),
        (Address::Networks { .. }, Address::Networks { .. }) => {
            let mut pairs = Vec::new();
            for (family, destinations) in destination.families() {
                for (_, sources) in source.families().filter(|(own, _)| *own == family) {
                    pairs.extend(destinations.iter().map(|it| pair(sources, it, Some(family))));
                }
            }
            if pairs.is_empty() { blocked(Obstacle::NoCommonFamily) } else { pairs }
        }
        (Address::Networks { .. }, Address::Names(names)) => {
            let families = source.families();
            let of_family = |(family, sources): (Family, &'t [&'t str])| {
                names.iter().map(move |name| pair(sources, name, Some(family)))
            };
            families.flat_map(of_family).collect()
        }
        (Address::Names(names), Address::Networks { .. }) => {
            let families = destination.families();
            let of_family = |(family, destinations): (Family, &'t [&'t str])| {
                destinations.iter().map(move |it| pair(names, it, Some(family)))
            };
            families.flat_map(of_family).collect()
        }
        (Address::Names(sources), Address::Names(destinations)) => {
            destinations.iter().map(|it| pair(sources, it, None)).collect()
        }
    }
}
