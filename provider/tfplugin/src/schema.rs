//! What a data source offers: its attributes, and how each is given.

use crate::attribute::Object;
use crate::shape::{Field, Shape};
use crate::ty::Type;

/// The attributes of a data source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// What it is for, in Markdown.
    pub description: String,
    /// In the order in which they are documented; the server sends them in the order of their names.
    pub attributes: Vec<SchemaAttribute>,
    /// What to use instead, if it is not to be used any more.
    pub deprecation: Option<String>,
    /// Of the state that is written; Terraform does not upgrade data sources, so 0 will do.
    pub version: i64,
}

/// One attribute of a data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaAttribute {
    /// Lower-case letters, digits and `_`.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub description: String,
    /// What it holds.
    pub shape: Shape,
    /// Who gives it.
    pub presence: Presence,
    /// Whether Terraform hides it in its output.
    pub sensitive: bool,
    /// What to use instead, if it is not to be used any more.
    pub deprecation: Option<String>,
}

/// Who gives an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// The user, always.
    Required,
    /// The user, or nobody.
    Optional,
    /// The user, or else the provider.
    OptionalComputed,
    /// The provider.
    Computed,
}

impl Presence {
    /// Whether the configuration may set it.
    pub fn is_configurable(self) -> bool {
        self != Self::Computed
    }

    /// Whether the provider may set it.
    pub fn is_computed(self) -> bool {
        matches!(self, Self::OptionalComputed | Self::Computed)
    }
}

impl SchemaAttribute {
    /// One that is neither sensitive nor deprecated.
    pub fn new(
        name: &'static str,
        description: impl Into<String>,
        shape: impl Into<Shape>,
        presence: Presence,
    ) -> Self {
        Self {
            name,
            description: description.into(),
            shape: shape.into(),
            presence,
            sensitive: false,
            deprecation: None,
        }
    }

    /// The fields of an object as computed attributes.
    pub fn computed<T: Object>() -> Vec<Self> {
        let computed = |field: Field| {
            Self::new(field.name, field.description, field.shape, Presence::Computed)
        };
        T::fields().into_iter().map(computed).collect()
    }
}

impl Schema {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&SchemaAttribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The type of a whole configuration or state.
    pub fn ty(&self) -> Type {
        Type::object(self.attributes.iter().map(|attribute| (attribute.name, attribute.shape.ty())))
    }
}
