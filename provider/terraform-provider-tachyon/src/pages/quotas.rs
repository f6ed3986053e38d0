//! The guide to AWS's quotas: its counts are what the provider answers for the enterprise example.

use std::collections::BTreeMap;

use tfplugin::Value;

use super::markers::{hold, table};
use super::text;
use crate::answer::{Read, answer};

#[test]
fn the_guide_shows_how_many_rules_there_are() {
    hold("aws-quotas", &[("spreading", spreading()), ("counts", counts())]);
}

/// Rules that a group holds by default. Source: Amazon VPC quotas.
const EC2_DEFAULT: i64 = 60;

/// The table that the test of spreading holds to what it measured.
fn spreading() -> String {
    let tests = text("provider/terraform-provider-tachyon/src/platform/aws/spread/tests.rs");
    let (_, rest) = tests.split_once("expect![[r#\"").expect("the measured table");
    let (measured, _) = rest.split_once("\"#]]").expect("the end of the table");
    let rows = measured.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split_whitespace().filter(|cell| *cell != "%").collect();
        let [groups, first, low, high] = cells.as_slice() else { return None };
        groups.parse::<u32>().ok()?;
        Some([(*groups).to_owned(), format!("{first} %"), (*low).to_owned(), (*high).to_owned()])
    });
    table(["Groups", "Full at the first move", "Moves per new rule below 90 %", "From 90 %"], rows)
}

/// The direction with more rules, for every endpoint that has groups.
fn counts() -> String {
    let enterprise =
        |options: &[(&str, Value)]| answer("security_group_rules", &enterprise(options));
    let plain = enterprise(&[]);
    let merged = enterprise(&[("merge_cidrs", Value::Bool(true))]);
    let lists = enterprise(&[("prefix_lists", Value::Bool(true))]);
    let rows = plain.at("endpoints").map().iter().filter(|(name, _)| has_groups(name)).map(
        |(name, rules)| {
            let count = |side: &str| rules.at(side).map().len();
            let side = if count("ingress") >= count("egress") { "ingress" } else { "egress" };
            let usage = rules.at("usage").at(side);
            let groups = usage.at("groups").list();
            let cells = |answer: &Value| {
                let rules = answer.at("endpoints").at(name);
                let usage = rules.at("usage").at(side);
                let used = usage.at("ipv4").number().max(usage.at("ipv6").number());
                let count = rules.at(side).map().len();
                format!(
                    "{count} {}, {used} of {}",
                    if count == 1 { "rule" } else { "rules" },
                    EC2_DEFAULT * i64::try_from(groups.len()).expect("few")
                )
            };
            let [plain, merged, lists] = [&plain, &merged, &lists].map(cells);
            [format!("`{name}`"), side.to_owned(), groups.len().to_string(), plain, merged, lists]
        },
    );
    table(["Endpoint", "Direction", "Groups", "As it is", "Merged", "With prefix lists"], rows)
}

fn deployment() -> Value {
    let text = text("examples/enterprise/deployment.json");
    value(serde_json::from_str(&text).expect("JSON"))
}

fn has_groups(endpoint: &str) -> bool {
    deployment().at("endpoints").at(endpoint).map().contains_key("security_groups")
}

/// The deployment with these options, and with an id for the first group of everyone who has one. Groups are large
/// enough for every case: the guide tells what is used.
fn enterprise(options: &[(&str, Value)]) -> Value {
    let mut deployment = deployment().map().clone();
    if let Some(Value::Map(endpoints)) = deployment.get_mut("endpoints") {
        for (name, endpoint) in endpoints {
            let Value::Map(endpoint) = endpoint else { panic!("an object") };
            if endpoint.contains_key("security_groups") {
                endpoint.insert("security_group_id".to_owned(), format!("sg-{name}").into());
            }
        }
    }
    let mut all = BTreeMap::new();
    let mut aws = BTreeMap::from([
        ("rules_per_group".to_owned(), Value::from(200)),
        ("groups_per_interface".to_owned(), Value::from(5)),
    ]);
    for (name, value) in options {
        let options = if *name == "prefix_lists" { &mut aws } else { &mut all };
        options.insert((*name).to_owned(), value.clone());
    }
    all.insert("aws".to_owned(), Value::Map(aws));
    deployment.insert("options".to_owned(), Value::Map(all));
    Value::Map(deployment)
}

/// JSON as Terraform's `jsondecode` reads it.
fn value(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => Value::from(number.as_i64().expect("a whole number")),
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(elements) => {
            Value::List(elements.into_iter().map(value).collect())
        }
        serde_json::Value::Object(elements) => {
            Value::Map(elements.into_iter().map(|(name, element)| (name, value(element))).collect())
        }
    }
}
