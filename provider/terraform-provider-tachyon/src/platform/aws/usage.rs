//! What an endpoint's rules use of EC2's quota, and what would help where they do not fit.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::object;

use super::rules::{Planned, PlannedRule, Rule, Weight};
use super::spread::{Load, Spread, spread};
use super::{Options, SecurityGroupRules};
use crate::leaf::Leaf;
use crate::output::Warning;
use crate::platform::Findings;
use crate::platform::view::{Direction, View};

object! {
    /// What the rules of an endpoint use of EC2's quota.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Usage {
        /// Of the ingress rules.
        pub ingress: FamilyUsage,
        /// Of the egress rules.
        pub egress: FamilyUsage,
    }
}

object! {
    /// Rules of one direction over all groups of an endpoint. A reference to a group counts 1 in both families, a
    /// prefix list its `max_entries`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FamilyUsage {
        /// Rules that count for IPv4.
        pub ipv4: u32,
        /// Rules that count for IPv6.
        pub ipv6: u32,
        /// How many rules of each family all groups hold together.
        pub limit: u32,
        /// How many more rules of the fuller family fit; negative if there are too many.
        pub headroom: i64,
        /// The same for each group.
        pub groups: Vec<GroupUsage>,
    }
}

object! {
    /// Rules of one direction in one group.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct GroupUsage {
        /// Rules that count for IPv4.
        pub ipv4: u32,
        /// Rules that count for IPv6.
        pub ipv6: u32,
        /// How many rules of each family the group holds.
        pub limit: u32,
        /// How many more rules of the fuller family fit; negative if there are too many.
        pub headroom: i64,
    }
}

/// Spreads the planned rules over the endpoint's groups and counts them.
pub(super) fn settle<'a>(
    view: &View<'a>,
    position: usize,
    ingress: Planned<'a>,
    egress: Planned<'a>,
    findings: &mut Findings,
) -> SecurityGroupRules<'a> {
    let quota = Quota::of(view, position);
    let (ingress, ingress_usage) = settle_side(view, position, Direction::Ingress, quota, ingress, findings);
    let (egress, egress_usage) = settle_side(view, position, Direction::Egress, quota, egress, findings);
    let usage = match (ingress_usage, egress_usage) {
        (Some(ingress), Some(egress)) => Leaf::Known(Usage { ingress, egress }),
        _ => Leaf::Unknown,
    };
    SecurityGroupRules { ingress, egress, usage }
}

/// How many groups an endpoint has, and how many rules each holds, while both are known.
#[derive(Debug, Clone, Copy)]
struct Quota {
    groups: Known<u32>,
    rules_per_group: Known<u32>,
}

impl Quota {
    fn of(view: &View<'_>, position: usize) -> Self {
        let Options { rules_per_group, groups, .. } = view.input.options.aws;
        let own = view.addresses(position).and_then(|addresses| addresses.platforms.aws.security_groups);
        Self { groups: own.unwrap_or(groups), rules_per_group }
    }
}

type Side<'a> = Leaf<BTreeMap<String, Rule<'a>>>;

fn settle_side<'a>(
    view: &View<'a>,
    position: usize,
    direction: Direction,
    quota: Quota,
    planned: Planned<'a>,
    findings: &mut Findings,
) -> (Side<'a>, Option<FamilyUsage>) {
    let Known::Known(mut planned) = planned else {
        findings.undecided = true;
        return (Leaf::Unknown, None);
    };
    let weights: Vec<(&str, Weight)> = planned.iter().map(|planned| (planned.key.as_str(), planned.weight)).collect();
    let is_decided = weights.iter().all(|(_, weight)| weight.is_known);
    let (Known::Known(groups), Known::Known(limit), true) = (quota.groups, quota.rules_per_group, is_decided) else {
        findings.undecided = true;
        // With one group there is no choice, whatever the rules count for.
        let group = if quota.groups == Known::Known(1) { Leaf::Known(0) } else { Leaf::Unknown };
        let rules = planned.into_iter().map(|planned| (planned.key, Rule { group, ..planned.rule })).collect();
        return (Leaf::Known(rules), None);
    };
    let spread = spread(&weights, groups, limit);
    if !spread.left_over.is_empty() {
        let overflow = Overflow { view, position, direction, groups, limit, planned: &planned, spread: &spread };
        overflow.report(findings);
    }
    for (planned, group) in planned.iter_mut().zip(&spread.groups) {
        planned.rule.group = Leaf::Known(*group);
    }
    let usage = count(&spread, limit);
    (Leaf::Known(planned.into_iter().map(|planned| (planned.key, planned.rule)).collect()), Some(usage))
}

fn count(spread: &Spread, limit: u32) -> FamilyUsage {
    let headroom = |limit: u32, load: Load| i64::from(limit) - i64::from(load.most());
    let total = spread.loads.iter().fold(Load::default(), |total, load| Load {
        ipv4: total.ipv4.saturating_add(load.ipv4),
        ipv6: total.ipv6.saturating_add(load.ipv6),
    });
    let groups = spread.loads.iter().map(|load| GroupUsage {
        ipv4: load.ipv4,
        ipv6: load.ipv6,
        limit,
        headroom: headroom(limit, *load),
    });
    let all = limit.saturating_mul(u32::try_from(spread.loads.len()).unwrap_or(u32::MAX));
    FamilyUsage { ipv4: total.ipv4, ipv6: total.ipv6, limit: all, headroom: headroom(all, total), groups: groups.collect() }
}

