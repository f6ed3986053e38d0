//! A value of dynamic type beside the text of its type: both are walked once, and no type is built.
//!
//! Terraform writes the attributes of both in one order, so what comes next in the one belongs to what comes next in the other. Where
//! anything is not as it should be, there is no value here, and [`super::decode`] says why.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decode::{Decoder, LARGEST_DEPTH};
use super::error::WireError;
use crate::kept::Kept;
use crate::ty::TypeError;
use crate::type_text::{Begin, TypeText};
use crate::value::Value;

/// The levels above an attribute: the value with its type, and the object.
const ABOVE: usize = 2;

/// How much more than the whole message may be read of the text again, for elements of one type. A thousand objects that are written
/// out stay far below; a million that are null, of a type of a megabyte, do not.
const AGAIN: usize = 16;

/// Why there is no value here; whoever reads it the other way finds out more.
#[derive(Debug)]
struct OutOfStep;

impl From<TypeError> for OutOfStep {
    fn from(_: TypeError) -> Self {
        Self
    }
}

impl From<WireError> for OutOfStep {
    fn from(_: WireError) -> Self {
        Self
    }
}

/// The object that the bytes are, with its type. Large attributes of these names are decoded once.
pub(super) fn object(bytes: &[u8], names: &[&str], kept: &Kept) -> Option<Value> {
    read(bytes, names, kept).ok()
}

fn read(bytes: &[u8], names: &[&str], kept: &Kept) -> Result<Value, OutOfStep> {
    let mut decoder = Decoder::new(bytes);
    decoder.count(ABOVE)?;
    let marker = decoder.reader.marker()?;
    if decoder.reader.array_length(marker)? != Some(2) {
        return Err(OutOfStep);
    }
    let mut text = TypeText::new(decoder.reader.json()?, bytes.len().saturating_mul(AGAIN));
    let marker = decoder.reader.marker()?;
    let length = decoder.reader.map_length(marker)?.ok_or(OutOfStep)?;
    if text.begin()? != Begin::Object {
        return Err(OutOfStep);
    }
    let value = attributes(&mut decoder, &mut text, length, |decoder, text, name| {
        if names.contains(&name) {
            kept_value(decoder, text, kept)
        } else {
            value(decoder, text, ABOVE)
        }
    })?;
    text.finish()?;
    text.end()?;
    Ok(value)
}

fn value<'a>(
    decoder: &mut Decoder<'a>,
    text: &mut TypeText<'a>,
    depth: usize,
) -> Result<Value, OutOfStep> {
    if depth > LARGEST_DEPTH {
        return Err(OutOfStep);
    }
    decoder.count(1)?;
    let marker = decoder.reader.marker()?;
    if let Some(open) = decoder.open(marker)? {
        text.ty(depth)?;
        return Ok(open);
    }
    let value = match text.begin()? {
        Begin::Plain(ty) => return Ok(decoder.known(marker, &ty, depth)?),
        Begin::Object => {
            let length = decoder.reader.map_length(marker)?.ok_or(OutOfStep)?;
            let below =
                |decoder: &mut _, text: &mut _, _: &str| self::value(decoder, text, depth + 1);
            attributes(decoder, text, length, below)?
        }
        Begin::Map => {
            let length = decoder.reader.map_length(marker)?.ok_or(OutOfStep)?;
            let mut elements = BTreeMap::new();
            each(decoder, text, length, depth, |decoder, text| {
                let key = decoder.key()?.to_owned();
                elements.insert(key, self::value(decoder, text, depth + 1)?);
                Ok(())
            })?;
            Value::Map(elements)
        }
        begin => {
            let length = decoder.reader.array_length(marker)?.ok_or(OutOfStep)?;
            let mut elements = Vec::new();
            let mut element = |decoder: &mut Decoder<'a>, text: &mut TypeText<'a>| {
                elements.push(self::value(decoder, text, depth + 1)?);
                Ok(())
            };
            if begin == Begin::Tuple {
                text.tuple(|text| element(decoder, text))?;
                if elements.len() != length {
                    return Err(OutOfStep);
                }
            } else {
                each(decoder, text, length, depth, element)?;
            }
            if begin == Begin::Set { Value::set(elements) } else { Value::List(elements) }
        }
    };
    text.finish()?;
    Ok(value)
}

/// Elements of one type, whose text is read for each again.
fn each<'a>(
    decoder: &mut Decoder<'a>,
    text: &mut TypeText<'a>,
    length: usize,
    depth: usize,
    mut read: impl FnMut(&mut Decoder<'a>, &mut TypeText<'a>) -> Result<(), OutOfStep>,
) -> Result<(), OutOfStep> {
    let start = text.position();
    for _ in 0..length {
        text.back_to(start)?;
        read(decoder, text)?;
    }
    if length == 0 {
        text.ty(depth)?;
    }
    Ok(())
}

/// The attributes of an object, of which the text has begun.
fn attributes<'a>(
    decoder: &mut Decoder<'a>,
    text: &mut TypeText<'a>,
    length: usize,
    mut read: impl FnMut(&mut Decoder<'a>, &mut TypeText<'a>, &str) -> Result<Value, OutOfStep>,
) -> Result<Value, OutOfStep> {
    let mut count = 0;
    let attributes = text.attributes(|text, name| {
        count += 1;
        if decoder.key()? != name {
            return Err(OutOfStep);
        }
        read(decoder, text, name)
    })?;
    // A name that is there twice is no other attribute.
    if (count, attributes.len()) != (length, length) {
        return Err(OutOfStep);
    }
    Ok(Value::Map(attributes))
}

/// A large value that was decoded before, or one to keep.
fn kept_value<'a>(
    decoder: &mut Decoder<'a>,
    text: &mut TypeText<'a>,
    kept: &Kept,
) -> Result<Value, OutOfStep> {
    let (ty, bytes) = (text.rest(), decoder.reader.rest());
    if let Some(same) = kept.find(ty, bytes) {
        text.skip(same.ty.len());
        decoder.count(1)?;
        decoder.reader.take(same.bytes.len())?;
        return Ok(Value::Shared(Arc::clone(&same.value)));
    }
    let value = value(decoder, text, ABOVE)?;
    let read = |before: &'a [u8], after: &[u8]| before.get(..before.len() - after.len());
    let json = read(ty, text.rest()).unwrap_or_default();
    let read = read(bytes, decoder.reader.rest()).unwrap_or_default();
    Ok(kept.keep(json, read, value))
}
