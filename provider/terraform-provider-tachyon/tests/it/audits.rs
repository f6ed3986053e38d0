//! What a function that gives rules returns is compliant when it is given back as what is there; and what is moved to another
//! group, or left out, is not.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, answer, call};
use crate::cases::cases;
use crate::generate::{deployments, direct_deployments};

const AWS: &str = "audit_security_group";
const AZURE: &str = "audit_network_security_group";

/// What an audit answers to arguments without mistakes.
fn audit(function: &str, arguments: &[Value]) -> Value {
    call(function, arguments).unwrap_or_else(|error| panic!("{error}"))
}

fn keys(list: &Value, attribute: &str) -> BTreeSet<String> {
    list.list().iter().map(|rule| rule.at(attribute).text().to_owned()).collect()
}

/// Nothing is missing, hidden or too much.
fn assert_compliant(found: &Value, what: &str) {
    for kind in ["missing", "shadowed", "extra", "without_effect"] {
        let rules = found.map().get(kind);
        assert!(rules.is_none_or(|rules| rules.list().is_empty()), "{what}: {kind}: {rules:?}");
    }
    assert_eq!(found.at("compliant"), &Value::Bool(true), "{what}");
}

/// The deployment with every endpoint that can be told from others in one of two shared groups.
fn grouped(
    deployment: &crate::model::Deployment,
    split: bool,
) -> (Value, BTreeMap<String, &'static str>) {
    let Value::Map(mut value) = deployment.value() else { unreachable!() };
    let Some(Value::Map(endpoints)) = value.get_mut("endpoints") else { unreachable!() };
    let mut members = BTreeMap::new();
    for (index, (name, endpoint)) in endpoints.iter_mut().enumerate() {
        if deployment.endpoints[name].application_security_group_ids.is_empty() {
            continue;
        }
        let Value::Map(endpoint) = endpoint else { unreachable!() };
        let group = if split && index % 2 == 0 { "even" } else { "odd" };
        endpoint.insert("network_security_group".to_owned(), group.into());
        members.insert(name.clone(), group);
    }
    (Value::Map(value), members)
}

