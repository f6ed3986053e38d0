//! The codec of values: what can be read can be written, and says the same when it is read again.

use tfplugin::{Refinement, Type, Value, json, msgpack};

/// The three forms that an input can have, told by its first byte: the JSON of a value with its type, the JSON of a type
/// and after a line's end the MessagePack of a value, or the MessagePack of a value with its type.
pub(crate) fn run(data: &[u8]) {
    match data.first() {
        Some(b'{') => {
            if let Ok(value) = json::decode(data, &Type::Dynamic) {
                assert!(value.is_wholly_known(), "JSON has no unknown values: {value:?}");
                again(&value, &Type::Dynamic);
            }
        }
        Some(b'[' | b'"') => {
            let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
            let (ty, value) = data.split_at(end);
            let Ok(ty) = Type::from_json_bytes(ty) else { return };
            assert_eq!(Type::from_json_bytes(&ty.to_json_bytes()).as_ref(), Ok(&ty));
            read(value.get(1..).unwrap_or_default(), &ty);
        }
        _ => read(data, &Type::Dynamic),
    }
}

fn read(bytes: &[u8], ty: &Type) {
    match msgpack::decode(bytes, ty) {
        Ok(value) => again(&value, ty),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Writes a value and reads it back.
fn again(value: &Value, ty: &Type) {
    let bytes = msgpack::encode(value, ty)
        .unwrap_or_else(|error| panic!("{value:?} was read as {ty} and can't be written: {error}"));
    let back = msgpack::decode(&bytes, ty)
        .unwrap_or_else(|error| panic!("{value:?} was written as {ty} and can't be read: {error}"));
    assert_eq!(without_promises(&back), without_promises(value));
    let settled = msgpack::encode(&back, ty).expect("what was read twice can be written");
    assert_eq!(settled, bytes, "two spellings of {value:?}");
}

/// Without what is promised of unknown values: where no type is known yet, nothing can be promised, and long promises
/// are cut short.
fn without_promises(value: &Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Unknown(Refinement::NONE),
        // At a place without a type a set can't say that it is one.
        Value::List(elements) | Value::Set(elements) => {
            Value::List(elements.iter().map(without_promises).collect())
        }
        Value::Map(elements) => {
            let each = elements.iter().map(|(name, value)| (name.clone(), without_promises(value)));
            Value::Map(each.collect())
        }
        known => known.clone(),
    }
}
