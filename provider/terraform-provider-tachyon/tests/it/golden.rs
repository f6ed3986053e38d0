//! Whole answers for realistic installations, as tables for a person to read.

use expect_test::{ExpectFile, expect_file};
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::facts::VERSIONS;
use crate::settings;

/// Rows of text with their columns under each other.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// What is there of several attributes of which one is not null.
fn one_of(rule: &Value, names: &[&str]) -> String {
    let written = |value: &Value| match value {
        Value::List(_) => value.texts().join(" "),
        value => value.text().to_owned(),
    };
    names
        .iter()
        .filter_map(|name| rule.at(name).optional())
        .map(written)
        .collect::<Vec<_>>()
        .join(" ")
}

fn connections(deployment: &Value) -> String {
    let told = answer("connections", deployment);
    let mut text =
        format!("topologies: {}\n\nconnections\n", told.at("topologies").texts().join(", "));
    let rows = told.at("connections").map().values().map(|connection| {
        let text = |name: &str| connection.at(name).text().to_owned();
        let mark = if connection.at("documented") == &Value::from(true) { "" } else { "inferred" };
        let ends = format!("{} -> {}", text("source"), text("destination"));
        let service = format!("{} {}", text("protocol"), connection.at("ports").texts().join(","));
        let citations = connection.at("citations").texts().join(" ");
        vec![text("flow"), ends, service, text("application"), citations, mark.to_owned()]
    });
    text.push_str(&table(&rows.collect::<Vec<_>>()));
    text.push_str("\nunresolved\n");
    let rows = told.at("unresolved").list().iter().map(|one| {
        let text = |name: &str| one.at(name).text().to_owned();
        vec![
            text("flow"),
            text("endpoint"),
            format!("needs {}", text("missing_role")),
            one.at("citations").texts().join(" "),
        ]
    });
    text.push_str(&table(&rows.collect::<Vec<_>>()));
    text.push_str("\nwarnings\n");
    let rows = told.at("warnings").list().iter().map(|warning| {
        let text = |name: &str| warning.at(name).text().to_owned();
        vec![text("id"), text("endpoint"), text("summary")]
    });
    text.push_str(&table(&rows.collect::<Vec<_>>()));
    text
}

fn security_groups(deployment: &Value) -> String {
    let told = answer("security_group_rules", deployment);
    let mut text = String::new();
    for (name, endpoint) in told.at("endpoints").map() {
        for direction in ["ingress", "egress"] {
            let usage = endpoint.at("usage").at(direction);
            let count = |name: &str| usage.at(name).number();
            let used =
                format!("ipv4 {} ipv6 {} of {}", count("ipv4"), count("ipv6"), count("limit"));
            text.push_str(&format!("\nAWS {name} {direction} ({used})\n"));
            let rows = endpoint.at(direction).map().iter().map(|(key, rule)| {
                let sources =
                    ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
                vec![key.clone(), one_of(rule, &sources), rule.at("description").text().to_owned()]
            });
            text.push_str(&table(&rows.collect::<Vec<_>>()));
        }
    }
    text
}

fn network_security(deployment: &Value) -> String {
    let told = answer("network_security_rules", deployment);
    let mut text = String::new();
    for (name, endpoint) in told.at("endpoints").map() {
        text.push_str(&format!("\nAzure {name}\n"));
        let rows = endpoint.at("rules").map().iter().map(|(key, rule)| {
            let side = |side: &str| {
                let forms =
                    ["address_prefix", "address_prefixes", "application_security_group_ids"];
                one_of(
                    rule,
                    &forms.map(|form| format!("{side}_{form}")).each_ref().map(String::as_str),
                )
            };
            let access = format!("{} {}", rule.at("priority").number(), rule.at("access").text());
            let service = format!(
                "{} {}",
                rule.at("protocol").text(),
                rule.at("destination_port_range").text()
            );
            let ends = format!("{} -> {}", side("source"), side("destination"));
            vec![
                access,
                key.clone(),
                rule.at("name").text().to_owned(),
                service,
                ends,
                rule.at("description").text().to_owned(),
            ]
        });
        let mut rows: Vec<Vec<String>> = rows.collect();
        rows.sort_by_key(|row| (!row[1].starts_with("inbound"), format!("{:>12}", row[0])));
        text.push_str(&table(&rows));
    }
    text
}

fn check(deployment: &Value, file: ExpectFile) {
    let text = [connections(deployment), security_groups(deployment), network_security(deployment)]
        .concat();
    file.assert_eq(&text);
}

#[test]
fn single_server() {
    check(&settings::single_server(), expect_file!["golden/single_server.txt"]);
}

#[test]
fn remote_stacks() {
    check(&settings::remote_stacks(), expect_file!["golden/remote_stacks.txt"]);
}

#[test]
fn remote_catalog() {
    check(&settings::remote_catalog(), expect_file!["golden/remote_catalog.txt"]);
}

/// One file a version, so that the next version changes nothing of what users of the last one have in their state.
#[test]
fn everything_of_each_version() {
    for version in VERSIONS {
        let file = expect_file![format!("golden/everything-{version}.txt")];
        check(&settings::everything(version), file);
    }
}
