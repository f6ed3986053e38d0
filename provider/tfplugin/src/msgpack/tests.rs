//! The codec against random values, samples of the wire written by hand, and garbage.

mod read_along;

use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;
use crate::kept::Kept;
use crate::{Bound, Number, Refinement, Type, Value};

fn names() -> impl Strategy<Value = String> {
    "[a-zé]{0,3}"
}

fn types() -> impl Strategy<Value = Type> {
    let leaf =
        prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            btree_map(names(), inner.clone(), 0..4).prop_map(Type::Object),
            vec(inner, 0..4).prop_map(Type::Tuple),
        ]
    })
}

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<i8>().prop_map(|integer| Number::from(i64::from(integer))),
        "-?[1-9][0-9]{0,40}\\.[0-9]{0,40}[1-9]".prop_map(|text| Number::parse(&text).unwrap()),
    ]
}

fn refinements() -> impl Strategy<Value = Refinement> {
    let bounds = || proptest::option::of((numbers(), any::<bool>()));
    let bound = |bound: Option<(Number, bool)>| {
        bound.map(|(number, inclusive)| Bound { number, inclusive })
    };
    prop_oneof![
        Just(Refinement::NONE),
        Just(Refinement::not_null()),
        names().prop_map(|prefix| Refinement::NONE.with_prefix(prefix)),
        (any::<u64>(), any::<u64>())
            .prop_map(|(a, b)| Refinement::NONE.with_length(Some(a), Some(b))),
        (bounds(), bounds())
            .prop_map(move |(a, b)| Refinement::NONE.with_bounds(bound(a), bound(b))),
    ]
}

/// Any value of a type. At a dynamic place: a literal, or null, or unknown without promises.
fn values(ty: &Type) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().prop_map(Value::Number).boxed(),
        Type::String => any::<String>().prop_map(Value::String).boxed(),
        Type::List(element) => vec(values(element), 0..20).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(values(element), 0..20).prop_map(Value::set).boxed(),
        Type::Map(element) => {
            btree_map(names(), values(element), 0..20).prop_map(Value::Map).boxed()
        }
        Type::Tuple(elements) => {
            elements.iter().map(values).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(attributes) => {
            let pairs: Vec<_> =
                attributes.iter().map(|(name, ty)| (Just(name.clone()), values(ty))).collect();
            pairs.prop_map(|pairs| Value::Map(pairs.into_iter().collect())).boxed()
        }
        Type::Dynamic => return dynamic_values(),
    };
    prop_oneof![8 => known, 1 => Just(Value::Null), 1 => refinements().prop_map(Value::Unknown)]
        .boxed()
}

fn dynamic_values() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::UNKNOWN),
        any::<bool>().prop_map(Value::Bool),
        numbers().prop_map(Value::Number),
        names().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::List),
            btree_map(names(), inner, 0..3).prop_map(Value::Map)
        ]
    })
    .boxed()
}

proptest! {
    #[test]
    fn what_is_encoded_can_be_decoded((ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))) {
        let bytes = encode(&value, &ty).unwrap();
        prop_assert_eq!(decode(&bytes, &ty).unwrap(), value);
    }

    #[test]
    fn what_is_kept_is_what_is_decoded(
        first in btree_map(names(), dynamic_values(), 0..4),
        second in btree_map(names(), dynamic_values(), 0..4),
        at in names(),
    ) {
        // Everything is kept under two of the names that there may be, however small.
        let (kept, names) = (Kept::of_size(0), ["", at.as_str()]);
        for value in [&first, &second, &first, &second].map(|parts| Value::Map(parts.clone())) {
            let bytes = encode(&value, &Type::Dynamic).unwrap();
            let found = decode_keeping(&bytes, &names, &kept).unwrap();
            prop_assert_eq!(unshared(found), decode(&bytes, &Type::Dynamic).unwrap());
            let cut = bytes.len() - 1;
            prop_assert_eq!(
                decode_keeping(&bytes[..cut], &names, &kept).is_err(),
                decode(&bytes[..cut], &Type::Dynamic).is_err()
            );
        }
    }

    #[test]
    fn types_survive_json(ty in types()) {
        prop_assert_eq!(Type::from_json_bytes(&ty.to_json_bytes()).unwrap(), ty);
    }

    #[test]
    fn garbage_is_an_error_or_a_value(ty in types(), bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes, &ty);
        let _ = decode_keeping(&bytes, &["a"], &Kept::of_size(0));
        let _ = crate::json::decode(&bytes, &ty);
    }

    #[test]
    fn what_is_cut_short_is_an_error(
        (ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty))),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = encode(&value, &ty).unwrap();
        prop_assert!(decode(&bytes[..cut.index(bytes.len())], &ty).is_err());
    }
}

