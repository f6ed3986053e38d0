//! Numbers in all the forms that MessagePack and Terraform have for them.

use rmp::Marker;

use super::error::WireError;
use super::reader::Reader;
use crate::number::Number;

/// The number, if the marker begins one: an integer, a float, or decimal text where neither is exact.
pub(super) fn read(reader: &mut Reader<'_>, marker: Marker) -> Result<Option<Number>, WireError> {
    if let Some(text) = reader.str(marker)? {
        return Number::parse(text)
            .map(Some)
            .ok_or_else(|| WireError::mismatch("a number", &format!("`{text}`")));
    }
    Ok(Some(match marker {
        Marker::FixPos(value) => i64::from(value).into(),
        Marker::FixNeg(value) => i64::from(value).into(),
        Marker::U8 => i64::from(u8::from_be_bytes(reader.array()?)).into(),
        Marker::U16 => i64::from(u16::from_be_bytes(reader.array()?)).into(),
        Marker::U32 => i64::from(u32::from_be_bytes(reader.array()?)).into(),
        Marker::U64 => u64::from_be_bytes(reader.array()?).into(),
        Marker::I8 => i64::from(i8::from_be_bytes(reader.array()?)).into(),
        Marker::I16 => i64::from(i16::from_be_bytes(reader.array()?)).into(),
        Marker::I32 => i64::from(i32::from_be_bytes(reader.array()?)).into(),
        Marker::I64 => i64::from_be_bytes(reader.array()?).into(),
        Marker::F32 => finite(f64::from(f32::from_be_bytes(reader.array()?)))?,
        Marker::F64 => finite(f64::from_be_bytes(reader.array()?))?,
        _ => return Ok(None),
    }))
}

fn finite(float: f64) -> Result<Number, WireError> {
    Number::from_f64(float)
        .ok_or_else(|| WireError::mismatch("a finite number", &float.to_string()))
}
