//! Schemas and signatures as messages.

use crate::function::{Parameter, Signature};
use crate::generated::tfplugin6 as wire;
use crate::generated::tfplugin6::StringKind;
use crate::generated::tfplugin6::schema::object::NestingMode;
use crate::generated::tfplugin6::schema::{Attribute, Block, Object};
use crate::schema::{Presence, Schema, SchemaAttribute};
use crate::shape::{Field, Shape};

/// The schema of a data source.
pub(super) fn schema(schema: &Schema) -> wire::Schema {
    let mut attributes: Vec<_> = schema.attributes.iter().map(attribute).collect();
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    let block = Block {
        version: schema.version,
        attributes,
        description: schema.description.clone(),
        description_kind: StringKind::Markdown.into(),
        deprecated: schema.deprecation.is_some(),
        deprecation_message: schema.deprecation.clone().unwrap_or_default(),
        ..Block::default()
    };
    wire::Schema { version: schema.version, block: Some(block) }
}

/// The schema of a block without settings: the provider's.
pub(super) fn empty_schema(description: &str) -> wire::Schema {
    schema(&Schema { description: description.to_owned(), ..Schema::default() })
}

fn attribute(attribute: &SchemaAttribute) -> Attribute {
    Attribute {
        sensitive: attribute.sensitive,
        deprecated: attribute.deprecation.is_some(),
        deprecation_message: attribute.deprecation.clone().unwrap_or_default(),
        ..described(attribute.name, &attribute.description, &attribute.shape, attribute.presence)
    }
}

fn described(name: &str, description: &str, shape: &Shape, presence: Presence) -> Attribute {
    let nested_type = nested(shape, presence);
    Attribute {
        name: name.to_owned(),
        r#type: match nested_type {
            Some(_) => Vec::new(),
            None => shape.ty().to_json_bytes(),
        },
        nested_type,
        description: description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        required: presence == Presence::Required,
        optional: matches!(presence, Presence::Optional | Presence::OptionalComputed),
        computed: presence.is_computed(),
        ..Attribute::default()
    }
}

/// An object, or a collection of objects, with the descriptions of its attributes; none where the protocol has no such
/// nesting (a list of lists of objects, say) and only the plain type can be told.
fn nested(shape: &Shape, presence: Presence) -> Option<Object> {
    let (fields, nesting) = match shape {
        Shape::Object(fields) => (fields, NestingMode::Single),
        Shape::List(element) => (object(element)?, NestingMode::List),
        Shape::Set(element) => (object(element)?, NestingMode::Set),
        Shape::Map(element) => (object(element)?, NestingMode::Map),
        Shape::Plain(_) => return None,
    };
    // A Rust type does not say which of its fields a user may leave out, so all may be; the author checks.
    let inner = match presence {
        Presence::Required | Presence::Optional => Presence::Optional,
        computed => computed,
    };
    let mut attributes: Vec<_> = fields
        .iter()
        .map(|field| described(field.name, field.description, &field.shape, inner))
        .collect();
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Object { attributes, nesting: nesting.into(), ..Object::default() })
}

fn object(shape: &Shape) -> Option<&Vec<Field>> {
    match shape {
        Shape::Object(fields) => Some(fields),
        _ => None,
    }
}

/// The signature of a function.
pub(super) fn function(signature: &Signature) -> wire::Function {
    wire::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(wire::function::Return { r#type: signature.returns.ty().to_json_bytes() }),
        summary: signature.summary.clone(),
        description: signature.description.clone(),
        description_kind: StringKind::Markdown.into(),
        deprecation_message: signature.deprecation.clone().unwrap_or_default(),
    }
}

fn parameter(parameter: &Parameter) -> wire::function::Parameter {
    wire::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: parameter.ty.to_json_bytes(),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.clone(),
        description_kind: StringKind::Markdown.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ty::Type;

    fn described_as(shape: &Shape, presence: Presence) -> Attribute {
        described("it", "Described.", shape, presence)
    }

    fn rule() -> Shape {
        Shape::Object(vec![Field {
            name: "port",
            description: "A port.",
            shape: Shape::Plain(Type::Number),
        }])
    }

    #[test]
    fn objects_and_collections_of_objects_are_nested() {
        let collection = |of: fn(Box<Shape>) -> Shape| of(Box::new(rule()));
        for (shape, nesting) in [
            (rule(), NestingMode::Single),
            (collection(Shape::List), NestingMode::List),
            (collection(Shape::Set), NestingMode::Set),
            (collection(Shape::Map), NestingMode::Map),
        ] {
            let attribute = described_as(&shape, Presence::Computed);
            let nested = attribute.nested_type.unwrap();
            assert_eq!((nested.nesting, attribute.r#type), (nesting.into(), Vec::new()));
            assert_eq!(
                (nested.attributes[0].description.as_str(), nested.attributes[0].computed),
                ("A port.", true)
            );
        }
    }

    #[test]
    fn what_the_protocol_cannot_nest_has_a_plain_type() {
        let lists = Shape::List(Box::new(Shape::List(Box::new(rule()))));
        let attribute = described_as(&lists, Presence::Computed);
        assert_eq!(attribute.nested_type, None);
        assert_eq!(attribute.r#type, br#"["list",["list",["object",{"port":"number"}]]]"#);
    }

    #[test]
    fn presence_is_told_as_the_protocol_wants_it() {
        let flags = |presence| {
            let attribute = described_as(&Shape::Plain(Type::Bool), presence);
            (attribute.required, attribute.optional, attribute.computed)
        };
        assert_eq!(flags(Presence::Required), (true, false, false));
        assert_eq!(flags(Presence::Optional), (false, true, false));
        assert_eq!(flags(Presence::OptionalComputed), (false, true, true));
        assert_eq!(flags(Presence::Computed), (false, false, true));
    }
}
