//! What is known of AWS and of Terraform, but has no rules that could be audited: told in one sentence, with what to give
//! instead.

use std::collections::BTreeMap;

use tfplugin::Value;

use crate::query::audit::read::{found_in, of_terraform};

/// What was found and what to give instead, if it is something known that has no rules.
pub(super) fn sentence(value: &Value) -> Option<String> {
    const IDS: &str = "Found ids of rules only, as the data source `aws_vpc_security_group_rules` gives them. Give `data.aws_vpc_security_group_rule` with `for_each` over them.";
    if let Value::List(elements) = value
        && !elements.is_empty()
        && elements.iter().all(|element| matches!(element, Value::String(_)))
    {
        return Some(IDS.to_owned());
    }
    of_terraform(value).or_else(|| {
        found_in(value, |object| {
            let has = |name: &str| object.contains_key(name);
            if has("ids") && !has("ip_protocol") {
                return Some(IDS);
            }
            one(object)
        })
        .map(str::to_owned)
    })
}

/// The same where rules of Azure were found.
pub(super) fn of_azure(value: &Value) -> Option<&'static str> {
    found_in(value, azure)
}

fn azure(object: &BTreeMap<String, Value>) -> Option<&'static str> {
    let has = |name: &str| object.contains_key(name);
    let is_azure = has("security_rule")
        || has("securityRules")
        || has("access") && has("priority")
        || has("properties");
    is_azure.then_some(
        "Found rules of an Azure network security group. Give them to `audit_network_security_group`.",
    )
}

fn one(object: &BTreeMap<String, Value>) -> Option<&'static str> {
    let has = |name: &str| object.contains_key(name);
    let is_rule = has("ip_protocol") || has("IpProtocol") || has("protocol");
    if let Some(said) = azure(object) {
        return Some(said);
    }
    if has("CidrIp") || has("SourceSecurityGroupId") || has("DestinationSecurityGroupId") {
        return Some(
            "Found a rule as CloudFormation writes it. Give what `aws ec2 describe-security-group-rules` prints.",
        );
    }
    if has("vpc_id") && !is_rule && !has("ingress") && !has("egress") {
        return Some(
            "Found a security group without its rules, as the data source `aws_security_group` gives it. Give `data.aws_vpc_security_group_rule` for each of its rules.",
        );
    }
    if has("ip_protocol") && has("arn") && !has("is_egress") {
        return Some(
            "Found the resources for rules, which don't say whether they are for ingress. Give `{ ingress = aws_vpc_security_group_ingress_rule.NAME, egress = aws_vpc_security_group_egress_rule.NAME }`.",
        );
    }
    None
}
