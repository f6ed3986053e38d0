//! MessagePack to values, by their types.
//!
//! The bytes may be anything: depth and number of values are limited, and no memory is asked for on the word of a length
//! that the message claims.

use std::collections::BTreeMap;
use std::ops::Range;

use rmp::Marker;

use super::error::WireError;
use super::reader::{Reader, kind};
use super::{along, number, promises};
use crate::kept::Kept;
use crate::path::Step;
use crate::ty::{Type, TypeError};
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
    along::object(bytes, names, kept).map_or_else(|| decode(bytes, &Type::Dynamic), Ok)
}

fn unreadable(error: TypeError) -> WireError {
    WireError::new(error.text)
}

pub(super) struct Decoder<'a> {
    pub(super) reader: Reader<'a>,
    /// How many more values there may be.
    remaining: usize,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), remaining: LARGEST_COUNT }
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, WireError> {
        if depth > LARGEST_DEPTH {
            return Err(WireError::new(format!("nested deeper than {LARGEST_DEPTH} levels")));
        }
        self.count(1)?;
        let marker = self.reader.marker()?;
        match self.open(marker)? {
            Some(value) => Ok(value),
            None => self.known(marker, ty, depth),
        }
    }

    /// The value, if the marker begins one that is the same whatever its type: null, or one that is not known.
    pub(super) fn open(&mut self, marker: Marker) -> Result<Option<Value>, WireError> {
        if marker == Marker::Null {
            return Ok(Some(Value::Null));
        }
        // Whatever its code, an extension is a value that is not known: Terraform uses them for nothing else.
        let extension = self.reader.extension(marker)?;
        Ok(extension.map(|(code, body)| {
            Value::Unknown(match code {
                promises::EXTENSION => promises::read(body),
                _ => crate::Refinement::NONE,
            })
        }))
    }

    pub(super) fn known(
        &mut self,
        marker: Marker,
        ty: &Type,
        depth: usize,
    ) -> Result<Value, WireError> {
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
    fn fill(
        &mut self,
        attributes: &mut BTreeMap<String, Value>,
        types: &BTreeMap<String, Type>,
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
        let name = self.key()?;
        let ty = types.get(name);
        ty.map(|ty| (name.to_owned(), ty))
            .ok_or_else(|| WireError::new(format!("`{name}` is no attribute here")))
    }

    pub(super) fn key(&mut self) -> Result<&'a str, WireError> {
        let marker = self.reader.marker()?;
        self.reader.str(marker)?.ok_or_else(|| WireError::mismatch("a string as key", kind(marker)))
    }

    pub(super) fn count(&mut self, values: usize) -> Result<(), WireError> {
        let remaining = self.remaining.checked_sub(values);
        self.remaining =
            remaining.ok_or_else(|| WireError::new(format!("more than {LARGEST_COUNT} values")))?;
        Ok(())
    }
}
