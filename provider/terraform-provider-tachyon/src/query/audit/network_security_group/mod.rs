//! `audit_network_security_group`: rules that were read from Azure against the documented ones.

mod answer;
mod other;
mod parts;
mod read;
mod rule;
mod terms;

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use self::answer::NetworkSecurityGroupAudit;
use self::rule::ActualRule;
use self::terms::Terms;
use super::compare;
use super::found::{self, Comparable};
use super::groups::{self, Groups, Standing};
use super::read::Form;
use super::settings::{GROUPS, SETTINGS, Settings};
use super::{Audited, NoSubject, Refused};
use crate::leaf::Leaf;
use crate::platform;
use crate::platform::azure::{Azure, Renderer, RuleRecord, RuleSet, direction, identity};
use crate::platform::view::{Direction, View};
use crate::query::QueryMistake;
use crate::reader::Reader;

/// A documented rule with its key.
struct Documented<'a> {
    key: String,
    direction: Direction,
    priority: u16,
    allows: bool,
    record: RuleRecord<'a, 'a>,
    terms: Terms,
    /// Whether it is for what is audited, and not for another endpoint of a shared group.
    is_own: bool,
}

impl Comparable for Documented<'_> {
    fn compared(&self) -> compare::Rule {
        self.terms.compared(self.direction, self.allows, self.priority)
    }

    fn name(&self) -> String {
        self.key.clone()
    }
}

/// What is audited: the rules of one network security group, for one endpoint or for all that are in it.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    name: &'a str,
    rules: RuleSet<'a>,
    /// In a shared group, the one endpoint that is asked for, if one is.
    member: Option<EndpointId>,
}

impl Audited for Azure {
    const FUNCTION: &'static str = "audit_network_security_group";
    const AUDIT_SUMMARY: &'static str =
        "Rules that were read from Azure against the documented ones";
    const AUDIT_DESCRIPTION: &'static str = "Compares the rules that an endpoint's network security group has with those that the communication matrix asks for, by what they decide and not by how \
        they are written: two rules for a /9 cover one for the /8, a range of ports covers each of its ports, `*` covers everything, `0.0.0.0/0` every IPv4 CIDR. Service tags and application security \
        groups are compared by name and id, since only Azure can say what they hold. Names, priorities and descriptions are not compared, but priorities decide which rule a packet meets \
        first. Azure's default rules are ignored. The rules of an endpoint in a shared group (`network_security_group`) are looked for among those of the group: what others in the group need is not extra to it.\n\nA documented rule is `missing` unless the actual allows together cover all of it, and `shadowed` if a deny decides about some \
        of it before an actual allow does, or before the rule itself would with its documented priority. An actual rule is `extra` unless the documented rules together admit all that it \
        does, without what a deny takes from it beforehand, and `accepted` instead if the settings name it. With `options.azure.deny_all` the documented denies count as well. `equal` pairs documented keys with the ids that `import` \
        blocks take. Every actual rule is in exactly one of `extra`, `accepted`, `equal`, `tolerated` and `without_effect`.\n\nIf anything in the arguments is unknown, so is the whole answer.";
    const ENDPOINT: &'static str = "The name of the endpoint in the deployment, or of a group that endpoints share (their `network_security_group`), whose rules are then those of `groups` in the answer of \
        `network_security_rules`. Of an endpoint in a shared group, its own rules are `missing` or `shadowed`, and a rule is `extra` if nobody in the group needs it. A name that both have is the endpoint.";
    const ACTUAL: &'static str = "The rules of the network security group, in any of these forms:\n\n\
        - the data source or resource `azurerm_network_security_group`, the list in its `security_rule`, or a list or map of `azurerm_network_security_rule`;\n\
        - what `az network nsg show` or `az network nsg rule list` prints, or what the REST API answers, decoded by `jsondecode`;\n\
        - an endpoint or a group of the answer of `network_security_rules`.\n\nGiven a whole group, the answer has the ids that `import` blocks take. Of dynamic type, so that a misspelt name is an error and not dropped. Host bits of a CIDR are masked.";

    const ACCEPTED: &'static str = "An entry is the `id` of a rule as the answer has it, in any case: its resource's id, or its name where no ids were given. Or it is a whole rule as `actual` takes it, of which name \
        and priority may be left out: it accepts every actual rule with the same direction, access, protocol, ports and ends. Names, priorities and descriptions are then not compared. \
        A deny is never extra, and to accept one does not make it harmless: what it shadows stays under `shadowed`.";
    const GROUPS: &'static str = "`groups` has the id of the network security group that is audited, where `actual` has rules of several: those of the others are then `without_effect`.";
    const PREFIX_LISTS: Option<&'static str> = None;
    const FORM: Form = read::FORM;

    type Subject<'a> = Subject<'a>;
    type Actual<'v> = ActualRule<'v>;
    type Meant<'v> = compare::Rule;
    type Audit<'a> = NetworkSecurityGroupAudit<'a>;

    fn identity(id: &str) -> String {
        identity(id)
    }

