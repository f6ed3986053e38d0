//! Prefix lists that the user creates: the CIDRs of a peer, one list for each address family.
//!
//! Every endpoint that has the peer refers to the same list, so a network that is added or removed changes one list
//! instead of a rule in every group, as long as there are two or more: one alone needs no list.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::object;

use super::address::{MOST_ENTRIES, Sources, sources};
use crate::leaf::Leaf;
use crate::platform::aws::AwsMistake;
use crate::platform::help::{Change, Limit};
use crate::platform::view::View;
use crate::platform::{Reach, Remarks, is_same_network};
use crate::reader::Block;

/// The most entries that a list is created with: Terraform creates it in one call.
/// Source: Amazon EC2 API, CreateManagedPrefixList, "AddEntry"; terraform-provider-aws issue 17191.
const MOST_AT_ONCE: usize = 100;

object! {
    /// A prefix list to be created, in the arguments of `aws_ec2_managed_prefix_list`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ManagedPrefixList<'a> {
        /// The endpoint whose addresses it holds.
        pub endpoint: &'a str,
        /// `IPv4` or `IPv6`.
        pub address_family: &'static str,
        /// How many entries it may have: a quarter more than it has, up to a multiple of five. A rule that refers to the list counts as this number of rules.
        pub max_entries: u32,
        /// The CIDRs, in the order of their addresses.
        pub entries: Vec<Entry<'a>>,
    }
}

object! {
    /// An entry of a prefix list.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Entry<'a> {
        /// The CIDR.
        pub cidr: &'a str,
        /// The endpoint that it belongs to; a text that EC2 accepts.
        pub description: String,
    }
}

/// The lists by `<endpoint>/<ipv4|ipv6>`.
pub type ManagedPrefixLists<'a> = BTreeMap<String, ManagedPrefixList<'a>>;

/// Every list that a rule may refer to; none unless `options.aws.prefix_lists` is set.
pub(super) fn all<'a>(view: &View<'a>, remarks: &mut Remarks) -> Leaf<ManagedPrefixLists<'a>> {
    match view.input.options.aws.prefix_lists {
        Known::Known(true) => {}
        Known::Known(false) => return Leaf::Known(BTreeMap::new()),
        Known::Unknown => return Leaf::Unknown,
    }
    let mut lists = BTreeMap::new();
    let Known::Known(beyond) = beyond(view) else { return Leaf::Unknown };
    let product = &view.input.matrix().source.product;
    for endpoint in view.ids() {
        let reach = if beyond.contains(&endpoint) { Reach::Across } else { Reach::Within };
        let cidrs = match sources(view.addresses(endpoint), reach) {
            Sources::Cidrs(cidrs) => cidrs,
            Sources::Unknown => return Leaf::Unknown,
            Sources::Group(_) | Sources::Lists(_) | Sources::None => continue,
        };
        for cidrs in families(cidrs).filter(|cidrs| cidrs.len() > 1) {
            let name = view.name(endpoint);
            check_size(name, cidrs, remarks);
            lists.insert(key(name, cidrs), list(product, name, cidrs));
        }
    }
    Leaf::Known(lists)
}

/// The endpoints with a group to which rules in some other network can't refer, whether there are such rules or not: that
/// may not be known yet.
fn beyond(view: &View<'_>) -> Known<BTreeSet<EndpointId>> {
    let Known::Known(networks) = view.networks() else { return Known::Unknown };
    let mut beyond = BTreeSet::new();
    for endpoint in view.ids() {
        let addresses = view.addresses(endpoint);
        let Some(Known::Known(own)) = addresses.network else { continue };
        if addresses.platforms.aws.security_group_id.is_none() {
            continue;
        }
        for other in networks.iter().filter(|other| !is_same_network(other, own)) {
            match view.input.options.aws.is_peered(own, other) {
                Known::Known(true) => {}
                Known::Known(false) => _ = beyond.insert(endpoint),
                Known::Unknown => return Known::Unknown,
            }
        }
    }
    Known::Known(beyond)
}

/// CIDRs apart by family. Those of an endpoint stand in order, IPv4 first.
pub(super) fn families<'b, 'a>(cidrs: &'b [Block<'a>]) -> impl Iterator<Item = &'b [Block<'a>]> {
    cidrs.chunk_by(|a, b| a.cidr.family() == b.cidr.family())
}

/// The family of CIDRs that are all of one.
pub(super) fn family(cidrs: &[Block<'_>]) -> Family {
    cidrs.first().or_bug("a list without entries").cidr.family()
}

/// The last part of a rule's key where the rule refers to a list.
pub(super) fn part(cidrs: &[Block<'_>]) -> &'static str {
    match family(cidrs) {
        Family::V4 => "ipv4",
        Family::V6 => "ipv6",
    }
}

/// The key of the list of an endpoint's CIDRs, which are all of one family.
pub fn key(endpoint: &str, cidrs: &[Block<'_>]) -> String {
    format!("{endpoint}/{}", part(cidrs))
}

/// How many entries the list of these CIDRs may have, and so how many rules a reference to it counts for.
///
/// A quarter more, up to a multiple of five, so that a few networks can come without a larger list; but no more than
/// EC2 allows.
pub(super) fn max_entries(cidrs: &[Block<'_>]) -> u32 {
    let entries = u32::try_from(cidrs.len()).unwrap_or(u32::MAX);
    entries
        .saturating_add(entries.div_ceil(4))
        .div_ceil(5)
        .saturating_mul(5)
        .min(MOST_ENTRIES.max(entries))
}

fn check_size(endpoint: &str, cidrs: &[Block<'_>], remarks: &mut Remarks) {
    if cidrs.len() <= MOST_AT_ONCE {
        return;
    }
    let root = At::ROOT;
    let endpoints = root.name("endpoints");
    remarks.limits.push(Limit {
        path: endpoints.key(endpoint).name("cidrs").path(),
        kind: AwsMistake::TooManyPrefixListEntries.kind(),
        what: part(cidrs).to_owned(),
        detail: format!(
            "{} has {} CIDRs of one family; EC2 creates a prefix list with at most {MOST_AT_ONCE} entries.",
            quoted(endpoint),
            cidrs.len(),
        ),
        tries_options: true,
        measure: format!("{} of {MOST_AT_ONCE}", cidrs.len()),
        own: Change::summarized(endpoint, MOST_AT_ONCE).into_iter().collect(),
        cost: 1,
        useless: Vec::new(),
        otherwise: String::new(),
    });
}

fn list<'a>(product: &str, endpoint: &'a str, cidrs: &'a [Block<'a>]) -> ManagedPrefixList<'a> {
    let entry = |block: &'a Block<'a>| Entry {
        cidr: &block.text,
        description: format!("{product} endpoint {endpoint}"),
    };
    ManagedPrefixList {
        endpoint,
        address_family: match family(cidrs) {
            Family::V4 => "IPv4",
            Family::V6 => "IPv6",
        },
        max_entries: max_entries(cidrs),
        entries: cidrs.iter().map(entry).collect(),
    }
}
