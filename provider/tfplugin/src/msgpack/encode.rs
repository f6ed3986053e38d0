//! Values to MessagePack, by their types.

use std::collections::BTreeMap;

use super::error::WireError;
use super::writer::Writer;
use crate::path::Step;
use crate::ty::Type;
use crate::value::Value;

/// Encodes a value. An attribute that the value does not have is null; one that the type does not have is an error, and
/// so is every value of another kind than the type's.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, WireError> {
    let mut writer = Writer::new();
    write(&mut writer, value, ty)?;
    Ok(writer.into_bytes())
}

impl Writer {
    /// Writes a value of any type, with the type that it has.
    pub(crate) fn dynamic(&mut self, value: &Value) {
        match value {
            Value::Null => self.nil(),
            Value::Unknown(_) => self.unknown(),
            known => {
                self.array(2);
                self.bin(&implied_type(known).to_json_bytes());
                self.implied(known);
            }
        }
    }

    /// Writes a value as the type has it that is implied by the value.
    fn implied(&mut self, value: &Value) {
        match value {
            Value::Null => self.nil(),
            Value::Unknown(_) => self.unknown(),
            Value::Bool(flag) => self.bool(*flag),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.str(text),
            Value::List(elements) | Value::Set(elements) => {
                self.array(elements.len());
                for element in elements {
                    self.implied(element);
                }
            }
            Value::Map(fields) => {
                self.map(fields.len());
                for (name, field) in fields {
                    self.str(name);
                    self.implied(field);
                }
            }
            Value::Shared(value) => self.implied(value),
        }
    }
}

fn write(writer: &mut Writer, value: &Value, ty: &Type) -> Result<(), WireError> {
    match (ty, value.own()) {
        (_, Value::Null) => writer.nil(),
        // What has no type yet can have no promises either.
        (Type::Dynamic, value) => writer.dynamic(value),
        (_, Value::Unknown(refinement)) => writer.unknown_with(refinement),
        (Type::Bool, Value::Bool(bool)) => writer.bool(*bool),
        (Type::Number, Value::Number(number)) => writer.number(number),
        (Type::String, Value::String(text)) => writer.str(text),
        (Type::List(element), Value::List(elements))
        | (Type::Set(element), Value::List(elements) | Value::Set(elements)) => {
            return write_elements(writer, elements, elements.iter().map(|_| element.as_ref()));
        }
        (Type::Tuple(types), Value::List(elements) | Value::Set(elements))
            if types.len() == elements.len() =>
        {
            return write_elements(writer, elements, types.iter());
        }
        (Type::Map(element), Value::Map(elements)) => {
            writer.map(elements.len());
            for (key, value) in elements {
                writer.str(key);
                write(writer, value, element)
                    .map_err(|error| error.inside(Step::Key(key.clone())))?;
            }
        }
        (Type::Object(types), Value::Map(attributes)) => {
            return write_object(writer, attributes, types);
        }
        _ => return Err(WireError::mismatch(&ty.to_string(), value.kind())),
    }
    Ok(())
}

fn write_elements<'t>(
    writer: &mut Writer,
    elements: &[Value],
    types: impl Iterator<Item = &'t Type>,
) -> Result<(), WireError> {
    writer.array(elements.len());
    for (index, (element, ty)) in elements.iter().zip(types).enumerate() {
        write(writer, element, ty).map_err(|error| error.at_index(index))?;
    }
    Ok(())
}

fn write_object(
    writer: &mut Writer,
    attributes: &BTreeMap<String, Value>,
    types: &BTreeMap<String, Type>,
) -> Result<(), WireError> {
    if let Some(name) = attributes.keys().find(|name| !types.contains_key(*name)) {
        return Err(WireError::new(format!("`{name}` is no attribute here")));
    }
    writer.map(types.len());
    for (name, ty) in types {
        writer.str(name);
        let value = attributes.get(name).unwrap_or(&Value::Null);
        write(writer, value, ty).map_err(|error| error.inside(Step::Attribute(name.clone())))?;
    }
    Ok(())
}

/// The type that a literal of Terraform's language has: lists are tuples, maps are objects.
fn implied_type(value: &Value) -> Type {
    match value {
        Value::Null | Value::Unknown(_) => Type::Dynamic,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        // Elements of a set have one type, which those that are unknown do not tell.
        Value::List(elements) | Value::Set(elements) => {
            Type::Tuple(elements.iter().map(implied_type).collect())
        }
        Value::Map(elements) => Type::Object(
            elements.iter().map(|(name, value)| (name.clone(), implied_type(value))).collect(),
        ),
        Value::Shared(value) => implied_type(value),
    }
}
