//! Network security groups that several endpoints share, on a subnet say.
//!
//! The rules of such a group are those of its endpoints, each kept apart: a rule for one endpoint must name that
//! endpoint at its own end, since `*` there would open the others too. So keys, names and priorities have the
//! endpoint in them.

use std::collections::BTreeMap;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::object;

use super::name;
use super::rules::{PlannedRule, Rule, Wish, settled, sides};
use crate::leaf::Leaf;
use crate::platform::Findings;
use crate::platform::azure::AzureMistake;
use crate::platform::text::stable_hash;
use crate::platform::view::View;

object! {
    /// One network security group, and the rules of all endpoints that are in it.
    #[derive(Debug)]
    pub struct SharedGroup<'a> {
        /// The endpoints in it, by name.
        pub endpoints: Vec<&'a str>,
        /// Rules of both directions, by `<inbound|outbound>/<flow>/<port or range>/<part>/<endpoint>`.
        pub rules: Leaf<BTreeMap<String, Rule<'a>>>,
    }
}

/// The groups by the user's names.
pub type SharedGroups<'a> = BTreeMap<&'a str, SharedGroup<'a>>;

/// The rules of every group that an endpoint names. Unknown while it is not known which endpoint is in which.
pub(super) fn all<'a>(view: &View<'a>, findings: &mut Findings) -> Leaf<SharedGroups<'a>> {
    let mut members: BTreeMap<&'a str, Vec<EndpointId>> = BTreeMap::new();
    for position in view.ids() {
        let group = view.addresses(position).platforms.azure.security_group;
        match group {
            Some(Known::Known(name)) => members.entry(name).or_default().push(position),
            Some(Known::Unknown) => {
                findings.undecided = true;
                return Leaf::Unknown;
            }
            None => {}
        }
    }
    let group =
        |(name, members): (&'a str, Vec<EndpointId>)| (name, group(view, name, &members, findings));
    Leaf::Known(members.into_iter().map(group).collect())
}

fn group<'a>(
    view: &View<'a>,
    name: &'a str,
    members: &[EndpointId],
    findings: &mut Findings,
) -> SharedGroup<'a> {
    let endpoints: Vec<&str> = members.iter().map(|member| view.name(*member)).collect();
    let mut rules = Vec::new();
    for (member, endpoint) in members.iter().zip(&endpoints) {
        let Known::Known(own) = sides(view, *member, findings) else {
            return SharedGroup { endpoints, rules: Leaf::Unknown };
        };
        if members.len() > 1 {
            report_anybody(name, endpoint, &own, findings);
        }
        rules.extend(own.into_iter().map(|planned| of_member(planned, endpoint)));
    }
    let root = At::ROOT;
    let at = root.name("endpoints");
    let first = endpoints.first().copied().unwrap_or_default();
    let rules = settled(view, first, &at.key(first), rules, findings);
    SharedGroup { endpoints, rules }
}

/// A rule of one endpoint as a rule of a group with others.
fn of_member<'a>(planned: PlannedRule<'a>, endpoint: &str) -> PlannedRule<'a> {
    let PlannedRule { key, mut rule, wish } = planned;
    rule.name = name::of_member(&rule.name, endpoint);
    let wish = match wish {
        Wish::Band { ordinal, place } => Wish::Band { ordinal, place: moved(place, endpoint) },
        Wish::Number(number) => Wish::Number(number),
    };
    PlannedRule { key: format!("{key}/{endpoint}"), rule, wish }
}

/// The place in the band, moved by a distance of the endpoint's own.
fn moved(place: u16, endpoint: &str) -> u16 {
    let band = u64::from(super::priority::BAND);
    u16::try_from((u64::from(place) + stable_hash(endpoint) % band) % band).unwrap_or(place)
}

/// Reports an endpoint whose own end of a rule would be anybody.
fn report_anybody(group: &str, endpoint: &str, rules: &[PlannedRule<'_>], findings: &mut Findings) {
    let anybody = Leaf::Known(Some("*"));
    let open: Vec<&str> = (rules.iter())
        .filter(|planned| {
            let rule = &planned.rule;
            let own = if rule.direction == "Inbound" {
                &rule.destination_address_prefix
            } else {
                &rule.source_address_prefix
            };
            *own == anybody
        })
        .map(|planned| planned.key.as_str())
        .collect();
    if open.is_empty() {
        return;
    }
    let root = At::ROOT;
    let at = root.name("endpoints");
    let at = at.key(endpoint);
    let detail = format!(
        "In the group {} with other endpoints, rules of {} must name it at their own end, but {} can't: {}. \
         Give it `application_security_group_ids`, or `cidrs` of the address families of these peers.",
        quoted(group),
        quoted(endpoint),
        open.len(),
        portmatrix::problem::listed(&open)
    );
    findings.problems.add(
        &at.name("network_security_group"),
        AzureMistake::RuleForAnybodyInASharedGroup,
        detail,
    );
}
