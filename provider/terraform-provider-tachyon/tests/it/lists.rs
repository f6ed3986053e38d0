//! Prefix lists to create: the same rules, with a peer's CIDRs under one name.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::generate::deployments;

/// The deployment with an option of AWS set.
fn with_option(deployment: Value, name: &str, value: Value) -> Value {
    let Value::Map(mut deployment) = deployment else { panic!("a deployment is an object") };
    let object = |value: Option<Value>| match value {
        Some(Value::Map(map)) => map,
        _ => BTreeMap::new(),
    };
    let mut options = object(deployment.remove("options"));
    let mut aws = object(options.remove("aws"));
    aws.insert(name.to_owned(), value);
    options.insert("aws".to_owned(), Value::Map(aws));
    deployment.insert("options".to_owned(), Value::Map(options));
    Value::Map(deployment)
}

/// Protocol, ports and source of a rule; one for each entry where it refers to a list.
fn admitted(rule: &Value, lists: &Value) -> BTreeSet<(String, i64, i64, String)> {
    let sources: Vec<String> = match rule.at("prefix_list").optional() {
        Some(key) => {
            let kinds =
                ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
            assert!(kinds.iter().all(|kind| rule.at(kind).is_null()), "one source: {rule:?}");
            let entries = lists.at(key.text()).at("entries").list();
            entries.iter().map(|entry| entry.at("cidr").text().to_owned()).collect()
        }
        None => ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]
            .iter()
            .filter_map(|kind| rule.at(kind).optional().map(|value| value.text().to_owned()))
            .collect(),
    };
    let (from, to) = (rule.at("from_port").number(), rule.at("to_port").number());
    let protocol = rule.at("ip_protocol").text();
    sources.into_iter().map(|source| (protocol.to_owned(), from, to, source)).collect()
}

fn all_admitted(rules: &Value, lists: &Value) -> BTreeSet<(String, i64, i64, String)> {
    rules.map().values().flat_map(|rule| admitted(rule, lists)).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_list_admits_what_its_entries_would(deployment in deployments()) {
        // Lists count for more rules than their entries; the quota is not this test's matter.
        let wide = |value| with_option(with_option(value, "rules_per_group", 1000.into()), "groups_per_interface", 1.into());
        let plain = with_option(wide(deployment.value()), "groups", 1.into());
        let Value::Map(mut endpoints) = plain.at("endpoints").clone() else { unreachable!() };
        for endpoint in endpoints.values_mut() {
            if let Value::Map(endpoint) = endpoint {
                endpoint.remove("security_groups");
            }
        }
        let Value::Map(mut plain) = plain else { unreachable!() };
        plain.insert("endpoints".to_owned(), Value::Map(endpoints));
        let plain = Value::Map(plain);
        let without = answer("security_group_rules", &plain);
        let with = answer("security_group_rules", &with_option(plain, "prefix_lists", true.into()));
        prop_assert!(without.at("prefix_lists").map().is_empty());
        let lists = with.at("prefix_lists");
        for (key, list) in lists.map() {
            let entries = list.at("entries").list();
            let most = list.at("max_entries").number();
            prop_assert!(entries.len() > 1);
            prop_assert!(most % 5 == 0 && most >= i64::try_from(entries.len()).unwrap() * 5 / 4);
            let family = list.at("address_family").text();
            let part = family.to_ascii_lowercase();
            prop_assert_eq!(key, &format!("{}/{part}", list.at("endpoint").text()));
            prop_assert!(entries.iter().all(|entry| entry.at("cidr").text().contains(':') == (family == "IPv6")));
        }
        for (name, rules) in with.at("endpoints").map() {
            for side in ["ingress", "egress"] {
                let expected = all_admitted(without.at("endpoints").at(name).at(side), lists);
                prop_assert_eq!(all_admitted(rules.at(side), lists), expected);
            }
        }
    }
}

#[test]
fn several_cidrs_become_one_rule_a_port() {
    let deployment = value!({
        "endpoints": {
            "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16", "10.3.0.0/16", "2001:db8::/48"] },
            "stack": { "roles": ["response_stack"], "security_group_id": "sg-1" }
        },
        "options": { "aws": { "prefix_lists": true } }
    });
    let told = answer("security_group_rules", &deployment);
    let keys: Vec<&String> = told.at("endpoints").at("stack").at("ingress").map().keys().collect();
    let expected = [
        "tcp-4000/2001:db8::/48",
        "tcp-4000/clients/ipv4",
        "tcp-443/2001:db8::/48",
        "tcp-443/clients/ipv4",
    ];
    assert_eq!(keys, expected);
    // Two lists of five entries at most, and two IPv6 rules.
    let usage = told.at("endpoints").at("stack").at("usage").at("ingress");
    assert_eq!((usage.at("ipv4").number(), usage.at("ipv6").number()), (10, 2));
}

#[test]
fn a_list_that_can_t_be_created_in_one_call_is_refused() {
    let of = |count: usize| {
        let cidrs: Vec<String> = (0..count).map(|number| format!("10.{number}.0.0/24")).collect();
        let cidrs = Value::List(cidrs.iter().map(|cidr| cidr.as_str().into()).collect());
        value!({
            "endpoints": {
                "clients": { "roles": ["client"], "cidrs": (cidrs) },
                "server": { "roles": ["response_stack"], "cidrs": ["10.255.0.1/32"] }
            },
            "options": { "aws": { "prefix_lists": true, "rules_per_group": 200 } }
        })
    };
    let told = answer("security_group_rules", &of(100));
    assert_eq!(told.at("prefix_lists").map().len(), 1);
    let words = [r#"endpoints["clients"].cidrs"#, "101 CIDRs", "at most 100", "then 101 of 100"];
    crate::refusals::refused("security_group_rules", &of(101), &words);
}
