//! Rules that no flow asks for: what closes the group, and what the platform needs when it is closed.
//!
//! Azure's default rules admit the whole virtual network in both directions and everything towards the Internet. A
//! group that shall admit only what is documented must deny the rest itself; that hides the default rule for the load
//! balancer's health probes too, which is why these are admitted apart.

use portmatrix::known::Known;

use super::Options;
use super::end::End;
use super::priority::{LAST, PLATFORM_ORDINAL};
use super::rules::{PlannedRule, Rule, Wish};
use crate::leaf::Leaf;

/// The tag that stands for Azure's load balancer. Source: Azure, "Virtual network service tags".
const LOAD_BALANCER: &str = "AzureLoadBalancer";

/// The rules that the options ask for; unknown while the options are.
pub(super) fn rules<'a>(options: &Options) -> Known<Vec<PlannedRule<'a>>> {
    let deny_all = match options.deny_all {
        Known::Known(deny_all) => deny_all,
        Known::Unknown => return Known::Unknown,
    };
    if !deny_all {
        return Known::Known(Vec::new());
    }
    let deny = Wish::Number(LAST);
    let mut rules = vec![
        rule("inbound/deny_all", "Inbound", "Deny", End::any(), "Denies what no other rule admits.", deny),
        rule("outbound/deny_all", "Outbound", "Deny", End::any(), "Denies what no other rule admits.", deny),
    ];
    match options.allow_azure_load_balancer {
        Known::Known(true) => rules.push(rule(
            "inbound/allow_azure_load_balancer",
            "Inbound",
            "Allow",
            End::of_prefix(LOAD_BALANCER),
            "Admits the health probes of Azure load balancers, which deny_all would hide.",
            Wish::Band { ordinal: PLATFORM_ORDINAL, place: 0 },
        )),
        Known::Known(false) => {}
        Known::Unknown => return Known::Unknown,
    }
    Known::Known(rules)
}

fn rule<'a>(
    key: &str,
    direction: &'static str,
    access: &'static str,
    source: End<'a>,
    description: &str,
    wish: Wish,
) -> PlannedRule<'a> {
    let anybody = End::any();
    let name = key.replacen("inbound/", "in-", 1).replacen("outbound/", "out-", 1);
    let rule = Rule {
        name,
        priority: Leaf::Unknown,
        direction,
        access,
        protocol: "*",
        source_port_range: "*",
        destination_port_range: "*".to_owned(),
        source_address_prefix: source.prefix,
        source_address_prefixes: source.prefixes,
        source_application_security_group_ids: source.groups,
        destination_address_prefix: anybody.prefix,
        destination_address_prefixes: anybody.prefixes,
        destination_application_security_group_ids: anybody.groups,
        description: description.to_owned(),
        peers: Vec::new(),
        flows: Vec::new(),
    };
    PlannedRule { key: key.to_owned(), rule, wish }
}
