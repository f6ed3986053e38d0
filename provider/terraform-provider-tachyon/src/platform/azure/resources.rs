//! The resources that our module makes of network security rules, and what becomes of each.
//!
//! What makes Terraform replace an `azurerm_network_security_rule`: its name, that of its group and of the resource group
//! (terraform-provider-azurerm, `internal/services/network/network_security_rule_resource.go`). The key of a rule says all that
//! its name is made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use portmatrix::bug::OrBug;

use super::end::End;
use super::record::{Renderer, RuleRecord};
use super::rule::{Rule, RuleSet, Subject};
use super::{Azure, NetworkSecurityRules};
use crate::leaf::Leaf;
use crate::platform::Input;
use crate::platform::joined::{Joined, joined};
use crate::platform::resource::{Change, Changes, Planned};
use crate::platform::text::{is_same_document, is_same_flow};

/// What becomes of the resources of the endpoints that have application security groups, and of the groups that endpoints share;
/// or of all. None while they depend on something unknown.
pub(super) fn changes(
    before: &Planned<'_, '_, Azure>,
    after: &Planned<'_, '_, Azure>,
    of_all: bool,
) -> Option<Changes> {
    let mut changes = Changes::NONE;
    for set in joined(placed(before, of_all)?, placed(after, of_all)?) {
        match set {
            Joined::Before(was) => changes.removed += was.rules().len(),
            Joined::After(is) => changes.added += is.rules().len(),
            Joined::Both(was, is) => {
                Pair { before: was, after: is, in_words: None }.add(&mut changes);
            }
        }
    }
    Some(changes)
}

/// The sets of rules that become resources, by the endpoint or the group that holds them. None while some rules are not known.
fn placed<'p, 'a>(
    planned: &Planned<'p, 'a, Azure>,
    of_all: bool,
) -> Option<BTreeMap<&'a str, &'p RuleSet<'a>>> {
    let Planned { view, answer } = *planned;
    let mut found = BTreeMap::new();
    for id in view.ids() {
        let (name, azure) = (view.name(id), &view.addresses(id).platforms.azure);
        if azure.security_group.is_none() && (azure.groups.is_some() || of_all) {
            let rules = answer.endpoints.get(name).or_bug("an endpoint without an answer");
            let NetworkSecurityRules { rules: Leaf::Known(set) } = rules else { return None };
            found.insert(name, set);
        }
    }
    let Leaf::Known(shared) = &answer.shared else { return None };
    for (name, group) in shared {
        let Leaf::Known(set) = &group.rules else { return None };
        found.insert(name, set);
    }
    Some(found)
}

/// The rules of one group before and after.
struct Pair<'p, 'a> {
    before: &'p RuleSet<'a>,
    after: &'p RuleSet<'a>,
    /// What puts the rules of either into words, once one has to be.
    in_words: Option<[Renderer<'p, 'a>; 2]>,
}

impl<'p, 'a> Pair<'p, 'a> {
    fn add(mut self, changes: &mut Changes) {
        let by_key = |set: &'p RuleSet<'a>| set.rules().iter().map(|(key, rule)| (key, rule));
        for rule in joined(by_key(self.before), by_key(self.after)) {
            changes.add(rule, |was, is| Change {
                is_replaced: Some(false),
                is_updated: self.is_updated(was, is),
            });
        }
    }

    fn is_updated(&mut self, was: &'p Rule<'a>, is: &'p Rule<'a>) -> Option<bool> {
        if !(is_known(was) && is_known(is)) {
            return None;
        }
        if was.priority != is.priority || was.own != is.own || was.peer != is.peer {
            return Some(true);
        }
        let (before, after) = (self.before, self.after);
        if says_the_same((before.input, was), (after.input, is)) {
            return Some(false);
        }
        let of_both = || [before, after].map(Renderer::of);
        let [one, other] = self.in_words.get_or_insert_with(of_both);
        Some(bare(one.record(was)) != bare(other.record(is)))
    }
}

/// Whether all that a rule's record will say is known.
fn is_known(rule: &Rule<'_>) -> bool {
    let is_known =
        |end: &End<'_>| !matches!(end, End::UnknownGroups | End::UnknownCidrs | End::Unknown);
    rule.priority.value().is_some() && is_known(&rule.own) && is_known(&rule.peer)
}

/// Whether it is plain that what two rules of one key are for reads the same.
fn says_the_same(
    (before, was): (&Input<'_>, &Rule<'_>),
    (after, is): (&Input<'_>, &Rule<'_>),
) -> bool {
    match (&was.subject, &is.subject) {
        (
            Subject::Flow { flow, ways, .. },
            Subject::Flow { flow: other_flow, ways: other_ways, .. },
        ) => {
            is_same_flow(flow, other_flow)
                && is_same_document(before.matrix(), after.matrix())
                && ways.len() == other_ways.len()
                && ways.iter().zip(&**other_ways).all(|(one, other)| {
                    let names = one.iter().map(|id| before.deployment.endpoint(*id).name);
                    names.eq(other.iter().map(|id| after.deployment.endpoint(*id).name))
                })
        }
        (Subject::Service(tag), Subject::Service(other)) => tag == other,
        (Subject::LoadBalancer, Subject::LoadBalancer) | (Subject::Rest, Subject::Rest) => true,
        _ => false,
    }
}

/// A record without what is no argument of the resource.
fn bare<'a, 't>(record: RuleRecord<'a, 't>) -> RuleRecord<'a, 't> {
    let none = || Cow::Borrowed(&[][..]);
    RuleRecord { peers: none(), documented: false, flows: none(), ..record }
}
