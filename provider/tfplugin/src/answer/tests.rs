//! Answers of a small provider, asked without gRPC.

use super::*;
use crate::catalogue::Catalogue;
use crate::msgpack::encode as encode_value;
use crate::{
    Config, DataSource, Diagnostic, Function, FunctionError, Parameter, Presence, Provider, Read,
    Replied, Reply, Schema, SchemaAttribute, Shape, Signature, State, Type, Value, encode,
};

/// Answers with the kind of what it is given; breaks at the word `panic`.
struct Echo;

impl DataSource for Echo {
    fn name(&self) -> &'static str {
        "test_echo"
    }

    fn schema(&self) -> Schema {
        let attribute = SchemaAttribute::new;
        Schema {
            attributes: vec![
                attribute("anything", "Given.", Type::Dynamic, Presence::Required),
                attribute("either", "Given or answered.", Type::String, Presence::OptionalComputed),
                attribute("kind", "Answered.", Type::String, Presence::Computed),
                attribute("never", "Not answered.", Type::Bool, Presence::Computed),
            ],
            ..Schema::default()
        }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        match config.get("anything") {
            Value::Unknown(_) => Vec::new(),
            Value::String(word) if word == "panic" => panic!("as asked"),
            known => vec![Diagnostic::warning("Known", known.kind())],
        }
    }

    fn read(&self, config: &Config) -> Read {
        match config.get("anything") {
            Value::String(word) if word == "panic" => panic!("as asked"),
            Value::String(word) if word == "surplus" => {
                Read::state(State::new().set("anything", "mine"))
            }
            Value::String(word) if word == "nothing" => Read::default(),
            value => Read::state(State::new().set("kind", value.kind()).set("either", "answered")),
        }
    }
}

/// Cannot even say what it is.
struct Broken;

impl DataSource for Broken {
    fn name(&self) -> &'static str {
        "test_broken"
    }

    fn schema(&self) -> Schema {
        panic!("no schema")
    }

    fn validate(&self, _: &Config) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn read(&self, _: &Config) -> Read {
        Read::default()
    }
}

/// Answers with the number of its arguments.
struct Count;

impl Function for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: String::new(),
            description: String::new(),
            parameters: vec![Parameter::new("first", "", Type::Dynamic)],
            variadic: Some(Parameter {
                allow_null: true,
                ..Parameter::new("rest", "", Type::String)
            }),
            returns: Shape::Plain(Type::Number),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        match arguments {
            [Value::String(word), ..] if word == "panic" => panic!("as asked: {}", arguments.len()),
            _ => Ok(reply.send(encode(&arguments.len()))),
        }
    }
}

fn catalogue() -> Catalogue {
    Catalogue::new(Provider {
        address: "example.org/test/test",
        version: "1.2.3",
        description: String::new(),
        bug_reports: "https://example.org/bugs",
        data_sources: vec![Box::new(Echo), Box::new(Broken)],
        functions: vec![Box::new(Count)],
    })
}

const CONFIG: Type = Type::Dynamic;

/// The configuration with `anything` so, in the bytes that Terraform would send.
fn config(anything: Value) -> Vec<u8> {
    let ty = Type::object([
        ("anything", CONFIG),
        ("either", Type::String),
        ("kind", Type::String),
        ("never", Type::Bool),
    ]);
    encode_value(&Value::from([("anything", anything)]), &ty).unwrap()
}

fn read_text(anything: &str) -> (Option<Vec<u8>>, String) {
    let (state, diagnostics) =
        read(&catalogue(), "test_echo", Encoded::MessagePack(&config(Value::from(anything))));
    (state, diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect())
}

#[test]
fn configured_attributes_come_back_byte_for_byte() {
    // The number is longer than it need be, and so it must come back.
    let given = b"\x84\xa8anything\x92\xc4\x08\"number\"\xd3\x00\x00\x00\x00\x00\x00\x00\x07\xa6either\xa5given\xa4kind\xc0\xa5never\xc0";
    let (state, diagnostics) = read(&catalogue(), "test_echo", Encoded::MessagePack(given));
    let expected = b"\x84\xa8anything\x92\xc4\x08\"number\"\xd3\x00\x00\x00\x00\x00\x00\x00\x07\xa6either\xa5given\xa4kind\xa8a number\xa5never\xc0";
    assert_eq!((state, diagnostics), (Some(expected.to_vec()), Vec::new()));
}