/// The value with attributes of its own in place of those that were kept.
fn unshared(value: Value) -> Value {
    match value {
        Value::Map(parts) => {
            Value::Map(parts.into_iter().map(|(name, part)| (name, part.own().clone())).collect())
        }
        other => other,
    }
}

#[test]
fn a_large_attribute_is_decoded_once() {
    let document = |text: &str| Value::from([("rows", Value::from(vec![text.repeat(5000)]))]);
    let kept = Kept::default();
    let read = |document: &Value, other: &str| {
        let argument = Value::from([("document", document.clone()), ("other", other.into())]);
        let bytes = encode(&argument, &Type::Dynamic).unwrap();
        let Ok(Value::Map(mut parts)) = decode_keeping(&bytes, &["document"], &kept) else {
            panic!("an object")
        };
        assert_eq!(parts.get("other"), Some(&other.into()));
        parts.remove("document").unwrap()
    };
    let shared = |value: Value| match value {
        Value::Shared(value) => value,
        other => panic!("{other:?}"),
    };
    let (first, second) = (document("a"), document("b"));
    let read_first = shared(read(&first, "one"));
    assert_eq!(*read_first, first);
    assert!(Arc::ptr_eq(&read_first, &shared(read(&first, "another"))));
    // Of the same type, and then both are there.
    let read_second = shared(read(&second, "one"));
    assert_eq!(*read_second, second);
    assert!(Arc::ptr_eq(&read_first, &shared(read(&first, "one"))));
    assert!(Arc::ptr_eq(&read_second, &shared(read(&second, "one"))));
    let open = Value::from([("rows", Value::UNKNOWN), ("text", "a".repeat(5000).into())]);
    for own in [Value::from([("rows", "small".into())]), open, Value::Null, Value::UNKNOWN] {
        assert_eq!(read(&own, "one"), own);
    }
}

#[track_caller]
fn check(bytes: &[u8], ty: Type, expected: Value) {
    assert_eq!(decode(bytes, &ty), Ok(expected));
}

#[track_caller]
fn refuse(bytes: &[u8], ty: Type, expected: &str) {
    assert_eq!(decode(bytes, &ty).map_err(|error| error.to_string()), Err(expected.to_owned()));
}

