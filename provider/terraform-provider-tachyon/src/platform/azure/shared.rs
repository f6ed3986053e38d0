//! Network security groups that several endpoints share, on a subnet say.
//!
//! The rules of such a group are those of its endpoints, each kept apart: a rule for one endpoint must name that
//! endpoint at its own end, since `*` there would open the others too. So keys, names and priorities have the
//! endpoint in them.

use std::collections::BTreeMap;

use cidrs::{Cidr, Family};
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use portmatrix::problem::Problems;
use tfplugin::object;

use super::end::End;
use super::part::Part;
use super::rule::{Rule, RuleSet, Subject};
use super::rules::{settled, sides};
use crate::leaf::Leaf;
use crate::platform::Remarks;
use crate::platform::azure::AzureMistake;
use crate::platform::view::View;
use crate::reader::{Block, Given};

object! {
    /// One network security group, and the rules of all endpoints that are in it.
    #[derive(Debug)]
    pub struct SharedGroup<'a> {
        /// The endpoints in it, by name.
        pub endpoints: Vec<&'a str>,
        /// Rules of both directions, by `<inbound|outbound>/<flow>/<port or range>/<part>/<endpoint>`.
        pub rules: Leaf<RuleSet<'a>>,
    }
}

/// The groups by the user's names.
pub type SharedGroups<'a> = BTreeMap<&'a str, SharedGroup<'a>>;

/// The rules of every group that an endpoint names. Unknown while it is not known which endpoint is in which.
pub(super) fn all<'a>(view: &View<'a>, remarks: &mut Remarks) -> Leaf<SharedGroups<'a>> {
    let mut members: BTreeMap<&'a str, Vec<EndpointId>> = BTreeMap::new();
    for position in view.ids() {
        let group = view.addresses(position).platforms.azure.security_group;
        match group {
            Some(Known::Known(name)) => members.entry(name).or_default().push(position),
            Some(Known::Unknown) => {
                remarks.undecided = true;
                return Leaf::Unknown;
            }
            None => {}
        }
    }
    let mut open = Vec::new();
    let group = |(name, members): (&&'a str, &Vec<EndpointId>)| {
        (*name, group(view, name, members, &mut open, remarks))
    };
    let groups = members.iter().map(group).collect();
    report_open(view, &members, &open, remarks);
    Leaf::Known(groups)
}

fn group<'a>(
    view: &View<'a>,
    name: &'a str,
    members: &[EndpointId],
    open: &mut Vec<Open<'a>>,
    remarks: &mut Remarks,
) -> SharedGroup<'a> {
    let endpoints: Vec<&str> = members.iter().map(|member| view.name(*member)).collect();
    let mut rules = Vec::new();
    for member in members {
        let Known::Known(own) = sides(view, *member, remarks) else {
            return SharedGroup { endpoints, rules: Leaf::Unknown };
        };
        if members.len() > 1 {
            open.extend(Open::of(view, name, *member, &own));
        }
        rules.extend(own.into_iter().map(|rule| Rule { member: Some(*member), ..rule }));
    }
    let root = At::ROOT;
    let at = root.name("endpoints");
    let first = endpoints.first().copied().or_bug("a group of nobody");
    let rules = settled(view, (first, Some(name)), &at.key(first), rules, remarks);
    SharedGroup { endpoints, rules }
}

/// An endpoint whose own end of rules would be anybody, in a group with others.
struct Open<'a> {
    group: &'a str,
    member: EndpointId,
    /// The keys of these rules.
    keys: Vec<String>,
    /// The CIDRs that would serve as well as groups, if some would.
    serving: Option<Serving>,
}

/// CIDRs that fit all rules of an endpoint: in words, and their families.
type Serving = (&'static str, &'static [Family]);

