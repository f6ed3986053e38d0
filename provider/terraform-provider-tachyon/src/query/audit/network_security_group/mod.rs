//! `audit_network_security_group`: rules that were read from Azure against the documented ones.

mod parts;
mod read;
mod terms;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Value, object};

use self::read::ActualRule;
use self::terms::Terms;
use super::accepted::{Accepted, UnmatchedEntry};
use super::compare::{self, Comparison, Overlap};
use super::read::Form;
use super::{Audited, MissingRule};
use crate::leaf::Leaf;
use crate::platform::azure::{Azure, NetworkSecurityRules, Renderer, RuleRecord, direction};
use crate::platform::view::Direction;
use crate::reader::Reader;

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
        /// Whether nothing is missing, nothing is shadowed and nothing is extra; what is accepted doesn't count.
        pub compliant: bool,
    }
}

object! {
    /// A rule that was read from Azure.
    #[derive(Debug)]
    pub struct ActualNetworkSecurityRule {
        /// The id of its resource; its name where no id was given, neither its own nor the group's.
        pub id: String,
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

/// A documented rule with its key.
struct Documented<'a> {
    key: String,
    direction: Direction,
    priority: u16,
    record: RuleRecord<'a, 'a>,
    told: String,
}

impl Audited for Azure {
    const FUNCTION: &'static str = "audit_network_security_group";
    const AUDIT_SUMMARY: &'static str =
        "Rules that were read from Azure against the documented ones";
    const AUDIT_DESCRIPTION: &'static str = "Compares the rules that an endpoint's network security group has with those that the communication matrix asks for, by what they decide and not by how \
        they are written: two rules for a /9 cover one for the /8, a range of ports covers each of its ports, `*` covers everything, `0.0.0.0/0` every IPv4 CIDR. Service tags and application security \
        groups are compared by name and id, since only Azure can say what they hold. Names, priorities and descriptions are not compared, but priorities decide which rule a packet meets \
        first. Azure's default rules are ignored.\n\nA documented rule is `missing` unless the actual allows together cover all of it, and `shadowed` if a deny decides about some \
        of it before an actual allow does, or before the rule itself would with its documented priority. An actual rule is `extra` unless the documented rules together admit all that it \
        does, without what a deny takes from it beforehand, and `accepted` instead if the settings name it. With `options.azure.deny_all` the documented denies count as well. `equal` pairs documented keys with the ids that `import` \
        blocks take. Every actual rule is in exactly one of `extra`, `accepted`, `equal` and `tolerated`.\n\nIf anything in the arguments is unknown, so is the whole answer.";
    const ACTUAL: &'static str = "The rules of the endpoint's network security group: the data source `azurerm_network_security_group`, or the list in its `security_rule`. Given the whole \
        data source, the answer has the ids that `import` blocks take. Of dynamic type, so that a misspelt name is an error and not dropped. Host bits of a CIDR are masked.";

    const ACCEPTED: &'static str = "An entry is the `id` of a rule as the answer has it, in any case: its resource's id, or its name where no ids were given. Or it is a whole rule as `actual` takes it, of which name \
        and priority may be left out: it accepts every actual rule with the same direction, access, protocol, ports and ends. Names, priorities and descriptions are then not compared. \
        A deny is never extra, and to accept one does not make it harmless: what it shadows stays under `shadowed`.";
    const FORM: Form = read::FORM;

    type Actual<'v> = ActualRule<'v>;
    type Audit<'a> = NetworkSecurityGroupAudit<'a>;

    fn read<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<Vec<ActualRule<'v>>> {
        read::actual(value, at, reader)
    }

    fn read_accepted(
        value: &Value,
        at: &At<'_>,
        reader: &mut Reader,
    ) -> Option<(compare::Rule, String)> {
        let (towards, allows, terms) = read::accepted(value, at, reader)?;
        let told = format!("{} {}: {}", direction(towards), access(allows), terms.told());
        // Priorities of accepted rules are not compared.
        Some((terms.compared(towards, allows, 0), told))
    }

