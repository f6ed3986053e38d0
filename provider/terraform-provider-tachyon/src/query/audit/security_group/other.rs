//! What is known beside Terraform's and EC2's forms of rules, and has none that could be audited.

use tfplugin::Value;

use super::permissions;
use super::read::FORM;
use crate::query::audit::other::{self, Shape};

const IDS: &str = "Found ids of rules only, as the data source `aws_vpc_security_group_rules` gives them. Give `data.aws_vpc_security_group_rule` with `for_each` over them.";
const IDS_OF_GROUPS: &str = "Found ids of security groups only. Give `data.aws_vpc_security_group_rule` for each of their rules.";

const SHAPES: &[Shape] = &[
    OF_AZURE,
    Shape {
        by: &[&["ids", "arns"], &["ids", "vpc_ids"]],
        without: &["ip_protocol"],
        said: IDS_OF_GROUPS,
    },
    Shape { by: &[&["ids"]], without: &["ip_protocol"], said: IDS },
    CLOUD_FORMATION,
    Shape {
        by: &[
            &["configuration"],
            &["configurationItems"],
            &["ipPermissions"],
            &["ipPermissionsEgress"],
        ],
        without: &[],
        said: "Found a security group as AWS Config records it. Give what `aws ec2 describe-security-group-rules` prints.",
    },
    Shape {
        by: &[&["ip_permissions"], &["ip_permissions_egress"], &["security_groups", "changed"]],
        without: &[],
        said: "Found security groups as Ansible shows them. Give what `aws ec2 describe-security-group-rules` prints.",
    },
    CAMEL_CASE,
    NETWORK_ACL,
    Shape {
        by: &[&["akas"], &["account_id", "partition"]],
        without: &[],
        said: "Found rows as Steampipe answers them. Give what `aws ec2 describe-security-group-rules` prints.",
    },
    Shape {
        by: &[&["vpc_id"]],
        without: &["ip_protocol", "IpProtocol", "protocol", "ingress", "egress"],
        said: "Found a security group without its rules, as the data source `aws_security_group` gives it. Give `data.aws_vpc_security_group_rule` for each of its rules.",
    },
    Shape {
        by: &[&["ip_protocol", "arn"]],
        without: &["is_egress"],
        said: "Found the resources for rules, which don't say whether they are for ingress. Give `{ ingress = aws_vpc_security_group_ingress_rule.NAME, egress = aws_vpc_security_group_egress_rule.NAME }`.",
    },
    Shape {
        by: &[&["flows", "peer"]],
        without: &["is_egress"],
        said: "Found rules of an answer of this provider, which don't say whether they are for ingress. Give all that it has for one endpoint: `endpoints[\"NAME\"]` of the function, `rules[\"NAME\"]` of the data source.",
    },
];

/// Rules of Azure.
const OF_AZURE: Shape = Shape {
    by: &[&["security_rule"], &["securityRules"], &["access", "priority"], &["properties"]],
    without: &[],
    said: "Found rules of an Azure network security group. Give them to `audit_network_security_group`.",
};

/// What CloudFormation, and so CDK, has in templates.
const CLOUD_FORMATION: Shape = Shape {
    by: &[
        &["CidrIp"],
        &["SourceSecurityGroupId"],
        &["DestinationSecurityGroupId"],
        &["SecurityGroupIngress"],
        &["SecurityGroupEgress"],
        &["AWSTemplateFormatVersion"],
        &["Type", "Properties"],
    ],
    without: &[],
    said: "Found what CloudFormation has in its templates. Give what `aws ec2 describe-security-group-rules` prints.",
};

/// Terraform's attributes as other tools than Terraform call them.
const CAMEL_CASE: Shape = Shape {
    by: &[&["cidrBlocks"], &["ipv6CidrBlocks"], &["fromPort", "toPort"]],
    without: &[],
    said: "Found rules with names in camel case, as Pulumi and CDK for Terraform write them. Give what `aws ec2 describe-security-group-rules` prints.",
};

/// What the API and Terraform show of a network ACL.
const NETWORK_ACL: Shape = Shape {
    by: &[
        &["NetworkAcls"],
        &["NetworkAclId"],
        &["network_acl_id"],
        &["RuleAction"],
        &["rule_action"],
        &["rule_no"],
        &["subnet_ids", "ingress"],
    ],
    without: &[],
    said: "Found a network ACL, which belongs to a subnet and not to an endpoint. Give the rules of the endpoint's security groups.",
};

/// What was found and what to give instead, if there is nothing of a rule in it.
pub(super) fn sentence(value: &Value) -> Option<String> {
    let or_else = |value: &Value| of_ids(value).or_else(|| without_direction(value));
    other::sentence(value, SHAPES, or_else, FORM)
}

/// The same of the rules of one direction.
pub(super) fn in_group(value: &Value) -> Option<&'static str> {
    other::known(value, &[OF_AZURE, CLOUD_FORMATION, CAMEL_CASE, NETWORK_ACL])
}

/// What is said of ids alone.
fn of_ids(value: &Value) -> Option<&'static str> {
    let (Value::List(elements) | Value::Set(elements)) = value else { return None };
    let are_all = |prefix: &str| {
        let is = |it: &Value| matches!(it, Value::String(id) if id.starts_with(prefix));
        !elements.is_empty() && elements.iter().all(is)
    };
    if are_all("sgr-") {
        return Some(IDS);
    }
    are_all("sg-").then_some(IDS_OF_GROUPS)
}

/// What is said of rules that stand together in objects none of which says its direction, as they stand in a group.
fn without_direction(value: &Value) -> Option<&'static str> {
    let elements: Vec<&Value> = match value {
        Value::List(elements) | Value::Set(elements) => elements.iter().collect(),
        Value::Map(object) => object.values().collect(),
        _ => return None,
    };
    let is = |it: &&Value| matches!(it, Value::Map(object) if permissions::is_one(object) && !object.contains_key("type"));
    let are_all = !elements.is_empty() && elements.iter().all(is);
    are_all.then_some(
        "Found rules as they stand in a group, which don't say whether they are for ingress. Give the whole group: the resource `aws_security_group`, or what `aws ec2 describe-security-groups` prints.",
    )
}