impl<'a> Open<'a> {
    fn of(view: &View<'_>, group: &'a str, member: EndpointId, rules: &[Rule<'_>]) -> Option<Self> {
        let open = rules.iter().filter(|rule| rule.own == End::Any);
        let keys: Vec<String> = open.map(|rule| rule.key(view.input)).collect();
        let serving = serving(rules).filter(|_| !view.keeps_source(member));
        (!keys.is_empty()).then_some(Self { group, member, keys, serving })
    }
}

/// Reports endpoints whose own end of a rule would be anybody.
fn report_open(
    view: &View<'_>,
    members: &BTreeMap<&str, Vec<EndpointId>>,
    open: &[Open<'_>],
    remarks: &mut Remarks,
) {
    let do_cidrs_help = !open.is_empty() && is_closed_with_cidrs(view, members, open);
    for Open { group, member, keys, serving } in open {
        let endpoint = view.name(*member);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let help = if view.keeps_source(*member) {
            "It forwards with the addresses of those who ask (`hides_source = false`): give it a network security group of its own."
                .to_owned()
        } else {
            let other = serving.filter(|_| do_cidrs_help).map_or("", |(words, _)| words);
            format!("Give it `application_security_group_ids`{other}.")
        };
        let detail = format!(
            "In the group {} with other endpoints, rules of {} must name it at their own end, but {} can't: {}. {help}",
            quoted(group),
            quoted(endpoint),
            keys.len(),
            portmatrix::problem::listed(&keys),
        );
        let root = At::ROOT;
        let endpoints = root.name("endpoints");
        remarks.problems.add(
            &endpoints.key(endpoint).name("network_security_group"),
            AzureMistake::RuleForAnybodyInASharedGroup,
            detail,
        );
    }
}

/// Whether all that is open would be closed if each endpoint had the CIDRs that serve it: those of one decide which rules
/// others have. Found by planning again.
fn is_closed_with_cidrs(
    view: &View<'_>,
    members: &BTreeMap<&str, Vec<EndpointId>>,
    open: &[Open<'_>],
) -> bool {
    let mut input = view.input.clone();
    for (Open { member, .. }, (_, families)) in
        open.iter().filter_map(|open| Some((open, open.serving?)))
    {
        if let Some(addresses) = input.addresses.get_mut(member.index()) {
            addresses.cidrs = Some(Known::Known(of_families(addresses.cidrs.take(), families)));
        }
    }
    // They get groups instead, which fit every rule.
    let has_none = |member: &EndpointId| {
        open.iter().any(|open| open.member == *member && open.serving.is_none())
    };
    let again = View::new(&input, &mut Problems::default());
    let is_closed = |member: &EndpointId| match sides(&again, *member, &mut Remarks::default()) {
        Known::Known(rules) => rules.iter().all(|rule| rule.own != End::Any),
        Known::Unknown => true,
    };
    let shared = members.values().filter(|members| members.len() > 1).flatten();
    shared.filter(|member| !has_none(member)).all(is_closed)
}

/// The CIDRs of some families, and an example of each that there are none of.
fn of_families<'a>(given: Given<Vec<Block<'a>>>, families: &[Family]) -> Vec<Block<'a>> {
    let given = given.and_then(Known::value).unwrap_or_default();
    let mut blocks: Vec<Block<'a>> =
        given.into_iter().filter(|block| families.contains(&block.cidr.family())).collect();
    for family in families {
        if !blocks.iter().any(|block| block.cidr.family() == *family) {
            blocks.push(Block::from(Cidr::whole(*family)));
        }
    }
    blocks.sort_unstable();
    blocks
}

/// Which CIDRs would serve as well as groups, if some would. One rule has addresses of one family, so a peer that is a group
/// or a tag, which have both, needs an endpoint of one; and peers of both families need one of both.
fn serving(rules: &[Rule<'_>]) -> Option<Serving> {
    let parts = || {
        rules.iter().filter_map(|rule| match rule.subject {
            Subject::Flow { part, .. } => Some(part),
            Subject::Service(_) | Subject::LoadBalancer | Subject::Rest => None,
        })
    };
    let has = |part| parts().any(|other| other == part);
    let has_names = parts().any(|part| part.family().is_none());
    match (has(Part::Ipv4), has(Part::Ipv6), has_names) {
        (true, true, true) => None,
        (true, true, false) => Some((", or `cidrs` of both families", &[Family::V4, Family::V6])),
        (false, false, _) => Some((", or `cidrs` of one family", &[Family::V4])),
        (true, false, true) => Some((", or `cidrs` of IPv4 alone", &[Family::V4])),
        (false, true, true) => Some((", or `cidrs` of IPv6 alone", &[Family::V6])),
        (true, false, false) => Some((", or `cidrs` of IPv4", &[Family::V4])),
        (false, true, false) => Some((", or `cidrs` of IPv6", &[Family::V6])),
    }
}
