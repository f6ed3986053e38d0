//! Addresses as numbers, so that both families share one implementation.

use std::fmt;
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::{BitAnd, BitOr, BitXor, Not};

use crate::display::Text;
use crate::{Prefix, V4, V6};

/// One of the two families of addresses; IPv4 sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// 32-bit addresses.
    V4,
    /// 128-bit addresses.
    V6,
}

impl Family {
    /// The length of a prefix that holds one address, in bits: 32 or 128.
    pub fn bits(self) -> u8 {
        match self {
            Family::V4 => u32::WIDTH,
            Family::V6 => u128::WIDTH,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Family::V4 => "IPv4",
            Family::V6 => "IPv6",
        })
    }
}

/// The number behind an address: `u32` for IPv4 and `u128` for IPv6, most significant bit first; no other type can be one.
pub trait Address: Number {}

impl Address for u32 {}
impl Address for u128 {}

/// What the computations need of an address; private, which is what closes [`Address`].
pub trait Number:
    Copy
    + Debug
    + Ord
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
    /// A prefix packed so that it sorts fast; keys are ordered as prefixes are.
    type Key: Copy + Ord;

    /// How many bits an address has; also the longest prefix length.
    const WIDTH: u8;
    const ZERO: Self;
    const ONE: Self;

    /// The bits behind the first `length`, all set.
    fn host_bits(length: u8) -> Self;
    /// How many leading bits `self` and `other` share.
    fn shared_bits(self, other: Self) -> u8;
    fn wrapping_plus(self, other: Self) -> Self;
    fn wrapping_minus(self, other: Self) -> Self;
    fn to_u128(self) -> u128;
    fn to_ip(self) -> IpAddr;
    fn pack(prefix: Prefix<Self>) -> Self::Key
    where
        Self: Address;
    fn unpack(key: Self::Key) -> Prefix<Self>
    where
        Self: Address;
    /// Appends the canonical text of the address.
    fn write_to(self, text: &mut Text);
}

/// The arithmetic, which reads the same for both widths.
macro_rules! arithmetic {
    ($width:literal) => {
        const WIDTH: u8 = $width;
        const ZERO: Self = 0;
        const ONE: Self = 1;

        fn host_bits(length: u8) -> Self {
            // Behind all bits there are none, a shift the processor does not know.
            Self::MAX.checked_shr(u32::from(length)).unwrap_or(0)
        }

        #[expect(clippy::cast_possible_truncation, reason = "no address has more than 128 bits")]
        fn shared_bits(self, other: Self) -> u8 {
            (self ^ other).leading_zeros() as u8
        }

        fn wrapping_plus(self, other: Self) -> Self {
            self.wrapping_add(other)
        }

        fn wrapping_minus(self, other: Self) -> Self {
            self.wrapping_sub(other)
        }

        fn to_u128(self) -> u128 {
            self.into()
        }
    };
}

impl Number for u32 {
    type Key = u64;
    arithmetic!(32);

    fn to_ip(self) -> IpAddr {
        Ipv4Addr::from_bits(self).into()
    }

    fn pack(prefix: V4) -> u64 {
        u64::from(prefix.address()) << 8 | u64::from(prefix.length())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the key is taken apart as it was put together"
    )]
    fn unpack(key: u64) -> V4 {
        Prefix::holding((key >> 8) as u32, key as u8)
    }

    fn write_to(self, text: &mut Text) {
        text.push_ipv4(self);
    }
}

impl Number for u128 {
    type Key = (u128, u8);
    arithmetic!(128);

    fn to_ip(self) -> IpAddr {
        Ipv6Addr::from_bits(self).into()
    }

    fn pack(prefix: V6) -> (u128, u8) {
        (prefix.address(), prefix.length())
    }

    fn unpack((address, length): (u128, u8)) -> V6 {
        Prefix::holding(address, length)
    }

    fn write_to(self, text: &mut Text) {
        text.push_ipv6(self);
    }
}
