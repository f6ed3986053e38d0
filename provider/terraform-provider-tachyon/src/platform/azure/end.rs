//! The two ends of a rule, and what Azure can be told of each.

use cidrs::Family;
use portmatrix::known::Known;

use super::address::Address;
use super::part::Part;
use crate::platform::Addresses;
use crate::reader::Block;

/// The most application security groups at one end of a rule. Source: Azure subscription limits, networking.
pub(super) const MOST_GROUPS: usize = 10;

/// One end of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End<'a> {
    /// Anybody.
    Any,
    /// The addresses that a service tag stands for.
    Tag(&'a str),
    /// One CIDR, which is what most ends are.
    Cidr(&'a Block<'a>),
    /// CIDRs of one family, in the order of their addresses; at least two.
    Cidrs(Vec<&'a Block<'a>>),
    /// Application security groups, sorted by id; at least one.
    Groups(Vec<&'a str>),
    /// Application security groups, of which an id is not known yet and with it the order of all.
    UnknownGroups,
    /// CIDRs that are not known yet, or anybody if none of them fits.
    UnknownCidrs,
    /// Not even the kind is known yet.
    Unknown,
}

impl<'a> End<'a> {
    /// CIDRs of one family, in the order of their addresses, so many at most; anybody if there is none.
    pub(super) fn of_cidrs(mut blocks: impl Iterator<Item = &'a Block<'a>>, most: usize) -> Self {
        match (blocks.next(), blocks.next()) {
            (None, _) => Self::Any,
            (Some(only), None) => Self::Cidr(only),
            (Some(first), Some(second)) => {
                let mut all = Vec::with_capacity(most);
                all.extend([first, second]);
                all.extend(blocks);
                Self::Cidrs(all)
            }
        }
    }

    /// Application security groups. One that is unknown leaves all unknown: its place in the order is.
    pub(super) fn of_groups(ids: &[Known<&'a str>]) -> Self {
        let known: Option<Vec<&str>> = ids.iter().map(|id| id.value()).collect();
        known.map_or(Self::UnknownGroups, |mut ids| {
            ids.sort_unstable();
            Self::Groups(ids)
        })
    }

    /// What the endpoint's own end of a rule says: its groups, else its CIDRs that fit the part, else anybody.
    pub(super) fn own(addresses: &'a Addresses<'a>, part: Part<'_>) -> Self {
        let Address { groups, .. } = &addresses.platforms.azure;
        match groups {
            Some(Known::Known(groups)) => match groups.fit(MOST_GROUPS) {
                Known::Known(true) => return Self::of_groups(&groups.ids),
                Known::Known(false) => {}
                Known::Unknown => return Self::Unknown,
            },
            Some(Known::Unknown) => return Self::Unknown,
            None => {}
        }
        match &addresses.cidrs {
            None => Self::Any,
            Some(Known::Unknown) => Self::UnknownCidrs,
            Some(Known::Known(cidrs)) => Self::own_cidrs(cidrs, part),
        }
    }

    fn own_cidrs(blocks: &'a [Block<'a>], part: Part<'_>) -> Self {
        // Groups and tags have both families, a rule only one: CIDRs of both fit no such rule.
        let family = part.family().or_else(|| one_family(blocks));
        let fitting = blocks.iter().filter(|block| Some(block.cidr.family()) == family);
        Self::of_cidrs(fitting, blocks.len())
    }
}

/// The family of all of the blocks, if it is one.
fn one_family(blocks: &[Block<'_>]) -> Option<Family> {
    let first = blocks.first()?.cidr.family();
    blocks.iter().all(|block| block.cidr.family() == first).then_some(first)
}
