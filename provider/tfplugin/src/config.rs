//! A data source's configuration, as the user wrote it.

use std::collections::BTreeMap;

use crate::value::Value;

/// The configuration of a data source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    attributes: BTreeMap<String, Value>,
}

impl Config {
    /// The value of an attribute; null if it is not set.
    pub fn get(&self, name: &str) -> &Value {
        static ABSENT: Value = Value::Null;
        self.attributes.get(name).unwrap_or(&ABSENT)
    }

    /// Every attribute, by name.
    pub fn attributes(&self) -> &BTreeMap<String, Value> {
        &self.attributes
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Config {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(attributes: I) -> Self {
        Self {
            attributes: attributes.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        }
    }
}
