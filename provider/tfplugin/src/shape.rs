//! What the schema says of a Rust type: its Terraform type, and the descriptions of everything nested.

use crate::ty::Type;

/// A Terraform type that still has the descriptions of its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A type with nothing to describe inside.
    Plain(Type),
    /// An object; its attributes in the order in which they are documented.
    Object(Vec<Field>),
    /// A list.
    List(Box<Shape>),
    /// A set.
    Set(Box<Shape>),
    /// A map.
    Map(Box<Shape>),
}

/// An attribute of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in Terraform.
    pub name: &'static str,
    /// What it is, in Markdown: the doc comment of the Rust field.
    pub description: &'static str,
    /// What it holds.
    pub shape: Shape,
}

impl Shape {
    /// The type, without the descriptions.
    pub fn ty(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Object(fields) => Type::Object(
                fields.iter().map(|field| (field.name.to_owned(), field.shape.ty())).collect(),
            ),
            Self::List(element) => Type::list(element.ty()),
            Self::Set(element) => Type::set(element.ty()),
            Self::Map(element) => Type::map(element.ty()),
        }
    }
}

impl From<Type> for Shape {
    fn from(ty: Type) -> Self {
        Self::Plain(ty)
    }
}
