//! What Azure tells apart, checked before Azure sees it; and the priorities of one group's rules.

use std::collections::BTreeMap;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};

use super::end::MOST_GROUPS as MOST_OWN_GROUPS;
use super::priority::{self, Claim, DefaultPorts, Settled, Wish};
use super::rule::RuleSet;
use super::site;
use crate::leaf::Leaf;
use crate::output::Warning;
use crate::platform::Remarks;
use crate::platform::azure::{AzureMistake, AzureWarning};
use crate::platform::help::{Change, Limit};
use crate::platform::view::{Direction, View};

/// Gives the rules their priorities, and reports those that did not get the one they want.
pub(super) fn prioritize(
    view: &View<'_>,
    name: &str,
    set: &mut RuleSet<'_>,
    remarks: &mut Remarks,
) {
    let options = &view.input.options.azure;
    let Known::Known(pins) = &options.priorities else {
        remarks.undecided = true;
        return;
    };
    if pins.values().any(|pin| !pin.is_known()) {
        remarks.undecided = true;
        return;
    }
    let pinned = |key: &str| pins.get(key).and_then(|pin| pin.value());
    let mut defaults = DefaultPorts::default();
    for direction in [Direction::Ingress, Direction::Egress] {
        let of_direction = set.rules.iter().filter(|(_, rule)| rule.direction == direction);
        let mut claims = Vec::with_capacity(set.rules.len());
        claims.extend(of_direction.map(|(key, rule)| Claim {
            key,
            wish: Wish::of(rule, view.input, &mut defaults),
            pinned: pinned(key),
        }));
        let settled = priority::settle(&claims);
        report(view, name, &settled, remarks);
        let priorities = settled.priorities;
        let rules = set.rules.iter_mut().filter(|(_, rule)| rule.direction == direction);
        for ((_, rule), priority) in rules.zip(priorities) {
            rule.priority = priority.map_or(Leaf::Unknown, Leaf::Known);
        }
    }
    remarks.used_keys.extend(pins.keys().filter(|key| set.has(key)).cloned());
}

/// Warns of an endpoint with more groups than fit at its own end of its rules, which is then anybody.
pub(super) fn check_own(view: &View<'_>, position: EndpointId, remarks: &mut Remarks) {
    let Some(Known::Known(groups)) = &view.addresses(position).platforms.azure.groups else {
        return;
    };
    let fit = groups.fit(MOST_OWN_GROUPS);
    // Nor is the number in the text known while some of them may turn out to be one.
    remarks.undecided |= fit != Known::Known(true) && groups.least < groups.most();
    if fit == Known::Known(false) {
        let name = view.name(position);
        let detail = format!(
            "{} has {} application security groups; Azure takes {MOST_OWN_GROUPS} at one end of a rule, so its own \
                 end of its rules is its CIDRs or \"*\". Give its network security group to its own interfaces alone, or split the endpoint.",
            quoted(name),
            groups.most()
        );
        remarks.warnings.push(Warning::new(AzureWarning::OwnGroupsOverTen, name, detail));
    }
}

/// Reports service tags, and names of network security groups, that differ in case only: Azure does not tell them apart, nor
/// the names of a tag's rules.
pub(super) fn check_spellings(view: &View<'_>, remarks: &mut Remarks) {
    let root = At::ROOT;
    let endpoints = root.name("endpoints");
    let (mut tags, mut groups) = (BTreeMap::new(), BTreeMap::new());
    for position in view.ids() {
        let azure = &view.addresses(position).platforms.azure;
        for (attribute, given, spellings, mistake) in [
            ("service_tag", azure.service_tag, &mut tags, AzureMistake::TwoSpellingsOfAServiceTag),
            (
                "network_security_group",
                azure.security_group,
                &mut groups,
                AzureMistake::TwoSpellingsOfANetworkSecurityGroup,
            ),
        ] {
            let Some(Known::Known(name)) = given else { continue };
            let (spelling, first) =
                *spellings.entry(name.to_ascii_lowercase()).or_insert((name, position));
            if spelling != name {
                let detail = format!(
                    "Found {}, but another endpoint has {}. Write one of them.",
                    quoted(name),
                    quoted(spelling)
                );
                let [at, other] = [position, first].map(|id| endpoints.key(view.name(id)));
                let places = (&at.name(attribute), &other.name(attribute));
                remarks.problems.add_between(places, mistake, detail);
            }
        }
    }
}

