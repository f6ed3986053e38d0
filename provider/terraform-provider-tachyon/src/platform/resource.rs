//! What our modules make of rules: resources of Terraform, and what an apply does with each.

use std::collections::BTreeMap;

/// Resources by their key within a module.
pub type Resources = BTreeMap<String, Resource>;

/// A resource, as far as it matters whether it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The arguments of which a change makes Terraform replace it.
    pub forcing: Arguments,
    /// The arguments that are changed in place.
    pub others: Arguments,
}

/// Arguments of a resource, written in some way that tells any two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// What they are, as far as that is known.
    pub written: Vec<u8>,
    /// Whether it is known wholly.
    pub are_known: bool,
}

impl Arguments {
    /// Whether they differ; none while that depends on something unknown.
    fn differ(&self, other: &Self) -> Option<bool> {
        (self.are_known && other.are_known).then(|| self.written != other.written)
    }
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

impl Changes {
    /// From some resources to others.
    pub fn between(before: &Resources, after: &Resources) -> Self {
        let (mut kept, mut replaced, mut updated) = (0, Some(0), Some(0));
        for (key, is) in after {
            let Some(was) = before.get(key) else { continue };
            kept += 1;
            match was.forcing.differ(&is.forcing) {
                None => (replaced, updated) = (None, None),
                Some(true) => replaced = replaced.map(|count| count + 1),
                Some(false) => match was.others.differ(&is.others) {
                    None => updated = None,
                    Some(true) => updated = updated.map(|count| count + 1),
                    Some(false) => {}
                },
            }
        }
        Self { added: after.len() - kept, removed: before.len() - kept, replaced, updated }
    }
}
