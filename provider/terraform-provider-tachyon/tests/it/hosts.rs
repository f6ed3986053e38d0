//! Machines that may send or receive a packet, and what makes them belong to an endpoint.

use std::collections::BTreeSet;

use crate::address::{Address, Prefix};
use crate::clouds::CLOUDS;
use crate::model::{Deployment, Endpoint};

/// A machine: its address, and the groups, lists and tags that a cloud would say it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Host {
    pub(crate) address: Option<Address>,
    pub(crate) memberships: BTreeSet<String>,
}

/// Addresses that belong to nobody, unless somebody asks for everything.
const STRANGERS: [&str; 2] = ["100.64.9.9", "3fff::9"];

/// How an endpoint is addressed on a platform: the first kind that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Ids of groups or prefix lists, or a tag; whoever is in one of them belongs to the endpoint.
    Members(Vec<String>),
    Prefixes(Vec<Prefix>),
}

impl Kind {
    pub(crate) fn holds(&self, host: &Host) -> bool {
        match self {
            Self::Members(ids) => ids.iter().any(|id| host.memberships.contains(id)),
            Self::Prefixes(prefixes) => prefixes
                .iter()
                .any(|prefix| host.address.is_some_and(|address| prefix.contains(address))),
        }
    }
}

impl Endpoint {
    pub(crate) fn prefixes(&self) -> Vec<Prefix> {
        self.cidrs.iter().map(|cidr| Prefix::parse(cidr)).collect()
    }

    /// What it is to AWS.
    pub(crate) fn on_aws(&self) -> Kind {
        if let Some(id) = &self.security_group_id {
            Kind::Members(vec![id.clone()])
        } else if !self.prefix_lists.is_empty() {
            Kind::Members(self.prefix_lists.values().map(|(id, _)| id.clone()).collect())
        } else {
            Kind::Prefixes(self.prefixes())
        }
    }

    /// What it is to Azure.
    pub(crate) fn on_azure(&self) -> Kind {
        if !self.application_security_group_ids.is_empty() {
            Kind::Members(self.application_security_group_ids.clone())
        } else if let Some(tag) = self.service_tag {
            Kind::Members(vec![tag.to_owned()])
        } else {
            Kind::Prefixes(self.prefixes())
        }
    }

    /// Machines of this endpoint: whatever kind a platform looks at, each belongs. One for each of its application
    /// security groups and edges of its prefixes, so that no one of them can be forgotten.
    pub(crate) fn machines(&self) -> BTreeSet<Host> {
        let mut shared: BTreeSet<String> = self.security_group_id.iter().cloned().collect();
        shared.extend(self.service_tag.map(str::to_owned));
        let each = |ids: Vec<String>| {
            if ids.is_empty() { vec![None] } else { ids.into_iter().map(Some).collect() }
        };
        let lists = each(self.prefix_lists.values().map(|(id, _)| id.clone()).collect());
        let groups = each(self.application_security_group_ids.clone());
        let mut machines = BTreeSet::new();
        for address in self.addresses() {
            for list in &lists {
                for group in &groups {
                    let memberships =
                        shared.iter().cloned().chain(list.clone()).chain(group.clone()).collect();
                    machines.insert(Host { address: Some(address), memberships });
                }
            }
        }
        machines
    }

    /// Whether the address of a machine is one that the endpoint's machines have by what is said of them: any, where no
    /// prefixes are given, or where groups say who they are.
    pub(crate) fn may_have(&self, machine: &Host) -> bool {
        let prefixes = self.prefixes();
        let given = |address| prefixes.iter().any(|prefix| prefix.contains(address));
        prefixes.is_empty()
            || !self.application_security_group_ids.is_empty()
            || machine.address.is_some_and(given)
    }

    /// Addresses of its machines: the edges of its prefixes, and of a family without prefixes one that is nobody's.
    fn addresses(&self) -> BTreeSet<Address> {
        let prefixes = self.prefixes();
        let mut addresses = BTreeSet::new();
        for stranger in STRANGERS.map(Address::parse) {
            let own: Vec<Prefix> =
                prefixes.iter().copied().filter(|own| own.family() == stranger.family).collect();
            if own.is_empty() {
                addresses.insert(stranger);
            }
            addresses
                .extend(own.iter().flat_map(|own| own.edges().filter(|edge| own.contains(*edge))));
        }
        addresses
    }
}

/// Machines of all endpoints, machines just outside of all prefixes, and such as have one membership of an endpoint
/// alone.
pub(crate) fn hosts(deployment: &Deployment) -> BTreeSet<Host> {
    let mut hosts: BTreeSet<Host> =
        STRANGERS.map(|text| host(Address::parse(text), None)).into_iter().collect();
    for endpoint in deployment.endpoints.values() {
        hosts.extend(endpoint.machines());
        for prefix in endpoint.prefixes() {
            hosts.extend(prefix.edges().map(|address| host(address, None)));
        }
        for cloud in &CLOUDS {
            if let Kind::Members(ids) = (cloud.kind)(endpoint) {
                hosts
                    .extend(ids.into_iter().map(|id| host(Address::parse(STRANGERS[0]), Some(id))));
            }
        }
    }
    hosts
}

fn host(address: Address, membership: Option<String>) -> Host {
    Host { address: Some(address), memberships: membership.into_iter().collect() }
}
