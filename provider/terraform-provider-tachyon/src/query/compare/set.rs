//! Who stands at an end of a connection, as a set that can be taken apart.

use cidrs::Cidr;
use portmatrix::known::Known;

use crate::platform::standing::{Name, Standing};

/// Addresses, and names of things in a cloud that have members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Set<'a> {
    /// Sorted, each once.
    names: Vec<Name<'a>>,
    /// The fewest blocks, sorted.
    cidrs: Vec<Cidr>,
    /// Whether there is more, of which it is not known what.
    is_open: bool,
}

impl<'a> Set<'a> {
    /// What stands for an endpoint.
    pub(super) fn of(standing: Standing<'a>) -> Self {
        match standing {
            Standing::Nothing => Self::default(),
            Standing::Unknown => Self { is_open: true, ..Self::default() },
            Standing::Cidrs(blocks) => Self {
                cidrs: cidrs::merge(blocks.iter().map(|block| block.cidr)),
                ..Self::default()
            },
            Standing::Names(all) => {
                let is_open = all.iter().any(|name| !name.is_known());
                let mut names: Vec<Name<'a>> = all.into_iter().filter_map(Known::value).collect();
                names.sort_unstable();
                names.dedup_by(|a, b| a.identity == b.identity);
                Self { names, is_open, ..Self::default() }
            }
        }
    }

    /// Whether all of it is known.
    pub(super) fn is_known(&self) -> bool {
        !self.is_open
    }

    /// Whether it certainly holds nobody.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.cidrs.is_empty() && !self.is_open
    }

    /// How much work it is to look at.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.names.len() + self.cidrs.len()).unwrap_or(u64::MAX)
    }

    /// Whether both hold the same; none while that is not known.
    pub(super) fn differs(&self, other: &Self) -> Option<bool> {
        let (own, others) = (self.names.iter(), other.names.iter());
        let are_named_alike = own.map(|it| &it.identity).eq(others.map(|it| &it.identity));
        let differs = self.cidrs != other.cidrs || !are_named_alike;
        (self.is_known() && other.is_known()).then_some(differs)
    }

    /// What is known of it that the other does not hold.
    pub(super) fn without(&self, other: &Self) -> Self {
        let is_in = |name: &Name<'_>| other.names.iter().any(|it| it.identity == name.identity);
        Self {
            names: self.names.iter().filter(|name| !is_in(name)).cloned().collect(),
            cidrs: cidrs::uncovered(&self.cidrs, &other.cidrs),
            is_open: false,
        }
    }

    /// What is known that both hold.
    pub(super) fn common(&self, other: &Self) -> Self {
        let is_in = |name: &&Name<'_>| other.names.iter().any(|it| it.identity == name.identity);
        Self {
            names: self.names.iter().filter(is_in).cloned().collect(),
            cidrs: cidrs::common(&self.cidrs, &other.cidrs),
            is_open: false,
        }
    }

    /// As a user writes it: CIDRs, then names.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let names = self.names.iter().map(|name| name.text.to_owned());
        self.cidrs.iter().map(ToString::to_string).chain(names)
    }
}
