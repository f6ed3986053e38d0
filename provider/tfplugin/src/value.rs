//! Values as they arrive from Terraform, decoded.

use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::number::Number;
pub use crate::refinement::{Bound, Refinement};

/// A value of Terraform's language. Its type is not kept: who reads it knows what it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing: not set, or set to `null`.
    #[default]
    Null,
    /// Something that only apply will know, and what is promised of it.
    Unknown(Refinement),
    /// `true` or `false`.
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// Text in Unicode's composed form (NFC), as Terraform sends it.
    String(String),
    /// A list, a tuple, or a set of which everything is known.
    List(Vec<Value>),
    /// A set with something unknown in it: when that becomes known, elements may turn out equal, and then they are fewer.
    Set(Vec<Value>),
    /// A map or an object.
    Map(BTreeMap<String, Value>),
    /// A value that an earlier call had too, and that was decoded there: only of attributes that a parameter says are
    /// [the same](crate::Parameter::same), and never null or unknown.
    Shared(Arc<Value>),
}

impl Value {
    /// An unknown value of which nothing is promised.
    pub const UNKNOWN: Self = Self::Unknown(Refinement::NONE);

    /// What it is, for a message: "a string", "null", "a value that is not known yet".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "a value that is not known yet",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "an object",
            Self::Shared(value) => value.kind(),
        }
    }

    /// The value itself, where it is shared with earlier calls.
    pub fn own(&self) -> &Self {
        match self {
            Self::Shared(value) => value,
            own => own,
        }
    }

    /// A set of these: one that is known as a whole is its elements.
    pub fn set(elements: Vec<Self>) -> Self {
        let is_known = elements.iter().all(Self::is_wholly_known);
        if is_known { Self::List(elements) } else { Self::Set(elements) }
    }

    /// The elements of a list, set or tuple.
    pub fn elements(&self) -> Option<&[Value]> {
        match self {
            Self::List(elements) | Self::Set(elements) => Some(elements),
            Self::Shared(value) => value.elements(),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Whether it is unknown itself; it may still hold something unknown if not.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether nothing in it is unknown, however deep.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::List(elements) | Self::Set(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Map(elements) => elements.values().all(Self::is_wholly_known),
            Self::Shared(value) => value.is_wholly_known(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Number(integer.into())
    }
}

impl From<i32> for Value {
    fn from(integer: i32) -> Self {
        Self::Number(integer.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, const COUNT: usize> From<[(K, Value); COUNT]> for Value {
    fn from(elements: [(K, Value); COUNT]) -> Self {
        Self::Map(elements.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}