#[test]
fn numbers_come_in_every_form() {
    let number = |text: &str| Value::Number(Number::parse(text).unwrap());
    check(b"\x07", Type::Number, number("7"));
    check(b"\xff", Type::Number, number("-1"));
    check(b"\xcc\xff", Type::Number, number("255"));
    check(b"\xcd\x01\xbb", Type::Number, number("443"));
    check(b"\xce\x00\x00\x01\xbb", Type::Number, number("443"));
    check(b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", Type::Number, number("18446744073709551615"));
    check(b"\xd0\x80", Type::Number, number("-128"));
    check(b"\xd1\xff\x00", Type::Number, number("-256"));
    check(b"\xd2\xff\xff\xff\x00", Type::Number, number("-256"));
    check(b"\xd3\xff\xff\xff\xff\xff\xff\xff\x00", Type::Number, number("-256"));
    check(b"\xca\x3f\xc0\x00\x00", Type::Number, number("1.5"));
    check(b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", Type::Number, number("1.5"));
    check(b"\xcb\x40\x14\x00\x00\x00\x00\x00\x00", Type::Number, number("5"));
    check(b"\xa30.1", Type::Number, number("0.1"));
    check(b"\xb39223372036854775808", Type::Number, number("9223372036854775808"));
    refuse(
        b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",
        Type::Number,
        "expected a finite number, found NaN",
    );
    refuse(b"\xa20x", Type::Number, "expected a number, found `0x`");
}

#[test]
fn unknown_values_may_bring_promises() {
    check(b"\xd4\x00\x00", Type::String, Value::UNKNOWN);
    check(b"\xd6\x2a\x00\x00\x00\x00", Type::String, Value::UNKNOWN);
    // As Terraform 1.15 sends `"pre-${id}"`.
    let prefixed = b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4pre-";
    check(prefixed, Type::String, Value::Unknown(Refinement::NONE.with_prefix("pre-")));
    let mut writer = Writer::new();
    writer.unknown_with(&Refinement::NONE.with_prefix("pre-"));
    assert_eq!(writer.into_bytes(), prefixed);
    // What cannot be read promises nothing.
    check(b"\xc7\x02\x0c\x81\x01", Type::String, Value::UNKNOWN);
    let mut writer = Writer::new();
    writer.unknown_not_null();
    writer.unknown();
    assert_eq!(writer.into_bytes(), b"\xc7\x03\x0c\x81\x01\xc2\xd4\x00\x00");
    let mut writer = Writer::new();
    writer.unknown_with(&Refinement::not_null());
    writer.unknown_with(&Refinement::NONE);
    assert_eq!(writer.into_bytes(), b"\xc7\x03\x0c\x81\x01\xc2\xd4\x00\x00");
}

#[test]
fn dynamic_values_bring_their_type() {
    check(b"\x92\xc4\x08\"string\"\xa1a", Type::Dynamic, Value::from("a"));
    check(b"\x92\xc4\x08\"string\"\xc0", Type::Dynamic, Value::Null);
    check(b"\xc0", Type::Dynamic, Value::Null);
    check(b"\xd4\x00\x00", Type::Dynamic, Value::UNKNOWN);
    check(
        b"\x92\xc4\x1f[\"object\",{\"a\":\"string\"},[\"a\"]]\x80",
        Type::Dynamic,
        Value::from([("a", Value::Null)]),
    );
    refuse(b"\x92\xc4\x07\"strin\"\xa1a", Type::Dynamic, "`\"strin\"` names no type");
}

#[test]
fn an_error_says_where() {
    let ty = Type::object([("peers", Type::map(Type::list(Type::Number)))]);
    refuse(
        b"\x81\xa5peers\x81\xa1a\x92\x01\xa1x",
        ty.clone(),
        r#"peers["a"][1]: expected a number, found `x`"#,
    );
    refuse(b"\x81\xa4port\x01", ty.clone(), "`port` is no attribute here");
    refuse(b"\x81\xa5peers\x81\xa2\xff\xfe\x90", ty, "peers: found text that is not UTF-8");
    refuse(b"\x93\xc3", Type::Bool, "expected a boolean, found an array");
}

#[test]
fn bombs_do_not_go_off() {
    let deep = b"\x92\xc4\x09\"dynamic\"".repeat(100_000);
    refuse_in_words(&deep, Type::Dynamic, "nested deeper than 128 levels");
    refuse(
        b"\xdd\xff\xff\xff\xff",
        Type::list(Type::Bool),
        "[0]: the message ends in the middle of a value",
    );
    refuse(
        b"\xdf\xff\xff\xff\xff",
        Type::map(Type::Bool),
        "the message ends in the middle of a value",
    );
    let mut many = b"\xdd\x00\x50\x00\x00".to_vec();
    many.resize(many.len() + 0x50_0000, 0xc0);
    refuse_in_words(&many, Type::list(Type::Bool), "more than 4194304 values");
    // Many empty objects, each of which would become many nulls.
    let wide = (0..1000).map(|name| (name.to_string(), Type::Bool)).collect();
    let mut empty = b"\xdd\x00\x01\x00\x00".to_vec();
    empty.resize(empty.len() + 0x1_0000, 0x80);
    refuse_in_words(&empty, Type::list(Type::Object(wide)), "more than 4194304 values");
}

#[track_caller]
fn refuse_in_words(bytes: &[u8], ty: Type, expected: &str) {
    assert_eq!(decode(bytes, &ty).unwrap_err().text, expected);
}

#[test]
fn lengths_take_the_fewest_bytes() {
    let starts = |write: &dyn Fn(&mut Writer), expected: &[u8]| {
        let mut writer = Writer::new();
        write(&mut writer);
        assert!(writer.into_bytes().starts_with(expected));
    };
    starts(&|writer| writer.map(15), b"\x8f");
    starts(&|writer| writer.map(16), b"\xde\x00\x10");
    starts(&|writer| writer.map(65536), b"\xdf\x00\x01\x00\x00");
    starts(&|writer| writer.array(15), b"\x9f");
    starts(&|writer| writer.array(65535), b"\xdc\xff\xff");
    starts(&|writer| writer.str(&"a".repeat(31)), b"\xbfa");
    starts(&|writer| writer.str(&"a".repeat(32)), b"\xd9\x20a");
    starts(&|writer| writer.str(&"a".repeat(256)), b"\xda\x01\x00a");
    starts(&|writer| writer.bin(b"a"), b"\xc4\x01a");
    starts(&|writer| writer.str(&"a".repeat(65536)), b"\xdb\x00\x01\x00\x00a");
    starts(&|writer| writer.bin(&[0; 256]), b"\xc5\x01\x00");
    starts(&|writer| writer.f64(1.5), b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00");
    starts(&|writer| writer.f64(f64::NAN), b"\xc0");
    let promised = |prefix: usize, expected: &[u8]| {
        let refinement = Refinement::NONE.with_prefix("a".repeat(prefix));
        starts(&|writer| writer.unknown_with(&refinement), expected);
    };
    promised(3, b"\xd7\x0c\x82\x01\xc2\x02\xa3aaa");
    promised(11, b"\xd8\x0c\x82\x01\xc2\x02\xabaaa");
    promised(256, b"\xc8\x01\x07\x0c\x82\x01\xc2\x02\xda\x01\x00aaa");
}

#[test]
fn whole_numbers_take_the_fewest_bytes() {
    let written = |number: i64, expected: &[u8]| {
        let mut writer = Writer::new();
        writer.i64(number);
        assert_eq!(writer.into_bytes(), expected, "{number}");
    };
    written(0, b"\x00");
    written(127, b"\x7f");
    written(128, b"\xcc\x80");
    written(255, b"\xcc\xff");
    written(256, b"\xcd\x01\x00");
    written(65535, b"\xcd\xff\xff");
    written(65536, b"\xce\x00\x01\x00\x00");
    written(0xffff_ffff, b"\xce\xff\xff\xff\xff");
    written(0x1_0000_0000, b"\xcf\x00\x00\x00\x01\x00\x00\x00\x00");
    written(-1, b"\xff");
    written(-32, b"\xe0");
    written(-33, b"\xd0\xdf");
    written(-128, b"\xd0\x80");
    written(-129, b"\xd1\xff\x7f");
    written(-32768, b"\xd1\x80\x00");
    written(-32769, b"\xd2\xff\xff\x7f\xff");
    written(-0x8000_0000, b"\xd2\x80\x00\x00\x00");
    written(-0x8000_0001, b"\xd3\xff\xff\xff\xff\x7f\xff\xff\xff");
    let mut writer = Writer::new();
    writer.u64(u64::MAX);
    assert_eq!(writer.into_bytes(), b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff");
}

#[test]
fn attributes_are_found_with_their_bytes() {
    let types = [("a".to_owned(), Type::Bool), ("b".to_owned(), Type::String)].into();
    let found = decode_attributes(b"\x82\xa1b\xa2hi\xa1a\xc3", &types).unwrap();
    assert_eq!(found["a"], (Value::Bool(true), 8..9));
    assert_eq!(found["b"], (Value::from("hi"), 3..6));
}
