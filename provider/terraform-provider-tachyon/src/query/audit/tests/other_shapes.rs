//! What has no rules that could be audited: whatever it is, one sentence that says what to give instead.

use tfplugin::Value;

use super::shapes::deployment;
use super::{AWS, AZURE};
use crate::answer::call;

/// One sentence, and at most one more, with what to do in it.
#[track_caller]
fn told(function: &str, actual: Value, part: &str) {
    let error = call(function, &[deployment(), "response".into(), actual]).expect_err("no rules");
    let text = error.text;
    assert!(text.starts_with("actual: Found ") && text.contains(part), "no {part:?} in: {text}");
    assert!(!text.contains("mistakes") && !text.contains('\n'), "{text}");
    assert!(text.matches(". ").count() <= 2, "{text}");
}

/// Several of them, so that what is said of each would be said more than once.
fn several(of: &Value) -> Value {
    Value::List(vec![of.clone(), of.clone(), of.clone()])
}

#[test]
fn what_terraform_shows_beside_rules() {
    for function in [AWS, AZURE] {
        told(
            function,
            value!({ "format_version": "1.0", "values": { "root_module": {} } }),
            "`values`",
        );
        told(
            function,
            value!({ "format_version": "1.2", "planned_values": {}, "resource_changes": [] }),
            "`values`",
        );
        told(
            function,
            value!({ "version": 4, "terraform_version": "1.11.4", "serial": 1, "resources": [] }),
            "state",
        );
        told(
            function,
            value!({ "mode": "managed", "type": "aws_security_group", "name": "a", "instances": [] }),
            "state",
        );
        let resource = value!({ "address": "x.a", "type": "x", "name": "a", "values": {} });
        told(function, resource.clone(), "`values`");
        told(function, several(&resource), "`values`");
        told(
            function,
            value!({ "address": "x.a", "type": "x", "change": { "before": {}, "after": {} } }),
            "`change.before`",
        );
        told(function, value!("{\"SecurityGroupRules\": []}"), "jsondecode");
        told(function, value!(["{\"a\": 1}", "{\"a\": 2}"]), "jsondecode");
        let lists = value!([[{ "is_egress": true, "access": "Allow" }], []]);
        told(function, lists, "`flatten(...)`");
    }
}

#[test]
fn answers_of_the_provider_for_more_than_one_endpoint() {
    for (function, rules, endpoint) in [
        (AWS, "security_group_rules", value!({ "ingress": {}, "egress": {}, "usage": {} })),
        (AZURE, "network_security_rules", value!({ "rules": {} })),
    ] {
        let whole = call(rules, &[deployment()]).expect("rules");
        told(function, whole.clone(), "one endpoint");
        let Value::Map(whole) = whole else { unreachable!() };
        told(function, whole["endpoints"].clone(), "several endpoints");
        // The data source has them under another name.
        let source = value!({ "matrix_version": "8.1", "options": null, "rules": (whole["endpoints"].clone()) });
        told(function, source, "one endpoint");
        told(function, several(&endpoint), "several endpoints");
    }
    let whole = call("security_group_rules", &[deployment()]).expect("rules");
    let Value::Map(whole) = &whole else { unreachable!() };
    let Value::Map(endpoints) = &whole["endpoints"] else { unreachable!() };
    let Value::Map(response) = &endpoints["response"] else { unreachable!() };
    told(AWS, response["ingress"].clone(), "whether they are for ingress");
}

