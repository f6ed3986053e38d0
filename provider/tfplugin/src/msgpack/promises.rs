//! The promises that can come with an unknown value: a map from the number of a promise to what it promises.
//!
//! Source: `docs/plugin-protocol/object-wire-format.md` of hashicorp/terraform, and what Terraform 1.15 was seen to send.

use super::error::WireError;
use super::number;
use super::reader::Reader;
use super::writer::Writer;
use crate::number::Number;
use crate::refinement::{Bound, Refinement};
use crate::text::cut;

/// The extension of an unknown value with promises; one without has extension 0.
pub(super) const EXTENSION: i8 = 12;

/// An unknown value without promises: the shortest extension there is.
pub(super) const UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// An unknown value that will not be null: by far the most frequent promise, and always the same bytes. They are what
/// [`write`] makes of it: the extension's length and number, and a map of one promise.
pub(super) const UNKNOWN_NOT_NULL: [u8; 6] = [0xc7, 3, 12, 0x81, 1, 0xc2];

const NULLNESS: i64 = 1;
const PREFIX: i64 = 2;
const LOWER: i64 = 3;
const UPPER: i64 = 4;
const MINIMUM_LENGTH: i64 = 5;
const MAXIMUM_LENGTH: i64 = 6;

/// Terraform refuses an extension body over 1,024 bytes and itself sends prefixes of up to this many.
/// Source: `cty/msgpack/unknown.go` of zclconf/go-cty.
const LONGEST_PREFIX: usize = 256;

/// The body of the extension.
pub(super) fn write(refinement: &Refinement) -> Vec<u8> {
    let mut entries: Vec<(i64, Writer)> = Vec::new();
    let mut promise = |key: i64, write: &dyn Fn(&mut Writer)| {
        let mut value = Writer::new();
        write(&mut value);
        entries.push((key, value));
    };
    if refinement.is_not_null() {
        promise(NULLNESS, &|writer| writer.bool(false));
    }
    if let Some(prefix) = refinement.prefix() {
        promise(PREFIX, &|writer| writer.str(cut(prefix, LONGEST_PREFIX)));
    }
    for (key, bound) in [(LOWER, refinement.lower()), (UPPER, refinement.upper())] {
        // A bound is only a hint: one whose digits would not fit beside the rest is left out.
        if let Some(bound) = bound.filter(|bound| bound.number.to_string().len() <= LONGEST_PREFIX)
        {
            promise(key, &|writer| {
                writer.array(2);
                writer.number(&bound.number);
                writer.bool(bound.inclusive);
            });
        }
    }
    for (key, length) in [
        (MINIMUM_LENGTH, refinement.minimum_length()),
        (MAXIMUM_LENGTH, refinement.maximum_length()),
    ] {
        if let Some(length) = length {
            promise(key, &|writer| writer.u64(length));
        }
    }
    let mut body = Writer::new();
    body.map(entries.len());
    for (key, value) in entries {
        body.i64(key);
        body.append(&value.into_bytes());
    }
    body.into_bytes()
}

/// Reads the body of an extension. What cannot be read promises nothing, which is always true.
pub(super) fn read(body: &[u8]) -> Refinement {
    entries(&mut Reader::new(body)).unwrap_or_default()
}

fn entries(reader: &mut Reader<'_>) -> Result<Refinement, WireError> {
    let unreadable = || WireError::new("not a promise");
    let marker = reader.marker()?;
    let count = reader.map_length(marker)?.ok_or_else(unreadable)?;
    let mut refinement = Refinement::NONE;
    let (mut lower, mut upper, mut minimum, mut maximum) = (None, None, None, None);
    for _ in 0..count {
        match integer(reader)?.as_i64().ok_or_else(unreadable)? {
            NULLNESS => match reader.marker()? {
                rmp::Marker::False => refinement = refinement.and_not_null(),
                rmp::Marker::True => {}
                _ => return Err(unreadable()),
            },
            PREFIX => {
                let marker = reader.marker()?;
                refinement = refinement.with_prefix(reader.str(marker)?.ok_or_else(unreadable)?);
            }
            LOWER => lower = Some(bound(reader)?),
            UPPER => upper = Some(bound(reader)?),
            MINIMUM_LENGTH => minimum = integer(reader)?.as_u64(),
            MAXIMUM_LENGTH => maximum = integer(reader)?.as_u64(),
            _ => return Err(unreadable()),
        }
    }
    if lower.is_some() || upper.is_some() {
        refinement = refinement.with_bounds(lower, upper);
    }
    if minimum.is_some() || maximum.is_some() {
        refinement = refinement.with_length(minimum, maximum);
    }
    Ok(refinement)
}

fn integer(reader: &mut Reader<'_>) -> Result<Number, WireError> {
    let marker = reader.marker()?;
    number::read(reader, marker)?.ok_or_else(|| WireError::new("not a number"))
}

fn bound(reader: &mut Reader<'_>) -> Result<Bound, WireError> {
    let marker = reader.marker()?;
    let length = reader.array_length(marker)?;
    let number = integer(reader)?;
    match (length, reader.marker()?) {
        (Some(2), rmp::Marker::True) => Ok(Bound { number, inclusive: true }),
        (Some(2), rmp::Marker::False) => Ok(Bound { number, inclusive: false }),
        _ => Err(WireError::new("not a bound")),
    }
}
