//! A prefix of either family.

use std::net::IpAddr;
use std::str::FromStr;

use crate::address::Number;
use crate::display::Text;
use crate::{CidrError, Count, Family, Prefix, V4, V6, parse};

/// A block of addresses of either family.
///
/// IPv4 sorts before IPv6, then the lower address first, then the shorter prefix first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cidr {
    /// A block of IPv4 addresses.
    V4(V4),
    /// A block of IPv6 addresses.
    V6(V6),
}

impl Cidr {
    /// Reads canonical text: exactly what [`Display`](std::fmt::Display) writes. Allocates nothing.
    ///
    /// Any other text is refused, and where it means a block all the same, the error carries that block.
    pub fn parse(text: &str) -> Result<Cidr, CidrError> {
        parse::parse(text)
    }

    /// All addresses of a family.
    pub fn whole(family: Family) -> Cidr {
        match family {
            Family::V4 => Cidr::V4(Prefix::holding(0, 0)),
            Family::V6 => Cidr::V6(Prefix::holding(0, 0)),
        }
    }

    /// The block of `length` bits, or of all bits if there are fewer, that holds `address`.
    pub fn holding(address: IpAddr, length: u8) -> Cidr {
        match address {
            IpAddr::V4(address) => Cidr::V4(Prefix::holding(address.to_bits(), length)),
            IpAddr::V6(address) => Cidr::V6(Prefix::holding(address.to_bits(), length)),
        }
    }

    /// The family of the addresses.
    pub fn family(&self) -> Family {
        match self {
            Cidr::V4(_) => Family::V4,
            Cidr::V6(_) => Family::V6,
        }
    }

    /// How many leading bits the addresses share: 0 to 32 or 128.
    pub fn length(&self) -> u8 {
        match self {
            Cidr::V4(prefix) => prefix.length(),
            Cidr::V6(prefix) => prefix.length(),
        }
    }

    /// The first address.
    pub fn first(&self) -> IpAddr {
        match self {
            Cidr::V4(prefix) => prefix.address().to_ip(),
            Cidr::V6(prefix) => prefix.address().to_ip(),
        }
    }

    /// The last address.
    pub fn last(&self) -> IpAddr {
        match self {
            Cidr::V4(prefix) => prefix.last().to_ip(),
            Cidr::V6(prefix) => prefix.last().to_ip(),
        }
    }

    /// Whether every address of `other` is one of this block; never so across families.
    pub fn contains(&self, other: &Cidr) -> bool {
        match (self, other) {
            (Cidr::V4(whole), Cidr::V4(part)) => whole.contains(*part),
            (Cidr::V6(whole), Cidr::V6(part)) => whole.contains(*part),
            _ => false,
        }
    }

    /// How many addresses there are.
    pub fn addresses(&self) -> Count {
        match self {
            Cidr::V4(prefix) => prefix.addresses(),
            Cidr::V6(prefix) => prefix.addresses(),
        }
    }

    /// Appends the canonical text; faster than formatting when there are many.
    pub fn write_to(&self, buffer: &mut Vec<u8>) {
        match self {
            Cidr::V4(prefix) => buffer.extend_from_slice(Text::of(*prefix).as_bytes()),
            Cidr::V6(prefix) => buffer.extend_from_slice(Text::of(*prefix).as_bytes()),
        }
    }
}

impl From<V4> for Cidr {
    fn from(prefix: V4) -> Cidr {
        Cidr::V4(prefix)
    }
}

impl From<V6> for Cidr {
    fn from(prefix: V6) -> Cidr {
        Cidr::V6(prefix)
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Cidr, CidrError> {
        Cidr::parse(text)
    }
}
