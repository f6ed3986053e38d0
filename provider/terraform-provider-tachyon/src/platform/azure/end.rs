//! The two ends of a rule: per end exactly one of prefix, prefixes and application security groups.

use cidrs::Family;
use portmatrix::known::Known;

use super::address::Address;
use super::part::Part;
use crate::leaf::Leaf;
use crate::platform::Addresses;
use crate::reader::Block;

/// The most application security groups at one end of a rule. Source: Azure subscription limits, networking.
pub(super) const MOST_GROUPS: usize = 10;

/// One end of a rule in Azure's three forms; exactly one is not null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End<'a> {
    pub(super) prefix: Leaf<Option<&'a str>>,
    pub(super) prefixes: Leaf<Option<Vec<&'a str>>>,
    pub(super) groups: Leaf<Option<Vec<&'a str>>>,
}

impl<'a> End<'a> {
    const NOTHING: Self =
        Self { prefix: Leaf::Known(None), prefixes: Leaf::Known(None), groups: Leaf::Known(None) };

    /// Anybody.
    pub(super) fn any() -> Self {
        Self::of_prefix("*")
    }

    /// A service tag, or `*`.
    pub(super) fn of_prefix(prefix: &'a str) -> Self {
        Self { prefix: Leaf::Known(Some(prefix)), ..Self::NOTHING }
    }

    /// CIDRs, sorted: one in the singular form, more in the plural.
    pub(super) fn of_cidrs(texts: Vec<&'a str>) -> Self {
        match texts.as_slice() {
            [one] => Self::of_prefix(one),
            _ => Self { prefixes: Leaf::Known(Some(texts)), ..Self::NOTHING },
        }
    }

    /// Application security groups. One that is unknown leaves the list unknown: its place in the order is.
    pub(super) fn of_groups(ids: &[Known<&'a str>]) -> Self {
        let known: Option<Vec<&str>> = ids.iter().map(|id| id.value()).collect();
        let groups = known.map_or(Leaf::Unknown, |mut ids| {
            ids.sort_unstable();
            Leaf::Known(Some(ids))
        });
        Self { groups, ..Self::NOTHING }
    }

    /// What the endpoint's own end of a rule says: its groups, else its CIDRs that fit the part, else anybody.
    pub(super) fn own(addresses: &'a Addresses<'a>, part: Part<'_>) -> Self {
        let Address { groups, .. } = &addresses.platforms.azure;
        match groups {
            Some(Known::Known(ids)) if ids.len() <= MOST_GROUPS => return Self::of_groups(ids),
            Some(Known::Unknown) => {
                return Self { prefix: Leaf::Open, prefixes: Leaf::Open, groups: Leaf::Open };
            }
            Some(Known::Known(_)) | None => {}
        }
        match &addresses.cidrs {
            None => Self::any(),
            Some(Known::Unknown) => {
                Self { prefix: Leaf::Open, prefixes: Leaf::Open, ..Self::NOTHING }
            }
            Some(Known::Known(cidrs)) => Self::own_cidrs(cidrs, part),
        }
    }

    fn own_cidrs(blocks: &'a [Block<'a>], part: Part<'_>) -> Self {
        let family = match part {
            Part::Ipv4 => Some(Family::V4),
            Part::Ipv6 => Some(Family::V6),
            // Groups and tags have both families, a rule only one: CIDRs of both fit no such rule.
            Part::Groups(_) | Part::Tag(_) => one_family(blocks),
        };
        let fitting = blocks.iter().filter(|block| Some(block.cidr.family()) == family);
        let fitting: Vec<&str> = fitting.map(|block| &*block.text).collect();
        if fitting.is_empty() { Self::any() } else { Self::of_cidrs(fitting) }
    }
}

fn one_family(blocks: &[Block<'_>]) -> Option<Family> {
    let first = blocks.first()?.cidr.family();
    blocks.iter().all(|block| block.cidr.family() == first).then_some(first)
}
