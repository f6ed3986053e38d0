//! What a rule is about: protocols, ports and both ends, exactly.

use super::hosts::Hosts;
use super::spans::Spans;

/// A set that can be cut by another of its kind.
pub(super) trait Set: Clone {
    /// Whether nothing is in it.
    fn is_empty(&self) -> bool;
    /// Whether something is in both.
    fn meets(&self, other: &Self) -> bool;
    /// What is in both.
    fn and(&self, other: &Self) -> Self;
    /// What is in this one only.
    fn minus(&self, other: &Self) -> Self;
    /// Whether the other has all of it.
    fn is_within(&self, other: &Self) -> bool;
    /// About how many steps a comparison with another takes.
    fn size(&self) -> usize;
}

/// All packets that begin a connection with one of the protocols, from one of the source ports to one of the ports,
/// and from one of the sources to one of the destinations. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Traffic {
    /// Numbers of protocols, as IANA gives them.
    pub(super) protocols: Spans,
    /// Ports that it comes from; types of ICMP; all for other protocols.
    pub(super) source_ports: Spans,
    /// Ports that it goes to; codes of ICMP; all for other protocols.
    pub(super) ports: Spans,
    /// Who sends it.
    pub(super) sources: Hosts,
    /// Who receives it.
    pub(super) destinations: Hosts,
}

impl Traffic {
    /// Whether some packet is in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.protocols.meets(&other.protocols)
            && self.ports.meets(&other.ports)
            && self.source_ports.meets(&other.source_ports)
            && self.sources.meets(&other.sources)
            && self.destinations.meets(&other.destinations)
    }

    /// The packets that are in both, if there are any.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        self.meets(other).then(|| Self {
            protocols: self.protocols.and(&other.protocols),
            source_ports: self.source_ports.and(&other.source_ports),
            ports: self.ports.and(&other.ports),
            sources: self.sources.and(&other.sources),
            destinations: self.destinations.and(&other.destinations),
        })
    }

    /// The packets that are in this one only, in pieces that share none: for each dimension in turn, what lies outside
    /// of `other` there is a piece, and what lies inside is looked at further.
    pub(super) fn minus(&self, other: &Self) -> Vec<Self> {
        if !self.meets(other) {
            return vec![self.clone()];
        }
        let mut inside = self.clone();
        let mut pieces = Vec::new();
        macro_rules! cut {
            ($($dimension:ident),*) => { $(
                let outside = inside.$dimension.minus(&other.$dimension);
                if !outside.is_empty() {
                    pieces.push(Self { $dimension: outside, ..inside.clone() });
                    inside.$dimension = inside.$dimension.and(&other.$dimension);
                }
            )* };
        }
        cut!(protocols, ports, source_ports, sources, destinations);
        pieces
    }

    /// In how many dimensions something of it lies outside of `other`; none if `other` has all of it.
    pub(super) fn dimensions_outside(&self, other: &Self) -> usize {
        let outside = [
            !self.protocols.is_within(&other.protocols),
            !self.ports.is_within(&other.ports),
            !self.source_ports.is_within(&other.source_ports),
            !self.sources.is_within(&other.sources),
            !self.destinations.is_within(&other.destinations),
        ];
        outside.into_iter().filter(|is_outside| *is_outside).count()
    }

    /// About how many steps a comparison with another takes.
    pub(super) fn size(&self) -> usize {
        self.protocols.size()
            + self.ports.size()
            + self.source_ports.size()
            + self.sources.size()
            + self.destinations.size()
    }
}

#[cfg(test)]
mod tests {
    use cidrs::Cidr;
    use proptest::prelude::*;

    use super::*;
    use crate::query::audit::coverage::Work;
    use crate::query::audit::hosts::Name;

    /// Of two values in each of the five dimensions the lower, the upper, or both: 1, 2 or 3.
    type Shape = [u8; 5];

    fn traffic(shape: Shape) -> Traffic {
        let spans = |chosen: u8| {
            Spans::of(
                [(1, 6), (7, 9)]
                    .into_iter()
                    .enumerate()
                    .filter_map(|(bit, span)| (chosen >> bit & 1 == 1).then_some(span)),
            )
        };
        let blocks = ["10.0.0.0/9", "10.128.0.0/9"].map(|text| Cidr::parse(text).expect(text));
        let chosen = |chosen: u8| (0..2_usize).filter(move |bit| chosen >> bit & 1 == 1);
        let tag = |bit: usize| Name::Tag(["a", "b"][bit].to_owned());
        Traffic {
            protocols: spans(shape[0]),
            source_ports: spans(shape[1]),
            ports: spans(shape[2]),
            sources: Hosts::of(chosen(shape[3]).map(|bit| blocks[bit]), []),
            destinations: Hosts::of([], chosen(shape[4]).map(tag)),
        }
    }

    /// Each combination of one value a dimension.
    fn points() -> impl Iterator<Item = Shape> {
        (0..32_u8).map(|point| [0, 1, 2, 3, 4].map(|dimension| 1 << (point >> dimension & 1)))
    }

    fn holds(shape: Shape, point: Shape) -> bool {
        shape.iter().zip(point).all(|(chosen, bit)| chosen & bit != 0)
    }

    proptest! {
        #[test]
        fn every_packet_is_in_the_right_pieces(a: [u8; 5], b: [u8; 5], c: [u8; 5]) {
            let [a, b, c] = [a, b, c].map(|shape| shape.map(|chosen| chosen % 3 + 1));
            let [left, right, third] = [a, b, c].map(traffic);
            let (and, pieces) = (left.and(&right), left.minus(&right));
            for point in points() {
                let packet = traffic(point);
                prop_assert_eq!(and.as_ref().is_some_and(|and| and.meets(&packet)), holds(a, point) && holds(b, point));
                let in_pieces = pieces.iter().filter(|piece| piece.meets(&packet)).count();
                prop_assert_eq!(in_pieces, usize::from(holds(a, point) && !holds(b, point)));
            }
            prop_assert_eq!(left.meets(&right), points().any(|point| holds(a, point) && holds(b, point)));
            let covered = points().all(|point| !holds(a, point) || holds(b, point) || holds(c, point));
            prop_assert_eq!(Work::new().is_covered(&left, &[&right, &third]).ok(), Some(covered));
            let within = points().all(|point| !holds(a, point) || holds(b, point));
            prop_assert_eq!(left.dimensions_outside(&right) == 0, within);
        }
    }
}
