//! What is said where an endpoint's rules do not fit into its groups: the arithmetic, and what would help.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};

use super::rule::{Side, Weight};
use super::rules::reach;
use super::spread::{Load, Spread, spread};
use crate::output::Warning;
use crate::platform::aws::{AwsMistake, AwsWarning};
use crate::platform::help::{Change, Limit};
use crate::platform::text::{TOLD, costliest};
use crate::platform::view::{Direction, View};
use crate::platform::{Reach, Remarks};

const NO_SIDE: &str = "rules of no side that do not fit";

/// Rules of an endpoint that do not fit into its groups.
pub(super) struct Overflow<'o, 'a> {
    pub(super) view: &'o View<'a>,
    pub(super) endpoint: EndpointId,
    pub(super) groups: u32,
    pub(super) limit: u32,
    /// Each side that is known, with what its rules count for and how they are spread. A number of groups holds for both.
    pub(super) sides: Vec<(&'o Side<'a>, &'o [Weight], &'o Spread)>,
}

impl Overflow<'_, '_> {
    /// A limit that is met where the endpoint has a security group; a warning where it is a network, say, that has none.
    pub(super) fn report(&self, remarks: &mut Remarks) {
        let name = self.view.name(self.endpoint);
        let aws = &self.view.addresses(self.endpoint).platforms.aws;
        let has_group = aws.security_group_id.is_some() || aws.security_groups.is_some();
        let enough = self.enough_groups();
        if has_group || self.view.subject == Some(self.endpoint) {
            remarks.limits.push(self.limit(enough));
        } else {
            // What would help the whole deployment is not tried: it is valid, and most networks never get a group.
            let groups = enough.map_or(String::new(), |groups| {
                format!(" Then {} makes it fit.", self.more_groups(groups))
            });
            let detail = format!(
                "{} It has no security group here, so this matters only if it gets one.{groups}",
                self.detail()
            );
            remarks.warnings.push(Warning::new(AwsWarning::RulesOverLimit, name, detail));
        }
    }

    fn limit(&self, enough: Option<u32>) -> Limit {
        let root = At::ROOT;
        let endpoints = root.name("endpoints");
        let mut useless = Vec::new();
        if enough.is_none()
            && let Known::Known(most) = self.view.input.options.aws.groups_per_interface
        {
            let at = self.groups_setting();
            useless.push(format!("{at} of 1 to {most}, as many as an interface has"));
        }
        Limit {
            path: endpoints.key(self.view.name(self.endpoint)).path(),
            kind: AwsMistake::TooManySecurityGroupRules.kind(),
            what: String::new(),
            detail: self.detail(),
            tries_options: true,
            measure: self.measure(),
            own: enough.map(|groups| self.more_groups(groups)).into_iter().collect(),
            cost: enough
                .map_or(0, |groups| usize::try_from(groups).ok().or_bug("groups without a number")),
            useless,
            otherwise: self.with_groups_alone().map_or_else(String::new, |count| {
                format!("If each peer had a `security_group_id`, they would count {count} at most.")
            }),
        }
    }

