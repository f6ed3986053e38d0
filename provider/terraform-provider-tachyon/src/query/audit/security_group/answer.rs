//! What is found of security groups, as the function answers it.

use tfplugin::object;

use super::read::{ActualRule, Idle};
use super::{Documented, word};
use crate::platform::aws::RuleRecord;
use crate::query::audit::accepted::UnmatchedEntry;
use crate::query::audit::compare::{Comparison, Overlap, at};
use crate::query::audit::found::Comparable;
use crate::query::audit::{MissingRule, chosen};

object! {
    /// The documented rules of an endpoint against those of its security groups.
    #[derive(Debug)]
    pub struct SecurityGroupAudit<'a> {
        /// Documented rules whose traffic the actual ones do not admit, or only in part.
        pub missing: Vec<MissingRule<RuleRecord<'a, 'a>>>,
        /// Actual rules that admit what no documented rule does, or not all of it.
        pub extra: Vec<ActualSecurityGroupRule>,
        /// Actual rules that would be extra, but are the user's own on purpose: the setting `accepted` names them.
        pub accepted: Vec<ActualSecurityGroupRule>,
        /// Entries of the setting `accepted` that match no actual rule, in their order.
        pub accepted_unmatched: Vec<UnmatchedEntry>,
        /// Documented rules that are there: the same direction, protocol, ports, peer and group. What `import` blocks need.
        pub equal: Vec<EqualSecurityGroupRule>,
        /// Actual rules that are neither extra nor accepted nor equal: documented rules admit all that they do, in other
        /// portions or in another group of the endpoint.
        pub tolerated: Vec<ActualSecurityGroupRule>,
        /// Actual rules that admit nothing to or from the endpoint, so that they count for nothing else.
        pub without_effect: Vec<IdleSecurityGroupRule>,
        /// Whether nothing is missing and nothing is extra; what is accepted or without effect doesn't count.
        pub compliant: bool,
    }
}

object! {
    /// A rule that was read from EC2.
    #[derive(Debug)]
    pub struct ActualSecurityGroupRule {
        /// Its id, `sgr-…`; null where that was not given.
        pub id: Option<String>,
        /// The number of the endpoint's group that it stands in, from 0; null if that is not known.
        pub group: Option<u32>,
        /// The group that it stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// `ingress` or `egress`.
        pub direction: &'static str,
        /// What it admits, in words: `tcp 22 from 0.0.0.0/0`.
        pub admits: String,
        /// Its description; empty if it has none.
        pub description: String,
        /// Keys of documented rules that admit some of it.
        pub overlaps: Vec<String>,
    }
}

object! {
    /// A documented rule that is there.
    #[derive(Debug)]
    pub struct EqualSecurityGroupRule {
        /// The key of the documented rule.
        pub key: String,
        /// The id of the actual one, `sgr-…`: what `terraform import` takes; null where that was not given.
        pub id: Option<String>,
        /// `ingress` or `egress`.
        pub direction: &'static str,
        /// The number of the endpoint's group that both stand in, from 0.
        pub group: Option<u32>,
        /// The group that the actual one stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// The documented description.
        pub description: String,
        /// The actual description; after an import, Terraform changes it to the documented one.
        pub actual_description: String,
    }
}

object! {
    /// A rule that was read from EC2 and admits nothing to or from the endpoint.
    #[derive(Debug)]
    pub struct IdleSecurityGroupRule {
        /// Its id, `sgr-…`; null where that was not given.
        pub id: Option<String>,
        /// The group that it stands in; null if that was not given.
        pub security_group_id: Option<String>,
        /// `ingress` or `egress`.
        pub direction: &'static str,
        /// What it is about, in words: `tcp 443 from sg-0a1`.
        pub admits: String,
        /// Its description; empty if it has none.
        pub description: String,
        /// `foreign_group`: it stands in a group that is not the endpoint's own. `stale`: it refers to a group that is gone, or
        /// beyond a peering connection that is; remove it.
        pub reason: &'static str,
    }
}

/// Puts what was found into words.
pub(super) fn answer<'a>(
    documented: Vec<Documented<'a>>,
    actual: &[ActualRule<'_>],
    idle: &[(ActualRule<'_>, Idle)],
    found: &Comparison,
    accepted_unmatched: Vec<UnmatchedEntry>,
) -> SecurityGroupAudit<'a> {
    let equal = found.equal.iter().map(|(one, other)| {
        let (documented, actual) = (at(&documented, *one), at(actual, *other));
        EqualSecurityGroupRule {
            key: documented.key.clone(),
            id: actual.id.map(str::to_owned),
            direction: word(documented.direction),
            group: actual.group,
            security_group_id: actual.stated.id().map(str::to_owned),
            description: documented.record.description.clone().into_owned(),
            actual_description: actual.description.to_owned(),
        }
    });
    let equal = equal.collect();
    let told = |overlap: &Overlap| {
        let rule = at(actual, overlap.rule);
        let keys = overlap.with.iter().map(|position| at(&documented, *position).key.clone());
        ActualSecurityGroupRule {
            id: rule.id.map(str::to_owned),
            group: rule.group,
            security_group_id: rule.stated.id().map(str::to_owned),
            direction: word(rule.direction),
            admits: rule.terms.told(rule.direction),
            description: rule.description.to_owned(),
            overlaps: keys.collect(),
        }
    };
    let extra: Vec<ActualSecurityGroupRule> = found.extra.iter().map(told).collect();
    let accepted = found.accepted.iter().map(told).collect();
    let tolerated = found.tolerated.iter().map(told).collect();
    let without_effect = idle.iter().map(|(rule, why)| IdleSecurityGroupRule {
        id: rule.id.map(str::to_owned),
        security_group_id: rule.stated.id().map(str::to_owned),
        direction: word(rule.direction),
        admits: rule.terms.told(rule.direction),
        description: rule.description.to_owned(),
        reason: match why {
            Idle::ForeignGroup => "foreign_group",
            Idle::Stale => "stale",
        },
    });
    let without_effect = without_effect.collect();
    let missing = chosen(documented, found.missing.iter().map(|overlap| (overlap.rule, overlap)));
    let missing = missing.map(|(documented, overlap)| MissingRule {
        key: documented.key,
        direction: word(documented.direction),
        admits: documented.terms.told(documented.direction),
        overlaps: overlap.with.iter().map(|position| at(actual, *position).name()).collect(),
        rule: documented.record,
    });
    let missing: Vec<MissingRule<RuleRecord<'a, 'a>>> = missing.collect();
    let compliant = missing.is_empty() && extra.is_empty();
    SecurityGroupAudit {
        missing,
        extra,
        accepted,
        accepted_unmatched,
        equal,
        tolerated,
        without_effect,
        compliant,
    }
}
