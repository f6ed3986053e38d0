//! The parts into which the peers of a flow and port fall, since one rule takes only one kind of address.

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

impl Part<'_> {
    /// Adds it to a text, as in keys: `ipv4`, `ipv6`, `groups`, `groups-2`, `tag-internet`; `dash` stands before the number of
    /// groups. Azure does not tell capitals of a tag apart, so keys, names and priorities do not either.
    pub(super) fn push(self, text: &mut String, dash: char) {
        match self {
            Self::Ipv4 => text.push_str("ipv4"),
            Self::Ipv6 => text.push_str("ipv6"),
            Self::Groups(0) => text.push_str("groups"),
            Self::Groups(chunk) => {
                text.push_str("groups");
                text.push(dash);
                text.push_str(&(chunk + 1).to_string());
            }
            Self::Tag(tag) => {
                text.push_str("tag-");
                text.extend(tag.chars().map(|letter| letter.to_ascii_lowercase()));
            }
        }
    }
}
