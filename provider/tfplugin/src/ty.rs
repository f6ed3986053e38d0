//! Terraform's types, and the JSON that names them on the wire.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::type_text::TypeText;

/// A type of Terraform's language, as far as the plugin protocol can name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A number of any size and precision.
    Number,
    /// Unicode text.
    String,
    /// Whatever type the value itself has; the wire then says it beside the value.
    Dynamic,
    /// Values of one type, in order.
    List(Box<Type>),
    /// Different values of one type, in no order of the user's.
    Set(Box<Type>),
    /// Values of one type by name.
    Map(Box<Type>),
    /// A fixed set of names, each with a type of its own.
    Object(BTreeMap<String, Type>),
    /// A fixed number of values, each with a type of its own.
    Tuple(Vec<Type>),
}

/// Why a text does not name a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    /// What is wrong, as a fragment that can follow "the type is not readable: ".
    pub text: String,
}

impl fmt::Display for TypeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for TypeError {}

impl Type {
    /// A list of `element`.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of `element`.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with these attributes.
    pub fn object<'a>(attributes: impl IntoIterator<Item = (&'a str, Type)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect())
    }

    /// The type's name on the wire: `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`.
    pub fn to_json_bytes(&self) -> Vec<u8> {
        // Fails only where something else than text is the name of an attribute.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a type's name on the wire. The third part of an object type, the list of its optional attributes, is
    /// accepted and dropped: an attribute left out arrives as null.
    pub fn from_json_bytes(bytes: &[u8]) -> Result<Self, TypeError> {
        TypeText::read(bytes)
    }
}

/// As JSON on the wire.
impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool => "bool".serialize(serializer),
            Self::Number => "number".serialize(serializer),
            Self::String => "string".serialize(serializer),
            Self::Dynamic => "dynamic".serialize(serializer),
            Self::List(element) => ("list", element).serialize(serializer),
            Self::Set(element) => ("set", element).serialize(serializer),
            Self::Map(element) => ("map", element).serialize(serializer),
            Self::Object(attributes) => ("object", attributes).serialize(serializer),
            Self::Tuple(elements) => ("tuple", elements).serialize(serializer),
        }
    }
}

/// As Terraform's documentation writes types: `list(string)`, `object({a = bool})`.
impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => formatter.write_str("bool"),
            Self::Number => formatter.write_str("number"),
            Self::String => formatter.write_str("string"),
            Self::Dynamic => formatter.write_str("dynamic"),
            Self::List(element) => write!(formatter, "list({element})"),
            Self::Set(element) => write!(formatter, "set({element})"),
            Self::Map(element) => write!(formatter, "map({element})"),
            Self::Object(attributes) => {
                let named: Vec<_> =
                    attributes.iter().map(|(name, ty)| format!("{name} = {ty}")).collect();
                write!(formatter, "object({{{}}})", named.join(", "))
            }
            Self::Tuple(elements) => {
                let each: Vec<_> = elements.iter().map(Self::to_string).collect();
                write!(formatter, "tuple([{}])", each.join(", "))
            }
        }
    }
}
