//! The definitions say what `wire.txt`, a second reading of the published protocol, says; nothing less and nothing more.

use std::collections::BTreeSet;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
};

#[test]
fn definitions_agree_with_the_second_reading() {
    let mut defined = BTreeSet::new();
    for file in crate::generated::definitions().file {
        if !file.package().starts_with("google.") {
            facts(&file, &mut defined);
        }
    }
    let expected = second_reading();
    let missing: Vec<_> = expected.difference(&defined).collect();
    let surplus: Vec<_> = defined.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing: {missing:#?}\nsurplus: {surplus:#?}"
    );
}

#[test]
fn the_second_reading_is_the_whole_service() {
    let calls =
        second_reading().into_iter().filter(|fact| fact.starts_with("tfplugin6 rpc ")).count();
    assert_eq!(calls, 36, "protocol 6.11 has 36 calls");
}

/// The lines of the table, each with its package before it.
fn second_reading() -> BTreeSet<String> {
    let mut package = "";
    let mut facts = BTreeSet::new();
    for line in
        include_str!("wire.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix("package ") {
            Some(name) => package = name,
            None => {
                assert!(facts.insert(format!("{package} {line}")), "`{line}` stands there twice");
            }
        }
    }
    facts
}

/// The same lines from a compiled definition.
fn facts(file: &FileDescriptorProto, facts: &mut BTreeSet<String>) {
    let package = file.package();
    for message in &file.message_type {
        message_facts(package, message.name(), message, facts);
    }
    for enumeration in &file.enum_type {
        enum_facts(package, enumeration.name(), enumeration, facts);
    }
    for call in file.service.iter().flat_map(|service| &service.method) {
        let side = |name: &str, streamed: bool| {
            format!("{}{}", if streamed { "stream:" } else { "" }, local(package, name))
        };
        let request = side(call.input_type(), call.client_streaming());
        let response = side(call.output_type(), call.server_streaming());
        facts.insert(format!("{package} rpc {} {request} {response}", call.name()));
    }
}

fn message_facts(
    package: &str,
    name: &str,
    message: &DescriptorProto,
    facts: &mut BTreeSet<String>,
) {
    for field in &message.field {
        facts.insert(format!("{package} field {name} {}", field_fact(package, message, field)));
    }
    if message.field.is_empty() {
        facts.insert(format!("{package} empty {name}"));
    }
    for nested in message.nested_type.iter().filter(|nested| !is_map_entry(nested)) {
        message_facts(package, &format!("{name}.{}", nested.name()), nested, facts);
    }
    for enumeration in &message.enum_type {
        enum_facts(package, &format!("{name}.{}", enumeration.name()), enumeration, facts);
    }
}

fn enum_facts(
    package: &str,
    name: &str,
    enumeration: &EnumDescriptorProto,
    facts: &mut BTreeSet<String>,
) {
    for value in &enumeration.value {
        facts.insert(format!("{package} value {name} {} {}", value.number(), value.name()));
    }
}

fn field_fact(package: &str, message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let entry = message.nested_type.iter().find(|nested| {
        is_map_entry(nested) && field.type_name().rsplit('.').next() == Some(nested.name())
    });
    let (label, ty) = match entry {
        Some(entry) => {
            let types: Vec<_> = entry.field.iter().map(|field| type_name(package, field)).collect();
            ("single", format!("map<{}>", types.join(",")))
        }
        None if field.label() == Label::Repeated => ("repeated", type_name(package, field)),
        None if field.proto3_optional() => ("optional", type_name(package, field)),
        None => ("single", type_name(package, field)),
    };
    // A field of its own presence is in a oneof of its own, which is a matter of the compiler's.
    let oneof = match field.oneof_index {
        Some(index) if !field.proto3_optional() => {
            format!(" {}", message.oneof_decl[usize::try_from(index).expect("an index")].name())
        }
        _ => String::new(),
    };
    format!("{} {} {label} {ty}{oneof}", field.number(), field.name())
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry)
}

fn type_name(package: &str, field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => local(package, field.type_name()),
        Type::String => "string".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int64 => "int64".to_owned(),
        Type::Uint32 => "uint32".to_owned(),
        other => other.as_str_name().to_owned(),
    }
}

/// A name as the table has it: without the package that it is in.
fn local(package: &str, name: &str) -> String {
    let name = name.trim_start_matches('.');
    name.strip_prefix(package).and_then(|name| name.strip_prefix('.')).unwrap_or(name).to_owned()
}
