//! The requests, as bytes.

use std::collections::BTreeMap;

use prost::bytes::Bytes;
use tfplugin::{Type, Value};

use crate::installation::{PLATFORMS, ROLE, Rows, deployment, encoded, peers};
use crate::job::Kind;
use crate::{Outcome, fields};

/// The functions that are asked for rules.
const FUNCTIONS: [&str; 3] = ["connections", "security_group_rules", "network_security_rules"];

/// The port that `explain` is asked about.
const SWITCH: i64 = 4000;

/// A function that is asked single questions, which take the same time whatever they are.
const EXPLAIN: &str = "explain";

/// The functions that are measured beside `connections`, and how many deployments each takes.
const BESIDE: [(&str, u64); 3] = [(EXPLAIN, 1), ("lint", 1), ("compare", 2)];

/// The function that is asked with rows of the user's own, and with a document of theirs; its answer is the smallest, so that
/// what these cost shows most.
const OWN: &str = "network_security_rules";

/// How each deployment of [`OWN`] is called, two that are compared after each other.
const ROWS: [(&str, Rows); 4] = [
    ("without additions", Rows::Roles),
    ("with additions", Rows::Additions),
    ("with a version", Rows::Version),
    ("with its document", Rows::Document),
];

/// The only question that is asked of every plugin.
pub const SCHEMA: &str = "schema";

/// The name of the question that a data source answers.
pub const READ: &str = "read";

/// Something to ask again and again.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its name in the report.
    pub name: String,
    /// The method, by its name in protocol 6.
    pub method: &'static str,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Same(Bytes),
    /// A function of so many deployments, of which the last has another endpoint's name each time.
    Fresh(&'static str, u64),
    /// The same of one deployment, whose rows are not the embedded ones alone.
    Own(Rows),
}

impl Question {
    /// What a plugin of a kind can be asked.
    pub fn of(kind: Kind) -> Outcome<Vec<Self>> {
        let schema = Self::same(SCHEMA, "GetProviderSchema", Bytes::new());
        let read = |name, config| Self::same(READ, "ReadDataSource", reading(name, config));
        Ok(match kind {
            Kind::Other => vec![schema],
            Kind::Null => vec![schema, read("null_data_source", &null_config()?)],
            Kind::Tachyon => {
                let mut questions = vec![schema, read("tachyon_role", &role_config()?)];
                for function in FUNCTIONS {
                    let (fresh, same) =
                        (format!("{function}, fresh"), format!("{function}, remembered"));
                    questions.push(Self {
                        name: fresh,
                        method: "CallFunction",
                        body: Body::Fresh(function, 1),
                    });
                    questions.push(Self::same(&same, "CallFunction", calling(function, 0, 1)?));
                }
                questions.extend(BESIDE.map(|(function, count)| Self {
                    name: format!("{function}, fresh"),
                    method: "CallFunction",
                    body: Body::Fresh(function, count),
                }));
                questions
            }
        })
    }

    /// What our provider is asked besides: these are compared with each other, and no other plugin has answers to them.
    pub fn of_own_rows() -> Vec<Self> {
        let question = |(rows, kind)| Self {
            name: format!("{OWN} {rows}, fresh"),
            method: "CallFunction",
            body: Body::Own(kind),
        };
        ROWS.map(question).into()
    }

    /// The request; `variant` differs from call to call.
    pub fn request(&self, variant: u64) -> Outcome<Bytes> {
        match &self.body {
            Body::Same(bytes) => Ok(bytes.clone()),
            Body::Fresh(function, count) => calling(function, variant, *count),
            Body::Own(rows) => {
                let mut request = Vec::new();
                fields::put(&mut request, 1, OWN.as_bytes());
                let deployment = encoded(&rows.deployment(variant)?, &Type::Dynamic)?;
                fields::put(&mut request, 2, &dynamic(&deployment));
                Ok(request.into())
            }
        }
    }

    fn same(name: &str, method: &'static str, request: Bytes) -> Self {
        Self { name: name.to_owned(), method, body: Body::Same(request) }
    }
}

fn calling(function: &str, variant: u64, count: u64) -> Outcome<Bytes> {
    let mut request = Vec::new();
    fields::put(&mut request, 1, function.as_bytes());
    for number in 1..=count {
        let deployment = deployment(if number == count { variant } else { 0 });
        fields::put(&mut request, 2, &dynamic(&encoded(&deployment, &Type::Dynamic)?));
    }
    if function == EXPLAIN {
        for text in ["clients-1", "response-0", "tcp"] {
            fields::put(&mut request, 2, &dynamic(&encoded(&text.into(), &Type::String)?));
        }
        fields::put(&mut request, 2, &dynamic(&encoded(&SWITCH.into(), &Type::Number)?));
    }
    Ok(request.into())
}

fn reading(name: &str, config: &[u8]) -> Bytes {
    let mut request = Vec::new();
    fields::put(&mut request, 1, name.as_bytes());
    fields::put(&mut request, 2, &dynamic(config));
    request.into()
}

/// A value in its message.
fn dynamic(msgpack: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    fields::put(&mut message, 1, msgpack);
    message
}

/// The attributes of a data source that are not set are sent all the same, as null.
fn config(types: &[(&str, Type)], values: Vec<(&str, Value)>) -> Outcome<Vec<u8>> {
    let mut object: BTreeMap<String, Value> =
        types.iter().map(|(name, _)| ((*name).to_owned(), Value::Null)).collect();
    object.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
    encoded(&Value::Map(object), &Type::object(types.iter().cloned()))
}

/// Only what is set: the provider takes the rest, which Terraform would send as null, for left out.
fn role_config() -> Outcome<Vec<u8>> {
    let texts = || Type::list(Type::String);
    let types = [("name", Type::String), ("peers", Type::Dynamic), ("platforms", texts())];
    let values = vec![
        ("name", Value::from(ROLE)),
        ("peers", peers()),
        ("platforms", Value::from(PLATFORMS.to_vec())),
    ];
    config(&types, values)
}

fn null_config() -> Outcome<Vec<u8>> {
    let texts = || Type::map(Type::String);
    let types = [
        ("has_computed_default", Type::String),
        ("id", Type::String),
        ("inputs", texts()),
        ("outputs", texts()),
        ("random", Type::String),
    ];
    let inputs = Value::from([("one", "1".into()), ("two", "2".into()), ("three", "3".into())]);
    config(&types, vec![("inputs", inputs)])
}