    /// The setting of how many groups the endpoint has. A machine that is asked about alone has no attributes of its own.
    fn groups_at<T>(&self, use_it: impl FnOnce(&At<'_>) -> T) -> T {
        let root = At::ROOT;
        if self.view.subject == Some(self.endpoint) {
            let options = root.name("options");
            return use_it(&options.name("aws").name("groups"));
        }
        let endpoints = root.name("endpoints");
        use_it(&endpoints.key(self.view.name(self.endpoint)).name("security_groups"))
    }

    fn groups_setting(&self) -> String {
        self.groups_at(|at| format!("`{}`", at.path()))
    }

    fn more_groups(&self, groups: u32) -> Change {
        self.groups_at(|at| Change::new(at, groups.to_string()))
    }

    fn detail(&self) -> String {
        let groups = if self.groups == 1 {
            format!("its group of {} holds", self.limit)
        } else {
            format!("its {} groups of {} hold", self.groups, self.limit)
        };
        let all = self.room();
        let mut text = String::new();
        for (side, weights, spread) in self.over() {
            let total = total(weights);
            let direction = match side.direction {
                Direction::Ingress => "ingress",
                Direction::Egress => "egress",
            };
            text.push_str(&format!(
                "The {direction} rules of {} count {} for IPv4 and {} for IPv6; {groups} {all} of each family. \
                 {} of them found no room. Most come from {}. ",
                quoted(self.view.name(self.endpoint)),
                total.ipv4,
                total.ipv6,
                spread.left_over.len(),
                self.costliest_peers(side, weights),
            ));
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// The sides that do not fit.
    fn over(&self) -> impl Iterator<Item = &(&Side<'_>, &[Weight], &Spread)> {
        self.sides.iter().filter(|(_, _, spread)| !spread.left_over.is_empty())
    }

    /// What all groups hold of each family.
    fn room(&self) -> u64 {
        u64::from(self.groups) * u64::from(self.limit)
    }

    /// The peers that cost most, with what they cost in the fuller family.
    fn costliest_peers(&self, side: &Side<'_>, weights: &[Weight]) -> String {
        let mut costs: BTreeMap<&str, Load> = BTreeMap::new();
        for (rule, weight) in side.rules().iter().zip(weights) {
            let cost = costs.entry(self.view.name(side.peer(rule))).or_default();
            *cost = cost.with(*weight);
        }
        let costs = costliest(costs.into_iter().map(|(peer, load)| (peer, load.most())));
        let told: Vec<String> = costs
            .iter()
            .take(TOLD)
            .map(|(peer, cost)| format!("{} ({cost})", quoted(peer)))
            .collect();
        let rest = costs.len().saturating_sub(TOLD);
        if rest > 0 { format!("{} and {rest} more", told.join(", ")) } else { told.join(", ") }
    }

    /// The fewest groups that hold the rules of both sides as they are spread.
    fn enough_groups(&self) -> Option<u32> {
        let Known::Known(most) = self.view.input.options.aws.groups_per_interface else {
            return None;
        };
        let hashes: Vec<Vec<u64>> = self.sides.iter().map(|(side, ..)| side.key_hashes()).collect();
        let fits = |groups: u32| {
            self.sides.iter().zip(&hashes).all(|((_, weights, _), hashes)| {
                spread(weights, || hashes.clone(), groups, self.limit).left_over.is_empty()
            })
        };
        let least = self.fullest().div_ceil(self.limit);
        (least.max(1)..=most).find(|groups| fits(*groups))
    }

    /// What the fuller side would count if a group stood for each peer.
    fn with_groups_alone(&self) -> Option<usize> {
        let asked = |side: &Side<'_>| -> BTreeSet<_> {
            let rules = side.rules().iter().flat_map(|rule| side.asked(rule));
            rules.map(|asked| (asked.transport, asked.ports, asked.peer)).collect()
        };
        let sides: Vec<BTreeSet<_>> = self.sides.iter().map(|(side, ..)| asked(side)).collect();
        // A group in another network is out of reach, so its peer would count by other addresses.
        let mut peers = sides.iter().flatten().map(|(_, _, peer)| *peer);
        let within = |peer| matches!(reach(self.view, self.endpoint, peer), Reach::Within);
        peers.all(within).then(|| sides.iter().map(BTreeSet::len).max().or_bug(NO_SIDE))
    }

    /// How much the fullest of the sides that do not fit counts: a side that fits may count more. Where that alone is no reason, what
    /// is: rules that count several times or for one family leave gaps.
    fn measure(&self) -> String {
        let counts =
            self.over().map(|(_, weights, spread)| (total(weights).most(), spread.left_over.len()));
        let (most, without) = counts.max().or_bug(NO_SIDE);
        let all = self.room();
        if u64::from(most) > all {
            return format!("{most} of {all}");
        }
        format!("{most} of {all}, but {without} of the rules found no room")
    }

    /// What the fuller side counts in its fuller family.
    fn fullest(&self) -> u32 {
        let totals = self.sides.iter().map(|(_, weights, _)| total(weights).most());
        totals.max().or_bug(NO_SIDE)
    }
}

fn total(weights: &[Weight]) -> Load {
    weights.iter().copied().fold(Load::default(), Load::with)
}