/// Rules of an endpoint that do not fit into its groups.
struct Overflow<'o, 'a> {
    view: &'o View<'a>,
    position: usize,
    direction: Direction,
    groups: u32,
    limit: u32,
    planned: &'o [PlannedRule<'a>],
    spread: &'o Spread,
}

impl Overflow<'_, '_> {
    /// An error where the endpoint has a security group; a warning where it is a network, say, that has none.
    fn report(&self, findings: &mut Findings) {
        let name = self.view.name(self.position);
        let detail = self.detail();
        let addresses = self.view.addresses(self.position).map(|addresses| &addresses.platforms.aws);
        let has_group =
            addresses.is_some_and(|aws| aws.security_group_id.is_some() || aws.security_groups.is_some());
        if has_group || self.view.subject == Some(self.position) {
            let root = At::ROOT;
            let at = root.name("endpoints");
            findings.problems.add(&at.key(name), "Too many security group rules", detail);
        } else {
            findings.warnings.push(Warning {
                id: "rules_over_limit".to_owned(),
                endpoint: name.to_owned(),
                summary: "More rules than a security group holds".to_owned(),
                detail: format!("{detail} It has no security group here, so this matters only if it gets one."),
            });
        }
    }

    fn detail(&self) -> String {
        let direction = match self.direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        let total = total(self.planned.iter().map(|planned| planned.weight));
        let groups = if self.groups == 1 { "group".to_owned() } else { format!("{} groups", self.groups) };
        format!(
            "The {direction} rules of {} count {} for IPv4 and {} for IPv6; its {groups} of {} hold {} of each family. \
             {} of them found no room. Most come from {}. {}",
            quoted(self.view.name(self.position)),
            total.ipv4,
            total.ipv6,
            self.limit,
            u64::from(self.groups) * u64::from(self.limit),
            self.spread.left_over.len(),
            self.costliest_peers(),
            self.help(),
        )
    }

    /// The peers that cost most, with what they cost in the fuller family.
    fn costliest_peers(&self) -> String {
        const TOLD: usize = 5;
        let mut costs: BTreeMap<&str, Load> = BTreeMap::new();
        for planned in self.planned {
            let cost = costs.entry(planned.rule.peer).or_default();
            *cost = cost.with(planned.weight);
        }
        let mut costs: Vec<(&str, u32)> = costs.into_iter().map(|(peer, load)| (peer, load.most())).collect();
        costs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let told: Vec<String> = costs.iter().take(TOLD).map(|(peer, cost)| format!("{} ({cost})", quoted(peer))).collect();
        let rest = costs.len().saturating_sub(TOLD);
        if rest > 0 { format!("{} and {rest} more", told.join(", ")) } else { told.join(", ") }
    }

    /// What would make the rules fit.
    fn help(&self) -> String {
        let enough = self.enough_groups();
        let merged = self.merged();
        let mut help = match enough {
            Some(groups) => format!("{groups} groups would hold them (`security_groups = {groups}` of the endpoint)."),
            None => "No number of groups that an interface can have would hold them.".to_owned(),
        };
        let now = total(self.planned.iter().map(|planned| planned.weight)).most();
        help.push_str(&if merged < now {
            format!(" Merging the CIDRs of each peer exactly (`merge_cidrs`) would leave {merged} of {now}.")
        } else {
            " Merging CIDRs exactly would save none.".to_owned()
        });
        help.push_str(" A prefix list counts its `max_entries`, so it saves resources but none of the quota.");
        help
    }

    /// The fewest groups that hold the rules as they are spread.
    fn enough_groups(&self) -> Option<u32> {
        let Known::Known(most) = self.view.input.options.aws.groups_per_interface else { return None };
        let weights: Vec<(&str, Weight)> =
            self.planned.iter().map(|planned| (planned.key.as_str(), planned.weight)).collect();
        (self.groups + 1..=most).find(|groups| spread(&weights, *groups, self.limit).left_over.is_empty())
    }

    /// How much the fuller family would count with each peer's CIDRs merged.
    fn merged(&self) -> u32 {
        let mut load = Load::default();
        let mut by_port: BTreeMap<(&str, u16, u16, &str), Vec<cidrs::Cidr>> = BTreeMap::new();
        for PlannedRule { rule, weight, .. } in self.planned {
            let text = rule.cidr_ipv4.as_deref().or(rule.cidr_ipv6.as_deref());
            match text.and_then(|text| cidrs::Cidr::parse(text).ok()) {
                Some(cidr) => {
                    let port = (rule.ip_protocol, rule.from_port, rule.to_port, rule.peer);
                    by_port.entry(port).or_default().push(cidr);
                }
                None => load = load.with(*weight),
            }
        }
        for cidr in by_port.into_values().flat_map(cidrs::merge) {
            match cidr.family() {
                cidrs::Family::V4 => load.ipv4 += 1,
                cidrs::Family::V6 => load.ipv6 += 1,
            }
        }
        load.most()
    }
}

fn total(weights: impl Iterator<Item = Weight>) -> Load {
    weights.fold(Load::default(), Load::with)
}
