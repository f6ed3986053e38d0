//! MessagePack to values, by their types.
//!
//! The bytes may be anything: depth and number of values are limited, and no memory is asked for on the word of a length
//! that the message claims.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rmp::Marker;

use super::error::WireError;
use super::reader::{Reader, kind};
use super::{number, promises};
use crate::kept::{Attribute, Kept};
use crate::path::Step;
use crate::ty::{Type, TypeError};
use crate::type_text::TypeText;
use crate::value::Value;

/// How deep a value may be nested; each level of a dynamic type counts as one more.
pub const LARGEST_DEPTH: usize = 128;

/// How many values a message may hold, all levels together: a message of 256 MiB could otherwise become 8 GiB.
pub const LARGEST_COUNT: usize = 1 << 22;

/// Decodes one value. Bytes that follow it are ignored, as Terraform ignores them.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, WireError> {
    Decoder::new(bytes).value(ty, 0)
}

/// Decodes an object and says of each attribute where its bytes are. Null has no attributes.
pub(crate) fn decode_attributes(
    bytes: &[u8],
    types: &BTreeMap<String, Type>,
) -> Result<BTreeMap<String, (Value, Range<usize>)>, WireError> {
    let mut decoder = Decoder::new(bytes);
    let marker = decoder.reader.marker()?;
    let length = match decoder.reader.map_length(marker)? {
        Some(length) => length,
        None if marker == Marker::Null => 0,
        None => return Err(WireError::mismatch("an object", kind(marker))),
    };
    let mut attributes = BTreeMap::new();
    for _ in 0..length {
        let (name, ty) = decoder.attribute(types)?;
        let start = decoder.reader.position();
        let value =
            decoder.value(ty, 1).map_err(|error| error.inside(Step::Attribute(name.clone())))?;
        attributes.insert(name, (value, start..decoder.reader.position()));
    }
    Ok(attributes)
}

/// Decodes a value of dynamic type. Large attributes of these names are decoded once, where it is an object.
pub(crate) fn decode_keeping(
    bytes: &[u8],
    names: &[&str],
    kept: &Kept,
) -> Result<Value, WireError> {
    let mut decoder = Decoder::new(bytes);
    let mut beyond = decoder.reader.clone();
    let marker = beyond.marker()?;
    if beyond.array_length(marker)? == Some(2) {
        let mut text = TypeText::new(beyond.json()?);
        let types =
            text.object(|text, name| AttributeType::read(text, names.contains(&name), kept));
        let marker = beyond.marker()?;
        if let Some(types) = types.map_err(unreadable)?
            && let Some(length) = beyond.map_length(marker)?
        {
            text.end().map_err(unreadable)?;
            decoder.reader = beyond;
            // The value with its type, and the object.
            decoder.count(2)?;
            return decoder.attributes(length, &types, 2, kept);
        }
    }
    decoder.value(&Type::Dynamic, 0)
}

fn unreadable(error: TypeError) -> WireError {
    WireError::new(error.text)
}

/// The type of an attribute of which large values are kept, or of any other.
enum AttributeType<'t> {
    Plain(Type),
    /// With its JSON.
    New(Type, &'t [u8]),
    /// Kept values have this type.
    Known(Vec<Arc<Attribute>>),
}

impl<'t> AttributeType<'t> {
    fn read(text: &mut TypeText<'t>, is_kept: bool, kept: &Kept) -> Result<Self, TypeError> {
        if !is_kept {
            return text.ty(2).map(Self::Plain);
        }
        let before = text.rest();
        let known = kept.of_type(before);
        if let Some(first) = known.first() {
            text.skip(first.ty.len());
            return Ok(Self::Known(known));
        }
        let ty = text.ty(2)?;
        let json = before.get(..before.len() - text.rest().len()).unwrap_or_default();
        Ok(Self::New(ty, json))
    }
}

struct Decoder<'a> {
    reader: Reader<'a>,
    /// How many more values there may be.
    remaining: usize,
}

