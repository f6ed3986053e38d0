//! Why text is not a canonical CIDR, and what it should have been.

use std::fmt;

use crate::Cidr;

/// Why text was refused. [`Display`](fmt::Display) says it without the text and without [`mended`](Self::mended).
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
                write!(formatter, "bits are set after the first {}", canonical.length())
            }
            CidrError::MissingLength { .. } => formatter.write_str("the prefix length is missing"),
            CidrError::Spelling { .. } => formatter.write_str("this is not the canonical spelling"),
            CidrError::Length { found, most } => {
                write!(formatter, "the prefix length {found} is not from 0 to {most}")
            }
            CidrError::Malformed => {
                formatter.write_str("this is no block such as \"10.0.0.0/8\" or \"2001:db8::/32\"")
            }
        }
    }
}

impl std::error::Error for CidrError {}