/// A rule of EC2 as the data source has it, in the group that `name` gives for its number.
fn read_back(rule: &Value, id: String, egress: bool, name: impl Fn(i64) -> String) -> Value {
    let Value::Map(mut rule) = rule.clone() else { panic!("a rule is an object") };
    let group = rule["group"].number();
    for ours in ["group", "peer", "documented", "flows", "prefix_list"] {
        rule.remove(ours);
    }
    rule.insert("id".to_owned(), id.into());
    rule.insert("is_egress".to_owned(), egress.into());
    rule.insert("security_group_id".to_owned(), name(group).into());
    Value::Map(rule)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn network_security_rules_given_back_are_compliant(deployment in direct_deployments(), split in any::<bool>()) {
        let (deployment, members) = grouped(&deployment, split);
        let told = answer("network_security_rules", &deployment);
        for (name, group) in told.at("groups").map() {
            let found = audit(AZURE, &[deployment.clone(), name.as_str().into(), group.clone()]);
            assert_compliant(&found, name);
            prop_assert_eq!(keys(found.at("equal"), "key"), group.at("rules").map().keys().cloned().collect());
        }
        for (name, endpoint) in told.at("endpoints").map() {
            let found = audit(AZURE, &[deployment.clone(), name.as_str().into(), endpoint.clone()]);
            assert_compliant(&found, name);
            let Some(group) = members.get(name) else {
                prop_assert_eq!(keys(found.at("equal"), "key"), endpoint.at("rules").map().keys().cloned().collect());
                continue;
            };
            // The same endpoint in its group, with all that is there; and with nothing there, what is missing is its own.
            let all = told.at("groups").at(group).at("rules");
            assert_compliant(&audit(AZURE, &[deployment.clone(), name.as_str().into(), all.clone()]), name);
            let none = audit(AZURE, &[deployment.clone(), name.as_str().into(), value!([])]);
            let own = |key: &&String| key.ends_with(&format!("/{name}")) || key.matches('/').count() == 1;
            prop_assert_eq!(keys(none.at("missing"), "key"), all.map().keys().filter(own).cloned().collect());
        }
    }

    #[test]
    fn security_group_rules_given_back_are_compliant(deployment in deployments()) {
        let value = deployment.value();
        let told = answer("security_group_rules", &value);
        for (name, endpoint) in told.at("endpoints").map() {
            let arguments = |actual: Value| vec![value.clone(), name.as_str().into(), actual];
            let found = audit(AWS, &arguments(endpoint.clone()));
            assert_compliant(&found, name);
            let sides = ["ingress", "egress"];
            let rules = sides.map(|side| endpoint.at(side).map().len()).into_iter().sum::<usize>();
            prop_assert_eq!(found.at("equal").list().len(), rules);

            // As EC2 has them, in groups of which the user says the ids; then each in the next group.
            let count = i64::try_from(endpoint.at("usage").at("ingress").at("groups").list().len()).expect("few groups");
            let first = deployment.endpoints[name].security_group_id.clone().unwrap_or_else(|| "sg-first".to_owned());
            let id = |number: i64| if number == 0 { first.clone() } else { format!("sg-own-{number}") };
            let moved = |by: i64| -> Vec<Value> {
                let side = |side: &'static str| endpoint.at(side).map().iter().map(move |(key, rule)| (side, key, rule));
                let rules = sides.into_iter().flat_map(side);
                rules.map(|(side, key, rule)| {
                    read_back(rule, format!("{side} {key}"), side == "egress", |number| id((number + by) % count))
                }).collect()
            };
            let groups: Vec<Value> = (0..count).map(|number| id(number).into()).collect();
            let settings = value!({ "groups": groups });
            let mut with = arguments(moved(0).into());
            with.push(settings.clone());
            let found = audit(AWS, &with);
            assert_compliant(&found, name);
            prop_assert_eq!(found.at("equal").list().len(), rules);
            for pair in found.at("equal").list() {
                let documented = endpoint.at(pair.at("direction").text()).at(pair.at("key").text());
                prop_assert_eq!(pair.at("group"), documented.at("group"));
                prop_assert_eq!(pair.at("security_group_id").text(), id(documented.at("group").number()));
            }
            if count > 1 {
                let mut with = arguments(moved(1).into());
                with.push(settings);
                let found = audit(AWS, &with);
                assert_compliant(&found, name);
                prop_assert!(found.at("equal").list().is_empty());
            }

            // The same rules in groups of somebody else.
            let foreign = moved(0).into_iter().map(|rule| {
                let Value::Map(mut rule) = rule else { unreachable!() };
                rule.insert("security_group_id".to_owned(), "sg-foreign".into());
                Value::Map(rule)
            });
            let mut with = arguments(foreign.collect::<Vec<_>>().into());
            with.push(value!({ "groups": ((0..count).map(|number| Value::from(id(number))).collect::<Vec<_>>()) }));
            let found = audit(AWS, &with);
            prop_assert_eq!(found.at("without_effect").list().len(), rules);
            prop_assert_eq!(found.at("missing").list().len(), rules);
            prop_assert!(found.at("equal").list().is_empty() && found.at("extra").list().is_empty());
            prop_assert_eq!(found.at("compliant"), &Value::Bool(rules == 0));
        }
    }
}

#[test]
fn lists_that_are_to_be_created_are_compliant_when_given_back() {
    let deployment = value!({
        "endpoints": {
            "server": { "roles": ["response_stack"], "security_group_id": "sg-server" },
            "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/24", "10.2.0.0/24", "2001:db8::/48"] },
        },
        "options": { "aws": { "prefix_lists": true } },
    });
    let told = answer("security_group_rules", &deployment);
    for name in ["server", "clients"] {
        let rules = told.at("endpoints").at(name).clone();
        assert_compliant(&audit(AWS, &[deployment.clone(), name.into(), rules]), name);
    }
}

#[test]
fn a_name_is_that_of_an_endpoint_or_of_a_shared_group() {
    let deployment = value!({ "endpoints": {
        "server": { "roles": ["master_stack"], "cidrs": ["10.0.0.3/32"], "network_security_group": "subnet" },
        "sql": { "roles": ["sql_master"], "cidrs": ["10.0.0.4/32"] },
    } });
    let error =
        call(AZURE, &[deployment.clone(), "subnett".into(), value!([])]).expect_err("no such");
    assert_eq!(
        error.text,
        "endpoint: There is no endpoint \"subnett\". Did you mean \"subnet\"? Known: \"server\", \"sql\", \"subnet\"."
    );
    let found = audit(AZURE, &[deployment, "subnet".into(), value!([])]);
    assert_eq!(
        keys(found.at("missing"), "key"),
        BTreeSet::from(["outbound/master_to_sql_master/1433/ipv4/server".to_owned()])
    );
}
