//! What an error over a limit says, read from its text: which settings help and which do not; and doing what it says.

use std::collections::BTreeMap;

use tfplugin::{Value, msgpack};

use crate::answer::{PROVIDER, Read};
use crate::tree::Way;

/// One mistake as its text tells it.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// What is over which limit; the same for the same one whatever the numbers.
    pub(crate) about: String,
    pub(crate) detail: String,
    pub(crate) helps: Vec<Vec<Setting>>,
    pub(crate) useless: Vec<Useless>,
}

/// A setting with a value, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Setting {
    pub(crate) way: Way,
    pub(crate) value: String,
}

/// What an error says does not help.
#[derive(Debug, Clone)]
pub(crate) enum Useless {
    /// These settings: the limit is still met.
    Still(Vec<Setting>, String),
    /// These settings: something else no longer fits.
    Elsewhere(Vec<Setting>),
    /// Any number from 1 to this one.
    Numbers(Way, u32),
}

/// The steps of `endpoints["a"].cidrs`.
pub(crate) fn way(path: &str) -> Way {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let step;
        if let Some(key) = rest.strip_prefix("[\"") {
            (step, rest) = key.split_once("\"]").expect("a key that ends");
        } else {
            let plain = rest.trim_start_matches('.');
            let end = plain.find(['.', '[']).unwrap_or(plain.len());
            (step, rest) = plain.split_at(end);
        }
        steps.push(step.to_owned());
    }
    steps
}

/// The settings of one alternative, between backticks.
pub(crate) fn settings(text: &str) -> Vec<Setting> {
    let quoted = text.split('`').skip(1).step_by(2);
    let set = |text: &str| {
        let (path, value) = text.split_once(" = ").expect("a setting");
        Setting { way: way(path), value: value.to_owned() }
    };
    quoted.map(set).collect()
}

pub(crate) fn useless(text: &str) -> Useless {
    if let Some((path, most)) = text.split_once("` of 1 to ") {
        let most = most.split(',').next().and_then(|most| most.parse().ok());
        return Useless::Numbers(way(path.trim_start_matches('`')), most.expect("a number"));
    }
    let (_, then) = text.rsplit_once(" (then ").expect("what happens then");
    if then.ends_with("does not fit)") {
        return Useless::Elsewhere(settings(text));
    }
    Useless::Still(settings(text), then.trim_end_matches(')').to_owned())
}

pub(crate) fn after<'t>(text: &'t str, leads: &[&str]) -> Vec<&'t str> {
    let found = leads.iter().find_map(|lead| text.split_once(lead));
    // A value may have a dot, but the sentence ends at the first one before another sentence or at the end.
    let rest = found.map(|(_, rest)| rest);
    let end =
        |rest: &'t str| rest.find(". ").map_or(rest.trim_end_matches('.'), |end| &rest[..end]);
    rest.map(|rest| end(rest).split("; ").collect()).unwrap_or_default()
}

pub(crate) fn told(text: &str) -> Vec<Told> {
    let several = text.starts_with("found ");
    let texts = text.split("\n\n  - ").skip(usize::from(several));
    let read = |text: &str| {
        let (path, detail) = text.split_once(": ").expect("a place");
        let first = detail.split('"').nth(1).unwrap_or_default();
        let about = if detail.contains(" found no room") {
            format!("rules of AWS at {path}")
        } else if detail.contains("creates a prefix list") {
            format!("list at {path}")
        } else if detail.contains("; a network security group holds") {
            format!("rules of {first}")
        } else if detail.contains("application security groups; Azure takes") {
            format!("groups of {first}")
        } else if detail.contains(" prefixes as its ") {
            let end =
                detail.split(" prefixes as its ").nth(1).and_then(|rest| rest.split(';').next());
            format!("prefixes of {first} at {path}, {}", end.unwrap_or_default())
        } else if detail.starts_with("No priority is left") {
            format!("priority of {first} of {}", detail.split('"').nth(3).unwrap_or_default())
        } else {
            panic!("another mistake: {text}")
        };
        let helps = after(detail, &["This makes it fit: ", "Any of these makes it fit: "]);
        let not = after(detail, &["This alone does not: ", "None of these alone does: "]);
        Told {
            about,
            detail: detail.to_owned(),
            helps: helps.into_iter().map(settings).collect(),
            useless: not.into_iter().map(useless).collect(),
        }
    };
    texts.map(read).collect()
}

/// The value with a part set, whatever there was.
pub(crate) fn set(value: Value, way: &[String], part: &dyn Fn(Option<Value>) -> Value) -> Value {
    let Some((step, rest)) = way.split_first() else { return part(Some(value)) };
    let mut map = match value {
        Value::Map(map) => map,
        Value::Null => BTreeMap::new(),
        other => panic!("no object: {other:?}"),
    };
    let inner = map.remove(step);
    let inner =
        if rest.is_empty() { part(inner) } else { set(inner.unwrap_or(Value::Null), rest, part) };
    map.insert(step.clone(), inner);
    Value::Map(map)
}

/// At most so many of the networks, by the function that the text names.
pub(crate) fn summarized(cidrs: &Value, most: &str) -> Value {
    let most = most.parse::<i64>().expect("a number").into();
    let function = PROVIDER.function("summarize_cidrs").expect("the function");
    let bytes = function.answer(&[cidrs.clone(), most]).expect("a summary");
    let summary = msgpack::decode(&bytes, &function.signature().returns.ty()).expect("an answer");
    summary.at("cidrs").clone()
}

/// Does what a text says.
pub(crate) fn done(deployment: &Value, settings: &[Setting]) -> Value {
    settings.iter().fold(deployment.clone(), |deployment, Setting { way, value }| {
        set(deployment, way, &|before| match value.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            "null" => Value::Null,
            call if call.starts_with("provider::tachyon::summarize_cidrs(") => {
                let most = call.split(", ").nth(1).and_then(|rest| rest.split(')').next());
                summarized(&before.expect("networks"), most.expect("how many"))
            }
            number => number.parse::<i64>().expect("a number").into(),
        })
    })
}
