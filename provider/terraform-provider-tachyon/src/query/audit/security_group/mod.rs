//! `audit_security_group`: rules that were read from EC2 against the documented ones.

mod answer;
mod flat;
mod other;
mod permissions;
mod protocol;
mod read;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Cidr;
use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use self::answer::SecurityGroupAudit;
use self::read::ActualRule;
use self::terms::{Peer, Terms};
use super::compare;
use super::found::{self, Comparable};
use super::groups::{self, Groups};
use super::read::Form;
use super::settings::{GROUPS, SETTINGS, Settings};
use super::{Audited, NoSubject, Refused};
use crate::platform;
use crate::platform::aws::{Aws, Renderer, RuleRecord, SecurityGroupRules, identity, list_key};
use crate::platform::view::{Direction, View};
use crate::query::QueryMistake;
use crate::reader::Reader;

/// A documented rule with its key and direction.
struct Documented<'a> {
    key: String,
    direction: Direction,
    terms: Terms<'a>,
    record: RuleRecord<'a, 'a>,
}

impl Comparable for Documented<'_> {
    fn compared(&self) -> compare::Rule {
        compared_rule(&self.terms, self.direction)
    }

    fn name(&self) -> String {
        self.key.clone()
    }
}

/// What is audited: the documented rules of an endpoint.
pub(super) struct Subject<'a> {
    name: &'a str,
    rules: SecurityGroupRules<'a>,
    /// The id of its first group, if the deployment has it.
    first: Option<&'a str>,
}

impl Audited for Aws {
    const FUNCTION: &'static str = "audit_security_group";
    const AUDIT_SUMMARY: &'static str = "Rules that were read from AWS against the documented ones";
    const AUDIT_DESCRIPTION: &'static str = "Compares the rules that an endpoint's security groups have with those that the communication matrix asks for, by what they admit and not by how they are \
        written: two rules for a /9 cover one for the /8, a range of ports covers each of its ports, `-1` covers every protocol. Security groups and prefix lists are compared by id: no CIDR stands for one, not even `0.0.0.0/0`. A \
        list that is still to be created (`options.aws.prefix_lists`) stands for the CIDRs that it will hold. Descriptions \
        and tags are ignored.\n\nA documented rule is `missing` unless the actual rules together admit all of it. An actual rule is `extra` unless the documented rules together admit all \
        of it, and `accepted` instead if the settings name it. `equal` pairs documented keys with the ids that `import` blocks take, so that a group that was made by hand is adopted without a rule being replaced: a rule in \
        another of the endpoint's groups than the documented one is not equal, since Terraform would replace it. A rule is `without_effect` if it stands in a group that is not the endpoint's own, or refers to a \
        group that is gone. Every actual rule is in exactly one of `extra`, `accepted`, `equal`, `tolerated` and `without_effect`.\n\nIf anything in the arguments is unknown, so is the whole answer.";
    const ENDPOINT: &'static str =
        "The name of the endpoint in the deployment, whose rules are audited.";
    const ACTUAL: &'static str = "The rules of the endpoint's security groups, in any of these forms:\n\n\
        - a list or map of `data.aws_vpc_security_group_rule`, or `{ ingress = aws_vpc_security_group_ingress_rule.NAME, egress = aws_vpc_security_group_egress_rule.NAME }`;\n\
        - the resource `aws_security_group` with the rules in it, a list or map of these, or of `aws_security_group_rule`;\n\
        - what `aws ec2 describe-security-group-rules`, `describe-security-groups` or `describe-stale-security-groups` prints, decoded by `jsondecode`;\n\
        - an endpoint of the answer of `security_group_rules`.\n\nOf dynamic type, so that a misspelt name is an error and not dropped. Host bits of a CIDR are masked. \
        Only the first form and `describe-security-group-rules` have the ids that `import` blocks take.";

