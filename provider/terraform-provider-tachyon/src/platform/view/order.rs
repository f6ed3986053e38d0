//! All CIDRs of a deployment in one order: found once, so that those of each rule are sorted as numbers.

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use super::ELSEWHERE;
use crate::platform::Input;
use crate::reader::Block;

/// What a place is that an order has nothing at.
pub(super) const ANOTHER: &str = "a place of another order";

/// The place of every CIDR among all of them.
#[derive(Debug)]
pub(crate) struct Order {
    /// Of each endpoint, the places of its CIDRs. Equal ones have one place.
    places: Vec<Vec<u32>>,
    /// Where the CIDR of each place stands first: an endpoint, and the index in its list.
    firsts: Vec<(EndpointId, usize)>,
    /// How many places are those of IPv4, which come first.
    ipv4: u32,
}

impl Order {
    pub(super) fn of(input: &Input<'_>) -> Self {
        let mut all: Vec<(&Block<'_>, EndpointId, usize)> = Vec::new();
        let mut places = Vec::with_capacity(input.addresses.len());
        for (id, addresses) in input.deployment.ids().zip(&input.addresses) {
            let blocks = match &addresses.cidrs {
                Some(Known::Known(blocks)) => blocks.as_slice(),
                Some(Known::Unknown) | None => &[],
            };
            places.push(vec![0; blocks.len()]);
            all.extend(blocks.iter().enumerate().map(|(index, block)| (block, id, index)));
        }
        all.sort_unstable_by_key(|(block, ..)| block.cidr);
        let mut order = Self { places, firsts: Vec::with_capacity(all.len()), ipv4: 0 };
        for same in all.chunk_by(|(a, ..), (b, ..)| a.cidr == b.cidr) {
            let (block, id, index) = *same.first().or_bug("a place of no CIDR");
            let place =
                u32::try_from(order.firsts.len()).ok().or_bug("more CIDRs than fit in memory");
            order.firsts.push((id, index));
            order.ipv4 += u32::from(block.cidr.family() == Family::V4);
            for (_, id, index) in same {
                let of_endpoint = order.places.get_mut(id.index()).or_bug(ELSEWHERE);
                *of_endpoint.get_mut(*index).or_bug("a CIDR that was just counted") = place;
            }
        }
        order
    }

    /// The places of the CIDRs of an endpoint, in the order of the user's list.
    pub(crate) fn places(&self, endpoint: EndpointId) -> &[u32] {
        self.places.get(endpoint.index()).or_bug(ELSEWHERE)
    }

    /// The family of the CIDR at a place.
    pub(crate) fn family(&self, place: u32) -> Family {
        if place < self.ipv4 { Family::V4 } else { Family::V6 }
    }

    /// Where the CIDR of a place stands: an endpoint, and the index in its list.
    pub(super) fn first(&self, place: u32) -> (EndpointId, usize) {
        let index = usize::try_from(place).ok();
        *index.and_then(|index| self.firsts.get(index)).or_bug(ANOTHER)
    }
}
