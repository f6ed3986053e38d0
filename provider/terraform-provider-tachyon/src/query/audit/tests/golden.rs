//! Whole answers, as a person reads them: the files in `golden/`.

use expect_test::{ExpectFile, expect_file};
use tfplugin::Value;

use super::{AWS, AZURE, audit, written};
use crate::answer::Read;

pub(super) fn check(answer: &Value, expected: ExpectFile) {
    expected.assert_eq(&(written(answer) + "\n"));
}

pub(super) fn on_aws() -> Value {
    value!({ "endpoints": {
        "sql": { "roles": ["sql_responses"], "security_group_id": "sg-sql" },
        "response": { "roles": ["response_stack"], "security_group_id": "sg-response" },
        "master": { "roles": ["master_stack"], "security_group_id": "sg-master" },
        "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/8", "2001:db8::/32"] },
    } })
}

#[test]
fn a_security_group_made_by_hand() {
    let actual = value!([
        {
            "security_group_rule_id": "sgr-01", "security_group_id": "sg-response", "is_egress": false, "ip_protocol": "tcp",
            "from_port": 443, "to_port": 443, "referenced_security_group_id": "111122223333/sg-master", "description": "core",
        },
        { "id": "sgr-02", "is_egress": false, "ip_protocol": "6", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/9" },
        { "id": "sgr-03", "is_egress": false, "ip_protocol": 6, "from_port": 440, "to_port": 450, "cidr_ipv4": "10.129.0.1/9" },
        { "id": "sgr-04", "is_egress": false, "ip_protocol": "tcp", "from_port": 4000, "to_port": 4000, "cidr_ipv6": "2001:db8::/32" },
        { "id": "sgr-05", "is_egress": false, "ip_protocol": "icmp", "from_port": 8, "to_port": (-1), "cidr_ipv4": "0.0.0.0/0" },
        { "id": "sgr-06", "is_egress": true, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0", "description": "as EC2 makes it" },
        { "id": "sgr-07", "is_egress": true, "ip_protocol": "tcp", "from_port": (-1), "to_port": (-1), "referenced_security_group_id": "sg-sql" },
    ]);
    check(
        &audit(AWS, on_aws(), "response", actual),
        expect_file!["golden/a_security_group_made_by_hand.txt"],
    );
}

#[test]
fn all_documented_as_the_api_says() {
    let actual = value!({ "SecurityGroupRules": [{
        "SecurityGroupRuleId": "sgr-0a", "GroupId": "sg-sql", "GroupOwnerId": "111122223333", "IsEgress": false,
        "IpProtocol": "tcp", "FromPort": 1433, "ToPort": 1433,
        "ReferencedGroupInfo": { "GroupId": "sg-response", "UserId": "111122223333" }, "Tags": [],
    }], "NextToken": null });
    check(
        &audit(AWS, on_aws(), "sql", actual),
        expect_file!["golden/all_documented_as_the_api_says.txt"],
    );
}

#[test]
fn a_list_that_is_to_be_created_stands_for_its_networks() {
    let deployment = value!({
        "endpoints": {
            "response": { "roles": ["response_stack"], "security_group_id": "sg-response" },
            "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/9", "10.128.0.0/9"] },
        },
        "options": { "aws": { "prefix_lists": true } },
    });
    // The same networks, but no rule that could become the one for the list; and a list of which nobody knows what it holds.
    let actual = value!([
        { "id": "sgr-01", "is_egress": false, "ip_protocol": "tcp", "from_port": 4000, "to_port": 4000, "cidr_ipv4": "10.0.0.0/8" },
        { "id": "sgr-02", "is_egress": false, "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "prefix_list_id": "pl-1" },
    ]);
    check(
        &audit(AWS, deployment, "response", actual),
        expect_file!["golden/a_list_to_be_created.txt"],
    );
}

pub(super) fn on_azure() -> Value {
    value!({
        "endpoints": {
            "response": { "roles": ["response_stack"], "cidrs": ["10.9.0.10/32"] },
            "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/16", "10.1.0.0/16"] },
        },
        "options": { "azure": { "deny_all": true } },
    })
}

pub(super) fn nsg(rules: Vec<Value>) -> Value {
    value!({
        "id": "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/response",
        "name": "response", "resource_group_name": "net", "location": "westeurope", "tags": {}, "security_rule": rules,
    })
}

/// A rule as azurerm shows it: what is not set is empty.
pub(super) fn rule(
    name: &str,
    priority: i32,
    words: [&str; 3],
    source: Value,
    port: &str,
    destination: &str,
) -> Value {
    let [direction, access, protocol] = words;
    let (prefix, prefixes) =
        if matches!(source, Value::List(_)) { (value!(""), source) } else { (source, value!([])) };
    value!({
        "name": name, "priority": priority, "direction": direction, "access": access, "protocol": protocol, "description": "",
        "source_port_range": "*", "source_port_ranges": [],
        "destination_port_range": port, "destination_port_ranges": [],
        "source_address_prefix": (prefix), "source_address_prefixes": (prefixes), "source_application_security_group_ids": [],
        "destination_address_prefix": destination, "destination_address_prefixes": [],
        "destination_application_security_group_ids": [],
    })
}

#[test]
fn a_network_security_group_made_by_hand() {
    let actual = nsg(vec![
        rule("no-guests", 110, ["Inbound", "Deny", "*"], value!("10.1.7.0/24"), "*", "*"),
        rule(
            "switch",
            120,
            ["Inbound", "Allow", "Tcp"],
            value!(["10.1.0.0/16", "10.0.0.0/16"]),
            "4000",
            "10.9.0.10/32",
        ),
        rule("ssh", 130, ["Inbound", "Allow", "Tcp"], value!("VirtualNetwork"), "22", "*"),
        rule("guests-web", 140, ["Inbound", "Allow", "Tcp"], value!("10.1.7.128/25"), "80", "*"),
        rule("web", 150, ["Inbound", "Allow", "Tcp"], value!("10.0.0.0/16"), "443", "10.9.0.10"),
        rule("balancer", 160, ["Inbound", "Allow", "*"], value!("AzureLoadBalancer"), "*", "*"),
        rule("rest", 4096, ["Inbound", "Deny", "*"], value!("*"), "*", "*"),
    ]);
    check(
        &audit(AZURE, on_azure(), "response", actual),
        expect_file!["golden/a_network_security_group_made_by_hand.txt"],
    );
}

#[test]
fn two_documented_rules_of_one_content_share_no_actual_rule() {
    let deployment = value!({ "endpoints": {
        "tachyon": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.9.0.10/32"] },
        "office": { "roles": ["client", "browser"], "cidrs": ["10.0.0.0/16"] },
    } });
    let web = |name, priority| {
        rule(
            name,
            priority,
            ["Inbound", "Allow", "Tcp"],
            value!("10.0.0.0/16"),
            "443",
            "10.9.0.10/32",
        )
    };
    let equal = |rules: Vec<Value>| {
        let answer = audit(AZURE, deployment.clone(), "tachyon", rules.into());
        written(answer.at("equal")) + "\n"
    };
    // One rule is paired once, with the documented rule that has its priority; two are paired by their names.
    expect_file!["golden/paired_by_priority.txt"].assert_eq(&equal(vec![web("web", 200)]));
    expect_file!["golden/paired_by_name.txt"].assert_eq(&equal(vec![
        web("in-browser_to_master_https-443-ipv4", 1000),
        web("other", 900),
    ]));
}
