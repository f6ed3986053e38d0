//! Bad input of every kind: each mistake is told with its place, what was found and what is accepted.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tfplugin::Value;

use super::{AWS, AZURE};
use crate::answer::call;

pub(super) fn deployment() -> Value {
    value!({ "endpoints": {
        "sql": { "roles": ["sql_responses"], "security_group_id": "sg-sql", "service_tag": "Sql" },
        "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.0/24"] },
    } })
}

fn check(function: &str, actual: Value, expected: Expect) {
    let error = call(function, &[deployment(), "sql".into(), actual]).expect_err("mistakes");
    assert_eq!(error.argument, Some(2), "{error}");
    expected.assert_eq(&error.text);
}

#[test]
fn what_is_no_list_of_rules() {
    for (actual, expected) in [
        (
            value!(null),
            expect![
                "actual: It is missing. Accepted is a list or map of rules as `data.aws_vpc_security_group_rule` gives them, or the answer of `DescribeSecurityGroupRules`."
            ],
        ),
        (
            value!("sgr-1"),
            expect!["actual: Found a string. Where it is JSON, give `jsondecode(...)` of it."],
        ),
        (
            value!([null]),
            expect!["actual[0]: It is missing. Accepted is an object that is a rule."],
        ),
        (
            value!({ "is_egress": true, "ip_protocol": "-1" }),
            expect![
                "actual: Found a single rule. Accepted is a list or map of rules as `data.aws_vpc_security_group_rule` gives them, or the answer of `DescribeSecurityGroupRules`: put brackets around it."
            ],
        ),
        (
            value!({ "SecurityGroupRules": [], "NextToken": "more", "Rules": [] }),
            expect![[r#"
            found 2 mistakes.

              - actual.NextToken: This is the first page of several. Give the rules of all pages as one list.

              - actual.Rules: There is no attribute "Rules". Known: "SecurityGroupRules", "NextToken", "ResponseMetadata"."#]],
        ),
        (
            Value::List(vec![value!({}); 4001]),
            expect![
                "actual: Found 4001 rules. An interface can't have more than 4000 in EC2. Give those of one endpoint only."
            ],
        ),
    ] {
        check(AWS, actual, expected);
    }
    for (actual, expected) in [
        (
            value!(7),
            expect![
                "actual: Found a number. Accepted is a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source."
            ],
        ),
        (
            value!({ "security_rule": null, "subnet": "a" }),
            expect![[r#"
            found 2 mistakes.

              - actual.security_rule: It is missing. Accepted is a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source.

              - actual.subnet: There is no attribute "subnet". Known: "id", "name", "resource_group_name", "location", "security_rule", "tags", "timeouts"."#]],
        ),
        (
            value!({ "priority": 100, "name": "web" }),
            expect![
                "actual: Found a single rule. Accepted is a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source: put brackets around it."
            ],
        ),
    ] {
        check(AZURE, actual, expected);
    }
}

#[test]
fn every_mistake_of_a_security_group_is_told() {
    let actual = value!([
        { "id": "sgr-1", "is_egres": false, "ip_protocol": "tpc", "from_port": 70000, "to_port": 1, "cidr_ipv4": "10.0.0.0/33" },
        { "id": "sgr-1", "is_egress": "no", "ip_protocol": 256, "cidr_ipv4": "2001:db8::/32", "tags": 7 },
        { "is_egress": true, "ip_protocol": "tcp", "from_port": 443, "to_port": 80, "cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": "::/0" },
        { "id": "", "is_egress": true, "ip_protocol": "udp", "from_port": (-1), "to_port": 80 },
        { "SecurityGroupRuleId": "sgr-2", "IsEgress": false, "IpProtocol": "tcp", "ReferencedGroupInfo": { "Id": "sg-1" }, "FromPort": "http" },
    ]);
    check(
        AWS,
        actual,
        expect![[r#"
            found 18 mistakes.

              - actual[0].cidr_ipv4: Found "10.0.0.0/33": the prefix length 33 is not from 0 to 32.

              - actual[0].from_port: Found 70000. Accepted is a whole number from 0 to 65535, or -1 for all.

              - actual[0].ip_protocol: There is no protocol "tpc". Did you mean "tcp"? Accepted is "tcp", "udp", "icmp", "icmpv6", a number from 0 to 255, or "-1" for all.

              - actual[0].is_egres: There is no attribute "is_egres". Did you mean "is_egress"? Known: "security_group_rule_id", "id", "security_group_id", "is_egress", "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", "description", "arn", "region", "tags", "tags_all", "filter".

              - actual[0].is_egress: It is missing. Accepted is true or false.

              - actual[1].cidr_ipv4: Found "2001:db8::/32", a block of the other address family.

              - actual[1].id: The rule "sgr-1" stands at actual[0].id already. Leave one of the two out.

              - actual[1].ip_protocol: There is no protocol "256". Accepted is "tcp", "udp", "icmp", "icmpv6", a number from 0 to 255, or "-1" for all.

              - actual[1].is_egress: Found a string. Accepted is true or false.

              - actual[2]: Found "cidr_ipv4", "cidr_ipv6" together. Accepted is exactly one of them.

              - actual[2].security_group_rule_id: It is missing. Accepted is the id of the rule.

              - actual[2].to_port: Found 80, which is lower than 443, the first port of the range.

              - actual[3]: Found none of "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id". Accepted is exactly one of them.

              - actual[3].from_port: Found -1 for one end of the range only. Accepted is -1 for both, or a port for both.

              - actual[3].id: Found an empty string. Accepted is the id of the rule.

              - actual[4].FromPort: Found "http". Accepted is a whole number from 0 to 65535, or -1 for all.

              - actual[4].ReferencedGroupInfo.GroupId: It is missing. Accepted is the id of the group.

              - actual[4].ReferencedGroupInfo.Id: There is no attribute "Id". Known: "GroupId", "UserId", "VpcId", "PeeringStatus", "VpcPeeringConnectionId", "GroupName", "Description"."#]],
    );
}

#[test]
fn every_mistake_of_a_network_security_group_is_told() {
    let actual = value!([
        {
            "name": "a", "priority": 65000, "direction": "In", "access": "Permit", "protocol": "Sctp", "source_port_range": "80,443",
            "destination_port_ranges": ["9-8", "70000"], "source_address_prefix": "10.0.0.0/33",
            "destination_address_prefixes": ["10.0.0.0/8", "not an address"], "prioritty": 1,
        },
        { "name": "b", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
          "destination_port_range": "80", "destination_port_ranges": ["81"], "source_address_prefix": "*", "source_address_prefixes": [] },
        { "name": "B", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
          "destination_port_range": "80", "source_address_prefix": "*", "destination_address_prefix": "*" },
    ]);
    check(
        AZURE,
        actual,
        expect![[r#"
            found 14 mistakes.

              - actual[0].access: There is no access "Permit". Known: "Allow", "Deny".

              - actual[0].destination_address_prefixes[1]: Found "not an address": this is no block such as "10.0.0.0/8" or "2001:db8::/32".

              - actual[0].destination_port_ranges[0]: Found "9-8". Accepted is a port from 0 to 65535, a range such as "4000-4010", or "*".

              - actual[0].destination_port_ranges[1]: Found "70000". Accepted is a port from 0 to 65535, a range such as "4000-4010", or "*".

              - actual[0].direction: There is no direction "In". Did you mean "Inbound"? Known: "Inbound", "Outbound".

              - actual[0].prioritty: There is no attribute "prioritty". Did you mean "priority"? Known: "description", "protocol", "access", "priority", "direction", "source_port_range", "source_port_ranges", "destination_port_range", "destination_port_ranges", "source_address_prefix", "source_address_prefixes", "source_application_security_group_ids", "destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids", "id", "name", "resource_group_name", "network_security_group_name", "timeouts".

              - actual[0].priority: Found 65000. Accepted is a whole number from 100 to 4096.

              - actual[0].protocol: There is no protocol "Sctp". Known: "Tcp", "Udp", "Icmp", "Esp", "Ah", "*".

              - actual[0].source_address_prefix: Found "10.0.0.0/33": the prefix length 33 is not from 0 to 32.

              - actual[0].source_port_range: Found "80,443". Accepted is a port from 0 to 65535, a range such as "4000-4010", or "*".

              - actual[1]: Found "destination_port_range", "destination_port_ranges" together. Accepted is exactly one of them.

              - actual[1]: Found none of "destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids". Accepted is exactly one of them.

              - actual[2].name: A rule with the name "B" stands at actual[1].name already. Leave one of the two out.

              - actual[2].priority: A rule of the same direction with priority 100 stands at actual[1].priority already. Leave one of the two out."#]],
    );
}

#[test]
fn mistakes_of_all_arguments_are_told_together() {
    let deployment = value!({ "endpoints": { "sql": { "roles": ["sql_response"] } } });
    let error = call(AWS, &[deployment, "response".into(), value!([7])]).expect_err("mistakes");
    assert_eq!(error.argument, Some(0));
    expect![[r#"
        found 3 mistakes.

          - actual[0]: Found a number. Accepted is an object.

          - endpoint: There is no endpoint "response". Known: "sql".

          - endpoints["sql"].roles[0]: There is no role "sql_response". Did you mean "sql_responses"? Known: "master_stack", "response_stack", "dmz_server", "catalog_server", "sql_master", "sql_responses", "sql_catalog", "client", "internet_client", "browser", "cloud_1e", "smtp_server", "inventory_source", "configmgr_provider", "crl_distribution_point"."#]].assert_eq(&error.text);
    let error =
        call(AZURE, &[self::deployment(), Value::Null, value!([])]).expect_err("no endpoint");
    assert_eq!(
        (error.argument, error.text.as_str()),
        (Some(1), "endpoint: It is missing. Accepted is the name of an endpoint.")
    );
}

/// Any value at all, with the names that the readers know among others.
pub(super) fn anything() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "id",
        "name",
        "is_egress",
        "ip_protocol",
        "from_port",
        "to_port",
        "cidr_ipv4",
        "security_rule",
        "accepted",
        "SecurityGroupRules",
        "ReferencedGroupInfo",
        "GroupId",
        "priority",
        "direction",
        "access",
        "protocol",
        "source_port_ranges",
        "source_address_prefix",
        "destination_address_prefixes",
        "é",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::UNKNOWN),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "-1",
            "tcp",
            "*",
            "10.0.0.0/8",
            "::/129",
            "1-",
            "-",
            "Inbound",
            "1e9999",
            "\u{1f600}/8"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(Value::Map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_given_is_answered_or_refused_with_its_place(actual in anything(), aws in any::<bool>()) {
        let known = actual.is_wholly_known();
        match call(if aws { AWS } else { AZURE }, &[deployment(), "response".into(), actual]) {
            Ok(answer) => prop_assert_eq!(answer.is_unknown(), !known),
            Err(error) => prop_assert!(error.text.contains("actual") && error.argument == Some(2), "{}", error),
        }
    }
}
