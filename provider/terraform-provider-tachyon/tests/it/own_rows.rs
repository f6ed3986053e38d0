//! Rows of the user's own, one by one: what they promise like documented ones, and what is refused.

use std::collections::BTreeMap;

use tfplugin::Value;

use crate::answer::{Read, answer, ask};
use crate::functions::FUNCTIONS;
use crate::tree::replaced;

/// An installation with a directory, and one row towards it with the attributes of `flow`.
fn with_directory(flow: Value) -> Value {
    let Value::Map(more) = flow else { unreachable!() };
    let Value::Map(mut flow) = value!({
        "source": "master_stack", "destination": "domain_controller", "protocol": "tcp",
        "ports": [1433, "49152-65535"], "purpose": "Look-ups", "citation": "site/ad-1", "priority": 3400,
    }) else {
        unreachable!()
    };
    flow.extend(more);
    value!({
        "endpoints": {
            "tachyon": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.0/24"] },
            "sql": { "roles": ["sql_master", "domain_controller"], "cidrs": ["10.0.1.0/24"] },
        },
        "additions": {
            "roles": { "domain_controller": { "title": "Domain controller" } },
            "flows": { "master_to_directory": (Value::Map(flow)) },
        },
    })
}

#[test]
fn an_own_row_folds_with_a_documented_one_and_both_are_cited() {
    let told = answer("security_group_rules", &with_directory(value!({})));
    let rule = told.at("endpoints").at("sql").at("ingress").at("tcp-1433/10.0.0.0/24");
    assert_eq!(rule.at("flows").texts(), ["master_to_directory", "master_to_sql_master"]);
    assert_eq!(rule.at("documented"), &Value::from(false));
    let description = rule.at("description").text();
    for word in ["partly own", "site/ad-1", "single-server/servers/12"] {
        assert!(description.contains(word), "{word}: {description}");
    }
    let alone = told.at("endpoints").at("sql").at("ingress").at("tcp-49152-65535/10.0.0.0/24");
    assert_eq!(
        alone.at("description").text(),
        "1E Tachyon 8.1, own: master_to_directory from tachyon [site/ad-1]"
    );
}

#[test]
fn an_own_row_has_its_own_priorities() {
    let told = answer("network_security_rules", &with_directory(value!({ "priority": 3560 })));
    let rules = told.at("endpoints").at("tachyon").at("rules");
    let number = |port: &str| {
        let key = format!("outbound/master_to_directory/{port}/ipv4");
        rules.at(&key).at("priority").number()
    };
    assert_eq!((number("1433"), number("49152-65535")), (3560, 3564));
    assert_eq!(
        rules.at("outbound/master_to_directory/1433/ipv4").at("description").text(),
        "1E Tachyon 8.1, own: master_to_directory [site/ad-1]"
    );
}

