//! What a data source answers: its computed attributes.

use std::collections::BTreeMap;

use crate::attribute::{Attribute, Object, encode};

/// The computed attributes of a data source. What is not set becomes null; what the user configured is none of its
/// business, since the server lays it over the configuration as that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    attributes: BTreeMap<&'static str, Vec<u8>>,
}

impl State {
    /// One with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// One with every field of `object` set.
    pub fn of(object: &impl Object) -> Self {
        Self { attributes: object.encode_fields() }
    }

    /// Also sets an attribute. Its shape must be that of the schema.
    pub fn set<T: Attribute + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.attributes.insert(name, encode(value));
        self
    }

    /// The MessagePack of an attribute that was set.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.attributes.get(name).map(Vec::as_slice)
    }

    /// How many bytes a state of these attributes takes, about.
    pub(crate) fn size(&self) -> usize {
        self.attributes.iter().map(|(name, bytes)| name.len() + bytes.len() + 8).sum()
    }

    /// The names of what was set.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.keys().copied()
    }
}
