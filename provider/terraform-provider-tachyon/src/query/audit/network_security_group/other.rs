//! What is known of Azure and of Terraform, but has no rules that could be audited: told in one sentence, with what to give
//! instead.

use std::collections::BTreeMap;

use tfplugin::Value;

use crate::query::audit::read::{found_in, of_terraform};

/// What was found and what to give instead, if it is something known that has no rules.
pub(super) fn sentence(value: &Value) -> Option<String> {
    of_terraform(value).or_else(|| found_in(value, one).map(str::to_owned))
}

/// What rules of AWS have, in any of their forms.
const AWS: [&str; 10] = [
    "ip_protocol",
    "IpProtocol",
    "IpPermissions",
    "SecurityGroupRules",
    "SecurityGroups",
    "is_egress",
    "IsEgress",
    "cidr_blocks",
    "ingress",
    "egress",
];

fn one(object: &BTreeMap<String, Value>) -> Option<&'static str> {
    let has = |name: &str| object.contains_key(name);
    if AWS.iter().any(|name| has(name)) {
        return Some("Found rules of an AWS security group. Give them to `audit_security_group`.");
    }
    if has("effectiveSecurityRules") || has("effectiveNetworkSecurityGroups") {
        return Some(
            "Found the effective rules of an interface, in which those of several groups are mixed. Give what `az network nsg show` prints.",
        );
    }
    if ["SecurityRules", "SourceAddressPrefix", "DestinationPortRange"].iter().any(|name| has(name))
    {
        return Some("Found what PowerShell prints. Give what `az network nsg show` prints.");
    }
    None
}
