//! A value of an answer that may have to wait until apply.

use portmatrix::known::Known;
use tfplugin::{Attribute, Shape, Writer};

/// A value, or the promise of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaf<T> {
    /// The value.
    Known(T),
    /// There will be a value, and it will not be null.
    Unknown,
    /// There will be a value, which may be null.
    Open,
}

impl<T> Leaf<T> {
    /// The value, if it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Open => None,
        }
    }

    /// The value changed by `f`, if it is known.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Leaf<U> {
        match self {
            Self::Known(value) => Leaf::Known(f(value)),
            Self::Unknown => Leaf::Unknown,
            Self::Open => Leaf::Open,
        }
    }
}

impl<T> From<Known<T>> for Leaf<T> {
    fn from(value: Known<T>) -> Self {
        match value {
            Known::Known(value) => Self::Known(value),
            Known::Unknown => Self::Unknown,
        }
    }
}

impl<T: Attribute> Attribute for Leaf<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Known(value) => value.encode(writer),
            Self::Unknown => writer.unknown_not_null(),
            Self::Open => writer.unknown(),
        }
    }
}
