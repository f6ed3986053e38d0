//! Exact numbers of addresses.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// A number of addresses. Both families together have 2^128 + 2^32 of them, more than a `u128` can say; this type is
/// exact up to 2^192 and stays at its most beyond that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// How many times 2^128.
    high: u64,
    low: u128,
}

impl Count {
    /// None.
    pub const ZERO: Count = Count { high: 0, low: 0 };
    const MOST: Count = Count { high: u64::MAX, low: u128::MAX };

    /// Whether there are none.
    pub fn is_zero(self) -> bool {
        self == Count::ZERO
    }

    /// The number, if it is below 2^128.
    pub fn to_u128(self) -> Option<u128> {
        (self.high == 0).then_some(self.low)
    }

    /// How many more than `other`; zero if there are fewer.
    pub fn saturating_sub(self, other: Count) -> Count {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let high =
            self.high.checked_sub(other.high).and_then(|high| high.checked_sub(borrow.into()));
        high.map_or(Count::ZERO, |high| Count { high, low })
    }

    /// 2 to the `exponent`.
    pub(crate) fn power_of_two(exponent: u8) -> Count {
        match 1_u128.checked_shl(exponent.into()) {
            Some(low) => Count { high: 0, low },
            None => Count {
                high: 1_u64.checked_shl(u32::from(exponent) - u128::BITS).unwrap_or(u64::MAX),
                low: 0,
            },
        }
    }
}

impl From<u128> for Count {
    fn from(low: u128) -> Count {
        Count { high: 0, low }
    }
}

impl Add for Count {
    type Output = Count;

    fn add(self, other: Count) -> Count {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high =
            self.high.checked_add(other.high).and_then(|high| high.checked_add(carry.into()));
        high.map_or(Count::MOST, |high| Count { high, low })
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Count>>(counts: I) -> Count {
        counts.fold(Count::ZERO, Count::add)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Decimal digits that fit a half of the lower number.
        const CHUNK: u128 = 10_u128.pow(19);
        if self.high == 0 {
            return fmt::Display::fmt(&self.low, formatter);
        }
        // Long division, 64 bits at a time, twice: the quotient is then below 2^128 / 10^10.
        let (rest, last) = self.divided(CHUNK);
        let (rest, middle) = rest.divided(CHUNK);
        formatter.pad_integral(true, "", &format!("{}{middle:019}{last:019}", rest.low))
    }
}

impl Count {
    /// The quotient and the remainder of a division by a number below 2^64.
    fn divided(self, divisor: u128) -> (Count, u128) {
        const HALF: u128 = u64::MAX as u128;
        let high = u128::from(self.high);
        let upper = (high % divisor) << 64 | self.low >> 64;
        let lower = (upper % divisor) << 64 | self.low & HALF;
        let low = ((upper / divisor) << 64) | (lower / divisor);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a quotient is no more than what was divided"
        )]
        let high = (high / divisor) as u64;
        (Count { high, low }, lower % divisor)
    }
}
