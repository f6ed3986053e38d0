//! The resources that our modules make of security group rules, and what becomes of each.
//!
//! What makes Terraform replace one: of `aws_vpc_security_group_ingress_rule` and its sibling `security_group_id`, and another
//! kind of source, which a key never changes (terraform-provider-aws, `internal/service/ec2/vpc_security_group_ingress_rule.go`).
//! Of `aws_security_group_rule` everything but the description; a key fixes all of that too, except the ids. Of
//! `aws_ec2_managed_prefix_list` the family, which its key names.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Cidr;
use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{PortRange, Transport};

use super::record::Renderer;
use super::rule::{Asked, Remote, Rule, Side};
use super::{Aws, ManagedPrefixList, SecurityGroupRules, list_key};
use crate::leaf::Leaf;
use crate::platform::joined::{Joined, joined};
use crate::platform::resource::{Change, Changes, Planned};
use crate::platform::text::{is_same_document, is_same_flow};
use crate::reader::Given;

/// What becomes of the resources of the endpoints that have a security group, or of all. None while they depend on something
/// unknown.
pub(super) fn changes(
    before: &Planned<'_, '_, Aws>,
    after: &Planned<'_, '_, Aws>,
    of_all: bool,
) -> Option<Changes> {
    let (were, are) = (placed(before, of_all)?, placed(after, of_all)?);
    let lists = [lists(before, &were)?, lists(after, &are)?];
    let mut changes = Changes::NONE;
    for endpoint in joined(by_name(&were), by_name(&are)) {
        match endpoint {
            Joined::Before(was) => changes.removed += was.count(),
            Joined::After(is) => changes.added += is.count(),
            Joined::Both(was, is) => {
                for (one, other) in was.sides.into_iter().zip(is.sides) {
                    Pair {
                        before: one,
                        after: other,
                        groups: [was.group, is.group],
                        in_words: None,
                    }
                    .add(&mut changes);
                }
            }
        }
    }
    let [were, are] = lists;
    for list in joined(were, are) {
        // The key says of which family it is.
        changes
            .add(list, |was, is| Change { is_replaced: Some(false), is_updated: Some(was != is) });
    }
    Some(changes)
}

/// An endpoint of which the rules become resources.
struct Placed<'p, 'a> {
    name: &'a str,
    group: Given<&'a str>,
    sides: [&'p Side<'a>; 2],
}

impl Placed<'_, '_> {
    fn count(&self) -> usize {
        self.sides.iter().map(|side| side.rules().len()).sum()
    }
}

/// In the order of the names. None while some rules are not known.
fn placed<'p, 'a>(planned: &Planned<'p, 'a, Aws>, of_all: bool) -> Option<Vec<Placed<'p, 'a>>> {
    let mut found = Vec::new();
    for id in planned.view.ids() {
        let name = planned.view.name(id);
        let group = planned.view.addresses(id).platforms.aws.security_group_id;
        if group.is_none() && !of_all {
            continue;
        }
        let rules = planned.answer.endpoints.get(name).or_bug("an endpoint without an answer");
        let SecurityGroupRules {
            ingress: Leaf::Known(ingress), egress: Leaf::Known(egress), ..
        } = rules
        else {
            return None;
        };
        found.push(Placed { name, group, sides: [ingress, egress] });
    }
    Some(found)
}

fn by_name<'e, 'p, 'a>(
    endpoints: &'e [Placed<'p, 'a>],
) -> impl Iterator<Item = (&'a str, &'e Placed<'p, 'a>)> {
    endpoints.iter().map(|endpoint| (endpoint.name, endpoint))
}

/// A prefix list with its key.
type List<'p, 'a> = (&'p str, &'p ManagedPrefixList<'a>);

/// The lists that rules of these endpoints refer to, by key. None while it is not known which there are.
fn lists<'p, 'a>(
    planned: &Planned<'p, 'a, Aws>,
    endpoints: &[Placed<'p, 'a>],
) -> Option<Vec<List<'p, 'a>>> {
    let Leaf::Known(created) = &planned.answer.shared else { return None };
    if created.is_empty() {
        return Some(Vec::new());
    }
    let rules = endpoints.iter().flat_map(|it| it.sides).flat_map(Side::rules);
    let used: BTreeSet<String> = rules
        .filter_map(|rule| match rule.remote {
            Remote::Entries(peer, blocks) => Some(list_key(planned.view.name(peer), blocks)),
            Remote::Cidr(_) | Remote::Group(..) | Remote::List(..) => None,
        })
        .collect();
    let created = created.iter().map(|(key, list)| (key.as_str(), list));
    Some(created.filter(|(key, _)| used.contains(*key)).collect())
}

/// What tells a rule from others of its side, in both deployments: the parts of its key.
type Key<'n> = (Transport, PortRange, Named<'n>);

