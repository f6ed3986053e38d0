//! One test for each kind of mistake: that it is refused, where, and with what to do about it.

use tfplugin::Value;

use crate::answer::{Read, ask, bytes};

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

/// A Master at 10.0.0.1 and an endpoint `a`.
fn beside_a_master(endpoint: Value) -> Value {
    value!({ "endpoints": { "a": (endpoint), "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] } } })
}

#[track_caller]
pub(crate) fn refused_anywhere(deployment: &Value, words: &[&str]) {
    for function in crate::answer::FUNCTIONS {
        refused(function, deployment, words);
    }
}

#[test]
fn prefixes_must_be_canonical() {
    for (cidr, mended) in [
        ("10.1.2.3/16", "10.1.0.0/16"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
    ] {
        let deployment = alone(value!({ "roles": ["client"], "cidrs": ["10.9.0.0/16", cidr] }));
        refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[1]"#, cidr, mended]);
    }
    for cidr in [
        "10.0.0.0/33",
        "300.0.0.0/8",
        "",
        "zzz/32",
        "10.0.0.0/08",
        "::/129",
        "10.0.0.0/8/8",
        " 10.0.0.0/8",
    ] {
        let deployment = alone(value!({ "roles": ["client"], "cidrs": [cidr] }));
        refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[0]"#]);
    }
}

#[test]
fn a_prefix_must_not_be_repeated() {
    let deployment =
        alone(value!({ "roles": ["client"], "cidrs": ["10.9.0.0/16", "::/0", "10.9.0.0/16"] }));
    refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[2]"#, "10.9.0.0/16"]);
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
fn an_endpoint_in_use_needs_an_address_of_the_platform() {
    let group = value!({ "roles": ["browser"], "security_group_id": "sg-1" });
    assert!(ask("security_group_rules", &beside_a_master(group.clone())).is_ok());
    refused(
        "network_security_rules",
        &beside_a_master(group),
        &[
            r#"endpoints["a"]"#,
            "browser_to_master",
            "application_security_group_ids",
            "service_tag",
            "cidrs",
        ],
    );
    let tag = value!({ "roles": ["browser"], "service_tag": "Internet" });
    assert!(ask("network_security_rules", &beside_a_master(tag.clone())).is_ok());
    refused(
        "security_group_rules",
        &beside_a_master(tag.clone()),
        &[r#"endpoints["a"]"#, "browser_to_master", "security_group_id", "prefix_lists", "cidrs"],
    );
    assert!(ask("connections", &beside_a_master(tag)).is_ok(), "connections need no address");
    // Who talks to nobody needs none either.
    assert!(ask("security_group_rules", &alone(value!({ "roles": ["browser"] }))).is_ok());
}

#[test]
fn two_endpoints_must_not_share_a_group_or_a_list() {
    let two = |one: Value, other: Value| value!({ "endpoints": { "a": (one), "b": (other) } });
    let group = || value!({ "roles": ["client"], "security_group_id": "sg-1" });
    refused("security_group_rules", &two(group(), group()), &["endpoints[", "sg-1", r#""a""#]);
    let list = || value!({ "roles": ["client"], "prefix_lists": { "x": { "id": "pl-1", "max_entries": 2 } } });
    refused("security_group_rules", &two(list(), list()), &["endpoints[", "pl-1", r#""a""#]);
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
        value!({ "matrix_version": "8.2", "endpoints": { "a": { "roles": ["browser"] } } });
    refused_anywhere(&deployment, &["matrix_version", "8.2", "8.1"]);
}

#[test]
fn too_many_rules_are_refused_with_what_would_help() {
    let cidrs =
        Value::List((0..70).map(|number| Value::from(format!("10.{number}.0.0/17"))).collect());
    let browsers = value!({ "roles": ["browser"], "cidrs": (cidrs) });
    let master = value!({ "roles": ["master_stack"], "security_group_id": "sg-1" });
    let words = ["140", "60", r#""a""#];
    let deployment = value!({ "endpoints": { "a": (browsers.clone()), "master": (master) } });
    let error = ask("security_group_rules", &deployment).expect_err("140 rules in one group of 60");
    assert!(words.iter().all(|word| error.text.contains(word)), "{}", error.text);
    assert!(error.text.contains(r#"endpoints["master"]"#), "{}", error.text);
    // A network without a group is only warned of.
    let told = ask("security_group_rules", &beside_a_master(browsers)).expect("no group, no limit");
    let warned =
        told.at("warnings").list().iter().find(|warning| warning.at("endpoint").text() == "master");
    let detail = warned.expect("a warning").at("detail").text();
    assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
}

#[test]
fn an_error_is_the_same_every_time() {
    let deployment = alone(value!({ "roles": ["clint"], "cidrs": ["10.0.0.1/8"] }));
    assert_eq!(bytes("connections", &deployment), bytes("connections", &deployment));
}
