//! How much Azure takes in one network security group and in one rule, and what would help where that is not enough.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use portmatrix::problem::listed;

use super::address::identity;
use super::end::End;
use super::rule::{Rule, RuleSet, Subject};
use crate::platform::Remarks;
use crate::platform::azure::AzureMistake;
use crate::platform::help::{Change, Limit};
use crate::platform::text::{TOLD, costliest};
use crate::platform::view::View;
use crate::reader::Block;

/// Rules of one network security group. Source: Azure subscription limits, networking.
pub(super) const MOST_RULES: usize = 1000;
/// Addresses or ranges at one end of a rule. Source: the same.
const MOST_PREFIXES: usize = 4000;
/// Application security groups in all rules of one group. Source: the same.
const MOST_GROUPS: usize = 100;

/// The rules of one network security group, held against the limits.
pub(super) struct Quota<'q, 'a> {
    pub(super) view: &'q View<'a>,
    /// The endpoint whose rules they are; of a shared group the first one.
    pub(super) name: &'q str,
    /// The user's name for the group, where endpoints share it.
    pub(super) shared: Option<&'q str>,
    pub(super) at: &'q At<'q>,
    pub(super) rules: &'q RuleSet<'a>,
}

impl<'a> Quota<'_, 'a> {
    /// Reports what is over a limit of Azure.
    pub(super) fn check(&self, remarks: &mut Remarks) {
        let count = self.rules.rules().len();
        if count > MOST_RULES {
            let detail = format!(
                "{} needs {count} rules; a network security group holds {MOST_RULES}. Most come from {}.",
                self.label("The group"),
                self.costliest_flows()
            );
            let otherwise = format!(
                "If each peer had `cidrs` of one family and no other address, it would need {}. Each has a rule for each port.",
                self.with_one_part()
            );
            let kind = AzureMistake::TooManyNetworkSecurityRules;
            remarks.limits.push(self.of_group(kind, (count, MOST_RULES), detail, otherwise));
        }
        let groups = named_groups(self.each()).len();
        if groups > MOST_GROUPS {
            let detail = format!(
                "The rules of {} name {groups} application security groups; Azure takes {MOST_GROUPS} in one network security group.",
                self.label("the group"),
            );
            let otherwise = format!(
                "If each endpoint had one of them alone, they would name {}.",
                self.with_one_group()
            );
            let kind = AzureMistake::TooManyApplicationSecurityGroups;
            remarks.limits.push(self.of_group(kind, (groups, MOST_GROUPS), detail, otherwise));
        }
        for (key, rule) in self.rules.rules() {
            for (side, end) in rule.ends() {
                if let End::Cidrs(blocks) = end
                    && blocks.len() > MOST_PREFIXES
                {
                    remarks.limits.push(self.of_rule(key, rule, side, end, blocks));
                }
            }
        }
    }

    fn each(&self) -> impl Iterator<Item = &Rule<'a>> {
        self.rules.rules().iter().map(|(_, rule)| rule)
    }

    /// The endpoint, or after a word for it the group that endpoints share.
    fn label(&self, group: &str) -> String {
        self.shared.map_or_else(|| quoted(self.name), |name| format!("{group} {}", quoted(name)))
    }

    fn of_group(
        &self,
        kind: AzureMistake,
        (count, most): (usize, usize),
        detail: String,
        otherwise: String,
    ) -> Limit {
        let own = self.taken_out();
        Limit {
            path: self.at.path(),
            kind: kind.kind(),
            what: self.label("group"),
            detail,
            tries_options: false,
            measure: format!("{count} of {most}"),
            cost: own.len(),
            own,
            useless: Vec::new(),
            otherwise,
        }
    }

    /// A rule with too many prefixes at one end.
    fn of_rule(
        &self,
        key: &str,
        rule: &Rule<'a>,
        side: &'static str,
        end: &End<'a>,
        blocks: &[&Block<'_>],
    ) -> Limit {
        let is_own = std::ptr::eq(end, &raw const rule.own);
        let holders = if is_own { vec![self.holder(rule)] } else { rule.peers().to_vec() };
        let names: Vec<&str> = holders.iter().map(|holder| self.view.name(*holder)).collect();
        let whose = if is_own { "They are of" } else { "Its peers:" };
        let own = self.summarized(&holders, blocks);
        Limit {
            path: self.at.path(),
            kind: AzureMistake::TooManyPrefixesInARule.kind(),
            what: format!("{} {key} {side}", self.label("group")),
            detail: format!(
                "The rule {} has {} prefixes as its {side}; Azure takes {MOST_PREFIXES}. {whose} {}.",
                quoted(key),
                blocks.len(),
                listed(&names)
            ),
            tries_options: true,
            measure: format!("{} of {MOST_PREFIXES}", blocks.len()),
            cost: own.len(),
            own,
            useless: Vec::new(),
            otherwise: "Fewer peers with `cidrs` help, such as peers with `application_security_group_ids`.".to_owned(),
        }
    }

    /// Whose rule it is.
    fn holder(&self, rule: &Rule<'_>) -> EndpointId {
        let of_name = || self.view.input.deployment.find(self.name);
        rule.member.or_else(of_name).or_bug("a rule of nobody")
    }

    /// Summaries of the endpoints with most prefixes, so that all together fit.
    fn summarized(&self, holders: &[EndpointId], blocks: &[&Block<'_>]) -> Vec<Change> {
        let family = blocks.first().map(|block| block.cidr.family());
        let count = |holder: &EndpointId| match &self.view.addresses(*holder).cidrs {
            Some(Known::Known(cidrs)) => {
                cidrs.iter().filter(|block| Some(block.cidr.family()) == family).count()
            }
            Some(Known::Unknown) | None => 0,
        };
        let mut sizes: Vec<(usize, EndpointId)> =
            holders.iter().map(|holder| (count(holder), *holder)).collect();
        sizes.sort_unstable();
        let (mut room, mut left) = (MOST_PREFIXES, sizes.len());
        for (position, (size, _)) in sizes.iter().enumerate() {
            let share = room / left.max(1);
            if *size > share {
                let over = sizes.iter().skip(position);
                let changes =
                    over.map(|(_, holder)| Change::summarized(self.view.name(*holder), share));
                return changes.collect::<Option<Vec<_>>>().unwrap_or_default();
            }
            room -= size;
            left -= 1;
        }
        Vec::new()
    }

    /// In a shared group: endpoints that leave it, those with most rules first, until the rest fits.
    fn taken_out(&self) -> Vec<Change> {
        let mut members: BTreeMap<EndpointId, usize> = BTreeMap::new();
        for member in self.each().filter_map(|rule| rule.member) {
            *members.entry(member).or_default() += 1;
        }
        let mut by_size: Vec<(usize, EndpointId)> =
            members.into_iter().map(|(member, count)| (count, member)).collect();
        by_size.sort_unstable();
        let mut out = BTreeSet::new();
        while by_size.len() > 1 {
            out.extend(by_size.pop().map(|(_, member)| member));
            let is_left =
                |rule: &&Rule<'_>| rule.member.is_none_or(|member| !out.contains(&member));
            let left = || self.each().filter(is_left);
            if left().count() <= MOST_RULES && named_groups(left()).len() <= MOST_GROUPS {
                let root = At::ROOT;
                let endpoints = root.name("endpoints");
                let leave = |member: &EndpointId| {
                    let at = endpoints.key(self.view.name(*member));
                    Change::new(&at.name("network_security_group"), "null")
                };
                return out.iter().map(leave).collect();
            }
        }
        Vec::new()
    }

    /// The flows with most rules, with how many they have.
    fn costliest_flows(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in self.each() {
            if let Subject::Flow { flow, .. } = &rule.subject {
                *counts.entry(&flow.id).or_default() += 1;
            }
        }
        let counts = costliest(counts);
        let told = counts.iter().take(TOLD).map(|(flow, count)| format!("{flow} ({count})"));
        told.collect::<Vec<_>>().join(", ")
    }

    /// How many rules there would be if all peers of a flow fell into one part.
    fn with_one_part(&self) -> usize {
        let rules = self.each();
        let mut others = 0;
        let mut of_flows = BTreeSet::new();
        for rule in rules {
            match &rule.subject {
                Subject::Flow { flow, ports, .. } => {
                    of_flows.insert((rule.direction, flow.place, *ports, rule.member));
                }
                Subject::Service(_) | Subject::LoadBalancer | Subject::Rest => others += 1,
            }
        }
        of_flows.len() + others
    }

    /// How many endpoints would be named by their groups if none had more than fit at its own end.
    fn with_one_group(&self) -> usize {
        let mut named = BTreeSet::new();
        let is_grouped =
            |holder: &EndpointId| self.view.addresses(*holder).platforms.azure.groups.is_some();
        for rule in self.each() {
            if matches!(rule.subject, Subject::Flow { .. }) {
                named.extend(Some(self.holder(rule)).filter(is_grouped));
            }
            if matches!(rule.peer, End::Groups(_)) {
                named.extend(rule.peers());
            }
        }
        named.len()
    }
}

/// The application security groups that rules name, as far as they are known.
fn named_groups<'r, 'a: 'r>(rules: impl Iterator<Item = &'r Rule<'a>>) -> BTreeSet<String> {
    let ends = rules.flat_map(Rule::ends).map(|(_, end)| end);
    let ids = ends.filter_map(|end| match end {
        End::Groups(ids) => Some(ids),
        _ => None,
    });
    ids.flatten().map(|id| identity(id)).collect()
}
