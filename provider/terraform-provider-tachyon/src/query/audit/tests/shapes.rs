//! One content in every form that clouds and Terraform show it in: the same is found.

use std::collections::BTreeSet;

use tfplugin::Value;

use super::{AWS, AZURE};
use crate::answer::{Read, call};

pub(super) fn deployment() -> Value {
    value!({ "endpoints": {
        "response": { "roles": ["response_stack"], "security_group_id": "sg-response", "application_security_group_ids": ["/x/response"] },
        "master": { "roles": ["master_stack"], "security_group_id": "sg-master", "application_security_group_ids": ["/x/master"] },
        "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/16", "2001:db8::/32"] },
    } })
}

fn ask(function: &str, actual: Value) -> Value {
    call(function, &[deployment(), "response".into(), actual]).expect("an answer")
}

/// What was found, without ids, which not every form has.
fn found(answer: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (kind, name) in
        [("missing", "key"), ("equal", "key"), ("extra", "admits"), ("tolerated", "admits")]
    {
        for rule in answer.at(kind).list() {
            found.insert((kind.to_owned(), rule.at(name).text().to_owned()));
        }
    }
    found
}

#[test]
fn rules_of_ec2_in_every_form() {
    let flat = |id: &str, egress: bool, port: i32, kind: &str, peer: &str| value!({ "id": id, "security_group_id": "sg-response", "is_egress": egress, "ip_protocol": "tcp", "from_port": port, "to_port": port, kind: peer });
    let data_source = value!([
        (flat("sgr-1", false, 4000, "cidr_ipv4", "10.0.0.0/16")),
        (flat("sgr-2", false, 4000, "cidr_ipv6", "2001:db8::/32")),
        (flat("sgr-3", false, 443, "referenced_security_group_id", "sg-master")),
        (flat("sgr-4", false, 22, "referenced_security_group_id", "sg-response")),
        (flat("sgr-5", true, 636, "prefix_list_id", "pl-1")),
    ]);
    let expected = found(&ask(AWS, data_source.clone()));
    assert!(expected.contains(&("equal".to_owned(), "tcp-443/master".to_owned())), "{expected:?}");
    assert!(
        expected.contains(&("extra".to_owned(), "tcp 22 from sg-response".to_owned())),
        "{expected:?}"
    );
    // The resources, which have no direction.
    let resources = |egress: bool| {
        let of = data_source.list().iter().filter(|rule| rule.at("is_egress").flag() == egress);
        let resource = |rule: &Value| {
            let mut rule = rule.map().clone();
            rule.remove("is_egress");
            rule.insert("arn".to_owned(), "arn:aws:ec2:x".into());
            rule.insert("tags_all".to_owned(), value!({}));
            Value::Map(rule)
        };
        Value::Map(of.map(|rule| (rule.at("id").text().to_owned(), resource(rule))).collect())
    };
    let permission = |port: i32, ranges: Value, ranges_v6: Value, lists: Value, pairs: Value| value!({ "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": (ranges), "Ipv6Ranges": (ranges_v6), "PrefixListIds": (lists), "UserIdGroupPairs": (pairs) });
    let group = value!({
        "GroupId": "sg-response", "GroupName": "response", "Description": "by hand", "OwnerId": "1", "VpcId": "vpc-1", "Tags": [],
        "SecurityGroupArn": "arn:aws:ec2:x",
        "IpPermissions": [
            (permission(4000, value!([{ "CidrIp": "10.0.0.0/16", "Description": "clients" }]), value!([{ "CidrIpv6": "2001:db8::/32" }]), value!([]), value!([]))),
            (permission(443, value!([]), value!([]), value!([]), value!([{ "GroupId": "sg-master", "UserId": "1", "Description": "core" }]))),
            (permission(22, value!([]), value!([]), value!([]), value!([{ "GroupId": "sg-response", "UserId": "1" }]))),
        ],
        "IpPermissionsEgress": [(permission(636, value!([]), value!([]), value!([{ "PrefixListId": "pl-1" }]), value!([])))],
    });
    let inline = |port: i32, name: &str, peers: Value| {
        let mut rule = value!({ "protocol": "tcp", "from_port": port, "to_port": port, "description": "", "self": false,
            "cidr_blocks": [], "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [] }).map().clone();
        rule.insert(name.to_owned(), peers);
        Value::Map(rule)
    };
    let mut both = inline(4000, "cidr_blocks", value!(["10.0.0.0/16"])).map().clone();
    both.insert("ipv6_cidr_blocks".to_owned(), value!(["2001:db8::/32"]));
    let resource = value!({
        "id": "sg-response", "arn": "arn:aws:ec2:x", "name": "response", "name_prefix": "", "description": "by hand", "owner_id": "1", "vpc_id": "vpc-1",
        "tags": null, "tags_all": {}, "revoke_rules_on_delete": false, "timeouts": null,
        "ingress": [(Value::Map(both)), (inline(443, "security_groups", value!(["sg-master"]))), (inline(22, "self", value!(true)))],
        "egress": [(inline(636, "prefix_list_ids", value!(["pl-1"])))],
    });
    let classic = |direction: &str, id: Value, port: i32, name: &str, peers: Value| {
        // `self` has no peers beside it.
        let given = if name == "self" { "cidr_blocks" } else { name };
        value!({ "type": direction, "id": "sgrule-1", "security_group_rule_id": (id), "security_group_id": "sg-response", "protocol": "tcp", "from_port": port, "to_port": port,
                 "self": (name == "self"), "description": null, "timeouts": null, given: (peers) })
    };
    let rules = value!([
        (classic("ingress", value!("sgr-1"), 4000, "cidr_blocks", value!(["10.0.0.0/16"]))),
        (classic("ingress", value!(null), 4000, "ipv6_cidr_blocks", value!(["2001:db8::/32"]))),
        (classic("ingress", value!("sgr-3"), 443, "source_security_group_id", value!("sg-master"))),
        (classic("ingress", value!("sgr-4"), 22, "self", value!(null))),
        (classic("egress", value!("sgr-5"), 636, "prefix_list_ids", value!(["pl-1"]))),
    ]);
    for (what, actual) in [
        (
            "resources by direction",
            value!({ "ingress": (resources(false)), "egress": (resources(true)) }),
        ),
        ("DescribeSecurityGroups", value!({ "SecurityGroups": [(group.clone())] })),
        ("a group of the API", group.clone()),
        ("groups of the API", value!([(group)])),
        ("aws_security_group", resource.clone()),
        ("aws_security_group with for_each", value!({ "response": (resource) })),
        ("aws_security_group_rule", rules.clone()),
    ] {
        assert_eq!(found(&ask(AWS, actual)), expected, "{what}");
    }
    // What has ids of its own has those that an import takes; what has none has null.
    let ids = |answer: &Value| -> BTreeSet<Option<String>> {
        let equal = answer.at("equal").list().iter();
        equal
            .map(|pair| match pair.at("id") {
                Value::Null => None,
                id => Some(id.text().to_owned()),
            })
            .collect()
    };
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(ids(&ask(AWS, rules)), BTreeSet::from([some("sgr-1"), None, some("sgr-3")]));
    assert_eq!(
        ids(&ask(AWS, data_source)),
        BTreeSet::from([some("sgr-1"), some("sgr-2"), some("sgr-3")])
    );
}

#[test]
fn rules_of_azure_in_every_form() {
    const GROUP: &str = "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/response";
    let snake = value!([
        { "name": "switch", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "description": "by hand",
          "source_port_range": "*", "source_port_ranges": [], "destination_port_range": "4000", "destination_port_ranges": [],
          "source_address_prefix": "10.0.0.0/16", "source_address_prefixes": [], "source_application_security_group_ids": [],
          "destination_address_prefix": "", "destination_address_prefixes": [], "destination_application_security_group_ids": ["/x/response"] },
        { "name": "core", "priority": 310, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "description": "",
          "source_port_range": "*", "source_port_ranges": [], "destination_port_range": "", "destination_port_ranges": ["443", "22"],
          "source_address_prefix": "", "source_address_prefixes": [], "source_application_security_group_ids": ["/x/master"],
          "destination_address_prefix": "", "destination_address_prefixes": [], "destination_application_security_group_ids": ["/x/response"] },
    ]);
    let expected = found(&ask(AZURE, value!({ "id": GROUP, "security_rule": (snake.clone()) })));
    assert!(
        expected.contains(&("equal".to_owned(), "inbound/client_to_switch/4000/ipv4".to_owned())),
        "{expected:?}"
    );
    let camel = |name: &str| {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        first + &words.map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>()
    };
    let groups = |ids: &Value| -> Value {
        ids.list().iter().map(|id| value!({ "id": (id.clone()) })).collect::<Vec<_>>().into()
    };
    let properties = |rule: &Value| -> Value {
        let attributes =
            rule.map().iter().filter(|(name, _)| *name != "name").map(|(name, value)| {
                match name.strip_suffix("_ids") {
                    Some(name) => (camel(name) + "s", groups(value)),
                    None => (camel(name), value.clone()),
                }
            });
        Value::Map(attributes.collect())
    };
    let envelope = |rule: &Value| {
        let name = rule.at("name").text();
        value!({ "name": name, "id": (format!("{GROUP}/securityRules/{name}")), "etag": "W/1", "type": "Microsoft.Network/networkSecurityGroups/securityRules" })
    };
    let nested = |rule: &Value| {
        let mut outer = envelope(rule).map().clone();
        let mut inner = properties(rule).map().clone();
        inner.insert("provisioningState".to_owned(), "Succeeded".into());
        outer.insert("properties".to_owned(), Value::Map(inner));
        Value::Map(outer)
    };
    let flat = |rule: &Value| {
        let mut all = envelope(rule).map().clone();
        all.extend(properties(rule).map().clone());
        all.insert("resourceGroup".to_owned(), "net".into());
        all.insert("provisioningState".to_owned(), "Succeeded".into());
        Value::Map(all)
    };
    let default = value!({ "name": "DenyAllInBound", "id": (format!("{GROUP}/defaultSecurityRules/DenyAllInBound")), "priority": 65500, "direction": "Inbound",
        "access": "Deny", "protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*" });
    let nested: Vec<Value> = snake.list().iter().map(nested).collect();
    let flat: Vec<Value> = snake.list().iter().map(flat).collect();
    let with_defaults = [flat.clone(), vec![default.clone()]].concat();
    for (what, actual) in [
        ("the list alone", snake),
        ("az network nsg rule list", flat.clone().into()),
        ("az network nsg rule list --include-default", with_defaults.into()),
        (
            "az network nsg show",
            value!({ "id": GROUP, "name": "response", "location": "westeurope", "etag": "W/1", "type": "x", "resourceGroup": "net", "resourceGuid": "1",
            "provisioningState": "Succeeded", "securityRules": (flat), "defaultSecurityRules": [(default)], "networkInterfaces": null, "subnets": [{ "id": "/s" }], "tags": {} }),
        ),
        ("the list of the API", value!({ "value": (nested.clone()) })),
        (
            "a group of the API",
            value!({ "id": GROUP, "name": "response", "location": "westeurope", "etag": "W/1", "type": "x", "tags": {},
            "properties": { "securityRules": (nested.clone()), "defaultSecurityRules": [], "provisioningState": "Succeeded", "resourceGuid": "1" } }),
        ),
        (
            "groups of the API",
            value!({ "value": [{ "id": GROUP, "properties": { "securityRules": (nested) } }], "nextLink": null }),
        ),
    ] {
        let answer = ask(AZURE, actual);
        assert_eq!(found(&answer), expected, "{what}");
        if what != "the list alone" {
            let equal = answer.at("equal").list()[0].map();
            assert_eq!(equal["id"].text(), format!("{GROUP}/securityRules/switch"), "{what}");
            assert_eq!(equal["security_group_id"].text(), GROUP, "{what}");
        }
    }
}
