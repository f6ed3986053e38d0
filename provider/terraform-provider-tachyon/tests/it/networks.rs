//! Virtual networks: groups serve within one, or within peered ones on AWS; elsewhere the next kind of address does.

use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::refusals::refused;

/// A Master and its database, each with everything, in networks.
fn apart(own: &Value, other: &Value, peered: &Value) -> Value {
    value!({
        "endpoints": {
            "master": {
                "roles": ["master_stack"], "security_group_id": "sg-1", "application_security_group_ids": ["/asg/1"],
                "cidrs": ["10.0.0.1/32"], "network": (own.clone()),
            },
            "sql": {
                "roles": ["sql_master"], "security_group_id": "sg-2", "application_security_group_ids": ["/asg/2"],
                "cidrs": ["10.0.0.2/32", "10.0.0.4/32"], "network": (other.clone()),
            },
        },
        "options": { "aws": { "peered_networks": (peered.clone()) } },
    })
}

fn keys(function: &str, deployment: &Value, endpoint: &str, map: &str) -> Vec<String> {
    let told = answer(function, deployment);
    told.at("endpoints").at(endpoint).at(map).map().keys().cloned().collect()
}

#[test]
fn groups_serve_within_one_network_and_addresses_between() {
    let (eu, us, none) = (value!("eu"), value!("us"), Value::Null);
    let group = vec!["tcp-1433/sql".to_owned()];
    let addresses = vec!["tcp-1433/10.0.0.2/32".to_owned(), "tcp-1433/10.0.0.4/32".to_owned()];
    for (own, other, peered, expected) in [
        (&eu, &eu, &none, &group),
        (&eu, &none, &none, &group),
        (&none, &none, &none, &group),
        (&eu, &us, &none, &addresses),
        (&eu, &us, &value!([["eu", "us"]]), &group),
    ] {
        let found = keys("security_group_rules", &apart(own, other, peered), "master", "egress");
        assert_eq!(&found, expected, "{own:?} {other:?} {peered:?}");
    }
    // Peered or not: application security groups are of one virtual network.
    let found = keys(
        "network_security_rules",
        &apart(&eu, &us, &value!([["eu", "us"]])),
        "master",
        "rules",
    );
    assert_eq!(found, ["outbound/master_to_sql_master/1433/ipv4"]);
    let found = keys("network_security_rules", &apart(&eu, &eu, &none), "master", "rules");
    assert_eq!(found, ["outbound/master_to_sql_master/1433/groups"]);
}

#[test]
fn lists_are_made_for_those_whose_group_is_elsewhere() {
    let mut deployment = apart(&value!("eu"), &value!("us"), &Value::Null);
    let Value::Map(parts) = &mut deployment else { unreachable!() };
    parts.insert("options".to_owned(), value!({ "aws": { "prefix_lists": true } }));
    let told = answer("security_group_rules", &deployment);
    let rule = told.at("endpoints").at("master").at("egress").at("tcp-1433/sql/ipv4");
    assert_eq!(rule.at("prefix_list").text(), "sql/ipv4");
    assert_eq!(told.at("prefix_lists").map().keys().collect::<Vec<_>>(), ["sql/ipv4"]);
}

#[test]
fn a_group_alone_does_not_serve_elsewhere() {
    let mut deployment = apart(&value!("eu"), &value!("us"), &Value::Null);
    let Value::Map(parts) = &mut deployment else { unreachable!() };
    let Some(Value::Map(endpoints)) = parts.get_mut("endpoints") else { unreachable!() };
    let Some(Value::Map(sql)) = endpoints.get_mut("sql") else { unreachable!() };
    sql.remove("cidrs");
    refused(
        "security_group_rules",
        &deployment,
        &[r#"endpoints["sql"]"#, "security_group_id", "network", "\"prefix_lists\", \"cidrs\""],
    );
    refused(
        "network_security_rules",
        &deployment,
        &["application_security_group_ids", "\"service_tag\", \"cidrs\""],
    );
}

#[test]
fn mistakes_in_networks_are_told() {
    let (eu, us) = (value!("eu"), value!("us"));
    refused(
        "security_group_rules",
        &apart(&eu, &us, &value!([["eu", "uss"]])),
        &["options.aws.peered_networks[0]", "\"uss\"", "Did you mean \"us\"?"],
    );
    let alone = apart(&eu, &us, &value!([["eu"]]));
    refused("connections", &alone, &["options.aws.peered_networks[0]", "Two or more"]);
    refused(
        "connections",
        &apart(&eu, &value!(""), &Value::Null),
        &[r#"endpoints["sql"].network"#],
    );
}

#[test]
fn an_unknown_network_leaves_the_kind_of_address_open() {
    let deployment = apart(&value!("eu"), &Value::UNKNOWN, &Value::Null);
    let told = answer("security_group_rules", &deployment);
    assert!(told.at("endpoints").at("master").at("egress").is_unknown());
    let told = answer("network_security_rules", &deployment);
    assert!(told.at("endpoints").at("master").at("rules").is_unknown());
}
