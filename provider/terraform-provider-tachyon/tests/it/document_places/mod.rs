//! Every kind of finding about a document of the user's own: a document that has it, and the exact place that is told.

mod cells;
mod names;
mod rows;

use tfplugin::{Config, FunctionError, Value};

use crate::answer::{PROVIDER, Read, ask};
use crate::documents::{EMBEDDED, small_deployment};

/// What is changed in the embedded document, each by its way: steps between bars, of which one in a list is a position or the
/// name of a block; `+` adds an element, and null takes an attribute away.
type Changes<'c> = &'c [(&'c str, Value)];

/// The changes, the place, the other place where there are two, and what is told there.
type Case<'c> = (Changes<'c>, &'c str, &'c str, &'c str);

/// The place of a block in a list: its position, or that of the block with this name.
fn position(list: &[Value], step: &str) -> usize {
    let is_it = |block: &Value| {
        matches!(block, Value::Map(fields) if ["id", "row"].iter().any(|name| {
            matches!(fields.get(*name), Some(Value::String(text)) if text == step)
        }))
    };
    let index = step.parse().ok().or_else(|| list.iter().position(is_it));
    index.unwrap_or_else(|| panic!("no block {step}"))
}

fn changed(document: &Value, way: &[&str], part: &Value) -> Value {
    let [step, rest @ ..] = way else { return part.clone() };
    let mut document = document.clone();
    match &mut document {
        Value::List(list) if *step == "+" => list.push(part.clone()),
        Value::List(list) => {
            let index = position(list, step);
            list[index] = changed(&list[index], rest, part);
        }
        Value::Map(fields) => {
            let inner = fields.get(*step).cloned().unwrap_or(Value::Null);
            fields.insert((*step).to_owned(), changed(&inner, rest, part));
        }
        other => panic!("nothing below {other:?}"),
    }
    document
}

/// A way in the changed document as a path.
fn path(document: &Value, way: &str) -> String {
    let mut here = document;
    let mut path = "matrix".to_owned();
    for step in way.split('|') {
        match here {
            Value::List(list) => {
                let index = position(list, step);
                path.push_str(&format!("[{index}]"));
                here = &list[index];
            }
            Value::Map(fields) => {
                path.push_str(&format!(".{step}"));
                here = fields.get(step).unwrap_or(&Value::Null);
            }
            // What is missing has a place as well.
            _ => path.push_str(&format!(".{step}")),
        }
    }
    path
}

fn has(error: &FunctionError, place: &str, other: Option<&str>, word: &str) -> bool {
    error.mistakes.iter().any(|mistake| {
        mistake.path.to_string() == place
            && mistake.other.as_ref().map(ToString::to_string).as_deref() == other
            && mistake.text.contains(word)
    })
}

fn check(cases: &[Case<'_>]) {
    for (changes, way, other, word) in cases {
        let document = (changes.iter()).fold(EMBEDDED.clone(), |document, (way, part)| {
            changed(&document, &way.split('|').collect::<Vec<_>>(), part)
        });
        let place = path(&document, way);
        let other = (!other.is_empty()).then(|| path(&document, other));
        let deployment = small_deployment(&document);
        for function in ["connections", "network_security_rules"] {
            let error = ask(function, &deployment).expect_err("a mistake");
            let found = has(&error, &place, other.as_deref(), word);
            assert!(found, "no {word:?} at {place} and {other:?}: {:#?}", error.mistakes);

            let source = PROVIDER.data_source(&format!("tachyon_{function}")).expect("it");
            let told = source.validate(&Config::from_iter(deployment.map().clone()));
            let end = other.as_ref().map_or(String::new(), |other| format!(" See also {other}."));
            let is_it = |text: &str| {
                text.starts_with(&format!("{place}: "))
                    && text.contains(word)
                    && text.ends_with(&end)
            };
            assert!(told.iter().any(|one| is_it(&one.detail)), "{place}: {told:#?}");
            assert!(error.text.split("\n\n  - ").any(is_it), "{place}: {error}");
        }
    }
}

/// A list of nothing.
fn no_texts() -> Value {
    Value::List(Vec::new())
}
