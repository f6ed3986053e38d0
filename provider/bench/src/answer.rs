//! What an answer consists of, and whether it is one.

use rmp::Marker;
use serde::Serialize;

use crate::question::Question;
use crate::{Outcome, fields};

/// The size of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Size {
    /// The bytes of the message.
    pub bytes: usize,
    /// The texts in it that are values. Terraform spends microseconds on each.
    pub strings: usize,
    /// The texts in it that are names of attributes or keys.
    pub keys: usize,
}

/// The size of an answer; trouble if the plugin reported an error instead.
pub fn size(question: &Question, answer: &[u8]) -> Outcome<Size> {
    let mut size = Size { bytes: answer.len(), ..Size::default() };
    if question.method == "GetProviderSchema" {
        return Ok(size);
    }
    // The value is the first field of both answers, and MessagePack the first of a value.
    let value = fields::find(answer, 1).and_then(|value| fields::find(value, 1));
    let mut value =
        value.ok_or_else(|| format!("{}: {}", question.name, String::from_utf8_lossy(answer)))?;
    count(&mut value, &mut size).ok_or("the answer is no MessagePack")?;
    Ok(size)
}

/// Counts one value and takes it off.
fn count(from: &mut &[u8], size: &mut Size) -> Option<()> {
    let marker = Marker::from_u8(take(from, 1)?);
    let (elements, skipped) = match marker {
        Marker::FixMap(count) => return pairs(from, size, count.into()),
        Marker::Map16 => {
            let count = take(from, 2)?;
            return pairs(from, size, count);
        }
        Marker::Map32 => {
            let count = take(from, 4)?;
            return pairs(from, size, count);
        }
        Marker::FixArray(count) => (usize::from(count), 0),
        Marker::Array16 => (take(from, 2)?, 0),
        Marker::Array32 => (take(from, 4)?, 0),
        Marker::FixStr(length) => (0, text(size, length.into())),
        Marker::Str8 => (0, text(size, take(from, 1)?)),
        Marker::Str16 => (0, text(size, take(from, 2)?)),
        Marker::Str32 => (0, text(size, take(from, 4)?)),
        Marker::Bin8 => (0, take(from, 1)?),
        Marker::Bin16 => (0, take(from, 2)?),
        Marker::Bin32 => (0, take(from, 4)?),
        Marker::Ext8 => (0, 1 + take::<usize>(from, 1)?),
        Marker::Ext16 => (0, 1 + take::<usize>(from, 2)?),
        Marker::Ext32 => (0, 1 + take::<usize>(from, 4)?),
        Marker::FixExt2 => (0, 3),
        Marker::FixExt4 => (0, 5),
        Marker::FixExt8 => (0, 9),
        Marker::FixExt16 => (0, 17),
        Marker::U8 | Marker::I8 => (0, 1),
        Marker::FixExt1 | Marker::U16 | Marker::I16 => (0, 2),
        Marker::U32 | Marker::I32 | Marker::F32 => (0, 4),
        Marker::U64 | Marker::I64 | Marker::F64 => (0, 8),
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => {
            (0, 0)
        }
        Marker::Reserved => return None,
    };
    *from = from.get(skipped..)?;
    (0..elements).try_for_each(|_| count(from, size))
}

fn pairs(from: &mut &[u8], size: &mut Size, elements: usize) -> Option<()> {
    (0..elements).try_for_each(|_| {
        let mut key = Size::default();
        count(from, &mut key)?;
        size.keys += key.strings;
        count(from, size)
    })
}

fn text(size: &mut Size, length: usize) -> usize {
    size.strings += 1;
    length
}

/// Takes a number of so many bytes off.
fn take<T: TryFrom<usize>>(from: &mut &[u8], bytes: usize) -> Option<T> {
    let (number, rest) = from.split_at_checked(bytes)?;
    *from = rest;
    let number = number.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    T::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use tfplugin::{Type, Value, msgpack};

    use super::*;

    #[test]
    fn values_are_told_from_keys() {
        let long = "x".repeat(300);
        let value = Value::from([
            ("list", Value::from(vec!["a", "b", long.as_str()])),
            ("object", Value::from([("number", Value::from(70_000)), ("unknown", Value::UNKNOWN)])),
        ]);
        let object = Type::object([("number", Type::Number), ("unknown", Type::String)]);
        let ty = Type::object([("list", Type::list(Type::String)), ("object", object)]);
        let bytes = msgpack::encode(&value, &ty).expect("it fits");
        let (mut rest, mut size) = (bytes.as_slice(), Size::default());
        assert_eq!(count(&mut rest, &mut size), Some(()));
        assert_eq!((rest, size), (&[][..], Size { bytes: 0, strings: 3, keys: 4 }));
    }
}
