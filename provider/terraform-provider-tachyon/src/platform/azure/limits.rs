//! What Azure takes, checked before Azure sees it; and the priorities of one group's rules.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};

use super::end::MOST_GROUPS as MOST_OWN_GROUPS;
use super::priority::{self, Claim, Settled};
use super::rules::{PlannedRule, Rule, Wish};
use crate::leaf::Leaf;
use crate::output::Warning;
use crate::platform::Findings;
use crate::platform::azure::{AzureMistake, AzureWarning};
use crate::platform::view::View;

/// Rules of one network security group. Source: Azure subscription limits, networking.
const MOST_RULES: usize = 1000;
/// Addresses or ranges at one end of a rule. Source: the same.
const MOST_PREFIXES: usize = 4000;
/// Application security groups in all rules of one group. Source: the same.
const MOST_GROUPS_OF_ALL: usize = 100;

/// Reports what is over a limit of Azure.
pub(super) fn check(name: &str, at: &At<'_>, rules: &[PlannedRule<'_>], findings: &mut Findings) {
    if rules.len() > MOST_RULES {
        let detail = format!(
            "{} needs {} rules; a network security group holds {MOST_RULES}. Fewer ports or fewer service tags would help.",
            quoted(name),
            rules.len()
        );
        findings.problems.add(at, AzureMistake::TooManyNetworkSecurityRules, detail);
    }
    for PlannedRule { key, rule, .. } in rules {
        for (end, prefixes) in [
            ("source", &rule.source_address_prefixes),
            ("destination", &rule.destination_address_prefixes),
        ] {
            let Leaf::Known(Some(prefixes)) = prefixes else { continue };
            if prefixes.len() > MOST_PREFIXES {
                let detail = format!(
                    "The rule {} has {} prefixes as its {end}; Azure takes {MOST_PREFIXES}. Its peers: {}. \
                     Merging them exactly (`options.merge_cidrs`) may help.",
                    quoted(key),
                    prefixes.len(),
                    portmatrix::problem::listed(&rule.peers)
                );
                findings.problems.add(at, AzureMistake::TooManyPrefixesInARule, detail);
            }
        }
    }
    let groups: BTreeSet<&str> =
        rules.iter().flat_map(|planned| known_groups(&planned.rule)).collect();
    if groups.len() > MOST_GROUPS_OF_ALL {
        let detail = format!(
            "The rules of {} name {} application security groups; Azure takes {MOST_GROUPS_OF_ALL} in one network security group.",
            quoted(name),
            groups.len()
        );
        findings.problems.add(at, AzureMistake::TooManyApplicationSecurityGroups, detail);
    }
}

fn known_groups<'r>(rule: &'r Rule<'_>) -> impl Iterator<Item = &'r str> {
    [&rule.source_application_security_group_ids, &rule.destination_application_security_group_ids]
        .into_iter()
        .filter_map(|groups| groups.value()?.as_ref())
        .flatten()
        .copied()
}

