//! What has no rules that could be audited: told in one sentence, with what to give instead.
//!
//! Shapes that clouds, Terraform and other tools show are known by their attributes. Of anything else that has nothing of a
//! rule in it, the sentence says what was found, instead of what each part of it lacks to be one.

use std::collections::BTreeMap;

use portmatrix::path::quoted;
use tfplugin::Value;

use super::read::{Form, is_by_names, some_of};

/// An object as something shows it.
type Object = BTreeMap<String, Value>;

/// A shape that is known.
#[derive(Debug)]
pub(super) struct Shape {
    /// What tells it: attributes that it has together, in one of several ways.
    pub(super) by: &'static [&'static [&'static str]],
    /// Attributes of which it has none.
    pub(super) without: &'static [&'static str],
    /// What was found and what to give instead.
    pub(super) said: &'static str,
}

impl Shape {
    fn is(&self, object: &Object) -> bool {
        let has = |name: &&str| object.contains_key(*name);
        self.by.iter().any(|names| names.iter().all(has)) && !self.without.iter().any(has)
    }
}

/// What is no matter of one cloud.
const SHAPES: &[Shape] = &[
    Shape {
        by: &[&["format_version"], &["root_module"], &["planned_values"], &["resource_changes"]],
        without: &[],
        said: "Found what `terraform show -json` prints. Give the `values` of the resources that have the rules.",
    },
    Shape {
        by: &[&["terraform_version"], &["mode", "instances"]],
        without: &[],
        said: "Found what Terraform keeps as its state. Give the `values` of the resources that have the rules, as `terraform show -json` prints them.",
    },
    Shape {
        by: &[&["address", "values"]],
        without: &[],
        said: "Found a resource as `terraform show -json` prints it. Give its `values`.",
    },
    Shape {
        by: &[&["address", "change"]],
        without: &[],
        said: "Found the change of a resource, as a plan has it. Give its `change.before`, which is what is there.",
    },
    Shape {
        by: &[&["matrix_version", "endpoints"], &["matrix_version", "rules"]],
        without: &[],
        said: "Found a whole answer of this provider. Give what it has for one endpoint: `endpoints[\"NAME\"]` of the function, `rules[\"NAME\"]` of the data source.",
    },
    Shape {
        by: &[&["usage", "ingress"], &["rules"]],
        without: &["id", "name", "priority", "matrix_version"],
        said: "Found what an answer of this provider has for several endpoints. Give that of one: `endpoints[\"NAME\"]`.",
    },
    Shape {
        by: &[
            &["sourceRanges"],
            &["destinationRanges"],
            &["source_ranges"],
            &["allowed", "network"],
        ],
        without: &[],
        said: "Found firewall rules of Google Cloud. Of those there is no audit.",
    },
];

/// What was found and what to give instead, if that is known: of the first object that a shape is told of, the value itself or
/// an element of it. Of a map by names, nothing is said but of what is in it.
pub(super) fn known(value: &Value, shapes: &[Shape]) -> Option<&'static str> {
    let of = |value: &Value| {
        let Value::Map(object) = value else { return None };
        shapes.iter().find(|shape| shape.is(object)).map(|shape| shape.said)
    };
    match value {
        Value::List(elements) | Value::Set(elements) => elements.iter().find_map(of),
        Value::Map(elements) if is_by_names(elements) => elements.values().find_map(of),
        _ => of(value),
    }
}

/// What is said of a value that has no rules: of a shape that is known, of one that `or_else` knows, or of one that has nothing of
/// a rule.
pub(super) fn sentence(
    value: &Value,
    shapes: &[Shape],
    or_else: impl Fn(&Value) -> Option<&'static str>,
    form: Form,
) -> Option<String> {
    if let Value::String(_) = value {
        return Some("Found a string. Where it is JSON, give `jsondecode(...)` of it.".to_owned());
    }
    let known = known(value, SHAPES).or_else(|| known(value, shapes)).or_else(|| or_else(value));
    known.map(str::to_owned).or_else(|| unknown(value, form))
}

/// The sentence of what is not known; none where something is, or may turn out to be, part of a rule.
fn unknown(value: &Value, form: Form) -> Option<String> {
    let accepted = form.accepted;
    let (what, elements): (&str, Vec<&Value>) = match value {
        Value::List(elements) | Value::Set(elements) => ("list", elements.iter().collect()),
        Value::Map(object) if is_by_names(object) => ("map", object.values().collect()),
        // One that stands alone.
        Value::Map(object) if form.is_rule(object) => return None,
        Value::Map(object) => {
            let said = || {
                let names = names(object);
                format!("Found an object with {names}, which has no rules. Accepted is {accepted}.")
            };
            return (!may_have_rules(value, form)).then(said);
        }
        _ => return None,
    };
    let are_all = |is: fn(&Value) -> bool| elements.iter().all(|element| is(element));
    let said = match elements.first()? {
        Value::List(_) | Value::Set(_)
            if are_all(|it| matches!(it, Value::List(_) | Value::Set(_))) =>
        {
            format!("Found a {what} of lists. Give `flatten(...)` of it.")
        }
        Value::String(_) if are_all(|it| matches!(it, Value::String(_))) => format!(
            "Found a {what} of strings. Where each is JSON, give `jsondecode(...)` of it. Accepted is {accepted}."
        ),
        Value::Map(object)
            if are_all(|it| matches!(it, Value::Map(object) if !object.is_empty()))
                && !elements.iter().any(|it| may_have_rules(it, form)) =>
        {
            let names = names(object);
            format!(
                "Found a {what} of objects with {names}, which are no rules. Accepted is {accepted}."
            )
        }
        _ => return None,
    };
    Some(said)
}

/// The names of an object's attributes.
fn names(object: &Object) -> String {
    let names: Vec<String> = object.keys().map(|name| quoted(name)).collect();
    some_of(&names)
}

/// Whether an object, or one in it, has something that only rules have, or what stands around them.
fn may_have_rules(value: &Value, form: Form) -> bool {
    let tells = |value: &Value| match value {
        Value::Map(object) => form.telling.iter().any(|name| object.contains_key(*name)),
        Value::Unknown(_) => true,
        _ => false,
    };
    match value {
        Value::Map(object) => tells(value) || object.values().any(tells),
        _ => tells(value),
    }
}