#[test]
fn json_is_read_and_msgpack_answered() {
    let given = br#"{"anything":{"type":"number","value":0.10000000000000000001}}"#;
    let (state, diagnostics) = read(&catalogue(), "test_echo", Encoded::Json(given));
    let expected = b"\x84\xa8anything\x92\xc4\x08\"number\"\xb60.10000000000000000001\xa6either\xa8answered\xa4kind\xa8a number\xa5never\xc0";
    assert_eq!((state, diagnostics), (Some(expected.to_vec()), Vec::new()));
}

#[test]
fn validation_sees_unknown_values() {
    let catalogue = catalogue();
    let validated = |value| validate(&catalogue, "test_echo", Encoded::MessagePack(&config(value)));
    assert_eq!(validated(Value::UNKNOWN), []);
    assert_eq!(validated(Value::from(1)), [Diagnostic::warning("Known", "a number")]);
    assert_eq!(
        validate(&catalogue, "test_echo", Encoded::Nothing),
        [Diagnostic::warning("Known", "null")]
    );
}

#[test]
fn defects_are_reported_as_such() {
    let (state, text) = read_text("panic");
    assert_eq!(state, None);
    assert!(text.contains("bug in the provider") && text.contains("as asked"), "{text}");
    assert!(text.contains("https://example.org/bugs") && text.contains("1.2.3"), "{text}");
    assert!(read_text("surplus").1.contains("`anything`, which is no computed attribute"));
    assert!(read_text("nothing").1.contains("neither an answer nor an error"));
    let (state, diagnostics) = read(&catalogue(), "test_echo", Encoded::MessagePack(b"\xc1"));
    assert_eq!(state, None);
    assert!(diagnostics[0].detail.contains("unreadable"));
}

#[test]
fn a_panic_is_a_message_wherever_it_is() {
    let given = config(Value::from("panic"));
    let read = |name| read(&catalogue(), name, Encoded::MessagePack(&given)).1;
    let validated = |name| validate(&catalogue(), name, Encoded::MessagePack(&given));
    for (found, text) in [
        (read("test_echo"), "as asked"),
        (validated("test_echo"), "as asked"),
        (read("test_broken"), "no schema"),
        (validated("test_broken"), "no schema"),
    ] {
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert!(found.is_error() && found.detail.contains(text), "{found:?}");
        assert!(found.detail.contains("https://example.org/bugs"), "{found:?}");
    }
}

#[test]
fn unknown_names_get_the_nearest_known_one() {
    let (_, diagnostics) = read(&catalogue(), "test_ecko", Encoded::Nothing);
    assert!(diagnostics[0].detail.contains("Did you mean `test_echo`?"));
    let error = call(&catalogue(), "counts", &[]).unwrap_err();
    assert!(error.text.contains("Did you mean `count`?"));
}

fn call(
    catalogue: &Catalogue,
    name: &str,
    arguments: &[Encoded<'_>],
) -> Result<Vec<u8>, FunctionError> {
    let mut answer = Vec::new();
    super::call(catalogue, name, arguments, Reply::new(|bytes| answer = bytes))?;
    Ok(answer)
}

fn called(arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
    let bytes: Vec<_> =
        arguments.iter().map(|value| encode_value(value, &Type::Dynamic).unwrap()).collect();
    let encoded: Vec<_> = bytes.iter().map(|bytes| Encoded::MessagePack(bytes)).collect();
    call(&catalogue(), "count", &encoded)
}

#[test]
fn arguments_are_checked_before_the_call() {
    assert_eq!(called(&["a".into()]), Ok(vec![1]));
    assert_eq!(called(&["a".into(), Value::Null, Value::Null]), Ok(vec![3]));
    assert_eq!(
        called(&[]),
        Err(FunctionError::new("`count` takes 1 or more arguments; 0 were given."))
    );
    assert_eq!(
        called(&[Value::Null]),
        Err(FunctionError::argument(0, "`first` must not be null."))
    );
    let nested = Value::from([("inside", Value::UNKNOWN)]);
    assert_eq!(called(&[nested]), Ok(vec![0xd4, 0, 0]));
    // OpenTofu's null.
    assert_eq!(
        call(
            &catalogue(),
            "count",
            &[Encoded::Json(br#"{"type":"string","value":"a"}"#), Encoded::Nothing]
        ),
        Ok(vec![2])
    );
    let error = called(&["panic".into()]).unwrap_err();
    assert!(error.text.contains("as asked: 1") && error.text.contains("https://example.org/bugs"));
    let error = call(&catalogue(), "count", &[Encoded::MessagePack(b"\xc1")]).unwrap_err();
    assert_eq!(error.argument, Some(0));
}