    const ACCEPTED: &'static str = "An entry is the id of a rule (`sgr-…`), or a whole rule as `data.aws_vpc_security_group_rule` or the API gives it, of which the id may be left out: it accepts every actual rule with the same direction, protocol, \
        ports and peer. Ids, groups, descriptions and tags are then not compared.";
    const GROUPS: &'static str = "`groups` has the ids of the endpoint's own security groups in the order of their numbers, as the module's output `groups` does: rules of other groups are then `without_effect`. \
        Left out, the first is the endpoint's `security_group_id`, and groups that rules stand in are its own as long as they are no more than it has; which of several is which is never guessed, and where it is \
        not known, no rule of these groups is `equal`.";
    const PREFIX_LISTS: Option<&'static str> = Some(
        "`prefix_lists` says what prefix lists hold, as a map of lists of CIDRs by the ids of the prefix lists: a rule that refers to one of them admits these, unless documented rules \
        refer to the same list by its id. It is needed where the lists come from `options.aws.prefix_lists`, since nothing else says which of EC2's lists stands for which addresses.",
    );
    const FORM: Form = read::FORM;

    type Subject<'a> = Subject<'a>;
    type Actual<'v> = ActualRule<'v>;
    type Meant<'v> = (Direction, Terms<'v>);
    type Audit<'a> = SecurityGroupAudit<'a>;

    fn identity(id: &str) -> String {
        identity(id).to_owned()
    }

    fn subject<'a>(
        name: &str,
        answer: platform::Answer<'a, Self>,
        view: &View<'a>,
    ) -> Result<Known<Subject<'a>>, NoSubject<'a>> {
        let mut endpoints = answer.endpoints;
        let Some((name, rules)) = endpoints.remove_entry(name) else {
            return Err(NoSubject { known: endpoints.into_keys().collect() });
        };
        let id = view.input.deployment.find(name).or_bug("an endpoint of another deployment");
        let first = view.addresses(id).platforms.aws.security_group_id;
        Ok(match first {
            Some(Known::Unknown) => Known::Unknown,
            Some(Known::Known(id)) => Known::Known(Subject { name, rules, first: Some(id) }),
            None => Known::Known(Subject { name, rules, first: None }),
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
        let (direction, terms) = flat::accepted(value, at, reader)?;
        let told = format!("{}: {}", word(direction), terms.told(direction));
        Some(((direction, terms), told))
    }

    fn audit<'a>(
        subject: Self::Subject<'a>,
        actual: Vec<Self::Actual<'_>>,
        settings: &Settings<'_, Self::Meant<'_>>,
        refused: &mut Refused,
    ) -> Known<Self::Audit<'a>> {
        let Some(documented) = documented(&subject.rules) else { return Known::Unknown };
        let Some(groups) = own_groups(&subject, &actual, settings.groups.as_deref(), refused)
        else {
            return Known::Unknown;
        };
        let planned = documented.iter().filter_map(|rule| match rule.terms.peer {
            peer @ Peer::Planned(of, blocks) => Some((list_key(of, blocks), peer)),
            _ => None,
        });
        let named = documented.iter().filter_map(|rule| match rule.terms.peer {
            Peer::List(id) => Some(identity(id)),
            _ => None,
        });
        let known =
            Lists { planned: planned.collect(), named: named.collect(), held: &settings.lists };
        let actual: Vec<ActualRule<'_>> = actual
            .into_iter()
            .map(|rule| ActualRule { terms: known.resolved(rule.terms), ..rule })
            .collect();
        let (actual, idle) = read::with_effect(actual, |rule| {
            groups.standing(rule.stated, |id| identity(id).to_owned())
        });
        let likeness = |one: &Documented<'_>, other: &ActualRule<'_>| {
            // A rule for CIDRs is another than one for the list that will hold them, and Terraform moves no rule from one group
            // to another.
            let is_alike = matches!(one.terms.peer, Peer::Planned(..))
                == matches!(other.terms.peer, Peer::Held(..));
            let is_there =
                one.record.group.value().is_some_and(|group| other.group == Some(*group));
            (is_alike && is_there).then(|| u8::from(one.record.description == other.description))
        };
        let comparison = found::compared(&documented, &actual, likeness, refused);
        let Some(mut comparison) = comparison else { return Known::Unknown };
        let has_id = |rule: &ActualRule<'_>, id: &str| rule.id == Some(id);
        let of_accepted = |(direction, terms): &(Direction, Terms<'_>)| {
            compared_rule(&known.resolved(*terms), *direction)
        };
        let unmatched = settings.accepted.set_apart(
            &mut comparison,
            &actual,
            idle.iter().map(|(rule, _)| rule),
            has_id,
            of_accepted,
        );
        Known::Known(answer::answer(documented, &actual, &idle, &comparison, unmatched))
    }
}

