//! In which group a rule stands, and rules that admit nothing.

use expect_test::{Expect, expect};
use tfplugin::Value;

use super::{AWS, AZURE};
use crate::answer::{Read, call};

fn deployment() -> Value {
    value!({ "endpoints": {
        "response": { "roles": ["response_stack"], "security_group_id": "sg-a", "security_groups": 2, "service_tag": "A" },
        "sql": { "roles": ["sql_responses"], "security_group_id": "sg-sql", "service_tag": "B" },
        "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/16", "10.2.0.0/16"] },
        "other": { "roles": ["response_stack"], "cidrs": ["10.9.0.1/32"] },
    } })
}

fn ask(endpoint: &str, actual: Value, settings: Option<Value>) -> Result<Value, String> {
    let mut arguments = vec![deployment(), endpoint.into(), actual];
    arguments.extend(settings);
    call(AWS, &arguments).map_err(|error| error.text)
}

/// The documented rules of the endpoint with two groups, each in the group that is chosen for its number.
fn rules(ids: [&str; 2]) -> Vec<Value> {
    let answer = call("security_group_rules", &[deployment()]).expect("rules");
    let endpoint = &answer.at("endpoints").map()["response"];
    let mut rules = Vec::new();
    for side in ["ingress", "egress"] {
        for (key, rule) in endpoint.at(side).map() {
            let mut rule = rule.map().clone();
            let group = ids[usize::try_from(rule["group"].number()).expect("a group")];
            rule.retain(|name, _| {
                !["group", "peer", "documented", "flows", "prefix_list"].contains(&name.as_str())
            });
            rule.insert("id".to_owned(), format!("sgr {side} {key}").into());
            rule.insert("is_egress".to_owned(), (side == "egress").into());
            rule.insert("security_group_id".to_owned(), group.into());
            rules.push(Value::Map(rule));
        }
    }
    rules
}

fn count(answer: &Value, kind: &str) -> usize {
    answer.at(kind).list().len()
}

#[test]
fn a_rule_is_equal_in_its_own_group_alone() {
    let all = rules(["sg-a", "sg-b"]).len();
    let (first, second): (Vec<Value>, Vec<Value>) = rules(["sg-a", "sg-b"])
        .into_iter()
        .partition(|rule| rule.at("security_group_id").text() == "sg-a");
    assert!(!first.is_empty() && !second.is_empty(), "both groups have rules");
    let named = || Some(value!({ "groups": ["sg-a", "123456789012/sg-b"] }));
    for settings in [named(), None] {
        let right =
            ask("response", rules(["sg-a", "sg-b"]).into(), settings.clone()).expect("an answer");
        assert_eq!((count(&right, "equal"), right.at("compliant").flag()), (all, true));
        // All traffic is admitted, but an import would replace every rule.
        let swapped = ask("response", rules(["sg-b", "sg-a"]).into(), settings).expect("an answer");
        assert_eq!((count(&swapped, "equal"), count(&swapped, "tolerated")), (0, all));
        assert!(swapped.at("compliant").flag());
        for rule in swapped.at("tolerated").list() {
            let is_first = rule.at("security_group_id").text() == "sg-a";
            assert_eq!(rule.at("group").number(), i64::from(!is_first));
        }
    }
}