#[test]
fn what_has_no_rules_of_a_security_group() {
    let ids = "`data.aws_vpc_security_group_rule`";
    told(
        AWS,
        value!({ "id": "eu-west-1", "ids": ["sgr-1", "sgr-2"], "filter": [], "tags": {} }),
        ids,
    );
    told(AWS, value!(["sgr-1", "sgr-2"]), "ids of rules only");
    told(AWS, value!(["sg-1", "sg-2"]), "ids of security groups only");
    told(
        AWS,
        value!({ "id": "eu", "ids": ["sg-1"], "arns": ["arn:x"], "vpc_ids": ["vpc-1"], "tags": {} }),
        "ids of security groups only",
    );
    let group = value!({ "id": "sg-1", "name": "a", "vpc_id": "vpc-1", "description": "" });
    told(AWS, group.clone(), ids);
    told(AWS, value!({ "a": (group.clone()), "b": (group) }), ids);
    let resource = value!({ "arn": "a", "id": "sgr-1", "ip_protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_ipv4": "10.0.0.0/8" });
    told(
        AWS,
        value!({ "a": (resource.clone()), "b": (resource.clone()) }),
        "ingress = aws_vpc_security_group_ingress_rule.NAME",
    );
    told(AWS, resource, "ingress = aws_vpc_security_group_ingress_rule.NAME");
    // What stands in a group, without the group.
    let inline = value!({ "protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": ["10.0.0.0/8"], "ipv6_cidr_blocks": [],
        "prefix_list_ids": [], "security_groups": [], "self": false, "description": "" });
    told(AWS, several(&inline), "whether they are for ingress");
    let permission = value!({ "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{ "CidrIp": "10.0.0.0/8" }], "UserIdGroupPairs": [] });
    told(AWS, several(&permission), "whether they are for ingress");
    // Other objects of EC2.
    let entry = value!({ "CidrBlock": "0.0.0.0/0", "Egress": true, "Protocol": "-1", "RuleAction": "allow", "RuleNumber": 100 });
    told(AWS, several(&entry), "network ACL");
    told(AWS, value!({ "NetworkAcls": [{ "Entries": [(entry)] }] }), "network ACL");
    let entry = value!({ "action": "allow", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0, "protocol": "-1", "rule_no": 100 });
    told(
        AWS,
        value!({ "id": "acl-1", "vpc_id": "vpc-1", "subnet_ids": [], "ingress": [(entry.clone())], "egress": [] }),
        "network ACL",
    );
    told(AWS, value!({ "SecurityGroupReferenceSet": [{ "GroupId": "sg-1" }] }), "Accepted is");
    told(AWS, value!([{ "GroupId": "sg-1", "VpcId": "v", "State": "associated" }]), "Accepted is");
    told(AWS, value!({ "Entries": [{ "Cidr": "10.0.0.0/8" }] }), "Accepted is");
}

#[test]
fn what_other_tools_write_of_a_security_group() {
    let rule = value!({ "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8" });
    told(AWS, value!([(rule.clone())]), "describe-security-group-rules");
    let properties = value!({ "GroupDescription": "a", "SecurityGroupIngress": [(rule)] });
    told(AWS, properties.clone(), "CloudFormation");
    told(
        AWS,
        value!({ "Type": "AWS::EC2::SecurityGroup", "Properties": (properties) }),
        "CloudFormation",
    );
    told(
        AWS,
        value!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": {} }),
        "CloudFormation",
    );
    let configuration = value!({ "groupId": "sg-1", "ipPermissions": [{ "fromPort": 1, "ipProtocol": "tcp" }], "vpcId": "v" });
    told(AWS, configuration.clone(), "AWS Config");
    told(AWS, value!({ "configuration": (configuration), "resourceId": "sg-1" }), "AWS Config");
    let group = value!({ "group_id": "sg-1", "group_name": "a", "ip_permissions": [], "ip_permissions_egress": [], "vpc_id": "v" });
    told(AWS, value!([(group.clone())]), "Ansible");
    told(AWS, value!({ "changed": false, "security_groups": [(group)] }), "Ansible");
    let camel =
        value!({ "protocol": "tcp", "fromPort": 1, "toPort": 1, "cidrBlocks": ["10.0.0.0/8"] });
    told(AWS, several(&camel), "camel case");
    let error = call(
        AWS,
        &[deployment(), "response".into(), value!({ "ingress": [(camel)], "egress": [] })],
    );
    let text = error.expect_err("camel case").text;
    assert!(text.starts_with("actual.ingress: Found rules with names in camel case"), "{text}");
    let row = value!({ "security_group_rule_id": "sgr-1", "group_id": "sg-1", "is_egress": false, "ip_protocol": "tcp", "akas": [] });
    told(AWS, several(&row), "Steampipe");
    let google = value!({ "name": "a", "network": "n", "allowed": [{ "IPProtocol": "tcp" }], "sourceRanges": ["10.0.0.0/8"] });
    for function in [AWS, AZURE] {
        told(function, several(&google), "Google Cloud");
        // Whatever it is.
        told(function, value!({ "name": "a", "kind": "b" }), "an object with \"kind\", \"name\"");
        told(function, value!([{ "name": "a" }, { "name": "b" }]), "objects with \"name\"");
        told(function, value!({ "a": { "x": 1 }, "b": { "y": 1 } }), "a map of objects with \"x\"");
        told(function, value!([["sgr-1"], ["sgr-2"]]), "flatten");
        told(function, value!(["a", "b"]), "a list of strings");
    }
    let azure = value!({ "name": "a", "priority": 100, "direction": "Inbound", "access": "Allow" });
    told(AWS, several(&azure), "`audit_network_security_group`");
}

#[test]
fn what_has_no_rules_of_a_network_security_group() {
    let show = "`az network nsg show`";
    let aws = value!({ "id": "sgr-1", "is_egress": true, "ip_protocol": "-1" });
    told(AZURE, several(&aws), "`audit_security_group`");
    told(
        AZURE,
        value!({ "value": [{ "effectiveSecurityRules": [], "networkSecurityGroup": {} }] }),
        show,
    );
    let effective = value!({ "name": "a", "access": "Allow", "priority": 300, "sourceAddressPrefix": "10.0.0.0/8",
        "sourceAddressPrefixes": ["10.0.0.0/8"], "expandedSourceAddressPrefix": null });
    told(AZURE, several(&effective), show);
    told(
        AZURE,
        value!({ "networkInterfaces": [{ "id": "a", "securityRuleAssociations": {} }] }),
        show,
    );
    told(AZURE, value!({ "Name": "a", "SecurityRules": [] }), show);
    let resource = value!({ "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-01-01", "name": "a", "location": "w",
        "dependsOn": [], "properties": { "securityRules": [] } });
    told(
        AZURE,
        value!({ "$schema": "a", "contentVersion": "1.0.0.0", "resources": [(resource)] }),
        "ARM template",
    );
    let row = value!({ "id": "/g", "name": "a", "tenantId": "t", "subscriptionId": "s", "kind": "", "managedBy": "", "properties": { "securityRules": [] } });
    told(AZURE, several(&row), "Azure Resource Graph");
    told(
        AZURE,
        value!({ "count": 1, "data": [(row)], "skip_token": null, "total_records": 1 }),
        "Azure Resource Graph",
    );
    let azapi = value!({ "id": "/g", "name": "a", "parent_id": "/x", "body": {}, "output": { "properties": { "securityRules": [] } } });
    told(AZURE, azapi.clone(), "`output`");
    told(AZURE, value!({ "a": (azapi) }), "`output`");
    let group = value!({ "id": "/g", "name": "a", "rules": [], "default_rules": [], "network_interfaces": [] });
    told(AZURE, value!([(group.clone())]), "Ansible");
    told(AZURE, value!({ "changed": false, "securitygroups": [(group)] }), "Ansible");
    told(AZURE, value!({ "name": "a", "ruleCollections": [] }), "Azure Firewall");
    let policy = value!({ "name": "a", "priority": 500, "network_rule_collection": [] });
    told(AZURE, several(&policy), "Azure Firewall");
    told(AZURE, value!(["/subscriptions/1/resourceGroups/a"]), "a list of strings");
}

/// What has something of a rule in it is read as rules, so that every mistake is told at its place.
#[test]
fn mistyped_rules_are_no_other_shape() {
    let text = |function: &str, actual: Value| {
        call(function, &[deployment(), "response".into(), actual]).expect_err("mistakes").text
    };
    let told = text(
        AWS,
        value!([{ "is_egres": true, "ip_protcol": "-1", "cidr_ipv4": "0.0.0.0/0" }, { "id": "x" }]),
    );
    assert!(told.contains("Did you mean \"is_egress\"?"), "{told}");
    let told =
        text(AZURE, value!({ "a": { "acess": "Allow", "source_port_range": "*" }, "b": null }));
    assert!(told.contains("Did you mean \"access\"?"), "{told}");
    let told = text(AWS, value!({ "configuration": { "ip_protocol": "tcp", "is_egres": false } }));
    assert!(told.contains("actual[\"configuration\"].is_egres"), "{told}");
}