/// Reports groups that endpoints share and that are called like an endpoint with a group of its own: what is kept by these names
/// would lose the rules of one of the two.
pub(super) fn check_names(view: &View<'_>, remarks: &mut Remarks) {
    let root = At::ROOT;
    let endpoints = root.name("endpoints");
    for position in view.ids() {
        let group = view.addresses(position).platforms.azure.security_group;
        let Some(Known::Known(name)) = group else { continue };
        let Some(namesake) = view.input.deployment.find(name) else { continue };
        let of_namesake = view.addresses(namesake).platforms.azure.security_group;
        // While it is unknown, the namesake may turn out to be in the group.
        if of_namesake.is_some_and(|other| !other.is_known() || other == Known::Known(name)) {
            continue;
        }
        let detail = format!(
            "Found {}, which is the name of an endpoint outside of the group. Choose another name for the group, or put the endpoint into it.",
            quoted(name)
        );
        let [at, other] = [position, namesake].map(|id| endpoints.key(view.name(id)));
        let places = (&at.name("network_security_group"), &other);
        remarks.problems.add_between(places, AzureMistake::GroupNamedLikeAnEndpoint, detail);
    }
}

/// Reports pins of keys that no rule has, once everything that decides keys is known.
pub(super) fn check_pins(view: &View<'_>, remarks: &mut Remarks) {
    let Known::Known(pins) = &view.input.options.azure.priorities else { return };
    // A rule that another mistake took away has no key either.
    let is_whole = !remarks.undecided && view.is_decided && remarks.problems.is_empty();
    if !is_whole || view.subject.is_some() {
        return;
    }
    let root = At::ROOT;
    let options = root.name("options");
    let azure = options.name("azure");
    let priorities = azure.name("priorities");
    for key in pins.keys().filter(|key| !remarks.used_keys.contains(*key)) {
        let detail = format!(
            "No rule of any endpoint has the key {}. Keys look like \"inbound/client_to_switch/4000/ipv4\".",
            quoted(key)
        );
        let at = priorities.key(key).its_name();
        remarks.problems.add(&at, AzureMistake::PinOfNoRule, detail);
    }
}

/// A number above the last band for a rule without one. No two keys are proposed the same: a pin holds in every group.
fn spare(key: &str, view: &View<'_>, remarks: &mut Remarks) -> Option<u16> {
    if let Some(number) = remarks.proposed_pins.get(key) {
        return Some(*number);
    }
    let Known::Known(pins) = &view.input.options.azure.priorities else { return None };
    let is_taken = |number: &u16| {
        remarks.proposed_pins.values().any(|other| other == number)
            || pins.values().any(|pin| *pin == Known::Known(*number))
            || site::has(view.input.matrix(), *number)
    };
    let number = priority::spare().find(|number| !is_taken(number))?;
    remarks.proposed_pins.insert(key.to_owned(), number);
    Some(number)
}

fn report(view: &View<'_>, endpoint: &str, settled: &Settled<'_>, remarks: &mut Remarks) {
    let root = At::ROOT;
    let options = root.name("options");
    let azure = options.name("azure");
    let priorities = azure.name("priorities");
    for (key, holder, number) in &settled.probed {
        let Some(number) = number else {
            let own = spare(key, view, remarks);
            remarks.limits.push(Limit {
                path: priorities.path(),
                kind: AzureMistake::NoPriorityLeft.kind(),
                what: format!("{endpoint} {key}"),
                detail: format!(
                    "No priority is left in the band of {} for a rule of {}: its {} numbers are taken.",
                    quoted(key),
                    quoted(endpoint),
                    priority::BAND
                ),
                tries_options: false,
                measure: "none left".to_owned(),
                own: own
                    .map(|number| Change::new(&priorities.key(key), number.to_string()))
                    .into_iter()
                    .collect(),
                cost: 1,
                useless: Vec::new(),
                otherwise: "Nor is one above the last band. Fewer ports, or fewer endpoints in a shared group, need fewer."
                    .to_owned(),
            });
            continue;
        };
        let detail = format!(
            "{} got {number}, since {} has the priority that it wants. The number changes if that rule goes. \
                 `options.azure.priorities` pins one of them.",
            quoted(key),
            quoted(holder)
        );
        remarks.warnings.push(Warning::new(AzureWarning::PriorityCollision, endpoint, detail));
    }
    for (first, second) in &settled.pinned_twice {
        let detail = format!(
            "{} and {} of {} have one number.",
            quoted(first),
            quoted(second),
            quoted(endpoint)
        );
        remarks.problems.add(&priorities.key(second), AzureMistake::PinnedTwice, detail);
    }
}
