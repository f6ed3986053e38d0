//! What is found of a network security group, as the function answers it.

use tfplugin::object;

use super::rule::ActualRule;
use super::{Documented, access};
use crate::platform::azure::{RuleRecord, direction};
use crate::query::audit::accepted::UnmatchedEntry;
use crate::query::audit::compare::{Comparison, Overlap, at};
use crate::query::audit::{MissingRule, chosen};

object! {
    /// The documented rules of an endpoint against those of its network security group.
    #[derive(Debug)]
    pub struct NetworkSecurityGroupAudit<'a> {
        /// Documented rules whose traffic the actual ones do not decide as documented, or only in part: an allow that
        /// no actual allows cover, or a deny that no actual denies cover.
        pub missing: Vec<MissingRule<RuleRecord<'a, 'a>>>,
        /// Documented rules that an actual deny keeps from working, because it decides first.
        pub shadowed: Vec<ShadowedRule>,
        /// Actual rules that admit what no documented rule does, or not all of it.
        pub extra: Vec<ActualNetworkSecurityRule>,
        /// Actual rules that would be extra, but are the user's own on purpose: the setting `accepted` names them.
        pub accepted: Vec<ActualNetworkSecurityRule>,
        /// Entries of the setting `accepted` that match no actual rule, in their order.
        pub accepted_unmatched: Vec<UnmatchedEntry>,
        /// Documented rules that are there: the same direction, access, protocol, ports and ends. What `import` blocks
        /// need.
        pub equal: Vec<EqualNetworkSecurityRule>,
        /// Actual rules that are neither extra nor accepted nor equal: denies, and allows of which documented rules admit all that
        /// they do.
        pub tolerated: Vec<ActualNetworkSecurityRule>,
        /// Actual rules of another network security group than the one that is audited, so that they count for nothing else.
        pub without_effect: Vec<IdleNetworkSecurityRule>,
        /// Whether nothing is missing, nothing is shadowed and nothing is extra; what is accepted or without effect doesn't
        /// count.
        pub compliant: bool,
    }
}

object! {
    /// A rule that was read from Azure.
    #[derive(Debug)]
    pub struct ActualNetworkSecurityRule {
        /// The id of its resource; its name where no id was given, neither its own nor the group's.
        pub id: String,
        /// The number of the group that it stands in: 0, as an endpoint's rules stand in one network security group.
        pub group: Option<u32>,
        /// The id of the network security group that it stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// Its name.
        pub name: String,
        /// Its priority.
        pub priority: u16,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// `Allow` or `Deny`.
        pub access: &'static str,
        /// What it is about, in words: `tcp 22 from Internet to *`.
        pub admits: String,
        /// Its description; empty if it has none.
        pub description: String,
        /// Keys of documented rules with the same access that are about some of it.
        pub overlaps: Vec<String>,
    }
}

object! {
    /// A documented rule that is there.
    #[derive(Debug)]
    pub struct EqualNetworkSecurityRule {
        /// The key of the documented rule.
        pub key: String,
        /// The id of the actual one's resource, which is what `terraform import` takes; its name where no id was given.
        pub id: String,
        /// The number of the group that the actual one stands in: 0, as an endpoint's rules stand in one network security group.
        pub group: Option<u32>,
        /// The id of the network security group that the actual one stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// The documented name.
        pub name: String,
        /// The actual name; Terraform replaces a rule to change it.
        pub actual_name: String,
        /// The documented priority.
        pub priority: u16,
        /// The actual priority; after an import, Terraform changes it to the documented one.
        pub actual_priority: u16,
    }
}

object! {
    /// A documented rule that actual denies keep from working.
    #[derive(Debug)]
    pub struct ShadowedRule {
        /// The key of the documented rule.
        pub key: String,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// What the documented rule is about, in words.
        pub admits: String,
        /// Names of the denies that decide first, in the order of their priorities.
        pub denied_by: Vec<String>,
        /// Whether nothing of the rule's traffic gets through; else some of it does.
        pub wholly: bool,
    }
}

