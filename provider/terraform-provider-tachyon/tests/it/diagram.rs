//! Pictures hold the connections, all of them and no others; those of the examples are what the documentation shows.

use std::collections::BTreeSet;

use expect_test::expect_file;
use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, call};
use crate::cases::cases;
use crate::generate::deployments;
use crate::model::Deployment;
use crate::settings;

const FORMATS: [&str; 4] = ["svg", "grid", "mermaid", "dot"];

fn draw(deployment: &Value, format: &Value) -> Result<Value, String> {
    call("diagram", &[deployment.clone(), format.clone()]).map_err(|error| error.text)
}

fn drawn(deployment: &Value, format: &str) -> String {
    let picture = draw(deployment, &Value::from(format)).expect(format);
    picture.text().to_owned()
}

/// JSON as HCL reads it.
fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => {
            Value::Number(tfplugin::Number::parse(&number.to_string()).expect("a number"))
        }
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(elements) => Value::List(elements.iter().map(from_json).collect()),
        serde_json::Value::Object(map) => {
            Value::Map(map.iter().map(|(name, value)| (name.clone(), from_json(value))).collect())
        }
    }
}

pub(crate) fn enterprise() -> Value {
    let text = include_str!("../../../../examples/enterprise/deployment.json");
    from_json(&serde_json::from_str(text).expect("JSON"))
}

#[test]
fn pictures_of_the_examples_are_those_of_the_documentation() {
    let enterprise = enterprise();
    expect_file!["../../../../examples/enterprise/diagram.svg"]
        .assert_eq(&drawn(&enterprise, "svg"));
    expect_file!["../../../../examples/enterprise/grid.svg"].assert_eq(&drawn(&enterprise, "grid"));
    let single = settings::single_server();
    expect_file!["golden/diagram.svg"].assert_eq(&drawn(&single, "svg"));
    expect_file!["golden/diagram.mmd"].assert_eq(&drawn(&single, "mermaid"));
    expect_file!["golden/diagram.dot"].assert_eq(&drawn(&single, "dot"));
}

/// What goes where: source, destination, `tcp 443`.
type Traffic = BTreeSet<(String, String, String)>;

/// What the connections of the second reading ask for: each leg of a way as an arrow of its own, or as part of one.
fn asked_for(deployment: &Deployment, by_leg: bool) -> Traffic {
    let mut traffic = Traffic::new();
    for connection in deployment.connections().values() {
        for chain in deployment.chains_of(connection) {
            for ports in &connection.ports {
                let legs = deployment.legs(connection, &chain, *ports);
                for (number, leg) in legs.into_iter().enumerate() {
                    let (from, to) = leg.ports;
                    let ports = if from == to { from.to_string() } else { format!("{from}-{to}") };
                    let ends = if by_leg {
                        [leg.from, leg.to]
                    } else {
                        let through = through(&chain);
                        let to = format!("{}{through}, leg {number}", connection.destination);
                        [connection.source.clone(), to]
                    };
                    let [source, destination] = ends;
                    let service = format!("{} {ports}", connection.fact.transport);
                    traffic.insert((source, destination, service));
                }
            }
        }
    }
    traffic
}

fn through(chain: &[String]) -> String {
    if chain.is_empty() { String::new() } else { format!(" through {}", chain.join(", ")) }
}

/// The edges of a graph in DOT, read from its text.
fn edges(dot: &str) -> Traffic {
    let mut edges = Traffic::new();
    for line in dot.lines().filter(|line| line.contains(" -> ")) {
        let parts: Vec<&str> = line.split('"').collect();
        let [_, source, _, destination, _, label, _] = parts.as_slice() else {
            panic!("no edge: {line}")
        };
        for service in label.split("\\n") {
            edges.insert(((*source).to_owned(), (*destination).to_owned(), service.to_owned()));
        }
    }
    edges
}

