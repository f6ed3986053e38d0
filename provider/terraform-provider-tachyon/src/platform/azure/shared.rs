//! Network security groups that several endpoints share, on a subnet say.
//!
//! The rules of such a group are those of its endpoints, each kept apart: a rule for one endpoint must name that
//! endpoint at its own end, since `*` there would open the others too. So keys, names and priorities have the
//! endpoint in them.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::object;

use super::end::End;
use super::part::Part;
use super::rule::{Rule, RuleSet, Subject};
use super::rules::{settled, sides};
use crate::leaf::Leaf;
use crate::platform::Remarks;
use crate::platform::azure::AzureMistake;
use crate::platform::view::View;

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
    let group =
        |(name, members): (&'a str, Vec<EndpointId>)| (name, group(view, name, &members, remarks));
    Leaf::Known(members.into_iter().map(group).collect())
}

fn group<'a>(
    view: &View<'a>,
    name: &'a str,
    members: &[EndpointId],
    remarks: &mut Remarks,
) -> SharedGroup<'a> {
    let endpoints: Vec<&str> = members.iter().map(|member| view.name(*member)).collect();
    let mut rules = Vec::new();
    for member in members {
        let Known::Known(own) = sides(view, *member, remarks) else {
            return SharedGroup { endpoints, rules: Leaf::Unknown };
        };
        if members.len() > 1 {
            report_anybody(view, name, *member, &own, remarks);
        }
        rules.extend(own.into_iter().map(|rule| Rule { member: Some(*member), ..rule }));
    }
    let root = At::ROOT;
    let at = root.name("endpoints");
    let first = endpoints.first().copied().or_bug("a group of nobody");
    let rules = settled(view, (first, Some(name)), &at.key(first), rules, remarks);
    SharedGroup { endpoints, rules }
}

/// Reports an endpoint whose own end of a rule would be anybody.
fn report_anybody(
    view: &View<'_>,
    group: &str,
    member: EndpointId,
    rules: &[Rule<'_>],
    remarks: &mut Remarks,
) {
    let open = rules.iter().filter(|rule| rule.own == End::Any);
    let open: Vec<String> = open.map(|rule| rule.key(view.input)).collect();
    if open.is_empty() {
        return;
    }
    let endpoint = view.name(member);
    let open: Vec<&str> = open.iter().map(String::as_str).collect();
    let root = At::ROOT;
    let at = root.name("endpoints");
    let at = at.key(endpoint);
    let detail = format!(
        "In the group {} with other endpoints, rules of {} must name it at their own end, but {} can't: {}. \
         {}",
        quoted(group),
        quoted(endpoint),
        open.len(),
        portmatrix::problem::listed(&open),
        help(view, member, rules)
    );
    remarks.problems.add(
        &at.name("network_security_group"),
        AzureMistake::RuleForAnybodyInASharedGroup,
        detail,
    );
}

/// What would help an endpoint whose own end of a rule would be anybody.
fn help(view: &View<'_>, member: EndpointId, rules: &[Rule<'_>]) -> String {
    if view.keeps_source(member) {
        return "It forwards with the addresses of those who ask (`hides_source = false`): give it a network security group of its own."
            .to_owned();
    }
    format!("Give it `application_security_group_ids`{}.", other_help(rules))
}

/// Which CIDRs would serve as well as groups, if some would. One rule has addresses of one family, so a peer that is a group
/// or a tag, which have both, needs an endpoint of one; and peers of both families need one of both.
fn other_help(rules: &[Rule<'_>]) -> &'static str {
    let parts = || {
        rules.iter().filter_map(|rule| match rule.subject {
            Subject::Flow { part, .. } => Some(part),
            Subject::Service(_) | Subject::LoadBalancer | Subject::Rest => None,
        })
    };
    let has = |part| parts().any(|other| other == part);
    let has_names = parts().any(|part| part.family().is_none());
    match (has(Part::Ipv4), has(Part::Ipv6), has_names) {
        (true, true, true) => "",
        (true, true, false) => ", or `cidrs` of both families",
        (false, false, _) => ", or `cidrs` of one family",
        (true, false, true) => ", or `cidrs` of IPv4 alone",
        (false, true, true) => ", or `cidrs` of IPv6 alone",
        (true, false, false) => ", or `cidrs` of IPv4",
        (false, true, false) => ", or `cidrs` of IPv6",
    }
}
