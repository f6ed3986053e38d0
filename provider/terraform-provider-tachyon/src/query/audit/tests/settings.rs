//! What can be wrong with the argument after `actual`: each mistake is told with its place, as everywhere.

use expect_test::expect;
use proptest::prelude::*;
use tfplugin::Value;

use super::mistakes::{anything, deployment};
use super::{AWS, AZURE};
use crate::answer::call;

/// The error about the arguments after `actual`, and which of them it blames.
fn refused(function: &str, settings: &[Value]) -> (Option<i64>, String) {
    let mut arguments = vec![deployment(), "sql".into(), value!([])];
    arguments.extend_from_slice(settings);
    let error = call(function, &arguments).expect_err("mistakes");
    (error.argument, error.text)
}

#[test]
fn every_mistake_of_the_settings_is_told() {
    let settings = value!({ "acepted": [], "accepted": [
        "sgr-1",
        "",
        null,
        7,
        ["sgr-1"],
        { "id": 7, "is_egres": true, "ip_protocol": "tpc", "cidr_ipv4": "10.0.0.0/33" },
        { "SecurityGroupRuleId": "sgr-1", "IsEgress": true, "IpProtocol": "-1" },
    ] });
    let (argument, text) = refused(AWS, &[settings]);
    assert_eq!(argument, Some(3));
    expect![[r#"
        found 11 mistakes.

          - settings.accepted[1]: Found an empty string. Accepted is an id or a whole rule.

          - settings.accepted[2]: It is missing. Accepted is an id or a whole rule.

          - settings.accepted[3]: Found a number. Accepted is an id or a whole rule.

          - settings.accepted[4]: Found a list. Accepted is an id or a whole rule.

          - settings.accepted[5].cidr_ipv4: Found "10.0.0.0/33": the prefix length 33 is not from 0 to 32.

          - settings.accepted[5].id: Found a number. Accepted is a string.

          - settings.accepted[5].ip_protocol: There is no protocol "tpc". Did you mean "tcp"? Accepted is "tcp", "udp", "icmp", "icmpv6", a number from 0 to 255, or "-1" for all.

          - settings.accepted[5].is_egres: There is no attribute "is_egres". Did you mean "is_egress"? Known: "security_group_rule_id", "id", "security_group_id", "is_egress", "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", "description", "arn", "region", "tags", "tags_all", "filter".

          - settings.accepted[5].is_egress: It is missing. Accepted is true or false.

          - settings.accepted[6]: Found none of "CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupInfo". Accepted is exactly one of them.

          - settings.acepted: There is no attribute "acepted". Did you mean "accepted"? Known: "accepted", "groups", "prefix_lists"."#]].assert_eq(&text);
    let settings = value!({ "accepted": [
        "ssh",
        { "priority": 7, "name": 7, "direction": "In", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
          "destination_port_range": "22-", "source_address_prefix": "*", "destination_adress_prefix": "*" },
    ] });
    let (argument, text) = refused(AZURE, &[settings]);
    assert_eq!(argument, Some(3));
    expect![[r#"
        found 6 mistakes.

          - settings.accepted[1]: Found none of "destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids". Accepted is exactly one of them.

          - settings.accepted[1].destination_adress_prefix: There is no attribute "destination_adress_prefix". Did you mean "destination_address_prefix"? Known: "description", "protocol", "access", "priority", "direction", "source_port_range", "source_port_ranges", "destination_port_range", "destination_port_ranges", "source_address_prefix", "source_address_prefixes", "source_application_security_group_ids", "destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids", "id", "name", "resource_group_name", "network_security_group_name", "timeouts".

          - settings.accepted[1].destination_port_range: Found "22-". Accepted is a port from 0 to 65535, a range such as "4000-4010", or "*".

          - settings.accepted[1].direction: There is no direction "In". Did you mean "Inbound"? Known: "Inbound", "Outbound".

          - settings.accepted[1].name: Found a number. Accepted is a string.

          - settings.accepted[1].priority: Found 7. Accepted is a whole number from 100 to 4096."#]].assert_eq(&text);
}

#[test]
fn what_are_no_settings() {
    for (settings, expected) in [
        (value!(["sgr-1"]), expect!["settings: Found a list. Accepted is an object."]),
        (
            value!({ "accepted": "sgr-1" }),
            expect![
                "settings.accepted: Found a string. Accepted is a list of ids and whole rules."
            ],
        ),
        (
            value!({ "accepted": { "is_egress": true, "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8" } }),
            expect![
                "settings.accepted: Found an object. Accepted is a list of ids and whole rules."
            ],
        ),
        (
            value!({ "accepted": (Value::List(vec![value!("sgr-1"); 4001])) }),
            expect![
                "settings.accepted: Found 4001 rules. An interface can't have more than 4000 in EC2. Give those of one endpoint only."
            ],
        ),
    ] {
        let (argument, text) = refused(AWS, &[settings]);
        assert_eq!(argument, Some(3));
        expected.assert_eq(&text);
    }
}

#[test]
fn there_is_one_argument_of_settings_at_most() {
    let settings = [value!({}), value!({ "accepted": ["sgr-1"] }), value!({})];
    let [aws, azure] = [AWS, AZURE].map(|function| refused(function, &settings));
    assert_eq!(aws, azure);
    assert_eq!(aws.0, Some(4));
    expect![[r#"
        found 2 mistakes.

          - settings[1]: There is such an argument already. Accepted is at most one: write all entries into the one `accepted`.

          - settings[2]: There is such an argument already. Accepted is at most one: write all entries into the one `accepted`."#]].assert_eq(&aws.1);
}

#[test]
fn mistakes_beside_those_of_other_arguments_are_told_too() {
    let arguments =
        [deployment(), "sqll".into(), value!([7]), value!({ "accepted": [8] }), value!({})];
    let error = call(AWS, &arguments).expect_err("mistakes");
    assert_eq!(error.argument, Some(1));
    for place in ["endpoint: ", "actual[0]: ", "settings.accepted[0]: ", "settings[1]: "] {
        assert!(error.text.contains(place), "{error}");
    }
}

#[test]
fn a_group_that_is_repeated_is_told_with_its_first_place() {
    let groups = value!({ "groups": ["sg-sql", "1/sg-sql", "sg-sql"] });
    let (argument, text) = refused(AWS, &[groups]);
    assert_eq!(argument, Some(3));
    expect![[r#"
        found 2 mistakes.

          - settings.groups[1]: The group "1/sg-sql" stands at settings.groups[0] already. Leave one of the two out.

          - settings.groups[2]: The group "sg-sql" stands at settings.groups[0] already. Leave one of the two out."#]].assert_eq(&text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_set_is_answered_or_refused_with_its_place(entries in anything(), aws in any::<bool>(), inside in any::<bool>()) {
        let settings = if inside { value!({ "accepted": (entries) }) } else { entries };
        let known = settings.is_wholly_known();
        match call(if aws { AWS } else { AZURE }, &[deployment(), "response".into(), value!([]), settings]) {
            Ok(answer) => prop_assert_eq!(answer.is_unknown(), !known),
            Err(error) => prop_assert!(error.text.contains("settings") && error.argument == Some(3), "{}", error),
        }
    }
}
