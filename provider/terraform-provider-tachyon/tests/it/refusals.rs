//! One test for each kind of mistake: that it is refused, where, and with what to do about it.

use tfplugin::Value;

use crate::answer::{ask, bytes};
use crate::facts::{NO_VERSION, VERSIONS};

/// The text with which a function refuses a deployment that has one mistake; each of `words` must be in it.
#[track_caller]
pub(crate) fn refused(function: &str, deployment: &Value, words: &[&str]) {
    let error = ask(function, deployment).expect_err("a mistake");
    for word in words {
        assert!(error.text.contains(word), "no {word:?} in: {}", error.text);
    }
    assert!(!error.text.starts_with("found "), "one mistake, told as several: {}", error.text);
}

/// A deployment of one endpoint `a`.
pub(crate) fn alone(endpoint: Value) -> Value {
    value!({ "endpoints": { "a": (endpoint) } })
}

#[track_caller]
pub(crate) fn refused_anywhere(deployment: &Value, words: &[&str]) {
    for function in crate::functions::FUNCTIONS.iter().copied() {
        refused(function, deployment, words);
    }
}

#[test]
fn an_unknown_role_is_refused_with_the_nearest() {
    let deployment = alone(value!({ "roles": ["responce_stack"], "cidrs": ["10.9.0.0/16"] }));
    refused_anywhere(
        &deployment,
        &[r#"endpoints["a"].roles[0]"#, "responce_stack", "response_stack"],
    );
}

#[test]
fn a_role_must_not_be_repeated_and_there_must_be_one() {
    let twice = alone(value!({ "roles": ["client", "client"], "cidrs": ["10.9.0.0/16"] }));
    refused_anywhere(&twice, &[r#"endpoints["a"].roles[1]"#, "client"]);
    refused_anywhere(
        &alone(value!({ "roles": [], "cidrs": ["10.9.0.0/16"] })),
        &[r#"endpoints["a"].roles"#],
    );
    refused_anywhere(
        &alone(value!({ "roles": null, "cidrs": ["10.9.0.0/16"] })),
        &[r#"endpoints["a"].roles"#],
    );
    refused_anywhere(&alone(value!({ "cidrs": ["10.9.0.0/16"] })), &[r#"endpoints["a"]"#, "roles"]);
}

#[test]
fn a_misspelt_name_is_refused_at_every_level() {
    let endpoint = |more: Value| {
        let Value::Map(more) = more else { unreachable!() };
        let Value::Map(mut endpoint) =
            value!({ "roles": ["client", "response_stack"], "cidrs": ["10.9.0.0/16"] })
        else {
            unreachable!()
        };
        endpoint.extend(more);
        alone(Value::Map(endpoint))
    };
    let with = |name: &str, value: Value| {
        let Value::Map(mut deployment) = endpoint(value!({})) else { unreachable!() };
        deployment.insert(name.to_owned(), value);
        Value::Map(deployment)
    };
    let cases = [
        (with("option", value!({})), "option", "options"),
        (endpoint(value!({ "securty_group_id": "sg-1" })), "securty_group_id", "security_group_id"),
        (endpoint(value!({ "ports": { "htps": 443 } })), r#"endpoints["a"].ports"#, "https"),
        (
            endpoint(value!({ "talks_to": { "clients": ["a"] } })),
            r#"endpoints["a"].talks_to"#,
            "client",
        ),
        (
            endpoint(value!({ "prefix_lists": { "x": { "id": "pl-1", "max_entry": 3 } } })),
            "max_entry",
            "max_entries",
        ),
        (with("options", value!({ "merge": true })), "options", "merge_cidrs"),
        (
            with("options", value!({ "aws": { "rules_per_grup": 60 } })),
            "options.aws",
            "rules_per_group",
        ),
        (with("options", value!({ "azure": { "denyall": true } })), "options.azure", "deny_all"),
    ];
    for (deployment, place, nearest) in cases {
        let error = ask("security_group_rules", &deployment).expect_err("a misspelt name");
        assert!(
            error.text.contains(place) && error.text.contains(nearest),
            "{place}: {}",
            error.text
        );
    }
}

#[test]
fn an_unknown_flow_is_refused_with_the_known() {
    let deployment = value!({ "endpoints": { "a": { "roles": ["browser"] } }, "exclude_flows": ["client_p2pp"] });
    refused_anywhere(
        &deployment,
        &["exclude_flows[0]", "client_p2pp", "client_p2p", "master_to_smtp"],
    );
}

#[test]
fn talks_to_names_endpoints_that_have_the_role() {
    let with = |talks_to: Value| {
        value!({
            "endpoints": {
                "dmz": { "roles": ["dmz_server"], "talks_to": (talks_to) },
                "response-a": { "roles": ["response_stack"] },
                "master": { "roles": ["master_stack"] },
            },
        })
    };
    let place = r#"endpoints["dmz"].talks_to"#;
    refused(
        "connections",
        &with(value!({ "response_stack": ["response-b"] })),
        &[place, "response-b", "response-a"],
    );
    refused(
        "connections",
        &with(value!({ "response_stack": ["master"] })),
        &[place, "master", "response_stack"],
    );
    refused(
        "connections",
        &with(value!({ "respons_stack": ["response-a"] })),
        &[place, "response_stack"],
    );
    refused("connections", &with(value!({ "response_stack": "response-a" })), &[place]);
    refused(
        "connections",
        &with(value!({ "response_stack": ["response-a", "response-a"] })),
        &[place, "response-a"],
    );
}

#[test]
fn there_must_be_endpoints_with_legal_names() {
    for endpoints in [value!({}), value!(null), value!([]), value!("a")] {
        refused_anywhere(&value!({ "endpoints": (endpoints) }), &["endpoints"]);
    }
    refused_anywhere(&value!({}), &["endpoints"]);
    let long = "x".repeat(65);
    for name in ["", "a b", "a/b", "é", "a\"b", "a\n", long.as_str()] {
        refused_anywhere(
            &value!({ "endpoints": { name: { "roles": ["browser"] } } }),
            &["endpoints"],
        );
    }
}

#[test]
fn wrong_types_are_refused_where_they_stand() {
    let wrong = [value!(7), value!("text"), value!([]), value!({ "x": {} }), value!(true)];
    for (attribute, right) in [
        ("roles", "list"),
        ("cidrs", "list"),
        ("security_group_id", "string"),
        ("security_groups", "number"),
        ("prefix_lists", "map"),
        ("application_security_group_ids", "list"),
        ("service_tag", "string"),
        ("ports", "map"),
        ("talks_to", "map"),
    ] {
        for value in &wrong {
            let kind = match value {
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::List(_) => "list",
                Value::Map(_) => "map",
                _ => "bool",
            };
            if kind == right {
                continue;
            }
            let Value::Map(mut endpoint) = value!({ "roles": ["client"] }) else { unreachable!() };
            endpoint.insert(attribute.to_owned(), value.clone());
            let place = format!(r#"endpoints["a"].{attribute}"#);
            let error = ask("connections", &alone(Value::Map(endpoint))).expect_err("a wrong type");
            assert!(error.text.contains(&place), "{attribute} = {value:?}: {}", error.text);
        }
    }
}

#[test]
fn options_have_ranges() {
    let with = |options: Value| value!({ "endpoints": { "a": { "roles": ["client"], "cidrs": ["::/0"] } }, "options": (options) });
    let aws = |aws: Value| with(value!({ "aws": (aws) }));
    for (deployment, place) in [
        (aws(value!({ "rules_per_group": 0 })), "options.aws.rules_per_group"),
        (aws(value!({ "rules_per_group": 201 })), "options.aws"),
        (aws(value!({ "groups": 0 })), "options.aws.groups"),
        (aws(value!({ "groups": 6 })), "options.aws.groups"),
        (aws(value!({ "groups_per_interface": 17 })), "options.aws"),
        (aws(value!({ "groups": "many" })), "options.aws.groups"),
        (with(value!({ "merge_cidrs": "maybe" })), "options.merge_cidrs"),
    ] {
        refused("security_group_rules", &deployment, &[place]);
    }
    for azure in [
        value!({ "deny_all": 1 }),
        value!({ "priorities": { "inbound/client_p2p/7766/ipv6": 99 } }),
    ] {
        refused("network_security_rules", &with(value!({ "azure": (azure) })), &["options.azure."]);
    }
}

#[test]
fn an_unknown_version_is_refused_with_the_known() {
    let deployment =
        value!({ "matrix_version": NO_VERSION, "endpoints": { "a": { "roles": ["browser"] } } });
    refused_anywhere(&deployment, &[&["matrix_version", NO_VERSION], VERSIONS.as_slice()].concat());
}

#[test]
fn an_error_is_the_same_every_time() {
    let deployment = alone(value!({ "roles": ["clint"], "cidrs": ["10.0.0.1/8"] }));
    let asked = || bytes("connections", std::slice::from_ref(&deployment));
    assert_eq!(asked(), asked());
}

#[test]
fn a_misspelt_address_is_the_mistake_and_not_that_there_is_none() {
    let deployment = value!({
        "endpoints": {
            "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
            "admins": { "roles": ["browser"], "cidr": ["10.1.0.0/16"] },
        },
    });
    for function in crate::functions::FUNCTIONS.iter().copied() {
        refused(function, &deployment, &[r#"endpoints["admins"].cidr"#, r#""cidrs""#]);
    }
}

#[test]
fn what_is_not_there_is_missing() {
    refused_anywhere(
        &alone(value!({ "cidrs": ["10.9.0.0/16"] })),
        &[r#"endpoints["a"].roles: It is missing. Accepted is"#],
    );
}
