//! Why text is not a canonical CIDR, and what it should have been.

use std::fmt;

use crate::Cidr;

/// Why text was refused; [`Display`](fmt::Display) continues a sentence such as `endpoints["dmz"].cidrs[2]: …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CidrError {
    /// Bits are set behind the prefix length, as in `10.0.0.1/8`.
    HostBits {
        /// The block that holds the address.
        canonical: Cidr,
    },
    /// An address alone, as in `10.0.0.1`.
    MissingLength {
        /// The block of that one address.
        canonical: Cidr,
    },
    /// A block in another spelling than the canonical one: upper case, groups that could be shorter, leading zeros of
    /// the length, a netmask in its place, blanks around it.
    Spelling {
        /// The same block.
        canonical: Cidr,
    },
    /// A prefix length that the family does not have, as in `10.0.0.0/33`.
    Length {
        /// The length in the text.
        found: u64,
        /// The longest that the family has: 32 or 128.
        most: u8,
    },
    /// Neither an IPv4 nor an IPv6 block. So are octets with leading zeros, which some programs read as octal.
    Malformed,
}

impl CidrError {
    /// The block that was probably meant, where one can be told.
    pub fn mended(&self) -> Option<Cidr> {
        match *self {
            CidrError::HostBits { canonical }
            | CidrError::MissingLength { canonical }
            | CidrError::Spelling { canonical } => Some(canonical),
            CidrError::Length { .. } | CidrError::Malformed => None,
        }
    }
}

impl fmt::Display for CidrError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CidrError::HostBits { canonical } => {
                write!(formatter, "expected `{canonical}`, found bits set after the first {}", canonical.length())
            }
            CidrError::MissingLength { canonical } => {
                write!(formatter, "expected `{canonical}`, found an address without a prefix length")
            }
            CidrError::Spelling { canonical } => {
                write!(formatter, "expected the canonical `{canonical}`, found another spelling of it")
            }
            CidrError::Length { found, most } => {
                write!(formatter, "expected a prefix length from 0 to {most}, found {found}")
            }
            CidrError::Malformed => formatter
                .write_str("expected a block such as `10.0.0.0/8` or `2001:db8::/32`, found text that is neither"),
        }
    }
}

impl std::error::Error for CidrError {}
