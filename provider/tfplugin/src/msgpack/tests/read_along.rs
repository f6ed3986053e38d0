//! A value that is read beside the text of its type, against the other way.

use proptest::prelude::*;

use super::{dynamic_values, types, values};
use crate::kept::Kept;
use crate::msgpack::{Writer, along, decode, decode_keeping, encode};
use crate::{Type, Value};

proptest! {
    /// Beside the text of its type a value is read without a second way; and where bytes are wrong, no other one is read.
    #[test]
    fn what_is_read_along_its_type_is_what_is_decoded(
        (ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty))),
        other in dynamic_values(),
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
    ) {
        let ty = Type::object([("a", ty), ("b", Type::Dynamic)]);
        let value = Value::from([("a", value), ("b", other)]);
        let mut writer = Writer::new();
        writer.array(2);
        writer.bin(&ty.to_json_bytes());
        let mut bytes = [writer.into_bytes(), encode(&value, &ty).unwrap()].concat();
        let along = |bytes: &[u8]| along::object(bytes, &[], &Kept::default());
        prop_assert_eq!(along(&bytes), Some(decode(&bytes, &Type::Dynamic).unwrap()));
        let at = at.index(bytes.len());
        bytes[at] = with;
        if let Some(found) = along(&bytes) {
            prop_assert_eq!(decode(&bytes, &Type::Dynamic), Ok(found));
        }
    }
}

/// Nulls of a large type, empty lists of it, and empty objects with a long list of optional attributes: the type is not read for each.
#[test]
fn a_large_type_of_many_elements_is_read_once() {
    let attributes: Vec<String> =
        (0..2000).map(|number| format!(r#""a{number}":"string""#)).collect();
    let large = format!(r#"["object",{{{}}}]"#, attributes.join(","));
    let lists = format!(r#"["list",{large}]"#);
    let optional: Vec<String> = (0..2000).map(|number| format!(r#""a{number}""#)).collect();
    let optional = format!(r#"["object",{{}},[{}]]"#, optional.join(","));
    for (ty, element) in [(large, 0xc0), (lists, 0x90), (optional, 0x80)] {
        let message = |count: u16| {
            let mut writer = Writer::new();
            writer.array(2);
            writer.bin(format!(r#"["object",{{"a":["list",{ty}]}}]"#).as_bytes());
            writer.map(1);
            writer.str("a");
            writer.array(usize::from(count));
            [writer.into_bytes(), vec![element; usize::from(count)]].concat()
        };
        let along = |bytes: &[u8]| along::object(bytes, &[], &Kept::default());
        let few = message(3);
        assert_eq!(along(&few), Some(decode(&few, &Type::Dynamic).unwrap()));
        let many = message(10_000);
        assert_eq!(along(&many), None);
        assert_eq!(decode_keeping(&many, &[], &Kept::default()), decode(&many, &Type::Dynamic));
    }
}