#[test]
fn a_foreign_group_makes_nothing_compliant() {
    let actual = || Value::from(rules(["sg-a", "sg-foreign"]));
    let answer =
        ask("response", actual(), Some(value!({ "groups": ["sg-a", "sg-b"] }))).expect("an answer");
    let in_second = count(&answer, "without_effect");
    assert!(in_second > 0);
    assert_eq!(count(&answer, "missing"), in_second);
    assert_eq!(count(&answer, "equal") + in_second, rules(["", ""]).len());
    assert!(!answer.at("compliant").flag());
    for rule in answer.at("without_effect").list() {
        assert_eq!(rule.at("reason").text(), "foreign_group");
        assert_eq!(rule.at("security_group_id").text(), "sg-foreign");
    }
    // Where an endpoint has one group and says which, whatever stands elsewhere is foreign; too much there is not extra.
    let open = value!([{ "id": "sgr-1", "security_group_id": "sg-x", "is_egress": false, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0" }]);
    let answer = ask("sql", open, Some(value!({ "accepted": ["sgr-1"] }))).expect("an answer");
    assert_eq!((count(&answer, "extra"), count(&answer, "without_effect")), (0, 1));
    assert_eq!(count(&answer, "accepted_unmatched"), 0);
}

#[test]
fn the_id_that_a_rule_of_an_answer_was_given_goes_before_its_number() {
    let answer = call("security_group_rules", &[deployment()]).expect("rules");
    let of_answer = answer.at("endpoints").map()["sql"].at("ingress").map();
    let merged = |group: Option<&str>| {
        let of = |(position, rule): (usize, &Value)| {
            let mut rule = rule.map().clone();
            rule.insert("is_egress".to_owned(), false.into());
            if let Some(group) = group {
                rule.insert("id".to_owned(), format!("sgr-{position}").into());
                rule.insert("security_group_id".to_owned(), group.into());
            }
            Value::Map(rule)
        };
        Value::from(of_answer.values().enumerate().map(of).collect::<Vec<_>>())
    };
    let count_all = of_answer.len();
    assert!(count_all > 0);
    let named = || Some(value!({ "groups": ["sg-sql"] }));
    let foreign = ask("sql", merged(Some("sg-foreign")), named()).expect("an answer");
    assert_eq!((count(&foreign, "without_effect"), count(&foreign, "equal")), (count_all, 0));
    assert_eq!(foreign.at("without_effect").list()[0].at("security_group_id").text(), "sg-foreign");
    let own = ask("sql", merged(Some("sg-sql")), named()).expect("an answer");
    assert_eq!((count(&own, "without_effect"), count(&own, "equal")), (0, count_all));
    assert!(own.at("equal").list().iter().all(|pair| pair.at("id").text().starts_with("sgr-")));
    // Without ids the number counts, as before.
    let plain = ask("sql", merged(None), named()).expect("an answer");
    assert_eq!((count(&plain, "without_effect"), count(&plain, "equal")), (0, count_all));
}

fn refused(endpoint: &str, actual: Value, settings: Option<Value>, expected: Expect) {
    expected.assert_eq(&ask(endpoint, actual, settings).expect_err("a mistake"));
}

#[test]
fn what_the_groups_can_not_be() {
    let in_groups = |ids: &[&str]| {
        let rule = |id: &&str| {
            value!({ "id": (format!("sgr-{id}")), "security_group_id": (*id), "is_egress": false, "ip_protocol": "tcp",
                     "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/16" })
        };
        Value::from(ids.iter().map(rule).collect::<Vec<_>>())
    };
    refused(
        "response",
        in_groups(&["sg-a", "sg-b", "sg-c"]),
        None,
        expect![[
            r#"actual: Found rules of 3 groups: "sg-a", "sg-b", "sg-c". "response" has 2 groups, and nothing says which. Name them in the last argument, the first one first: `{ groups = [...] }`."#
        ]],
    );
    refused(
        "other",
        in_groups(&["sg-a", "sg-b"]),
        None,
        expect![[
            r#"actual: Found rules of 2 groups: "sg-a", "sg-b". "other" has one group, and nothing says which. Name them in the last argument, the first one first: `{ groups = [...] }`."#
        ]],
    );
    refused(
        "response",
        value!([]),
        Some(value!({ "groups": ["sg-a", "1/sg-a"] })),
        expect![[
            r#"settings.groups[1]: The group "1/sg-a" stands at settings.groups[0] already. Leave one of the two out."#
        ]],
    );
    refused(
        "response",
        value!([]),
        Some(value!({ "groups": ["sg-b"] })),
        expect![[r#"
            found 2 mistakes.

              - settings.groups: Found 1, but "response" has 2 (`security_groups`, or `options.aws.groups`). Name each, in the order of their numbers.

              - settings.groups[0]: Found "sg-b", but the first group of "response" is "sg-a" (`security_group_id`)."#]],
    );
    refused(
        "response",
        value!([]),
        Some(value!({ "groups": ["", null, 7] })),
        expect![[r#"
            found 3 mistakes.

              - settings.groups[0]: Found an empty string. Give the id.

              - settings.groups[1]: Found null. Accepted is a string.

              - settings.groups[2]: Found a number. Accepted is a string."#]],
    );
    refused(
        "response",
        value!([]),
        Some(value!({ "groups": [] })),
        expect![
            "settings.groups: Found an empty list. Accepted are the ids of the groups, the first one first."
        ],
    );
}

#[test]
fn which_of_several_groups_is_which_is_not_guessed() {
    // Nothing says which group a rule stands in, so none is equal, and nothing is missing either.
    let unsaid = rules(["", ""]);
    let all = unsaid.len();
    let answer = ask("response", unsaid.into(), None).expect("an answer");
    assert_eq!((count(&answer, "equal"), count(&answer, "tolerated")), (0, all));
    assert!(answer.at("compliant").flag());
    for rule in answer.at("tolerated").list() {
        assert!(rule.at("group").is_null() && rule.at("security_group_id").is_null());
    }
}

#[test]
fn a_rule_that_admits_nothing_is_told_and_counts_for_nothing() {
    let rule = |id: &str, port: i32, status: &str| {
        value!({ "SecurityGroupRuleId": id, "GroupId": "sg-sql", "IsEgress": false, "IpProtocol": "tcp", "FromPort": port, "ToPort": port,
                 "ReferencedGroupInfo": { "GroupId": "sg-a", "PeeringStatus": status, "VpcPeeringConnectionId": "pcx-1" } })
    };
    let of = |rules: Vec<Value>| {
        ask("sql", value!({ "SecurityGroupRules": rules }), None).expect("an answer")
    };
    for status in ["deleted", "Deleted", "deleting", "rejected", "expired", "failed"] {
        let answer = of(vec![rule("sgr-1", 1433, status), rule("sgr-2", 22, status)]);
        let missing = answer.at("missing").list();
        assert!(
            missing.iter().any(|rule| rule.at("key").text() == "tcp-1433/response"),
            "{status}"
        );
        assert_eq!((count(&answer, "extra"), count(&answer, "equal")), (0, 0));
        let reasons = answer.at("without_effect").list();
        assert!(reasons.iter().all(|rule| rule.at("reason").text() == "stale"));
        assert_eq!(reasons.len(), 2);
    }
    // What still passes, or may again, counts.
    for status in ["active", "", "pending-acceptance", "initiating-request", "provisioning"] {
        let answer = of(vec![rule("sgr-1", 1433, status), rule("sgr-2", 22, status)]);
        assert_eq!((count(&answer, "extra"), count(&answer, "equal")), (1, 1), "{status}");
    }
    let stale = value!({ "StaleSecurityGroupSet": [{
        "GroupId": "sg-sql", "GroupName": "sql", "VpcId": "vpc-1",
        "StaleIpPermissions": [{ "FromPort": 1433, "IpProtocol": "tcp", "IpRanges": [], "PrefixListIds": [], "ToPort": 1433,
            "UserIdGroupPairs": [{ "GroupId": "sg-a", "PeeringStatus": "deleted", "UserId": "1", "VpcId": "vpc-2" }] }],
        "StaleIpPermissionsEgress": [],
    }] });
    let answer = ask("sql", stale, None).expect("an answer");
    assert_eq!((count(&answer, "without_effect"), count(&answer, "equal")), (1, 0));
}

#[test]
fn rules_of_several_network_security_groups_need_one_that_is_named() {
    let group = |name: &str| {
        let rule = value!({
            "name": "switch", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*",
            "destinationPortRange": "4000", "sourceAddressPrefixes": ["10.0.0.0/16", "10.2.0.0/16"], "destinationAddressPrefix": "10.9.0.1/32",
        });
        value!({ "id": (format!("/nsg/{name}")), "name": name, "securityRules": [rule] })
    };
    let arguments = |settings: Option<Value>| {
        let mut arguments =
            vec![deployment(), "other".into(), value!([(group("a")), (group("b"))])];
        arguments.extend(settings);
        arguments
    };
    let error = call(AZURE, &arguments(None)).expect_err("two groups");
    expect![[r#"actual: Found rules of 2 groups: "/nsg/a", "/nsg/b". "other" has one group, and nothing says which. Name them in the last argument, the first one first: `{ groups = [...] }`."#]]
        .assert_eq(&error.text);
    let answer =
        call(AZURE, &arguments(Some(value!({ "groups": ["/NSG/B"] })))).expect("an answer");
    let ids: Vec<&str> =
        answer.at("equal").list().iter().map(|pair| pair.at("id").text()).collect();
    assert_eq!(ids, ["/nsg/b/securityRules/switch"]);
    assert_eq!(answer.at("without_effect").list()[0].at("security_group_id").text(), "/nsg/a");
    let error =
        call(AZURE, &arguments(Some(value!({ "groups": ["/nsg/a", "/nsg/b"] })))).expect_err("two");
    expect!["settings.groups: Found 2. The rules of an endpoint stand in one network security group: name that."]
        .assert_eq(&error.text);
}

#[test]
fn spellings_of_a_network_security_group_are_one_group() {
    let group = |id: &str, name: &str, priority: i32| {
        let rule = value!({
            "name": name, "priority": priority, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
            "destination_port_range": "22", "source_address_prefix": "10.7.0.0/16", "destination_address_prefix": "*",
        });
        value!({ "id": id, "security_rule": [(rule)] })
    };
    let two = [group("/nsg/a", "one", 300), group("/NSG/A", "two", 310)];
    let answer = call(AZURE, &[deployment(), "other".into(), two.to_vec().into()]).expect("one");
    assert_eq!(count(&answer, "extra"), 2);
    let three = [two.to_vec(), vec![group("/nsg/b", "three", 320)]].concat();
    let error =
        call(AZURE, &[deployment(), "other".into(), three.into()]).expect_err("two groups").text;
    assert!(error.starts_with("actual: Found rules of 2 groups: "), "{error}");
}
