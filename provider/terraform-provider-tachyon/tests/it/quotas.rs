//! Quotas of AWS in which a random deployment's rules fit.

use std::collections::BTreeMap;

use crate::model::Deployment;

/// Quotas of AWS: rules of a group, groups, groups of an interface.
pub(crate) const QUOTAS: [(u16, u16, u16); 6] =
    [(60, 1, 5), (60, 5, 5), (60, 16, 16), (10, 16, 16), (200, 2, 5), (1000, 1, 1)];

/// Chooses quotas in which the rules fit with room to spare, since a full group is not this generator's matter.
pub(crate) fn fit(deployment: &mut Deployment, quota: Option<usize>) {
    let needs = needs(deployment);
    let most = needs.values().max().copied().unwrap_or(0);
    let fits =
        |(rules, groups, _): (u16, u16, u16)| 2 * most <= usize::from(rules) * usize::from(groups);
    deployment.options.aws = match quota.map(|pick| QUOTAS[pick]) {
        None if fits((60, 1, 5)) => None,
        Some(quota) if fits(quota) => Some(quota),
        _ => Some((1000, 1, 1)),
    };
    let (rules, _, interface) = deployment.options.aws.unwrap_or((60, 1, 5));
    for (name, endpoint) in &mut deployment.endpoints {
        let need = 2 * needs.get(name).copied().unwrap_or(0);
        let fits = |groups: &u16| {
            *groups <= interface && need <= usize::from(rules) * usize::from(*groups)
        };
        endpoint.security_groups = endpoint.security_groups.filter(fits);
    }
}

/// Keeps the quotas of a deployment that has been changed, unless its rules no longer fit: without what stood between, or with
/// groups that can be referred to again, they may count for more.
pub(crate) fn fit_again(deployment: &mut Deployment) {
    let quota = QUOTAS.iter().position(|quota| deployment.options.aws == Some(*quota));
    fit(deployment, quota);
}

/// The most that each endpoint's rules can cost in one direction, counted generously.
fn needs(deployment: &Deployment) -> BTreeMap<String, usize> {
    let weight = |name: &String| {
        let endpoint = &deployment.endpoints[name];
        let lists: u16 = endpoint.prefix_lists.values().map(|(_, entries)| *entries).sum();
        usize::from(lists).max(endpoint.cidrs.len()).max(1)
    };
    let mut needs: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for connection in deployment.connections().values() {
        for opening in deployment.openings_of(connection) {
            *needs.entry((opening.at, opening.inbound)).or_default() += weight(&opening.peer);
        }
    }
    let mut most = BTreeMap::new();
    for ((name, _), need) in needs {
        let entry: &mut usize = most.entry(name).or_default();
        *entry = need.max(*entry);
    }
    most
}