    fn audit<'a>(
        rules: Self::Rules<'a>,
        _shared: Leaf<Self::Shared<'a>>,
        actual: &[Self::Actual<'_>],
        accepted: &Accepted<'_>,
    ) -> Known<Self::Audit<'a>> {
        let Some((documented, compared)) = documented(&rules) else { return Known::Unknown };
        let compared_actual = actual
            .iter()
            .map(|rule| rule.terms.compared(rule.direction, rule.allows, rule.priority));
        let compared_actual: Vec<compare::Rule> = compared_actual.collect();
        let likeness = |one: usize, other: usize| {
            let (one, other) = (documented.get(one)?, actual.get(other)?);
            let has_name = one.record.name.eq_ignore_ascii_case(other.name);
            Some(if has_name { 2 } else { u8::from(one.priority == other.priority) })
        };
        let mut comparison = compare::compare(&compared, &compared_actual, likeness);
        let has_id = |position: usize, id: &str| {
            actual.get(position).is_some_and(|rule| rule.id.eq_ignore_ascii_case(id))
        };
        let unmatched = accepted.set_apart(&mut comparison, &compared_actual, has_id);
        Known::Known(answer(documented, actual, &comparison, unmatched))
    }
}

/// The documented rules, inbound first, then by key; also as they are compared. None while some of it is unknown.
fn documented<'a>(
    rules: &NetworkSecurityRules<'a>,
) -> Option<(Vec<Documented<'a>>, Vec<compare::Rule>)> {
    let rules = rules.rules.value()?;
    let mut renderer = Renderer::of(rules);
    let (mut documented, mut compared) = (Vec::new(), Vec::new());
    for (key, rule) in rules.rules() {
        let terms = Terms::of(rule)?;
        let (direction, priority) = (rule.direction, *rule.priority.value()?);
        compared.push(terms.compared(direction, rule.subject.allows(), priority));
        let record = renderer.record(rule).into_owned();
        documented.push(Documented {
            key: key.clone(),
            direction,
            priority,
            record,
            told: terms.told(),
        });
    }
    Some((documented, compared))
}

fn answer<'a>(
    documented: Vec<Documented<'a>>,
    actual: &[ActualRule<'_>],
    found: &Comparison,
    accepted_unmatched: Vec<UnmatchedEntry>,
) -> NetworkSecurityGroupAudit<'a> {
    let pairs = found
        .equal
        .iter()
        .filter_map(|(one, other)| Some((documented.get(*one)?, actual.get(*other)?)));
    let equal = pairs.map(|(documented, actual)| equal(documented, actual)).collect();
    let shadowed = found.shadowed.iter().filter_map(|shadow| {
        let documented = documented.get(shadow.rule)?;
        let denies = shadow.denies.iter().filter_map(|position| actual.get(*position));
        Some(ShadowedRule {
            key: documented.key.clone(),
            direction: direction(documented.direction),
            admits: documented.told.clone(),
            denied_by: denies.map(|deny| deny.name.to_owned()).collect(),
            wholly: shadow.wholly,
        })
    });
    let shadowed: Vec<ShadowedRule> = shadowed.collect();
    let told = |overlap: &Overlap| told(overlap, &documented, actual);
    let extra: Vec<ActualNetworkSecurityRule> = found.extra.iter().filter_map(told).collect();
    let accepted = found.accepted.iter().filter_map(told).collect();
    let tolerated = found.tolerated.iter().filter_map(told).collect();
    let missing =
        super::chosen(documented, found.missing.iter().map(|overlap| (overlap.rule, overlap)));
    let missing = missing.map(|(documented, overlap)| MissingRule {
        key: documented.key,
        direction: direction(documented.direction),
        admits: documented.told,
        overlaps: overlap
            .with
            .iter()
            .filter_map(|position| Some(actual.get(*position)?.id.clone()))
            .collect(),
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
        compliant,
    }
}

fn equal(documented: &Documented<'_>, actual: &ActualRule<'_>) -> EqualNetworkSecurityRule {
    EqualNetworkSecurityRule {
        key: documented.key.clone(),
        id: actual.id.clone(),
        direction: direction(documented.direction),
        name: documented.record.name.clone().into_owned(),
        actual_name: actual.name.to_owned(),
        priority: documented.priority,
        actual_priority: actual.priority,
    }
}

/// The access in Azure's words.
fn access(allows: bool) -> &'static str {
    if allows { "Allow" } else { "Deny" }
}

fn told(
    overlap: &Overlap,
    documented: &[Documented<'_>],
    actual: &[ActualRule<'_>],
) -> Option<ActualNetworkSecurityRule> {
    let rule = actual.get(overlap.rule)?;
    let keys = overlap.with.iter().filter_map(|position| documented.get(*position));
    Some(ActualNetworkSecurityRule {
        id: rule.id.clone(),
        name: rule.name.to_owned(),
        priority: rule.priority,
        direction: direction(rule.direction),
        access: access(rule.allows),
        admits: rule.terms.told(),
        description: rule.description.to_owned(),
        overlaps: keys.map(|documented| documented.key.clone()).collect(),
    })
}
