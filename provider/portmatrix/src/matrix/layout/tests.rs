//! The two readings of a document's shape: this one, which reports every mistake, and that of `serde`.

use serde_json::Value;

use super::*;
use crate::matrix::versions;

fn embedded() -> Vec<Value> {
    let parse = |version: &str| {
        let path = format!("data/{version}.toml");
        let text = std::fs::read_to_string(&path).expect("a document");
        toml::from_str(&text).expect("TOML")
    };
    versions().into_iter().map(parse).collect()
}

fn problems(value: &Value) -> Problems {
    let mut problems = Problems::default();
    let root = At::ROOT;
    let read = Document::read(value, &root.name("matrix"), &mut problems);
    assert_eq!(read.is_some(), problems.is_empty());
    problems
}

/// Every place in a value.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let here = format!("{here}/{name}");
                places(value, &here, all);
                all.push(here);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                places(value, &format!("{here}/{index}"), all);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_embedded_reads_the_same_in_both_ways() {
    for document in embedded() {
        let root = At::ROOT;
        let mut problems = Problems::default();
        let read = read(&document, &root, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        let version = document["version"].as_str().expect("a version");
        assert_eq!(read.as_ref(), Some(Matrix::of(version).expect("embedded").as_ref()));
    }
}

/// An attribute that one reading can't do without, or does not know, is so for the other.
#[test]
fn both_readings_want_the_same_attributes() {
    for document in embedded() {
        let mut all = Vec::new();
        places(&document, "", &mut all);
        // Blocks of one kind have the same attributes mostly: one of each is enough.
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|place| {
            let shape: Vec<&str> =
                place.split('/').filter(|step| step.parse::<usize>().is_err()).collect();
            seen.insert(shape.join("/"))
        });
        for place in all {
            let (parent, name) = place.rsplit_once('/').expect("a name");
            let changed = |change: &dyn Fn(&mut Map<String, Value>)| {
                let mut document = document.clone();
                let fields = document.pointer_mut(parent).and_then(Value::as_object_mut);
                change(fields.expect("an object"));
                let by_serde = serde_json::from_value::<Document>(document.clone()).is_ok();
                assert_eq!(problems(&document).is_empty(), by_serde, "{place}");
            };
            changed(&|fields| drop(fields.remove(name)));
            changed(&|fields| drop(fields.insert(format!("{name}x"), Value::Null)));
            changed(&|fields| drop(fields.insert(name.to_owned(), Value::Bool(true))));
        }
    }
}

#[test]
fn every_word_has_a_meaning() {
    fn all<T: Layout>(words: &[&str]) {
        for word in words {
            let mut problems = Problems::default();
            let read = T::read(&Value::String((*word).to_owned()), &At::ROOT, &mut problems);
            assert!(read.is_some() && problems.is_empty(), "{word}");
        }
    }
    use crate::matrix::document::BasisEntry;
    use crate::matrix::{Column, Confidence, ParameterKind, RowDirection, Transport, When};
    all::<Transport>(Transport::WORDS);
    all::<Column>(Column::WORDS);
    all::<RowDirection>(RowDirection::WORDS);
    all::<When>(When::WORDS);
    all::<Confidence>(Confidence::WORDS);
    all::<ParameterKind>(ParameterKind::WORDS);
    all::<BasisEntry>(BasisEntry::WORDS);
}
