//! A provider as small as one can be: what an author writes, and what the tests of this crate talk to.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tfplugin::{
    AttributePath, Config, DataSource, Diagnostic, Function, FunctionError, Parameter, Presence,
    Provider, Read, Replied, Reply, Schema, SchemaAttribute, Shape, Signature, State, Type, Value,
    encode, object,
};

object! {
    /// One greeting.
    #[derive(Debug, Clone)]
    pub struct Greeting<'a> {
        /// Whom it greets.
        pub name: &'a str,
        /// What is said, or null where words fail.
        pub words: Option<String>,
    }
}

/// Greets everyone on a list.
struct Greetings;

impl DataSource for Greetings {
    fn name(&self) -> &'static str {
        "greeter_greetings"
    }

    fn schema(&self) -> Schema {
        let names = "Whom to greet: a list of strings.";
        let greetings = <BTreeMap<String, Greeting<'_>> as tfplugin::Attribute>::shape();
        Schema {
            description: "Greets everyone on a list.".to_owned(),
            attributes: vec![
                SchemaAttribute::new("names", names, Type::Dynamic, Presence::Required),
                SchemaAttribute::new(
                    "word",
                    "What to say. Default: `Hello`.",
                    Type::String,
                    Presence::Optional,
                ),
                SchemaAttribute::new(
                    "greetings",
                    "The greetings, by name.",
                    greetings,
                    Presence::Computed,
                ),
            ],
            ..Schema::default()
        }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        let Value::List(names) = config.get("names") else { return Vec::new() };
        let mut found = Vec::new();
        for (index, name) in (0..).zip(names) {
            if !matches!(name, Value::String(_) | Value::Unknown(_)) {
                let path = AttributePath::root("names").index(index);
                let detail = format!("`{path}` is {}; a name is a string.", name.kind());
                found.push(Diagnostic::error("Not a name", detail).at(path));
            }
        }
        found
    }

    fn read(&self, config: &Config) -> Read {
        let word = match config.get("word") {
            Value::String(word) => word.as_str(),
            _ => "Hello",
        };
        let names = match config.get("names") {
            Value::List(names) => names.as_slice(),
            _ => &[],
        };
        let greetings = names.iter().filter_map(|name| match name {
            Value::String(name) => {
                Some((name, Greeting { name, words: Some(format!("{word}, {name}!")) }))
            }
            _ => None,
        });
        let state = State::new().set("greetings", &greetings.collect::<BTreeMap<_, _>>());
        let diagnostics = match word {
            "" => vec![
                Diagnostic::warning("Nothing to say", "The word is empty.")
                    .at(AttributePath::root("word")),
            ],
            _ => Vec::new(),
        };
        Read { state: Some(state), diagnostics }
    }
}

/// Greets someone, and says how often it has been asked; so equal answers show that it was not.
#[derive(Default)]
struct Greet {
    asked: std::sync::atomic::AtomicUsize,
}

impl Function for Greet {
    fn name(&self) -> &'static str {
        "greet"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: "Greets someone".to_owned(),
            description: "Greets someone.".to_owned(),
            parameters: vec![Parameter::new("name", "Whom to greet.", Type::String)],
            variadic: None,
            returns: Shape::Plain(Type::String),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let asked = self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        match arguments {
            [Value::String(name)] => Ok(reply.send(encode(&format!("Hello, {name}! ({asked})")))),
            _ => Err(FunctionError::argument(0, "`name` is a string.")),
        }
    }
}

/// Panics, sleeps, waits, speaks, counts or answers, as it is told.
struct Obey;

impl Function for Obey {
    fn name(&self) -> &'static str {
        "obey"
    }

    fn signature(&self) -> Signature {
        let order = "`panic`, `regret` (panic when it is said), `sleep` (for a second), `wait FILE` (until it is there), `linger FILE` (the same when it is said), `say WORDS`, `nulls` (how many of the rest are null), or anything else.";
        Signature {
            summary: "Does as it is told".to_owned(),
            description: "Does as it is told.".to_owned(),
            parameters: vec![Parameter {
                allow_unknown: true,
                ..Parameter::new("order", order, Type::Dynamic)
            }],
            variadic: Some(Parameter {
                allow_null: true,
                ..Parameter::new("also", "Only `nulls` looks at these.", Type::Number)
            }),
            returns: Shape::Plain(Type::String),
            deprecation: Some("Be kind and use `greet`.".to_owned()),
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let order = match arguments {
            [Value::String(order), ..] => order.split_once(' ').unwrap_or((order, "")),
            [other, ..] => return Ok(reply.send(encode(other.kind()))),
            [] => return Err(FunctionError::new("There was no order.")),
        };
        let answer = match order {
            ("panic", _) => panic_as_ordered(),
            ("regret", _) => {
                reply.send(encode("said"));
                panic_as_ordered()
            }
            ("sleep", _) => {
                std::thread::sleep(Duration::from_secs(1));
                encode("slept")
            }
            ("wait", file) => {
                wait_for(file);
                encode("waited")
            }
            ("linger", file) => {
                let replied = reply.send(encode("said"));
                wait_for(file);
                return Ok(replied);
            }
            ("say", words) => encode(words),
            ("nulls", _) => {
                let nulls = arguments.iter().filter(|it| **it == Value::Null).count();
                encode(&nulls.to_string())
            }
            _ => encode("a string"),
        };
        Ok(reply.send(answer))
    }
}

fn wait_for(file: &str) {
    while !Path::new(file).exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[expect(clippy::panic, reason = "to see that the process survives it")]
fn panic_as_ordered() -> ! {
    panic!("as ordered")
}

fn main() -> ExitCode {
    tfplugin::serve::main(|| Provider {
        address: "registry.terraform.io/example/greeter",
        version: "1.2.3",
        description: "Greets people.".to_owned(),
        bug_reports: "https://example.org/greeter/issues",
        data_sources: vec![Box::new(Greetings)],
        functions: vec![Box::new(Greet::default()), Box::new(Obey)],
    })
}
