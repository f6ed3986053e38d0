//! What is said where an endpoint's rules do not fit into its groups: the arithmetic, and what would help.

use std::collections::BTreeMap;

use cidrs::{Cidr, Family};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{PortRange, Transport};
use portmatrix::path::{At, quoted};

use super::rule::{Remote, Rule, Side, Weight};
use super::spread::{Load, Spread, spread};
use crate::output::Warning;
use crate::platform::Remarks;
use crate::platform::aws::{AwsMistake, AwsWarning};
use crate::platform::view::{Direction, View};

/// Rules of an endpoint that do not fit into its groups.
pub(super) struct Overflow<'o, 'a> {
    pub(super) view: &'o View<'a>,
    pub(super) endpoint: EndpointId,
    pub(super) groups: u32,
    pub(super) limit: u32,
    pub(super) side: &'o Side<'a>,
    /// What each of its rules counts for.
    pub(super) weights: &'o [Weight],
    pub(super) spread: &'o Spread,
}

impl Overflow<'_, '_> {
    /// An error where the endpoint has a security group; a warning where it is a network, say, that has none.
    pub(super) fn report(&self, remarks: &mut Remarks) {
        let name = self.view.name(self.endpoint);
        let detail = self.detail();
        let aws = &self.view.addresses(self.endpoint).platforms.aws;
        let has_group = aws.security_group_id.is_some() || aws.security_groups.is_some();
        if has_group || self.view.subject == Some(self.endpoint) {
            let root = At::ROOT;
            let at = root.name("endpoints");
            remarks.problems.add(&at.key(name), AwsMistake::TooManySecurityGroupRules, detail);
        } else {
            let detail = format!(
                "{detail} It has no security group here, so this matters only if it gets one."
            );
            remarks.warnings.push(Warning::new(AwsWarning::RulesOverLimit, name, detail));
        }
    }

    fn detail(&self) -> String {
        let direction = match self.side.direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        let total = self.total();
        let groups = if self.groups == 1 {
            format!("its group of {} holds", self.limit)
        } else {
            format!("its {} groups of {} hold", self.groups, self.limit)
        };
        format!(
            "The {direction} rules of {} count {} for IPv4 and {} for IPv6; {groups} {} of each family. \
             {} of them found no room. Most come from {}. {}",
            quoted(self.view.name(self.endpoint)),
            total.ipv4,
            total.ipv6,
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
        for (rule, weight) in self.rules() {
            let cost = costs.entry(self.view.name(self.side.peer(rule))).or_default();
            *cost = cost.with(weight);
        }
        let mut costs: Vec<(&str, u32)> =
            costs.into_iter().map(|(peer, load)| (peer, load.most())).collect();
        costs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let told: Vec<String> = costs
            .iter()
            .take(TOLD)
            .map(|(peer, cost)| format!("{} ({cost})", quoted(peer)))
            .collect();
        let rest = costs.len().saturating_sub(TOLD);
        if rest > 0 { format!("{} and {rest} more", told.join(", ")) } else { told.join(", ") }
    }

    /// What would make the rules fit.
    fn help(&self) -> String {
        let enough = self.enough_groups();
        let merged = self.merged();
        let mut help = match enough {
            Some(groups) => format!(
                "{groups} groups would hold them (`security_groups = {groups}` of the endpoint, or `options.aws.groups`)."
            ),
            None => "No number of groups that an interface can have would hold them.".to_owned(),
        };
        let now = self.total().most();
        help.push_str(&if merged < now {
            format!(" Merging the CIDRs of each peer exactly (`merge_cidrs`) would leave {merged} of {now}.")
        } else {
            " Merging CIDRs exactly would save none.".to_owned()
        });
        help.push_str(
            " A prefix list counts its `max_entries`, so it saves resources but none of the quota.",
        );
        help
    }

    /// The fewest groups that hold the rules as they are spread.
    fn enough_groups(&self) -> Option<u32> {
        let Known::Known(most) = self.view.input.options.aws.groups_per_interface else {
            return None;
        };
        let hashes = self.side.key_hashes();
        let fits = |groups: u32| {
            spread(self.weights, || hashes.clone(), groups, self.limit).left_over.is_empty()
        };
        let least = self.total().most().div_ceil(self.limit);
        (least.max(self.groups + 1)..=most).find(|groups| fits(*groups))
    }

    /// How much the fuller family would count with each peer's CIDRs merged.
    fn merged(&self) -> u32 {
        let mut load = Load::default();
        let mut by_port: BTreeMap<(Transport, PortRange, EndpointId), Vec<Cidr>> = BTreeMap::new();
        for (rule, weight) in self.rules() {
            if let Remote::Cidr(block) = rule.remote {
                let port = (rule.transport, rule.ports, self.side.peer(rule));
                by_port.entry(port).or_default().push(block.cidr);
            } else {
                load = load.with(weight);
            }
        }
        for cidr in by_port.into_values().flat_map(cidrs::merge) {
            match cidr.family() {
                Family::V4 => load.ipv4 += 1,
                Family::V6 => load.ipv6 += 1,
            }
        }
        load.most()
    }

    fn rules(&self) -> impl Iterator<Item = (&Rule<'_>, Weight)> {
        self.side.rules().iter().zip(self.weights.iter().copied())
    }

    fn total(&self) -> Load {
        self.weights.iter().copied().fold(Load::default(), Load::with)
    }
}