/// Which groups are the endpoint's own; none if that is open or contradicts itself, which is reported.
fn own_groups(
    subject: &Subject<'_>,
    actual: &[ActualRule<'_>],
    named: Option<&[&str]>,
    refused: &mut Refused,
) -> Option<Groups> {
    let usage = subject.rules.usage.value()?;
    let count = u32::try_from(usage.ingress.groups.len()).ok();
    let count = count.or_bug("more groups than have numbers");
    let root = At::ROOT;
    if let Some(named) = named {
        let settings = root.name(SETTINGS);
        let at = settings.name(GROUPS);
        let mut wrong = false;
        if named.len() != usage.ingress.groups.len() {
            let detail = format!(
                "Found {}, but {} has {count} (`security_groups`, or `options.aws.groups`). Name each, in the order of their numbers.",
                named.len(),
                quoted(subject.name)
            );
            refused.settings.add(&at, QueryMistake::UnclearGroups, detail);
            wrong = true;
        }
        if let (Some(given), Some(first)) = (named.first(), subject.first)
            && identity(given) != identity(first)
        {
            let detail = format!(
                "Found {}, but the first group of {} is {} (`security_group_id`).",
                quoted(given),
                quoted(subject.name),
                quoted(first)
            );
            refused.settings.add(&at.index(0), QueryMistake::UnclearGroups, detail);
            wrong = true;
        }
        return (!wrong).then(|| Groups::named(named.iter().map(|id| identity(id).to_owned())));
    }
    let ids = actual.iter().filter_map(|rule| rule.stated.id().map(identity));
    let found: BTreeMap<String, &str> = ids.map(|id| (id.to_owned(), id)).collect();
    let first = subject.first.map(|id| identity(id).to_owned());
    groups::of_rules(subject.name, count, first, &found, refused)
}

/// What is known of prefix lists.
struct Lists<'r> {
    /// Those that documented rules refer to and that are still to be created, by their keys.
    planned: BTreeMap<String, Peer<'r>>,
    /// Those that documented rules refer to by their ids.
    named: BTreeSet<&'r str>,
    /// What the user says that lists hold.
    held: &'r BTreeMap<String, Vec<Cidr>>,
}

impl<'r> Lists<'r> {
    /// The terms with the entries of a list that is no documented peer by its id, where these are known.
    fn resolved(&self, terms: Terms<'r>) -> Terms<'r> {
        let peer = match terms.peer {
            Peer::Created(key) => self.planned.get(key).copied(),
            Peer::List(id) if !self.named.contains(identity(id)) => {
                self.held.get(identity(id)).map(|held| Peer::Held(id, held))
            }
            _ => None,
        };
        Terms { peer: peer.unwrap_or(terms.peer), ..terms }
    }
}

/// The documented rules, ingress first, then by key. None while some of it is unknown.
fn documented<'a>(rules: &SecurityGroupRules<'a>) -> Option<Vec<Documented<'a>>> {
    let mut documented = Vec::new();
    for side in [&rules.ingress, &rules.egress] {
        let side = side.value()?;
        let mut renderer = Renderer::of(side);
        for rule in side.rules() {
            let key = renderer.key(rule).to_owned();
            let record = renderer.record(rule).into_owned();
            let terms = Terms::of(rule, record.peer)?;
            documented.push(Documented { key, direction: side.direction, terms, record });
        }
    }
    documented.sort_by(|a, b| (a.direction, &a.key).cmp(&(b.direction, &b.key)));
    Some(documented)
}

fn compared_rule(terms: &Terms<'_>, direction: Direction) -> compare::Rule {
    compare::Rule { direction, allows: true, priority: 0, traffic: terms.traffic(direction) }
}

/// The direction in EC2's words.
const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}
