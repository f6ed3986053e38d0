//! The guide to Azure's priorities: its tables are what the provider answers for one endpoint of each role and kind.

use std::collections::BTreeMap;

use portmatrix::matrix::{Flow, Matrix, PLATFORM_NUMBER, ParameterKind, Role, versions};
use tfplugin::Value;

use super::markers::{hold, table};
use super::matrix::{ALWAYS_FREE, first_free};
use crate::answer::{Read, answer};
use crate::platform::azure::priority::{self, LOWEST_OF_USERS};

/// The parts of which the guide shows the priorities.
const PARTS: [&str; 4] = ["ipv4", "ipv6", "groups", "tag-internet"];
/// The highest number that a rule of the user's own may have, below `deny_all`.
const LAST_OF_USERS: i64 = LOWEST_OF_USERS as i64;
const BAND: i64 = priority::BAND as i64;

#[test]
fn the_guide_shows_the_priorities_that_rules_have() {
    let matrix = Matrix::newest();
    let priorities = priorities(matrix);
    let parts = [
        ("bands", bands(matrix, &priorities)),
        ("layout", layout()),
        ("free range", free_range(&priorities)),
    ];
    hold("azure-priorities", &parts);
}

/// The priority of every rule, by its key without the direction.
///
/// Fails where one key has two priorities, whatever the endpoint: that is what the guide promises.
fn priorities(matrix: &Matrix) -> BTreeMap<String, i64> {
    let answer = answer("network_security_rules", &deployment(matrix));
    let mut priorities = BTreeMap::new();
    for endpoint in answer.at("endpoints").map().values() {
        for (key, rule) in endpoint.at("rules").map() {
            let (_, key) = key.split_once('/').expect("a direction and a rest");
            let priority = rule.at("priority").number();
            let before = priorities.insert(key.to_owned(), priority);
            assert_eq!(before.unwrap_or(priority), priority, "{key}");
        }
    }
    priorities
}

/// An endpoint for each role and kind of address, every overlay, every flag set, and what denies the rest.
fn deployment(matrix: &Matrix) -> Value {
    let mut endpoints = BTreeMap::new();
    for (number, role) in (1..).zip(&matrix.roles) {
        let id = format!("/applicationSecurityGroups/{}", role.id);
        let addresses = [
            ("cidrs", Value::from(vec![format!("10.{number}.0.0/16").as_str()])),
            ("cidrs", Value::from(vec![format!("2001:db8:{number:x}::/48").as_str()])),
            ("application_security_group_ids", Value::from(vec![id.as_str()])),
            ("service_tag", Value::from("Internet")),
        ];
        for (part, (attribute, address)) in PARTS.iter().zip(addresses) {
            let roles = Value::from(vec![role.id.as_str()]);
            let endpoint = [("roles", roles), ("ports", flags(matrix, role)), (attribute, address)];
            endpoints.insert(format!("{}-{part}", role.id), Value::from(endpoint));
        }
    }
    let azure = Value::from([("deny_all", Value::Bool(true))]);
    let mut options = BTreeMap::from([("azure".to_owned(), azure)]);
    let replaced = matrix.flows.iter().filter_map(|flow| flow.replaced_in.as_ref());
    options.extend(replaced.map(|it| (it.keep_option.clone(), Value::Bool(true))));
    Value::from([("endpoints", Value::Map(endpoints)), ("options", Value::Map(options))])
}

fn flags(matrix: &Matrix, role: &Role) -> Value {
    let flags = matrix.parameters.iter().filter(|parameter| {
        parameter.kind == ParameterKind::Flag && matrix.role_id(parameter.role) == role.id
    });
    Value::Map(flags.map(|flag| (flag.attribute.clone(), Value::Bool(true))).collect())
}

fn bands(matrix: &Matrix, priorities: &BTreeMap<String, i64>) -> String {
    let of_flow = |flow: &Flow| -> Vec<[String; 8]> {
        let number = flow.number.expect("a number");
        let first = i64::from(number) * BAND;
        let row = |port: String| {
            let [ipv4, ipv6, groups, tag] = PARTS.map(|part| {
                let priority = priorities[&format!("{}/{port}/{part}", flow.id)];
                assert!((first..first + BAND).contains(&priority), "{}: {priority}", flow.id);
                priority.to_string()
            });
            let band = format!("{first}–{}", first + BAND - 1);
            [format!("`{}`", flow.id), number.to_string(), band, port, ipv4, ipv6, groups, tag]
        };
        matrix.default_ports(flow).iter().map(ToString::to_string).map(row).collect()
    };
    let flows = matrix.flows.iter().filter(|flow| !flow.host_local);
    let [ipv4, ipv6, groups, tag] = PARTS.map(|part| format!("`{part}`"));
    table(["Flow", "Ordinal", "Band", "Port", &ipv4, &ipv6, &groups, &tag], flows.flat_map(of_flow))
}

/// The layout of a band, as the code that computes places says it.
fn layout() -> String {
    let code = include_str!("../platform/azure/priority.rs");
    let lines = code.lines().filter_map(|line| line.strip_prefix("//! "));
    let table: Vec<&str> = lines.filter(|line| line.starts_with('|')).collect();
    assert!(table.len() > 2, "the layout is not where it was");
    table.join("\n").replacen("| places | rules |", "| Places | Rules |", 1)
}

/// What is free beside every embedded document, so that it is free whichever version a deployment names.
fn free_range(priorities: &BTreeMap<String, i64>) -> String {
    let embedded =
        versions().into_iter().map(|version| Matrix::of(version).expect(version).as_ref());
    let free = i64::from(first_free(embedded));
    let platform = i64::from(PLATFORM_NUMBER) * BAND;
    let (deny_all, load_balancer) =
        (priorities["deny_all"], priorities["allow_azure_load_balancer"]);
    assert!((platform..platform + BAND).contains(&load_balancer), "{load_balancer}");
    let mut others = priorities.values().filter(|priority| **priority != deny_all);
    assert!(others.all(|priority| *priority < free), "a rule stands in the free range");
    let taken = free - 1;
    let mut text = format!(
        "The provider uses {BAND} to {taken}. The band from {platform} is for rules that no flow asks for and `options.azure` adds; no flow ever \
         has its ordinal. `inbound/deny_all` and `outbound/deny_all` have {deny_all}.\n\n\
         **{free} to {LAST_OF_USERS} are free for your own rules.** So is the band of every flow that your deployment does not have."
    );
    let always = i64::from(ALWAYS_FREE);
    if free < always {
        let last = always - 1;
        text += &format!(
            "\n\nNew flows of a later version of the document get bands from {free} on, up to {last} at most. What you give to your own rules \
             there may have to move when you change `matrix_version`; **{always} to {LAST_OF_USERS} stay free with every version.**"
        );
    }
    text
}
