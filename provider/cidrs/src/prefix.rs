//! Prefixes: blocks of addresses that share their leading bits.

use std::fmt;
use std::fmt::Debug;
use std::num::NonZeroU8;

use crate::{Address, Count};

/// An IPv4 prefix.
pub type V4 = Prefix<u32>;
/// An IPv6 prefix.
pub type V6 = Prefix<u128>;

/// The addresses of one family that share their first `length` bits; a value never has bits set behind them.
///
/// Prefixes sort by address and then shorter first, so a prefix stands before every other that lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix<A: Address> {
    address: A,
    length: Length,
}

/// How many leading bits are shared, stored as one more: never zero, so that a [`Cidr`](crate::Cidr) is no larger than
/// an IPv6 prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Length(NonZeroU8);

impl Length {
    fn of(bits: u8) -> Length {
        Length(NonZeroU8::MIN.saturating_add(bits))
    }

    fn bits(self) -> u8 {
        self.0.get() - 1
    }
}

impl Debug for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(formatter)
    }
}

impl<A: Address> Prefix<A> {
    /// The prefix of `length` bits that starts at `address`; `None` if the length is beyond 32 or 128, or if bits are
    /// set behind it.
    pub fn new(address: A, length: u8) -> Option<Self> {
        (length <= A::WIDTH && address & A::host_bits(length) == A::ZERO)
            .then_some(Self::exact(address, length))
    }

    /// The prefix of `length` bits, or of all bits if there are fewer, that holds `address`.
    pub fn holding(address: A, length: u8) -> Self {
        Self::exact(address & !A::host_bits(length), length.min(A::WIDTH))
    }

    fn exact(address: A, length: u8) -> Self {
        Self { address, length: Length::of(length) }
    }

    /// The first address.
    pub fn address(self) -> A {
        self.address
    }

    /// The last address.
    pub fn last(self) -> A {
        self.address | A::host_bits(self.length())
    }

    /// How many leading bits the addresses share: 0 to 32 or 128.
    pub fn length(self) -> u8 {
        self.length.bits()
    }

    /// Whether every address of `other` is one of this prefix.
    pub fn contains(self, other: Self) -> bool {
        self.length <= other.length && other.address & !A::host_bits(self.length()) == self.address
    }

    /// How many addresses there are.
    pub fn addresses(self) -> Count {
        Count::power_of_two(A::WIDTH.saturating_sub(self.length()))
    }

    /// The shortest block that holds both.
    pub(crate) fn block(self, other: Self) -> Self {
        let shared = self.address.shared_bits(other.address);
        Self::holding(self.address, shared.min(self.length()).min(other.length()))
    }

    /// The lower and the upper half; `None` for a single address.
    pub(crate) fn halves(self) -> Option<(Self, Self)> {
        let length = self.length().checked_add(1).filter(|&length| length <= A::WIDTH)?;
        let first_of_upper = self.address | (A::host_bits(self.length()) & !A::host_bits(length));
        Some((Self::exact(self.address, length), Self::exact(first_of_upper, length)))
    }

    /// The block whose halves are `self` and `other`, in this order.
    pub(crate) fn joined(self, other: Self) -> Option<Self> {
        let whole = Self::holding(self.address, self.length().checked_sub(1)?);
        (self < other && self.length == other.length && whole.contains(other)).then_some(whole)
    }

    /// The number of addresses, reduced modulo the size of the family: only `0.0.0.0/0` and `::/0` come out as zero.
    ///
    /// Sums and differences of sizes are exact in wrapping arithmetic as long as the outcome is less than the whole
    /// family.
    pub(crate) fn wrapping_size(self) -> A {
        self.last().wrapping_minus(self.address).wrapping_plus(A::ONE)
    }
}
