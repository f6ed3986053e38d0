//! What is known beside Terraform's and Azure's forms of rules, and has none that could be audited.

use tfplugin::Value;

use super::read::FORM;
use crate::query::audit::other::{self, Shape};

const SHAPES: &[Shape] = &[
    Shape {
        by: &[
            &["ip_protocol"],
            &["IpProtocol"],
            &["IpPermissions"],
            &["SecurityGroupRules"],
            &["SecurityGroups"],
            &["is_egress"],
            &["IsEgress"],
            &["cidr_blocks"],
            &["ingress"],
            &["egress"],
        ],
        without: &[],
        said: "Found rules of an AWS security group. Give them to `audit_security_group`.",
    },
    Shape {
        by: &[
            &["effectiveSecurityRules"],
            &["effectiveNetworkSecurityGroups"],
            &["expandedSourceAddressPrefix"],
            &["expandedDestinationAddressPrefix"],
            &["securityRuleAssociations"],
            &["networkInterfaces"],
        ],
        without: &["securityRules"],
        said: "Found the effective rules of an interface, in which those of several groups are mixed. Give what `az network nsg show` prints.",
    },
    Shape {
        by: &[&["SecurityRules"], &["SourceAddressPrefix"], &["DestinationPortRange"]],
        without: &[],
        said: "Found what PowerShell prints. Give what `az network nsg show` prints.",
    },
    Shape {
        by: &[&["$schema"], &["contentVersion"], &["dependsOn"]],
        without: &[],
        said: "Found an ARM template. Give what `az network nsg show` prints.",
    },
    Shape {
        by: &[
            &["data", "total_records"],
            &["data", "totalRecords"],
            &["tenantId", "subscriptionId"],
        ],
        without: &[],
        said: "Found what Azure Resource Graph answers. Give what `az network nsg show` prints.",
    },
    Shape {
        by: &[&["body", "output"], &["parent_id", "output"]],
        without: &[],
        said: "Found a resource of azapi. Give its `output`, with `response_export_values = [\"*\"]`.",
    },
    Shape {
        by: &[&["securitygroups"], &["default_rules"]],
        without: &[],
        said: "Found security groups as Ansible shows them. Give what `az network nsg show` prints.",
    },
    Shape {
        by: &[
            &["ruleCollections"],
            &["rule_collection"],
            &["networkRuleCollections"],
            &["network_rule_collection"],
            &["network_rule_collections"],
        ],
        without: &[],
        said: "Found rules of an Azure Firewall. Give those of a network security group.",
    },
];

/// What was found and what to give instead, if there is nothing of a rule in it.
pub(super) fn sentence(value: &Value) -> Option<String> {
    other::sentence(value, SHAPES, |_| None, FORM)
}