object! {
    /// A rule of another network security group.
    #[derive(Debug)]
    pub struct IdleNetworkSecurityRule {
        /// The id of its resource; its name where no id was given, neither its own nor the group's.
        pub id: String,
        /// Its name.
        pub name: String,
        /// The id of the network security group that it stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// What it is about, in words: `tcp 22 from Internet to *`.
        pub admits: String,
        /// `foreign_group`: it stands in another group than the one that is audited.
        pub reason: &'static str,
    }
}

/// Puts what was found into words.
pub(super) fn answer<'a>(
    documented: Vec<Documented<'a>>,
    actual: &[ActualRule<'_>],
    idle: &[ActualRule<'_>],
    found: &Comparison,
    accepted_unmatched: Vec<UnmatchedEntry>,
) -> NetworkSecurityGroupAudit<'a> {
    let pairs = found.equal.iter();
    let equal = pairs.map(|(one, other)| equal(at(&documented, *one), at(actual, *other)));
    let equal = equal.collect();
    let shadowed = found.shadowed.iter().map(|shadow| {
        let documented = at(&documented, shadow.rule);
        let denies = shadow.denies.iter().map(|position| at(actual, *position).name.to_owned());
        ShadowedRule {
            key: documented.key.clone(),
            direction: direction(documented.direction),
            admits: documented.terms.told(),
            denied_by: denies.collect(),
            wholly: shadow.wholly,
        }
    });
    let shadowed: Vec<ShadowedRule> = shadowed.collect();
    let told = |overlap: &Overlap| told(overlap, &documented, actual);
    let extra: Vec<ActualNetworkSecurityRule> = found.extra.iter().map(told).collect();
    let accepted = found.accepted.iter().map(told).collect();
    let tolerated = found.tolerated.iter().map(told).collect();
    let without_effect = idle.iter().map(|rule| IdleNetworkSecurityRule {
        id: rule.id.clone(),
        name: rule.name.to_owned(),
        security_group_id: rule.group.clone(),
        direction: direction(rule.direction),
        admits: rule.terms.told(),
        reason: "foreign_group",
    });
    let without_effect = without_effect.collect();
    let missing = chosen(documented, found.missing.iter().map(|overlap| (overlap.rule, overlap)));
    let missing = missing.map(|(documented, overlap)| MissingRule {
        key: documented.key,
        direction: direction(documented.direction),
        admits: documented.terms.told(),
        overlaps: overlap.with.iter().map(|position| at(actual, *position).id.clone()).collect(),
        rule: documented.record,
    });
    let missing: Vec<MissingRule<RuleRecord<'a, 'a>>> = missing.collect();
    let compliant = missing.is_empty() && shadowed.is_empty() && extra.is_empty();
    NetworkSecurityGroupAudit {
        missing,
        shadowed,
        extra,
        accepted,
        accepted_unmatched,
        equal,
        tolerated,
        without_effect,
        compliant,
    }
}

fn equal(documented: &Documented<'_>, actual: &ActualRule<'_>) -> EqualNetworkSecurityRule {
    EqualNetworkSecurityRule {
        key: documented.key.clone(),
        id: actual.id.clone(),
        group: Some(0),
        security_group_id: actual.group.clone(),
        direction: direction(documented.direction),
        name: documented.record.name.clone().into_owned(),
        actual_name: actual.name.to_owned(),
        priority: documented.priority,
        actual_priority: actual.priority,
    }
}

fn told(
    overlap: &Overlap,
    documented: &[Documented<'_>],
    actual: &[ActualRule<'_>],
) -> ActualNetworkSecurityRule {
    let rule = at(actual, overlap.rule);
    let keys = overlap.with.iter().map(|position| at(documented, *position).key.clone());
    ActualNetworkSecurityRule {
        id: rule.id.clone(),
        group: Some(0),
        security_group_id: rule.group.clone(),
        name: rule.name.to_owned(),
        priority: rule.priority,
        direction: direction(rule.direction),
        access: access(rule.allows),
        admits: rule.terms.told(),
        description: rule.description.to_owned(),
        overlaps: keys.collect(),
    }
}
