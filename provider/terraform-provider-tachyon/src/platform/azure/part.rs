//! The parts into which the peers of a flow and port fall, since one rule takes only one kind of address.

use std::fmt;

use cidrs::Family;

/// One part: peers that can stand together in one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part<'a> {
    /// IPv4 CIDRs.
    Ipv4,
    /// IPv6 CIDRs.
    Ipv6,
    /// Application security groups, at most ten; which ten, from 0.
    Groups(usize),
    /// A service tag.
    Tag(&'a str),
}

impl Part<'_> {
    /// The family of the peers' addresses; none where they have both.
    pub(super) fn family(self) -> Option<Family> {
        match self {
            Self::Ipv4 => Some(Family::V4),
            Self::Ipv6 => Some(Family::V6),
            Self::Groups(_) | Self::Tag(_) => None,
        }
    }
}

/// As in keys: `ipv4`, `ipv6`, `groups`, `groups-2`, `tag-internet`. Azure does not tell capitals of a tag apart, so keys,
/// names and priorities do not either.
impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4 => f.write_str("ipv4"),
            Self::Ipv6 => f.write_str("ipv6"),
            Self::Groups(0) => f.write_str("groups"),
            Self::Groups(chunk) => write!(f, "groups-{}", chunk + 1),
            Self::Tag(tag) => write!(f, "tag-{}", tag.to_ascii_lowercase()),
        }
    }
}
