//! Addresses and prefixes by bit arithmetic of our own, so that nothing is shared with the provider's.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) family: u8,
    bits: u128,
}

/// All addresses that agree with one in the first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prefix {
    first: Address,
    length: u32,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Self {
        match text.parse().unwrap_or_else(|_| panic!("`{text}` is no address")) {
            IpAddr::V4(address) => Self { family: 4, bits: u32::from(address).into() },
            IpAddr::V6(address) => Self { family: 6, bits: address.into() },
        }
    }

    fn width(self) -> u32 {
        if self.family == 4 { 32 } else { 128 }
    }

    fn largest(self) -> u128 {
        u128::MAX >> (128 - self.width())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u32::try_from(self.bits) {
            Ok(bits) if self.family == 4 => Ipv4Addr::from(bits).fmt(formatter),
            _ => Ipv6Addr::from(self.bits).fmt(formatter),
        }
    }
}

impl Prefix {
    /// Reads canonical text; anything else is a mistake of the provider's, or of the test's.
    pub(crate) fn parse(text: &str) -> Self {
        let (first, length) =
            text.split_once('/').unwrap_or_else(|| panic!("`{text}` has no prefix length"));
        let prefix =
            Self { first: Address::parse(first), length: length.parse().expect("a prefix length") };
        assert!(prefix.length <= prefix.first.width(), "`{text}` is longer than an address");
        assert_eq!(prefix.first.bits & prefix.host_bits(), 0, "`{text}` has host bits");
        assert_eq!(prefix.to_string(), text, "not the canonical form");
        prefix
    }

    pub(crate) fn family(self) -> u8 {
        self.first.family
    }

    /// A one in each bit that may differ.
    fn host_bits(self) -> u128 {
        self.first.largest().checked_shr(self.length).unwrap_or(0)
    }

    pub(crate) fn contains(self, address: Address) -> bool {
        address.family == self.family() && (address.bits ^ self.first.bits) & !self.host_bits() == 0
    }

    fn covers(self, other: Self) -> bool {
        self.length <= other.length && self.contains(other.first)
    }

    /// The first and the last address of it, and the neighbours on both sides.
    pub(crate) fn edges(self) -> impl Iterator<Item = Address> {
        let (first, last) = (self.first.bits, self.first.bits | self.host_bits());
        let largest = self.first.largest();
        let edges = [
            Some(first),
            Some(last),
            first.checked_sub(1),
            last.checked_add(1).filter(|bits| *bits <= largest),
        ];
        let edges: BTreeSet<u128> = edges.into_iter().flatten().collect();
        edges.into_iter().map(move |bits| Address { family: self.family(), bits })
    }

    /// The prefix of one bit less that holds this one and its other half.
    fn parent(self) -> Option<Self> {
        let length = self.length.checked_sub(1)?;
        let wider = Self { first: self.first, length };
        let bits = self.first.bits & !wider.host_bits();
        Some(Self { first: Address { bits, ..self.first }, length })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first, self.length)
    }
}

/// The same addresses in the fewest prefixes, found the slow way: join and drop until nothing changes.
pub(crate) fn merge(prefixes: &[Prefix]) -> BTreeSet<Prefix> {
    let mut merged: BTreeSet<Prefix> = prefixes.iter().copied().collect();
    loop {
        let before = merged.clone();
        merged
            .retain(|prefix| !before.iter().any(|other| other != prefix && other.covers(*prefix)));
        let halves = |parent: Prefix| {
            merged.iter().filter(|prefix| prefix.parent() == Some(parent)).count() == 2
        };
        let joined: BTreeSet<Prefix> = merged
            .iter()
            .filter_map(|prefix| prefix.parent())
            .filter(|parent| halves(*parent))
            .collect();
        merged.extend(joined);
        if merged == before {
            return merged;
        }
    }
}
