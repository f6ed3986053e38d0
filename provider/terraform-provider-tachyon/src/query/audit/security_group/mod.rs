//! `audit_security_group`: rules that were read from EC2 against the documented ones.

mod protocol;
mod read;
mod terms;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Value, object};

use self::read::ActualRule;
use self::terms::{Peer, Terms};
use super::accepted::{Accepted, UnmatchedEntry};
use super::compare::{self, Comparison, Overlap};
use super::read::Form;
use super::{Audited, MissingRule};
use crate::leaf::Leaf;
use crate::platform::aws::{Aws, Renderer, RuleRecord, SecurityGroupRules};
use crate::platform::view::Direction;
use crate::reader::Reader;

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
        /// Documented rules that are there: the same direction, protocol, ports and peer. What `import` blocks need.
        pub equal: Vec<EqualSecurityGroupRule>,
        /// Actual rules that are neither extra nor accepted nor equal: documented rules admit all that they do, in other portions.
        pub tolerated: Vec<ActualSecurityGroupRule>,
        /// Whether nothing is missing and nothing is extra; what is accepted doesn't count.
        pub compliant: bool,
    }
}

object! {
    /// A rule that was read from EC2.
    #[derive(Debug)]
    pub struct ActualSecurityGroupRule {
        /// Its id, `sgr-…`.
        pub id: String,
        /// The group it belongs to; null if that was not given.
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
        /// The id of the actual one, `sgr-…`: what `terraform import` takes.
        pub id: String,
        /// `ingress` or `egress`.
        pub direction: &'static str,
        /// The group that the actual one belongs to; null if that was not given.
        pub security_group_id: Option<String>,
        /// The documented description.
        pub description: String,
        /// The actual description; after an import, Terraform changes it to the documented one.
        pub actual_description: String,
    }
}

/// A documented rule with its key and direction.
struct Documented<'a> {
    key: String,
    direction: Direction,
    terms: Terms<'a>,
    record: RuleRecord<'a, 'a>,
}

impl Audited for Aws {
    const FUNCTION: &'static str = "audit_security_group";
    const AUDIT_SUMMARY: &'static str = "Rules that were read from AWS against the documented ones";
    const AUDIT_DESCRIPTION: &'static str = "Compares the rules that an endpoint's security groups have with those that the communication matrix asks for, by what they admit and not by how they are \
        written: two rules for a /9 cover one for the /8, a range of ports covers each of its ports, `-1` covers every protocol. Security groups and prefix lists are compared by id: no CIDR stands for one, not even `0.0.0.0/0`. A \
        list that is still to be created (`options.aws.prefix_lists`) stands for the CIDRs that it will hold. Descriptions \
        and tags are ignored.\n\nA documented rule is `missing` unless the actual rules together admit all of it. An actual rule is `extra` unless the documented rules together admit all \
        of it, and `accepted` instead if the settings name it. `equal` pairs documented keys with the ids that `import` blocks take, so that a group that was made by hand is adopted without a rule being replaced. Every actual rule \
        is in exactly one of `extra`, `accepted`, `equal` and `tolerated`.\n\nIf anything in the arguments is unknown, so is the whole answer.";
    const ACTUAL: &'static str = "The rules of the endpoint's security groups: a list or map of objects as the data source `aws_vpc_security_group_rule` gives them, or as the API's \
        `DescribeSecurityGroupRules` does, or that whole answer. Of dynamic type, so that a misspelt name is an error and not dropped. Host bits of a CIDR are masked.";

    const ACCEPTED: &'static str = "An entry is the id of a rule (`sgr-…`), or a whole rule as `actual` takes it, of which the id may be left out: it accepts every actual rule with the same direction, protocol, \
        ports and peer. Ids, groups, descriptions and tags are then not compared.";
    const FORM: Form = read::FORM;

    type Actual<'v> = ActualRule<'v>;
    type Audit<'a> = SecurityGroupAudit<'a>;