#[test]
fn azure_alone_needs_a_priority() {
    let deployment = with_directory(value!({ "priority": null }));
    answer("connections", &deployment);
    answer("security_group_rules", &deployment);
    let error = ask("network_security_rules", &deployment).expect_err("no priority");
    assert!(error.text.contains(r#"additions.flows["master_to_directory"].priority"#), "{error}");
    for (priority, word) in [(3300, "3400 to 4076"), (3399, "3400 to 4076"), (4077, "3400 to 4076")]
    {
        for function in FUNCTIONS.iter().copied() {
            let error = ask(function, &with_directory(value!({ "priority": (priority) })))
                .expect_err("a priority that is not free");
            assert!(error.text.contains(word), "{error}");
        }
    }
    answer("network_security_rules", &with_directory(value!({ "priority": 4076 })));
}

#[test]
fn a_setting_moves_the_ports_and_meets_documented_ones() {
    let with = |ports: Value| {
        let deployment = with_directory(value!({ "setting": "ldap", "ports": [389, 636] }));
        let way: Vec<String> = ["endpoints", "sql", "ports"].map(str::to_owned).to_vec();
        let endpoint = deployment.at("endpoints").at("sql");
        let Value::Map(mut endpoint) = endpoint.clone() else { unreachable!() };
        endpoint.insert("ports".to_owned(), Value::Null);
        let deployment = replaced(&deployment, &way[..2], &Value::Map(endpoint));
        replaced(&deployment, &way, &ports)
    };
    let ports = |deployment: &Value| {
        let told = answer("connections", deployment);
        let connection = told.at("connections").at("master_to_directory/tachyon/sql").clone();
        connection.at("ports").texts().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ports(&with(Value::Null)), ["389", "636"]);
    assert_eq!(ports(&with(value!({ "ldap": 10389 }))), ["10389"]);
    let error = ask("connections", &with(value!({ "ldap": 1433 }))).expect_err("two listeners");
    assert!(error.text.contains(r#"endpoints["sql"].ports.ldap"#), "{error}");
    assert!(error.text.contains("site/ad-1"), "{error}");
}

#[test]
fn own_rows_may_be_excluded_and_are_unresolved_like_others() {
    let Value::Map(mut deployment) = with_directory(value!({})) else { unreachable!() };
    deployment.insert("exclude_flows".to_owned(), value!(["master_to_directory"]));
    let told = answer("connections", &Value::Map(deployment.clone()));
    let left_out: Vec<&str> =
        told.at("left_out").list().iter().map(|one| one.at("flow").text()).collect();
    assert_eq!(left_out, ["master_to_directory"]);
    let Some(Value::Map(endpoints)) = deployment.get_mut("endpoints") else { unreachable!() };
    endpoints.remove("sql");
    deployment.remove("exclude_flows");
    let told = answer("connections", &Value::Map(deployment));
    let own = told
        .at("unresolved")
        .list()
        .iter()
        .find(|one| one.at("flow").text() == "master_to_directory");
    let own = own.expect("the row");
    assert_eq!(own.at("missing_role").text(), "domain_controller");
    assert_eq!(own.at("citations").texts(), ["site/ad-1"]);
}

/// Twenty mistakes, one in each row or role: its attribute with the nearest name or what is accepted.
#[test]
fn twenty_mistakes_in_own_rows_are_twenty_errors() {
    let flow = |more: Value| {
        let Value::Map(more) = more else { unreachable!() };
        let Value::Map(mut flow) = value!({
            "source": "master_stack", "destination": "directory", "protocol": "tcp",
            "ports": [389], "purpose": "Look-ups", "citation": "site/ad-1",
        }) else {
            unreachable!()
        };
        flow.extend(more);
        Value::Map(flow)
    };
    let flows: [(&str, Value, &str, &str); 15] = [
        ("a", flow(value!({ "source": "master_stak" })), ".source", "master_stack"),
        ("b", flow(value!({ "destination": "directry" })), ".destination", "directory"),
        ("c", flow(value!({ "protocol": "tpc" })), ".protocol", "tcp"),
        ("d", flow(value!({ "ports": [70000] })), ".ports[0]", "65535"),
        ("e", flow(value!({ "ports": ["9-8"] })), ".ports[0]", "9-8"),
        ("f", flow(value!({ "ports": [] })), ".ports", "at least one port"),
        ("g", flow(value!({ "ports": [1, 1] })), ".ports[1]", "twice"),
        ("h", flow(value!({ "purpose": " " })), ".purpose", "not all of them blank"),
        ("i", flow(value!({ "citation": "dmz/4" })), ".citation", "site/dmz/4"),
        ("j", flow(value!({ "purpose": null })), ".purpose", "missing"),
        ("k", flow(value!({ "purpos": "x" })), ".purpos", "purpose"),
        ("l", flow(value!({ "setting": "sql_named_instance" })), ".setting", "true or false"),
        ("m", flow(value!({ "priority": 300 })), ".priority", "3400"),
        ("N", flow(value!({})), "", "lower-case"),
        ("client_p2p", flow(value!({})), "", "already"),
    ];
    let roles: [(&str, Value, &str, &str); 5] = [
        ("client", value!({ "title": "x" }), "", "already"),
        ("x-y", value!({ "title": "x" }), "", "lower-case"),
        ("p", value!({ "title": "" }), ".title", "not all of them blank"),
        ("q", value!({ "title": "x", "zone": "service" }), ".zone", "services"),
        ("r", value!({ "titel": "x", "title": "x" }), ".titel", "title"),
    ];
    let map = |entries: &[(&str, Value, &str, &str)]| {
        entries
            .iter()
            .map(|(name, value, ..)| ((*name).to_owned(), value.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let mut declared = map(&roles);
    declared.insert("directory".to_owned(), value!({ "title": "Directory" }));
    let additions =
        Value::from([("roles", Value::Map(declared)), ("flows", Value::Map(map(&flows)))]);
    let Value::Map(deployment) = value!({
        "endpoints": { "a": { "roles": ["browser"], "cidrs": ["10.0.0.0/8"] } },
        "additions": (additions),
    }) else {
        unreachable!()
    };
    let places = |kind: &str, entries: &[(&str, Value, &str, &str)]| {
        let place = |(name, _, rest, word): &(&str, Value, &str, &str)| {
            (format!("additions.{kind}[\"{name}\"]{rest}: "), (*word).to_owned())
        };
        entries.iter().map(place).collect::<Vec<_>>()
    };
    let expected = [places("flows", &flows), places("roles", &roles)].concat();
    for function in ["connections", "security_group_rules"] {
        let error = ask(function, &Value::Map(deployment.clone())).expect_err("twenty mistakes");
        assert!(error.text.starts_with("found 20 mistakes."), "{error}");
        for (place, word) in &expected {
            let told = error.text.split("\n\n  - ").find(|told| told.starts_with(place.as_str()));
            let told = told.unwrap_or_else(|| panic!("nothing at {place}: {error}"));
            assert!(told.contains(word), "no {word:?} in {told}");
        }
        let source =
            crate::answer::PROVIDER.data_source(&format!("tachyon_{function}")).expect("it");
        let found = source.validate(&tfplugin::Config::from_iter(deployment.clone()));
        assert_eq!(found.len(), 20, "{found:?}");
        assert!(found.iter().all(|one| one.path.is_some()), "{found:?}");
    }
}

/// A pin to a number of another row's band would only move what has no room.
#[test]
fn no_number_of_an_own_row_is_proposed_for_a_pin() {
    let ports: Vec<i64> = (1..=21).collect();
    let full =
        |first: i64| with_directory(value!({ "priority": (first), "ports": (ports.clone()) }));
    for (first, proposed) in [(4000, ["= 4020`", "= 4021`"]), (3400, ["= 4000`", "= 4001`"])] {
        let error = ask("network_security_rules", &full(first)).expect_err("a band that is full");
        for proposed in proposed {
            assert!(error.text.contains(proposed), "{proposed}: {error}");
        }
        assert_eq!(error.text.contains("= 4000`"), first != 4000, "{error}");
    }
}
