//! A second reading of what sets of addresses are: unions of intervals, one interval after another.

use std::net::IpAddr;

use cidrs::Cidr;

/// Whether it is of IPv6, its first and its last address.
type Interval = (bool, u128, u128);

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The addresses of blocks as intervals of each family that neither touch nor overlap, in order.
pub(crate) fn intervals(cidrs: &[Cidr]) -> Vec<Interval> {
    let mut all: Vec<Interval> = cidrs
        .iter()
        .map(|cidr| (cidr.first().is_ipv6(), number(cidr.first()), number(cidr.last())))
        .collect();
    all.sort_unstable();
    let mut joined: Vec<Interval> = Vec::new();
    for (family, first, last) in all {
        match joined.last_mut() {
            Some((same, _, end)) if *same == family && first <= end.saturating_add(1) => {
                *end = last.max(*end);
            }
            _ => joined.push((family, first, last)),
        }
    }
    joined
}

/// The fewest blocks that make up intervals, as text: from the lowest address on, the largest block that begins there
/// and ends inside.
pub(crate) fn blocks(intervals: &[Interval]) -> Vec<String> {
    let mut blocks = Vec::new();
    for (is_v6, first, last) in intervals.iter().copied() {
        let bits = if is_v6 { 128 } else { 32 };
        let mut next = Some(first);
        while let Some(start) = next.filter(|start| *start <= last) {
            let fits = |host: u32| {
                let size = 1_u128.checked_shl(host).map_or(u128::MAX, |size| size - 1);
                start & size == 0 && start.checked_add(size).is_some_and(|end| end <= last)
            };
            let host = (0..=bits).rev().find(|host| fits(*host)).expect("one address always fits");
            let address = if is_v6 {
                IpAddr::V6(start.into()).to_string()
            } else {
                let low = u32::try_from(start).expect("an address of IPv4 has 32 bits");
                IpAddr::V4(low.into()).to_string()
            };
            blocks.push(format!("{address}/{}", bits - host));
            next = 1_u128.checked_shl(host).and_then(|size| start.checked_add(size));
        }
    }
    blocks
}

/// How many addresses there are, up to 2^128: all the addresses of IPv6 with some of IPv4 are one too many for a number.
pub(crate) fn size(intervals: &[Interval]) -> Option<u128> {
    intervals
        .iter()
        .try_fold(0_u128, |sum, (_, first, last)| sum.checked_add((last - first).checked_add(1)?))
}
