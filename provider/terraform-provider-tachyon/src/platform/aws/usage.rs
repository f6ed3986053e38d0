//! What an endpoint's rules use of EC2's quota.

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::object;

use super::overflow::Overflow;
use super::rule::{Side, Weight};
use super::spread::{Load, Spread, spread};
use super::{Options, SecurityGroupRules};
use crate::leaf::Leaf;
use crate::platform::Remarks;
use crate::platform::aws::AwsMistake;
use crate::platform::view::View;

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
        /// How many rules of each address family fit into all groups together.
        pub limit: u32,
        /// How many more rules fit, in the address family that has more of them; negative if there are too many.
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
        /// How many rules of each address family fit into the group.
        pub limit: u32,
        /// How many more rules fit, in the address family that has more of them; negative if there are too many.
        pub headroom: i64,
    }
}

/// Spreads the planned rules over the endpoint's groups and counts them.
pub(super) fn settle<'a>(
    view: &View<'a>,
    endpoint: EndpointId,
    ingress: Known<Side<'a>>,
    egress: Known<Side<'a>>,
    remarks: &mut Remarks,
) -> SecurityGroupRules<'a> {
    let quota = Quota::of(view, endpoint);
    check_groups(view, endpoint, remarks);
    let sides = [ingress, egress].map(|planned| SideOfGroups::of(quota, planned, remarks));
    if let (Known::Known(groups), Known::Known(limit)) = (quota.groups, quota.rules_per_group) {
        let settled: Vec<_> = sides.iter().filter_map(SideOfGroups::settled).collect();
        if settled.iter().any(|(_, _, spread)| !spread.left_over.is_empty()) {
            Overflow { view, endpoint, groups, limit, sides: settled }.report(remarks);
        }
    }
    let [(ingress, ingress_usage), (egress, egress_usage)] = sides.map(|side| side.counted(quota));
    let usage = match (ingress_usage, egress_usage) {
        (Some(ingress), Some(egress)) => Leaf::Known(Usage { ingress, egress }),
        _ => Leaf::Unknown,
    };
    SecurityGroupRules { ingress, egress, usage }
}

/// An endpoint's groups are all on the same interfaces, so there are no more of them than an interface takes.
fn check_groups(view: &View<'_>, endpoint: EndpointId, remarks: &mut Remarks) {
    let own = view.addresses(endpoint).platforms.aws.security_groups;
    let (Some(Known::Known(own)), Known::Known(most)) =
        (own, view.input.options.aws.groups_per_interface)
    else {
        return;
    };
    if own > most {
        let root = At::ROOT;
        let at = root.name("endpoints");
        let at = at.key(view.name(endpoint));
        let detail = format!(
            "Found {own}, but an interface has at most {most} groups (`options.aws.groups_per_interface`)."
        );
        remarks.problems.add(
            &at.name("security_groups"),
            AwsMistake::MoreGroupsThanAnInterfaceHas,
            detail,
        );
    }
}

/// How many groups an endpoint has, and how many rules each holds, while both are known.
#[derive(Debug, Clone, Copy)]
struct Quota {
    groups: Known<u32>,
    rules_per_group: Known<u32>,
}

impl Quota {
    fn of(view: &View<'_>, endpoint: EndpointId) -> Self {
        let Options { rules_per_group, groups, .. } = view.input.options.aws;
        let own = view.addresses(endpoint).platforms.aws.security_groups;
        Self { groups: own.unwrap_or(groups), rules_per_group }
    }
}

/// One side of an endpoint, spread over its groups as soon as all that it takes is known.
enum SideOfGroups<'a> {
    Unknown,
    Undecided(Side<'a>),
    Settled(Side<'a>, Vec<Weight>, Spread),
}

impl<'a> SideOfGroups<'a> {
    fn of(quota: Quota, planned: Known<Side<'a>>, remarks: &mut Remarks) -> Self {
        let Known::Known(side) = planned else {
            remarks.undecided = true;
            return Self::Unknown;
        };
        let weights: Vec<Weight> = side.rules.iter().map(|rule| rule.remote.weight()).collect();
        let is_decided = weights.iter().all(|weight| weight.is_known);
        let (Known::Known(groups), Known::Known(limit), true) =
            (quota.groups, quota.rules_per_group, is_decided)
        else {
            remarks.undecided = true;
            return Self::Undecided(side);
        };
        let spread = spread(&weights, || side.key_hashes(), groups, limit);
        Self::Settled(side, weights, spread)
    }

    fn settled(&self) -> Option<(&Side<'a>, &[Weight], &Spread)> {
        match self {
            Self::Settled(side, weights, spread) => Some((side, weights, spread)),
            Self::Unknown | Self::Undecided(_) => None,
        }
    }

    /// The rules with their groups, and what they use of the quota.
    fn counted(self, quota: Quota) -> (Leaf<Side<'a>>, Option<FamilyUsage>) {
        let (mut side, spread) = match self {
            Self::Unknown => return (Leaf::Unknown, None),
            Self::Undecided(side) => (side, None),
            Self::Settled(side, _, spread) => (side, Some(spread)),
        };
        let (Known::Known(limit), Some(spread)) = (quota.rules_per_group, spread) else {
            // With one group there is no choice, whatever the rules count for.
            let only = quota.groups == Known::Known(1);
            let group = if only { Leaf::Known(0) } else { Leaf::Unknown };
            for rule in &mut side.rules {
                rule.group = group;
            }
            return (Leaf::Known(side), None);
        };
        for (rule, group) in side.rules.iter_mut().zip(&spread.groups) {
            rule.group = Leaf::Known(*group);
        }
        (Leaf::Known(side), Some(count(&spread, limit)))
    }
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
    FamilyUsage {
        ipv4: total.ipv4,
        ipv6: total.ipv6,
        limit: all,
        headroom: headroom(all, total),
        groups: groups.collect(),
    }
}