/// What stands at the other end of a rule, by name. In the order in which the rules of a side stand, since endpoints stand in
/// the order of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named<'n> {
    Cidr(Cidr),
    Group(&'n str),
    List(&'n str, &'n str),
    Entries(&'n str, &'static str),
}

impl<'a> Side<'a> {
    fn key(&self, rule: &Rule<'a>) -> Key<'a> {
        let name = |peer| self.input.deployment.endpoint(peer).name;
        let named = match rule.remote {
            Remote::Cidr(block) => Named::Cidr(block.cidr),
            Remote::Group(peer, _) => Named::Group(name(peer)),
            Remote::List(peer, list, _) => Named::List(name(peer), list),
            Remote::Entries(peer, blocks) => Named::Entries(name(peer), super::lists::part(blocks)),
        };
        (rule.transport, rule.ports, named)
    }

    fn by_key(&self) -> impl Iterator<Item = (Key<'a>, &Rule<'a>)> {
        self.rules().iter().map(|rule| (self.key(rule), rule))
    }
}

/// One side of an endpoint before and after.
struct Pair<'p, 'a> {
    before: &'p Side<'a>,
    after: &'p Side<'a>,
    groups: [Given<&'a str>; 2],
    /// What puts the rules of either into words, once one has to be.
    in_words: Option<[Renderer<'p, 'a>; 2]>,
}

/// Rules that refer to lists, by the parts of their keys.
type OfLists<'p, 'a> = BTreeMap<(Transport, PortRange, [&'a str; 2]), &'p Rule<'a>>;

impl<'a> Pair<'_, 'a> {
    fn add(mut self, changes: &mut Changes) {
        // A list of the user's and one that is created may take each other's place under one key.
        let (mut gone, mut come) = (OfLists::new(), OfLists::new());
        for rule in joined(self.before.by_key(), self.after.by_key()) {
            let alone = match rule {
                Joined::Before(was) => Some((self.before.key(was), was, &mut gone)),
                Joined::After(is) => Some((self.after.key(is), is, &mut come)),
                Joined::Both(..) => None,
            };
            match alone {
                Some((
                    (transport, ports, Named::List(peer, part) | Named::Entries(peer, part)),
                    of_list,
                    others,
                )) => _ = others.insert((transport, ports, [peer, part]), of_list),
                _ => changes.add(rule, |was, is| self.change(was, is)),
            }
        }
        for rule in joined(gone, come) {
            changes.add(rule, |was, is| self.change(was, is));
        }
    }

    fn change(&mut self, was: &Rule<'a>, is: &Rule<'a>) -> Change {
        let is_replaced = match (self.groups, was.group, is.group) {
            ([Some(Known::Unknown), _] | [_, Some(Known::Unknown)], _, _) => None,
            (groups, Leaf::Known(one), Leaf::Known(other)) => {
                Some(groups[0] != groups[1] || one != other)
            }
            _ => None,
        };
        let [one, other] = [was, is].map(|rule| id(&rule.remote));
        let are_known = ![one, other].contains(&Some(Known::Unknown));
        let is_updated = are_known.then(|| one != other || self.reads_otherwise(was, is));
        Change { is_replaced, is_updated }
    }

    /// Whether two rules for the same are described otherwise.
    fn reads_otherwise(&mut self, was: &Rule<'a>, is: &Rule<'a>) -> bool {
        let (before, after) = (self.before, self.after);
        let [here, there] = [before, after].map(|side| &side.input.deployment);
        let is_same_name = |one, other| here.endpoint(one).name == there.endpoint(other).name;
        let is_same_way = |one: &[EndpointId], other: &[EndpointId]| {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| is_same_name(*one, *other))
        };
        let is_same = |(one, other): (&Asked<'_>, &Asked<'_>)| {
            is_same_flow(one.flow, other.flow)
                && is_same_name(one.peer, other.peer)
                && match (&one.way, &other.way) {
                    (Some(one), Some(other)) => is_same_way(one, other),
                    (one, other) => one.is_none() && other.is_none(),
                }
        };
        let (asked, others) = (before.asked(was), after.asked(is));
        if asked.len() == others.len()
            && is_same_document(&here.matrix, &there.matrix)
            && asked.iter().zip(others).all(is_same)
        {
            return false;
        }
        let of_both = || [before, after].map(Renderer::of);
        let [one, other] = self.in_words.get_or_insert_with(of_both);
        one.record(was).description != other.record(is).description
    }
}

/// The id that a rule refers to.
fn id<'a>(remote: &Remote<'a>) -> Option<Known<&'a str>> {
    match remote {
        Remote::Group(_, id) => Some(*id),
        Remote::List(_, _, list) => Some(list.id),
        Remote::Cidr(_) | Remote::Entries(..) => None,
    }
}
