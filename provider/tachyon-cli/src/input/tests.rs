//! Texts of all formats against each other, and places against the text.

use std::fmt::Write;

use proptest::prelude::*;
use tfplugin::{AttributePath, Number, Value};

use super::node::{Content, Node};
use super::{hcl, json, yaml};

/// Values as deployments have them.
fn values() -> impl Strategy<Value = Value> {
    let text = || proptest::string::string_regex("[ -~é\u{1F600}\n\t]{0,12}").expect("a pattern");
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        Just(Value::Number(Number::parse("0.25").expect("a number"))),
        text().prop_map(Value::String),
    ];
    scalar.prop_recursive(4, 40, 5, move |inside| {
        prop_oneof![
            proptest::collection::vec(inside.clone(), 0..5).prop_map(Value::List),
            proptest::collection::btree_map(text(), inside, 0..5).prop_map(Value::Map),
        ]
    })
}

/// The JSON of a value, written here.
fn written(value: &Value, text: &mut String) {
    match value {
        Value::Map(map) => {
            text.push_str("{ ");
            for (number, (name, value)) in map.iter().enumerate() {
                let comma = if number > 0 { "," } else { "" };
                _ = write!(text, "{comma}\n{}: ", serde_json::Value::from(name.as_str()));
                written(value, text);
            }
            text.push_str("\n}");
        }
        Value::List(elements) => {
            text.push('[');
            for (number, value) in elements.iter().enumerate() {
                text.push_str(if number > 0 { ", " } else { "" });
                written(value, text);
            }
            text.push(']');
        }
        Value::String(it) => _ = write!(text, "{}", serde_json::Value::from(it.as_str())),
        Value::Number(number) => _ = write!(text, "{number}"),
        Value::Bool(flag) => _ = write!(text, "{flag}"),
        _ => text.push_str("null"),
    }
}

/// Every value in a node with the way to it.
fn walk(node: &Node, path: &AttributePath, met: &mut impl FnMut(&AttributePath, &Node)) {
    met(path, node);
    match &node.content {
        Content::Scalar(_) => {}
        Content::List(elements) => {
            for (index, node) in (0..).zip(elements) {
                walk(node, &path.clone().index(index), met);
            }
        }
        Content::Map(entries) => {
            for (name, entry) in entries {
                walk(&entry.node, &path.clone().key(name.clone()), met);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formats_agree_on_values_and_on_places(value in values()) {
        let value = Value::from([("a", value)]);
        let mut text = String::new();
        written(&value, &mut text);
        let read = [json::read(&text), yaml::read(&text)];
        for (format, node) in ["JSON", "YAML"].into_iter().zip(read) {
            let node = node.map_err(|troubles| TestCaseError::fail(format!("{format} {troubles:?}: {text}")))?;
            prop_assert_eq!(&node.value(), &value, "{}: {}", format, &text);
            walk(&node, &AttributePath::default(), &mut |path, node| {
                // What stands at a value's place is that value.
                if let Content::Scalar(scalar) = &node.content {
                    let again = &text[node.span.clone()];
                    assert_eq!(&json::read(again).expect(again).value(), scalar, "{format}: {again}");
                    assert_eq!(node.span, root_place(&text, format, path));
                }
            });
        }
        // HCL has templates in its texts.
        if !text.contains("${") && !text.contains("%{") {
            let read = hcl::read(&text).map_err(|troubles| TestCaseError::fail(format!("{troubles:?}: {text}")))?;
            prop_assert_eq!(read.value(), value);
        }
    }

    #[test]
    fn nothing_makes_a_reader_panic(text in "[-a-z0-9{}\\[\\]:=,\"'\n &*!|>#%$é<]{0,60}") {
        for read in [json::read, yaml::read, hcl::read] {
            if let Err(troubles) = read(&text) {
                prop_assert!(!troubles.is_empty());
                for trouble in troubles {
                    prop_assert!(trouble.span.end <= text.len() && text.get(trouble.span).is_some());
                }
            }
        }
    }
}

fn root_place(text: &str, format: &str, path: &AttributePath) -> std::ops::Range<usize> {
    let node = if format == "JSON" { json::read(text) } else { yaml::read(text) };
    node.expect("read before").place(path, text, false)
}

#[test]
fn yaml_reads_plain_words_as_terraform_does() {
    let number = |text: &str| Value::Number(Number::parse(text).expect("a number"));
    for (text, value) in [
        ("~", Value::Null),
        ("null", Value::Null),
        ("yes", "yes".into()),
        ("True", true.into()),
        ("8.1", number("8.1")),
        ("'8.1'", "8.1".into()),
        ("0x1F", 31.into()),
        ("0o17", 15.into()),
        ("0xé", "0xé".into()),
        ("0x+1", "0x+1".into()),
        ("1e3", number("1e3")),
        ("10.0.0.0/8", "10.0.0.0/8".into()),
        ("2001:db8::/32", "2001:db8::/32".into()),
        ("!!str 443", "443".into()),
        ("! 443", "443".into()),
        ("!!int 443", 443.into()),
        ("|\n  a\n  b\n", "a\nb\n".into()),
    ] {
        let node = yaml::read(&format!("a: {text}\n")).expect(text);
        assert_eq!(node.value(), Value::from([("a", value)]), "{text}");
    }
    assert!(yaml::read("a: !!int x\n").is_err());
}

#[test]
fn yaml_merges_what_anchors_name() {
    let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nall:\n  <<: [*base, *other]\n  a: 0\n";
    let all = yaml::read(text).expect("YAML").get("all").expect("all").node.value();
    assert_eq!(all, Value::from([("a", 0.into()), ("b", 2.into()), ("c", 4.into())]));
    assert!(yaml::read("a: {<<: 1}\n").is_err());
}

#[test]
fn hcl_reads_what_is_a_value() {
    let text = "a = (-4)\nb = <<-EOT\n    x\n      y\n  EOT\nc = { \"d\" : [1, 2,], 5 = true }\n";
    let expected = Value::from([
        ("a", (-4).into()),
        ("b", "x\n  y\n".into()),
        ("c", Value::from([("d", vec![1, 2].into()), ("5", true.into())])),
    ]);
    assert_eq!(hcl::read(text).expect("HCL").value(), expected);
    let troubles = hcl::read("  { a = var.x }").expect_err("a variable");
    let places: Vec<_> = troubles.iter().map(|it| (it.span.start, it.span.end)).collect();
    assert_eq!(places, [(8, 13)]);
}
