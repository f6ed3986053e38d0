//! Sets of machines: by address, and by names that only the cloud can resolve.

use std::collections::BTreeSet;
use std::rc::Rc;

use cidrs::{Cidr, Family, covers, merge, uncovered};

use super::traffic::Set;

/// Something that stands for machines of which only the cloud knows the addresses. Two are the same if their ids are:
/// what their members have in common is not to be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// A security group, or an application security group.
    Group(String),
    /// A prefix list.
    List(String),
    /// A service tag.
    Tag(String),
}

/// A set of machines: addresses of both families, and names. What is cut into pieces is copied often, so copies share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hosts {
    /// Merged, so that equal sets are equal.
    cidrs: Rc<[Cidr]>,
    names: Names,
}

/// Some names, or all but some: what covers everything covers every name there may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    Only(Rc<BTreeSet<Name>>),
    AllBut(Rc<BTreeSet<Name>>),
}

impl Hosts {
    /// The machines that have one of the addresses, or that one of the names stands for.
    pub(super) fn of(
        cidrs: impl IntoIterator<Item = Cidr>,
        names: impl IntoIterator<Item = Name>,
    ) -> Self {
        let names = Names::Only(Rc::new(names.into_iter().collect()));
        Self { cidrs: merge(cidrs).into(), names }
    }

    /// Every machine there is.
    pub(super) fn all() -> Self {
        Self {
            cidrs: Rc::new([Family::V4, Family::V6].map(Cidr::whole)),
            names: Names::AllBut(Rc::default()),
        }
    }

    /// The blocks that both have, ascending; as merged as theirs are.
    fn shared(&self, other: &Self) -> impl Iterator<Item = Cidr> {
        let (mut left, mut right) = (self.cidrs.iter().peekable(), other.cidrs.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let (a, b) = (*left.peek()?, *right.peek()?);
                if a.contains(b) {
                    right.next();
                    return Some(*b);
                }
                if b.contains(a) {
                    left.next();
                    return Some(*a);
                }
                if a < b {
                    left.next()
                } else {
                    right.next()
                };
            }
        })
    }
}

impl Set for Hosts {
    fn is_empty(&self) -> bool {
        self.cidrs.is_empty() && self.names.is_empty()
    }

    fn meets(&self, other: &Self) -> bool {
        self.shared(other).next().is_some() || self.names.meets(&other.names)
    }

    fn and(&self, other: &Self) -> Self {
        Self { cidrs: self.shared(other).collect(), names: self.names.and(&other.names) }
    }

    fn minus(&self, other: &Self) -> Self {
        let cidrs = uncovered(&self.cidrs, &other.cidrs).into();
        Self { cidrs, names: self.names.minus(&other.names) }
    }

    fn is_within(&self, other: &Self) -> bool {
        self.names.is_within(&other.names) && covers(&other.cidrs, &self.cidrs)
    }

    fn size(&self) -> usize {
        self.cidrs.len() + self.names.size()
    }
}

impl Set for Names {
    fn is_empty(&self) -> bool {
        // All but some are never none: nobody can say which names there are.
        matches!(self, Self::Only(names) if names.is_empty())
    }

    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => !a.is_disjoint(b),
            (Self::Only(some), Self::AllBut(others)) | (Self::AllBut(others), Self::Only(some)) => {
                !some.is_subset(others)
            }
            (Self::AllBut(_), Self::AllBut(_)) => true,
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(Rc::new(&**a & &**b)),
            (Self::Only(some), Self::AllBut(others)) | (Self::AllBut(others), Self::Only(some)) => {
                Self::Only(Rc::new(&**some - &**others))
            }
            (Self::AllBut(a), Self::AllBut(b)) => Self::AllBut(Rc::new(&**a | &**b)),
        }
    }

    fn minus(&self, other: &Self) -> Self {
        match other {
            Self::Only(names) => self.and(&Self::AllBut(names.clone())),
            Self::AllBut(names) => self.and(&Self::Only(names.clone())),
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => a.is_subset(b),
            (Self::Only(some), Self::AllBut(others)) => some.is_disjoint(others),
            // Nobody can say which names there are, so some never hold all but some.
            (Self::AllBut(_), Self::Only(_)) => false,
            (Self::AllBut(a), Self::AllBut(b)) => b.is_subset(a),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Only(names) | Self::AllBut(names) => names.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(cidrs: &[&str], tags: &[&str]) -> Hosts {
        let cidrs = cidrs.iter().map(|text| Cidr::parse(text).expect(text));
        Hosts::of(cidrs, tags.iter().map(|tag| Name::Tag((*tag).to_owned())))
    }

    #[test]
    fn everything_has_every_name_and_every_address() {
        let some = hosts(&["10.0.0.0/8", "2001:db8::/32"], &["Internet"]);
        assert!(some.minus(&Hosts::all()).is_empty());
        assert_eq!(Hosts::all().and(&some), some);
        let rest = Hosts::all().minus(&some);
        assert!(!rest.meets(&some));
        assert!(rest.meets(&hosts(&[], &["Storage"])));
        assert!(!hosts(&["0.0.0.0/0", "::/0"], &[]).meets(&hosts(&[], &["Internet"])));
    }

    #[test]
    fn blocks_are_cut_exactly() {
        let (wide, halves) =
            (hosts(&["10.0.0.0/8"], &["a"]), hosts(&["10.0.0.0/9", "10.128.0.0/9"], &["a"]));
        assert_eq!(wide, halves);
        let cut = wide.minus(&hosts(&["10.128.0.0/10"], &[]));
        assert_eq!(cut, hosts(&["10.0.0.0/9", "10.192.0.0/10"], &["a"]));
        assert_eq!(
            cut.and(&hosts(&["10.0.0.0/16", "10.128.0.0/9", "11.0.0.0/8"], &["b"])),
            hosts(&["10.0.0.0/16", "10.192.0.0/10"], &[])
        );
    }
}