    fn subject<'a>(
        name: &str,
        answer: platform::Answer<'a, Self>,
        view: &View<'a>,
    ) -> Result<Known<Subject<'a>>, NoSubject<'a>> {
        let platform::Answer { mut endpoints, shared, .. } = answer;
        let endpoint = endpoints.remove_entry(name);
        let Leaf::Known(mut shared) = shared else { return Ok(Known::Unknown) };
        let (name, rules, member) = if let Some((name, own)) = endpoint {
            let id = view.input.deployment.find(name).or_bug("an endpoint of another deployment");
            match view.addresses(id).platforms.azure.security_group {
                Some(Known::Unknown) => return Ok(Known::Unknown),
                Some(Known::Known(group)) => {
                    let group = shared.remove(group).or_bug("an endpoint in no group");
                    (name, group.rules, Some(id))
                }
                None => (name, own.rules, None),
            }
        } else {
            let Some((name, group)) = shared.remove_entry(name) else {
                let known = endpoints.into_keys().chain(shared.into_keys());
                return Err(NoSubject { known: known.collect() });
            };
            (name, group.rules, None)
        };
        Ok(match rules {
            Leaf::Known(rules) => Known::Known(Subject { name, rules, member }),
            Leaf::Unknown | Leaf::Open => Known::Unknown,
        })
    }

    fn read<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<Vec<ActualRule<'v>>> {
        read::actual(value, at, reader)
    }

    fn read_accepted<'v>(
        value: &'v Value,
        at: &At<'_>,
        reader: &mut Reader,
    ) -> Option<(Self::Meant<'v>, String)> {
        let (towards, allows, terms) = rule::accepted(value, at, reader)?;
        let told = format!("{} {}: {}", direction(towards), access(allows), terms.told());
        // Priorities of accepted rules are not compared.
        Some((terms.compared(towards, allows, 0), told))
    }

    fn audit<'a>(
        subject: Self::Subject<'a>,
        actual: Vec<Self::Actual<'_>>,
        settings: &Settings<'_, Self::Meant<'_>>,
        refused: &mut Refused,
    ) -> Known<Self::Audit<'a>> {
        let Some(documented) = documented(&subject) else { return Known::Unknown };
        let Some(groups) = own_group(&subject, &actual, settings.groups.as_deref(), refused) else {
            return Known::Unknown;
        };
        let is_own =
            |rule: &ActualRule<'_>| groups.standing(rule.stated(), identity) != Standing::Foreign;
        let (actual, idle): (Vec<ActualRule<'_>>, Vec<ActualRule<'_>>) =
            actual.into_iter().partition(is_own);
        let likeness = |one: &Documented<'_>, other: &ActualRule<'_>| {
            let has_name = one.record.name.eq_ignore_ascii_case(other.name);
            Some(if has_name { 2 } else { u8::from(one.priority == other.priority) })
        };
        let comparison = found::compared(&documented, &actual, likeness, refused);
        let Some(mut comparison) = comparison else { return Known::Unknown };
        let is_own = |rule: usize| compare::at(&documented, rule).is_own;
        comparison.missing.retain(|overlap| is_own(overlap.rule));
        comparison.shadowed.retain(|shadow| is_own(shadow.rule));
        let has_id = |rule: &ActualRule<'_>, id: &str| rule.id.eq_ignore_ascii_case(id);
        let unmatched = settings.accepted.set_apart(
            &mut comparison,
            &actual,
            idle.iter(),
            has_id,
            compare::Rule::clone,
        );
        Known::Known(answer::answer(documented, &actual, &idle, &comparison, unmatched))
    }
}

/// Which group is the one that is audited; none if that is open, which is reported.
fn own_group(
    subject: &Subject<'_>,
    actual: &[ActualRule<'_>],
    named: Option<&[&str]>,
    refused: &mut Refused,
) -> Option<Groups> {
    let root = At::ROOT;
    if let Some(named) = named {
        if named.len() > 1 {
            let settings = root.name(SETTINGS);
            let detail = format!(
                "Found {}. The rules of an endpoint stand in one network security group: name that.",
                named.len()
            );
            refused.settings.add(&settings.name(GROUPS), QueryMistake::UnclearGroups, detail);
            return None;
        }
        return Some(Groups::named(named.iter().map(|id| identity(id))));
    }
    // The first spelling of each.
    let ids = actual.iter().rev().filter_map(|rule| rule.group.as_deref());
    let found: BTreeMap<String, &str> = ids.map(|id| (identity(id), id)).collect();
    groups::of_rules(subject.name, 1, None, &found, refused)
}

/// The documented rules, inbound first, then by key. None while some of it is unknown.
fn documented<'a>(subject: &Subject<'a>) -> Option<Vec<Documented<'a>>> {
    let mut renderer = Renderer::of(&subject.rules);
    let mut documented = Vec::new();
    for (key, rule) in subject.rules.rules() {
        documented.push(Documented {
            key: key.clone(),
            direction: rule.direction,
            priority: *rule.priority.value()?,
            allows: rule.subject.allows(),
            record: renderer.record(rule).into_owned(),
            terms: Terms::of(rule)?,
            is_own: rule.member.is_none()
                || subject.member.is_none_or(|own| rule.member == Some(own)),
        });
    }
    Some(documented)
}

/// The access in Azure's words.
const fn access(allows: bool) -> &'static str {
    if allows { "Allow" } else { "Deny" }
}
