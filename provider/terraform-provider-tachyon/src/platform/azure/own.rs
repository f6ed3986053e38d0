//! Rules that no flow asks for: what closes the group, and what the platform needs when it is closed.
//!
//! Azure's default rules admit the whole virtual network in both directions and everything towards the Internet. A
//! group that shall admit only what is documented must deny the rest itself; that hides the default rule for the load
//! balancer's health probes too, which is why these are admitted apart; and it cuts the machine off from platform
//! services such as monitoring and backup, which the user names by their service tags.

use portmatrix::known::Known;

use super::Options;
use super::end::End;
use super::name;
use super::part::Part;
use super::priority::{BAND, LAST, PLATFORM_ORDINAL};
use super::rules::{PlannedRule, Rule, Wish};
use crate::leaf::Leaf;
use crate::platform::text::stable_hash;

/// The tag that stands for Azure's load balancer. Source: Azure, "Virtual network service tags".
const LOAD_BALANCER: &str = "AzureLoadBalancer";
/// Where Azure's own services listen: HTTPS.
const SERVICE_PORT: &str = "443";

/// The rules that the options ask for; unknown while the options are.
pub(super) fn rules(options: &Options) -> Known<Vec<PlannedRule<'_>>> {
    let (Known::Known(deny_all), Known::Known(services)) =
        (options.deny_all, &options.allow_services)
    else {
        return Known::Unknown;
    };
    let mut rules: Vec<PlannedRule<'_>> = services.iter().map(|tag| allow_service(tag)).collect();
    if deny_all {
        rules.extend(["inbound", "outbound"].map(deny_rest));
        match options.allow_azure_load_balancer {
            Known::Known(true) => rules.push(allow_load_balancer()),
            Known::Known(false) => {}
            Known::Unknown => return Known::Unknown,
        }
    }
    Known::Known(rules)
}

/// Every address, protocol and port of one direction.
fn everything<'a>(direction: &str) -> Rule<'a> {
    let End { prefix, prefixes, groups } = End::any();
    Rule {
        name: String::new(),
        priority: Leaf::Unknown,
        direction: if direction == "inbound" { "Inbound" } else { "Outbound" },
        access: "Allow",
        protocol: "*",
        source_port_range: "*",
        destination_port_range: "*".to_owned(),
        source_address_prefix: prefix,
        source_address_prefixes: prefixes.clone(),
        source_application_security_group_ids: groups.clone(),
        destination_address_prefix: prefix,
        destination_address_prefixes: prefixes,
        destination_application_security_group_ids: groups,
        description: String::new(),
        peers: Vec::new(),
        documented: false,
        flows: Vec::new(),
    }
}

fn deny_rest<'a>(direction: &str) -> PlannedRule<'a> {
    let rule = Rule {
        name: format!("{}-deny_all", direction.trim_end_matches("bound")),
        access: "Deny",
        description: "Denies what no other rule admits.".to_owned(),
        ..everything(direction)
    };
    PlannedRule { key: format!("{direction}/deny_all"), rule, wish: Wish::Number(LAST) }
}

fn allow_load_balancer<'a>() -> PlannedRule<'a> {
    let rule = Rule {
        name: "in-allow_azure_load_balancer".to_owned(),
        source_address_prefix: Leaf::Known(Some(LOAD_BALANCER)),
        description: "Admits the health probes of Azure load balancers, which deny_all would hide."
            .to_owned(),
        ..everything("inbound")
    };
    let wish = Wish::Band { ordinal: PLATFORM_ORDINAL, place: 0 };
    PlannedRule { key: "inbound/allow_azure_load_balancer".to_owned(), rule, wish }
}

fn allow_service(tag: &str) -> PlannedRule<'_> {
    let part = Part::Tag(tag);
    let rule = Rule {
        name: name::of_rule("out", "allow_service", SERVICE_PORT, part),
        protocol: "Tcp",
        destination_port_range: SERVICE_PORT.to_owned(),
        destination_address_prefix: Leaf::Known(Some(tag)),
        description: format!("Admits HTTPS to the platform service {tag}."),
        ..everything("outbound")
    };
    let places = u64::from(BAND);
    let place = u16::try_from(stable_hash(&tag.to_ascii_lowercase()) % places).unwrap_or(0);
    let wish = Wish::Band { ordinal: PLATFORM_ORDINAL, place };
    PlannedRule { key: format!("outbound/allow_service/{SERVICE_PORT}/{part}"), rule, wish }
}
