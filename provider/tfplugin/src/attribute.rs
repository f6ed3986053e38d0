//! Which Rust types are Terraform values, and how they are written.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::msgpack::Writer;
use crate::number::Number;
use crate::shape::{Field, Shape};
use crate::ty::Type;
use crate::value::Value;

/// A Rust type that Terraform has a type for. Type and encoding stand together, so that they cannot disagree;
/// [`object!`](crate::object) writes both from one struct.
pub trait Attribute {
    /// What the schema says of the type.
    fn shape() -> Shape;

    /// Writes the value, as its shape says.
    fn encode(&self, writer: &mut Writer);
}

/// An [`Attribute`] that is an object; implemented by [`object!`](crate::object).
pub trait Object: Attribute {
    /// Its attributes, in the order in which they are documented.
    fn fields() -> Vec<Field>;

    /// Each attribute by name, encoded on its own.
    fn encode_fields(&self) -> BTreeMap<&'static str, Vec<u8>>;
}

/// The MessagePack of one value, which is what a function answers.
pub fn encode<T: Attribute + ?Sized>(value: &T) -> Vec<u8> {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    writer.into_bytes()
}

/// An attribute of a plain type, written by the writer's method of this name.
macro_rules! plain {
    ($($rust:ty => $ty:ident, |$value:ident, $writer:ident| $write:expr;)*) => { $(
        impl Attribute for $rust {
            fn shape() -> Shape {
                Shape::Plain(Type::$ty)
            }

            fn encode(&self, $writer: &mut Writer) {
                let $value = self;
                $write;
            }
        }
    )* };
}

plain! {
    bool => Bool, |value, writer| writer.bool(*value);
    u8 => Number, |value, writer| writer.u64(u64::from(*value));
    u16 => Number, |value, writer| writer.u64(u64::from(*value));
    u32 => Number, |value, writer| writer.u64(u64::from(*value));
    u64 => Number, |value, writer| writer.u64(*value);
    // A usize is never wider than 64 bits on a platform that Rust has.
    usize => Number, |value, writer| writer.u64(u64::try_from(*value).unwrap_or(u64::MAX));
    i64 => Number, |value, writer| writer.i64(*value);
    Number => Number, |value, writer| writer.number(value);
    str => String, |value, writer| writer.str(value);
    String => String, |value, writer| writer.str(value);
}

/// A value of any type: it is written with the type that it has.
impl Attribute for Value {
    fn shape() -> Shape {
        Shape::Plain(Type::Dynamic)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.dynamic(self);
    }
}

/// What stands for something else and is written as that.
macro_rules! transparent {
    ($([$($generics:tt)*] $rust:ty => $inner:ty;)*) => { $(
        impl<$($generics)*> Attribute for $rust {
            fn shape() -> Shape {
                <$inner>::shape()
            }

            fn encode(&self, writer: &mut Writer) {
                <$inner as Attribute>::encode(self, writer);
            }
        }
    )* };
}

transparent! {
    [T: Attribute + ?Sized] &T => T;
    [T: Attribute + ?Sized] Box<T> => T;
    [T: Attribute + ?Sized] Arc<T> => T;
    [T: Attribute + ToOwned + ?Sized] Cow<'_, T> => T;
}

/// Null where there is none; the schema does not tell the two apart.
impl<T: Attribute> Attribute for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.encode(writer),
            None => writer.nil(),
        }
    }
}

impl<T: Attribute> Attribute for [T] {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.array(self.len());
        for element in self {
            element.encode(writer);
        }
    }
}

impl<T: Attribute> Attribute for Vec<T> {
    fn shape() -> Shape {
        <[T]>::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        self.as_slice().encode(writer);
    }
}

impl<T: Attribute + Ord> Attribute for BTreeSet<T> {
    fn shape() -> Shape {
        Shape::Set(Box::new(T::shape()))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.array(self.len());
        for element in self {
            element.encode(writer);
        }
    }
}

impl<K: AsRef<str> + Ord, T: Attribute> Attribute for BTreeMap<K, T> {
    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.map(self.len());
        for (key, value) in self {
            writer.str(key.as_ref());
            value.encode(writer);
        }
    }
}
