//! What our modules make of rules: resources of Terraform, and what an apply does with each.

use super::joined::Joined;
use super::view::View;
use super::{Answer, Platform};

/// A deployment and what a platform answers for it.
pub struct Planned<'p, 'a, P: Platform> {
    /// The deployment.
    pub view: &'p View<'a>,
    /// The rules.
    pub answer: &'p Answer<'a, P>,
}

/// What an apply does, in numbers of resources. None where that depends on something unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Resources that are created.
    pub added: usize,
    /// Resources that are destroyed.
    pub removed: usize,
    /// Resources that are destroyed and created again.
    pub replaced: Option<usize>,
    /// Resources that are changed in place.
    pub updated: Option<usize>,
}

/// What an apply does with a resource that there is before and after. None where that depends on something unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whether an argument differs of which a change makes Terraform replace it.
    pub is_replaced: Option<bool>,
    /// Whether another argument differs.
    pub is_updated: Option<bool>,
}

impl Changes {
    /// Nothing is done.
    pub const NONE: Self = Self { added: 0, removed: 0, replaced: Some(0), updated: Some(0) };

    /// Counts a resource; `change` says what becomes of it where it stays.
    pub fn add<T>(&mut self, resource: Joined<T>, change: impl FnOnce(T, T) -> Change) {
        match resource {
            Joined::Before(_) => self.removed += 1,
            Joined::After(_) => self.added += 1,
            Joined::Both(was, is) => self.count(change(was, is)),
        }
    }

    fn count(&mut self, change: Change) {
        match change {
            Change { is_replaced: None, .. } => (self.replaced, self.updated) = (None, None),
            Change { is_replaced: Some(true), .. } => {
                self.replaced = self.replaced.map(|count| count + 1);
            }
            Change { is_updated: None, .. } => self.updated = None,
            Change { is_updated: Some(true), .. } => {
                self.updated = self.updated.map(|count| count + 1);
            }
            Change { is_updated: Some(false), .. } => {}
        }
    }
}