/// Gives the rules their priorities, and reports those that did not get the one they want.
pub(super) fn prioritize(
    view: &View<'_>,
    name: &str,
    rules: &mut [PlannedRule<'_>],
    findings: &mut Findings,
) {
    let options = &view.input.options.azure;
    let Known::Known(pins) = &options.priorities else {
        findings.undecided = true;
        return;
    };
    if pins.values().any(|pin| !pin.is_known()) {
        findings.undecided = true;
        return;
    }
    for direction in ["Inbound", "Outbound"] {
        let mut of_direction: Vec<&mut PlannedRule<'_>> =
            rules.iter_mut().filter(|planned| planned.rule.direction == direction).collect();
        let claims = of_direction
            .iter()
            .map(|planned| {
                let pinned = pins.get(&planned.key).and_then(|pin| pin.value());
                match planned.wish {
                    Wish::Band { ordinal, place } => {
                        Claim { key: &planned.key, ordinal, place, pinned }
                    }
                    Wish::Number(number) => Claim {
                        key: &planned.key,
                        ordinal: 0,
                        place: 0,
                        pinned: pinned.or(Some(number)),
                    },
                }
            })
            .collect();
        let settled = priority::settle(claims);
        report(name, &settled, findings);
        let numbers: Vec<Option<u16>> = of_direction
            .iter()
            .map(|planned| settled.priorities.get(planned.key.as_str()).copied())
            .collect();
        for (planned, number) in of_direction.iter_mut().zip(numbers) {
            planned.rule.priority = number.map_or(Leaf::Unknown, Leaf::Known);
        }
    }
    findings.used_keys.extend(
        rules
            .iter()
            .filter(|planned| pins.contains_key(&planned.key))
            .map(|planned| planned.key.clone()),
    );
}

/// Warns of an endpoint with more groups than fit at its own end of its rules, which is then anybody.
pub(super) fn check_own(view: &View<'_>, position: EndpointId, findings: &mut Findings) {
    if let Some(Known::Known(ids)) = &view.addresses(position).platforms.azure.groups
        && ids.len() > MOST_OWN_GROUPS
    {
        let name = view.name(position);
        let detail = format!(
            "{} has {} application security groups; Azure takes {MOST_OWN_GROUPS} at one end of a rule, so its own \
                 end of its rules is its CIDRs or \"*\". Give its network security group to its own interfaces alone, or split the endpoint.",
            quoted(name),
            ids.len()
        );
        findings.warnings.push(Warning::new(AzureWarning::OwnGroupsOverTen, name, detail));
    }
}

/// Reports service tags that differ in case only: Azure does not tell them apart, nor the names of their rules.
pub(super) fn check_tags(view: &View<'_>, findings: &mut Findings) {
    let mut spellings: BTreeMap<String, &str> = BTreeMap::new();
    let root = At::ROOT;
    let endpoints = root.name("endpoints");
    for position in view.ids() {
        let tag = view.addresses(position).platforms.azure.service_tag;
        let Some(Known::Known(tag)) = tag else { continue };
        let spelling = *spellings.entry(tag.to_ascii_lowercase()).or_insert(tag);
        if spelling != tag {
            let detail = format!(
                "Found {}, but another endpoint has {}. Write one of them.",
                quoted(tag),
                quoted(spelling)
            );
            let at = endpoints.key(view.name(position));
            findings.problems.add(
                &at.name("service_tag"),
                AzureMistake::TwoSpellingsOfAServiceTag,
                detail,
            );
        }
    }
}

/// Reports pins of keys that no rule has, once everything that decides keys is known.
pub(super) fn check_pins(view: &View<'_>, findings: &mut Findings) {
    let Known::Known(pins) = &view.input.options.azure.priorities else { return };
    // A rule that another mistake took away has no key either.
    let is_whole = !findings.undecided && view.is_decided && findings.problems.is_empty();
    if !is_whole || view.subject.is_some() {
        return;
    }
    let root = At::ROOT;
    let options = root.name("options");
    let azure = options.name("azure");
    let priorities = azure.name("priorities");
    for key in pins.keys().filter(|key| !findings.used_keys.contains(*key)) {
        let detail = format!(
            "No rule of any endpoint has the key {}. Keys look like \"inbound/client_to_switch/4000/ipv4\".",
            quoted(key)
        );
        findings.problems.add(&priorities.key(key), AzureMistake::PinOfNoRule, detail);
    }
}

fn report(endpoint: &str, settled: &Settled<'_>, findings: &mut Findings) {
    let root = At::ROOT;
    for (key, holder) in &settled.probed {
        let number =
            settled.priorities.get(key).map_or_else(|| "none".to_owned(), ToString::to_string);
        let detail = format!(
            "{} got {number}, since {} has the priority that it wants. The number changes if that rule goes. \
                 `options.azure.priorities` pins one of them.",
            quoted(key),
            quoted(holder)
        );
        findings.warnings.push(Warning::new(AzureWarning::PriorityCollision, endpoint, detail));
    }
    let options = root.name("options");
    let azure = options.name("azure");
    let priorities = azure.name("priorities");
    for key in &settled.homeless {
        let detail = format!(
            "No priority is left in the band of {} for a rule of {}. Pin it to a number above the last band.",
            quoted(key),
            quoted(endpoint)
        );
        findings.problems.add(&priorities, AzureMistake::NoPriorityLeft, detail);
    }
    for (first, second) in &settled.pinned_twice {
        let detail = format!(
            "{} and {} of {} have one number.",
            quoted(first),
            quoted(second),
            quoted(endpoint)
        );
        findings.problems.add(&priorities.key(second), AzureMistake::PinnedTwice, detail);
    }
}
