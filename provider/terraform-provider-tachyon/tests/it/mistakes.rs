//! A configuration with many mistakes gives all of them at once, each with its place and a way out, through both skins.

use std::fmt::Write;

use expect_test::expect_file;
use tfplugin::{Config, Number, Value};

use crate::answer::{PROVIDER, ask};
use crate::facts::VERSION;
use crate::functions::FUNCTIONS;

/// More than thirty mistakes, each of another kind or at another depth.
fn mistaken() -> Value {
    let fraction = Value::Number(Number::parse("443.5").expect("a number"));
    value!({
        "matrix_version": VERSION,
        "endpont": {},
        "endpoints": {
            "master": {
                "roles": ["master_stak"],
                "cidr": ["10.0.0.1/32"],
                "cidrs": ["10.0.0.1/32"],
            },
            "response": {
                "roles": ["response_stack", "response_stack"],
                "cidrs": ["10.1.2.3/16", "10.2.0.1", "10.3.0.0/33", "2001:db8::1/32", "10.4.0.0/16", "10.4.0.0/16"],
                "ports": { "switches": [4000, 4001], "htps": 443, "https": 70000, "sql": 1433 },
                "talks_to": { "dmz_sever": ["dmz"], "dmz_server": ["dmzz"], "client": ["dmz"] },
            },
            "dmz": {
                "roles": ["dmz_server"],
                "cidrs": "10.5.0.0/16",
                "ports": { "switches": ["four thousand"], "https": (fraction) },
                "security_group_id": "sg-0shared",
            },
            "clients": { "roles": ["client"], "cidrs": ["10.6.0.0/16"], "security_group_id": "sg-0shared" },
            "lists": {
                "roles": ["browser"],
                "prefix_lists": { "corp": { "id": "pl-0", "max_entrys": 3 }, "more": { "max_entries": 0 } },
            },
            "no roles": { "cidrs": ["10.7.0.0/16"] },
            "nobody": null,
        },
        "exclude_flows": ["client_p2pp", "client_p2p", "client_p2p"],
        "options": {
            "merge_cidr": true,
            "keep_master_catalog_ui": "yes",
            "aws": { "rules_per_group": 0, "groups": 3, "groups_per_interface": 2, "rule": 1 },
            "azure": { "deny_al": true },
        },
    })
}

/// A configuration as a data source gets it: only attributes that its schema has, as Terraform itself refuses others.
fn config(value: &Value) -> Config {
    let Value::Map(attributes) = value else { panic!("no object: {value:?}") };
    let known =
        |name: &str| ["matrix_version", "endpoints", "exclude_flows", "options"].contains(&name);
    attributes
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[test]
fn all_are_told_at_once_by_a_function() {
    let error = ask("security_group_rules", &mistaken()).expect_err("many mistakes");
    let count = error.text.matches("\n\n  - ").count();
    assert!(count >= 33, "only {count} mistakes are told");
    assert!(
        error.text.starts_with(&format!("found {count} mistakes.")),
        "the number is another: {}",
        error.text
    );
    expect_file!["golden/mistakes_function.txt"].assert_eq(&error.text);
}

#[test]
fn all_are_told_at_once_by_a_data_source() {
    let source = PROVIDER
        .data_source("tachyon_network_security_rules")
        .expect("tachyon_network_security_rules");
    let found = source.validate(&config(&mistaken()));
    assert!(found.len() >= 32, "only {} mistakes are told", found.len());
    assert_eq!(
        source.read(&config(&mistaken())).diagnostics,
        found,
        "reading tells what validating told"
    );
    let mut text = String::new();
    for diagnostic in found {
        let path = diagnostic.path.expect("every mistake has a place");
        let (summary, detail) = (diagnostic.summary, diagnostic.detail.replace('\n', "\n    "));
        write!(text, "{path}\n  {summary}\n    {detail}\n\n").expect("a string takes everything");
    }
    expect_file!["golden/mistakes_data_source.txt"].assert_eq(&text);
}

#[test]
fn each_function_tells_them() {
    for function in FUNCTIONS.iter().copied() {
        let error = ask(function, &mistaken()).expect_err("many mistakes");
        assert!(error.text.matches("\n\n  - ").count() >= 25, "{function}: {}", error.text);
    }
}