    fn read<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<Vec<ActualRule<'v>>> {
        read::actual(value, at, reader)
    }

    fn read_accepted(
        value: &Value,
        at: &At<'_>,
        reader: &mut Reader,
    ) -> Option<(compare::Rule, String)> {
        let (direction, terms) = read::accepted(value, at, reader)?;
        let told = format!("{}: {}", word(direction), terms.told(direction));
        Some((compared_rule(&terms, direction), told))
    }

    fn audit<'a>(
        rules: Self::Rules<'a>,
        _: Leaf<Self::Shared<'a>>,
        actual: &[Self::Actual<'_>],
        accepted: &Accepted<'_>,
    ) -> Known<Self::Audit<'a>> {
        let Some(documented) = documented(&rules) else { return Known::Unknown };
        let compared: Vec<compare::Rule> =
            documented.iter().map(|rule| compared_rule(&rule.terms, rule.direction)).collect();
        let compared_actual: Vec<compare::Rule> =
            actual.iter().map(|rule| compared_rule(&rule.terms, rule.direction)).collect();
        let likeness = |one: usize, other: usize| {
            let (one, other) = (documented.get(one)?, actual.get(other)?);
            // A rule for CIDRs is another than one for the list that will hold them.
            let is_planned = matches!(one.terms.peer, Peer::Planned(..));
            (!is_planned).then(|| u8::from(one.record.description == other.description))
        };
        let mut comparison = compare::compare(&compared, &compared_actual, likeness);
        let has_id =
            |position: usize, id: &str| actual.get(position).is_some_and(|rule| rule.id == id);
        let unmatched = accepted.set_apart(&mut comparison, &compared_actual, has_id);
        Known::Known(answer(documented, actual, &comparison, unmatched))
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

fn answer<'a>(
    documented: Vec<Documented<'a>>,
    actual: &[ActualRule<'_>],
    found: &Comparison,
    accepted_unmatched: Vec<UnmatchedEntry>,
) -> SecurityGroupAudit<'a> {
    let equal = found.equal.iter().filter_map(|(one, other)| {
        let (documented, actual) = (documented.get(*one)?, actual.get(*other)?);
        Some(EqualSecurityGroupRule {
            key: documented.key.clone(),
            id: actual.id.to_owned(),
            direction: word(documented.direction),
            security_group_id: actual.security_group_id.map(str::to_owned),
            description: documented.record.description.clone().into_owned(),
            actual_description: actual.description.to_owned(),
        })
    });
    let equal = equal.collect();
    let told = |overlap: &Overlap| {
        let rule = actual.get(overlap.rule)?;
        let keys = overlap.with.iter().filter_map(|position| documented.get(*position));
        Some(ActualSecurityGroupRule {
            id: rule.id.to_owned(),
            security_group_id: rule.security_group_id.map(str::to_owned),
            direction: word(rule.direction),
            admits: rule.terms.told(rule.direction),
            description: rule.description.to_owned(),
            overlaps: keys.map(|documented| documented.key.clone()).collect(),
        })
    };
    let extra: Vec<ActualSecurityGroupRule> = found.extra.iter().filter_map(told).collect();
    let accepted = found.accepted.iter().filter_map(told).collect();
    let tolerated = found.tolerated.iter().filter_map(told).collect();
    let missing =
        super::chosen(documented, found.missing.iter().map(|overlap| (overlap.rule, overlap)));
    let missing = missing.map(|(documented, overlap)| MissingRule {
        key: documented.key,
        direction: word(documented.direction),
        admits: documented.terms.told(documented.direction),
        overlaps: overlap
            .with
            .iter()
            .filter_map(|position| Some(actual.get(*position)?.id.to_owned()))
            .collect(),
        rule: documented.record,
    });
    let missing: Vec<MissingRule<RuleRecord<'a, 'a>>> = missing.collect();
    let compliant = missing.is_empty() && extra.is_empty();
    SecurityGroupAudit { missing, extra, accepted, accepted_unmatched, equal, tolerated, compliant }
}

/// The direction in EC2's words.
fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}
