//! Maps: names that the user chose are no attributes of a rule, and one rule is told from many.

use expect_test::{Expect, expect};
use tfplugin::Value;

use super::{AWS, AZURE, audit};
use crate::answer::{Read, call};

fn deployment() -> Value {
    value!({ "endpoints": {
        "response": { "roles": ["response_stack"], "security_group_id": "sg-response", "service_tag": "A" },
        "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/16"] },
    } })
}

fn count(answer: &Value, kind: &str) -> usize {
    answer.at(kind).list().len()
}

fn refused(function: &str, actual: Value, expected: Expect) {
    let error = call(function, &[deployment(), "response".into(), actual]).expect_err("a mistake");
    expected.assert_eq(&error.text);
}

/// A rule of Azure that no documented one asks for.
fn azure(name: &str, priority: i32) -> Value {
    value!({ "name": name, "priority": priority, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
             "destination_port_range": "22", "source_address_prefix": "10.7.0.0/16", "destination_address_prefix": "*" })
}

/// The resource for a rule of EC2, which does not say its direction.
fn resource(id: &str) -> Value {
    value!({ "arn": "arn:aws:ec2:x", "id": id, "security_group_id": "sg-response", "ip_protocol": "tcp", "from_port": 22, "to_port": 22,
             "cidr_ipv4": "10.7.0.0/16", "tags": { "vpc_id": "x" } })
}

#[test]
fn keys_of_for_each_are_no_attributes() {
    let rules = value!({ "ingress": (azure("in", 200)), "egress": (azure("out", 210)) });
    assert_eq!(count(&audit(AZURE, deployment(), "response", rules), "extra"), 2);
    let mut rule = resource("sgr-1").map().clone();
    rule.insert("is_egress".to_owned(), false.into());
    for key in ["ids", "vpc_id", "access", "properties", "protocol", "ip_protocol", "values"] {
        let rules = Value::from([(key, Value::Map(rule.clone()))]);
        assert_eq!(count(&audit(AWS, deployment(), "response", rules), "extra"), 1, "{key}");
        let rules = Value::from([(key, azure("in", 200))]);
        assert_eq!(count(&audit(AZURE, deployment(), "response", rules), "extra"), 1, "{key}");
    }
}

#[test]
fn keys_of_tags_are_no_attributes() {
    for key in ["ingress", "ip_protocol", "SecurityRules", "root_module"] {
        let tags = Value::from([(key, "x".into())]);
        let group =
            value!({ "id": "/nsg/a", "security_rule": [(azure("in", 200))], "tags": (tags) });
        assert_eq!(count(&audit(AZURE, deployment(), "response", group), "extra"), 1, "{key}");
    }
    for key in ["vpc_id", "ids", "properties", "security_rule", "CidrIp"] {
        let tags = Value::from([(key, "x".into())]);
        let rule = value!({ "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.7.0.0/16"] });
        let group = value!({ "id": "sg-response", "vpc_id": "vpc-1", "ingress": [(rule)], "egress": [], "tags": (tags) });
        assert_eq!(count(&audit(AWS, deployment(), "response", group), "extra"), 1, "{key}");
    }
}

#[test]
fn a_direction_may_have_a_single_resource() {
    let rules = value!({ "ingress": (resource("sgr-1")), "egress": (resource("sgr-2")) });
    let answer = audit(AWS, deployment(), "response", rules);
    let found: Vec<(&str, &str)> = (answer.at("extra").list().iter())
        .map(|rule| (rule.at("id").text(), rule.at("direction").text()))
        .collect();
    assert_eq!(found, [("sgr-1", "ingress"), ("sgr-2", "egress")]);
    // The other platform's are told as such here too.
    refused(
        AWS,
        value!({ "ingress": (azure("in", 200)), "egress": [] }),
        expect![
            "actual.ingress: Found rules of an Azure network security group. Give them to `audit_network_security_group`."
        ],
    );
}

#[test]
fn a_single_rule_is_told_in_every_form() {
    let classic = value!({ "type": "ingress", "security_group_id": "sg-response", "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.7.0.0/16"] });
    refused(
        AWS,
        classic,
        expect![
            "actual: Found a single rule. Accepted is a list or map of rules as `data.aws_vpc_security_group_rule` gives them, or the answer of `DescribeSecurityGroupRules`: put brackets around it."
        ],
    );
    let of_rest = value!({ "name": "in", "id": "/nsg/a/securityRules/in", "properties": { "priority": 200, "direction": "Inbound" } });
    refused(
        AZURE,
        of_rest,
        expect![
            "actual: Found a single rule. Accepted is a list of rules as `data.azurerm_network_security_group` gives them in `security_rule`, or that data source: put brackets around it."
        ],
    );
}