/// What the description of an SVG says, which is read to those who can't see it.
fn sentences(svg: &str) -> Traffic {
    let about = svg.split_once("<desc ").expect("a description").1;
    let about = about.split_once('>').expect("its text").1;
    let about = about.split_once("</desc>").expect("its end").0;
    let mut traffic = Traffic::new();
    for sentence in about.split("; ").filter(|sentence| !sentence.is_empty()) {
        let (ends, services) = sentence.split_once(": ").expect("services");
        let services = services.trim_end_matches(" (not printed in the document)");
        let (source, destination) = ends.split_once(" to ").expect("two ends");
        let hops = destination.split_once(" through ").map(|(_, hops)| hops.split(", "));
        let hops: Vec<&str> = hops.into_iter().flatten().collect();
        let mut parts = services.split(", behind ");
        let mut carried = parts.next().expect("what is sent");
        let mut changed: Vec<(&str, &str)> =
            parts.map(|part| part.split_once(' ').expect("services behind")).collect();
        for number in 0..=hops.len() {
            // What is not said again goes on.
            if number > 0 && changed.first().is_some_and(|(hop, _)| *hop == hops[number - 1]) {
                carried = changed.remove(0).1;
            }
            for service in carried.split(", ") {
                let to = format!("{destination}, leg {number}");
                traffic.insert((source.to_owned(), to, service.to_owned()));
            }
        }
        assert!(changed.is_empty(), "{sentence}");
    }
    traffic
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn every_connection_is_drawn_and_nothing_else(deployment in deployments()) {
        let value = deployment.value();
        prop_assert_eq!(edges(&drawn(&value, "dot")), asked_for(&deployment, true));
        let asked = asked_for(&deployment, false);
        for format in ["svg", "grid"] {
            prop_assert_eq!(&sentences(&drawn(&value, format)), &asked);
        }
    }
}

#[test]
fn zones_are_labels_of_the_users_else_those_of_the_roles() {
    let deployment = value!({
        "endpoints": {
            "app": { "roles": ["master_stack", "sql_master"], "cidrs": ["10.0.0.1/32"] },
            "db": { "roles": ["sql_responses"], "zone": "vpc <eu>", "cidrs": ["10.0.0.2/32"] },
            "pc": { "roles": ["browser"], "cidrs": ["10.1.0.0/16"] },
        },
    });
    let dot = drawn(&deployment, "dot");
    let labels: Vec<&str> =
        dot.lines().filter_map(|line| line.strip_prefix("    label=")).collect();
    assert_eq!(labels, ["\"users\";", "\"servers\";", "\"vpc <eu>\";"]);
    assert!(drawn(&deployment, "svg").contains("vpc &lt;eu&gt;"));
}

#[test]
fn mistakes_in_both_arguments_are_reported_together() {
    let deployment = value!({
        "endpoints": { "app": { "roles": ["master_stak"], "zone": " ", "cidrs": ["10.0.0.1/32"] } },
    });
    let error = draw(&deployment, &Value::from("mermiad")).expect_err("three mistakes");
    for part in
        ["endpoints[\"app\"].roles[0]", "endpoints[\"app\"].zone", "Did you mean \"mermaid\"?"]
    {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
}

#[test]
fn what_is_unknown_leaves_the_picture_unknown() {
    let deployment = settings::single_server();
    assert!(draw(&deployment, &Value::UNKNOWN).expect("no mistake").is_unknown());
    let open = value!({
        "endpoints": {
            "app": { "roles": ["master_stack"], "security_group_id": (Value::UNKNOWN) },
            "pc": { "roles": ["browser"], "zone": (Value::UNKNOWN), "cidrs": ["10.1.0.0/16"] },
        },
    });
    let Value::Map(mut parts) = open.clone() else { panic!("an object") };
    for format in FORMATS {
        assert!(draw(&open, &Value::from(format)).expect(format).is_unknown(), "{format}");
    }
    // Ids are no part of a picture.
    if let Some(Value::Map(endpoints)) = parts.get_mut("endpoints")
        && let Some(Value::Map(browser)) = endpoints.get_mut("pc")
    {
        browser.remove("zone");
    }
    assert!(!draw(&Value::Map(parts), &Value::from("dot")).expect("dot").is_unknown());
}