impl<'a> Decoder<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), remaining: LARGEST_COUNT }
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, WireError> {
        if depth > LARGEST_DEPTH {
            return Err(WireError::new(format!("nested deeper than {LARGEST_DEPTH} levels")));
        }
        self.count(1)?;
        let marker = self.reader.marker()?;
        if marker == Marker::Null {
            return Ok(Value::Null);
        }
        // Whatever its code, an extension is a value that is not known: Terraform uses them for nothing else.
        if let Some((code, body)) = self.reader.extension(marker)? {
            return Ok(Value::Unknown(match code {
                promises::EXTENSION => promises::read(body),
                _ => crate::Refinement::NONE,
            }));
        }
        self.known(marker, ty, depth)
    }

    fn known(&mut self, marker: Marker, ty: &Type, depth: usize) -> Result<Value, WireError> {
        let mismatch = |expected| Err(WireError::mismatch(expected, kind(marker)));
        match ty {
            Type::Bool => match marker {
                Marker::True => Ok(Value::Bool(true)),
                Marker::False => Ok(Value::Bool(false)),
                _ => mismatch("a boolean"),
            },
            Type::Number => match number::read(&mut self.reader, marker)? {
                Some(number) => Ok(Value::Number(number)),
                None => mismatch("a number"),
            },
            Type::String => match self.reader.str(marker)? {
                Some(text) => Ok(Value::String(text.to_owned())),
                None => mismatch("a string"),
            },
            Type::List(element) => match self.reader.array_length(marker)? {
                Some(length) => {
                    let elements = self.elements((0..length).map(|_| element.as_ref()), depth)?;
                    Ok(Value::List(elements))
                }
                None => mismatch("a list"),
            },
            Type::Set(element) => match self.reader.array_length(marker)? {
                Some(length) => {
                    let elements = self.elements((0..length).map(|_| element.as_ref()), depth)?;
                    Ok(Value::set(elements))
                }
                None => mismatch("a set"),
            },
            Type::Tuple(elements) => match self.reader.array_length(marker)? {
                Some(length) if length == elements.len() => {
                    Ok(Value::List(self.elements(elements.iter(), depth)?))
                }
                Some(length) => Err(WireError::new(format!(
                    "expected {} elements, found {length}",
                    elements.len()
                ))),
                None => mismatch("a tuple"),
            },
            Type::Map(element) => match self.reader.map_length(marker)? {
                Some(length) => self.map(length, element, depth),
                None => mismatch("a map"),
            },
            Type::Object(attributes) => match self.reader.map_length(marker)? {
                Some(length) => self.object(length, attributes, depth),
                None => mismatch("an object"),
            },
            Type::Dynamic => match self.reader.array_length(marker)? {
                Some(2) => self.dynamic(depth),
                _ => mismatch("a value with its type"),
            },
        }
    }

    fn elements<'t>(
        &mut self,
        types: impl Iterator<Item = &'t Type>,
        depth: usize,
    ) -> Result<Vec<Value>, WireError> {
        let mut elements = Vec::new();
        for (index, ty) in types.enumerate() {
            elements.push(self.value(ty, depth + 1).map_err(|error| error.at_index(index))?);
        }
        Ok(elements)
    }

    fn map(&mut self, length: usize, element: &Type, depth: usize) -> Result<Value, WireError> {
        let mut elements = BTreeMap::new();
        for _ in 0..length {
            let key = self.key()?.to_owned();
            let value = self
                .value(element, depth + 1)
                .map_err(|error| error.inside(Step::Key(key.clone())))?;
            elements.insert(key, value);
        }
        Ok(Value::Map(elements))
    }

    fn object(
        &mut self,
        length: usize,
        types: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<Value, WireError> {
        let mut attributes = BTreeMap::new();
        for _ in 0..length {
            let (name, ty) = self.attribute(types)?;
            let value = self
                .value(ty, depth + 1)
                .map_err(|error| error.inside(Step::Attribute(name.clone())))?;
            attributes.insert(name, value);
        }
        self.fill(&mut attributes, types)?;
        Ok(Value::Map(attributes))
    }

    /// Terraform sends every attribute. One that is missing all the same is one that is not set.
    fn fill<T>(
        &mut self,
        attributes: &mut BTreeMap<String, Value>,
        types: &BTreeMap<String, T>,
    ) -> Result<(), WireError> {
        if attributes.len() == types.len() {
            return Ok(());
        }
        for name in types.keys() {
            if !attributes.contains_key(name) {
                self.count(1)?;
                attributes.insert(name.clone(), Value::Null);
            }
        }
        Ok(())
    }

    /// An object of which large values of some attributes are kept.
    fn attributes(
        &mut self,
        length: usize,
        types: &BTreeMap<String, AttributeType<'_>>,
        depth: usize,
        kept: &Kept,
    ) -> Result<Value, WireError> {
        let mut attributes = BTreeMap::new();
        for _ in 0..length {
            let (name, ty) = named(self.key()?, types)?;
            let value = match ty {
                AttributeType::Plain(ty) => self.value(ty, depth),
                AttributeType::New(ty, json) => self.keep(ty, json, depth, kept),
                AttributeType::Known(known) => self.known_before(known, depth, kept),
            };
            let value = value.map_err(|error| error.inside(Step::Attribute(name.clone())))?;
            attributes.insert(name, value);
        }
        self.fill(&mut attributes, types)?;
        Ok(Value::Map(attributes))
    }

    fn keep(
        &mut self,
        ty: &Type,
        json: &[u8],
        depth: usize,
        kept: &Kept,
    ) -> Result<Value, WireError> {
        let before = self.reader.rest();
        let value = self.value(ty, depth)?;
        let read = before.get(..before.len() - self.reader.rest().len()).unwrap_or_default();
        Ok(kept.keep(json, read, value))
    }

    /// A value of the type that these have: one of them, or another.
    fn known_before(
        &mut self,
        known: &[Arc<Attribute>],
        depth: usize,
        kept: &Kept,
    ) -> Result<Value, WireError> {
        let rest = self.reader.rest();
        if let Some(same) = known.iter().find(|it| rest.starts_with(&it.bytes)) {
            self.count(1)?;
            self.reader.take(same.bytes.len())?;
            return Ok(Value::Shared(Arc::clone(&same.value)));
        }
        let json = known.first().map_or(&[][..], |it| &it.ty);
        let ty = Type::from_json_bytes(json).map_err(unreadable)?;
        self.keep(&ty, json, depth, kept)
    }

    /// A value of dynamic type: its type in JSON, then the value.
    fn dynamic(&mut self, depth: usize) -> Result<Value, WireError> {
        let ty = Type::from_json_bytes(self.reader.json()?).map_err(unreadable)?;
        self.value(&ty, depth + 1)
    }

    /// The name of an attribute, and its type.
    fn attribute<'t>(
        &mut self,
        types: &'t BTreeMap<String, Type>,
    ) -> Result<(String, &'t Type), WireError> {
        named(self.key()?, types)
    }

    fn key(&mut self) -> Result<&'a str, WireError> {
        let marker = self.reader.marker()?;
        self.reader.str(marker)?.ok_or_else(|| WireError::mismatch("a string as key", kind(marker)))
    }

    fn count(&mut self, values: usize) -> Result<(), WireError> {
        let remaining = self.remaining.checked_sub(values);
        self.remaining =
            remaining.ok_or_else(|| WireError::new(format!("more than {LARGEST_COUNT} values")))?;
        Ok(())
    }
}

/// The name of an attribute, and its type.
fn named<'t, T>(name: &str, types: &'t BTreeMap<String, T>) -> Result<(String, &'t T), WireError> {
    let ty = types.get(name);
    ty.map(|ty| (name.to_owned(), ty))
        .ok_or_else(|| WireError::new(format!("`{name}` is no attribute here")))
}
