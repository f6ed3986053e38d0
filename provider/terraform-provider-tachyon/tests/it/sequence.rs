//! A thousand changes of one installation: what a change does not touch keeps its name and its priority.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::facts::FACTS;
use crate::generate::deployments;
use crate::model::{Deployment, Endpoint};

const STEPS: usize = 1000;

/// Endpoints as random deployments have them, by name; bounds are left out, since they name others.
fn variants(runner: &mut TestRunner) -> BTreeMap<String, Vec<Endpoint>> {
    let mut variants: BTreeMap<String, Vec<Endpoint>> = BTreeMap::new();
    for _ in 0..60 {
        let drawn = deployments().new_tree(runner).expect("a deployment").current();
        // What stands between names others too.
        for (name, endpoint) in drawn.endpoints.into_iter().filter(|(_, it)| it.hop.is_none()) {
            let free = Endpoint { talks_to: BTreeMap::new(), ..endpoint };
            variants.entry(name).or_default().push(free);
        }
    }
    variants
}

/// One change: an endpoint comes, changes its addresses, tag, groups, roles or ports, or goes; or a flow does.
fn change(
    deployment: &mut Deployment,
    variants: &BTreeMap<String, Vec<Endpoint>>,
    runner: &mut TestRunner,
) {
    let mut pick = |count: usize| (0..count).new_tree(runner).expect("a number").current();
    if pick(10) == 0 {
        let flow = FACTS[pick(FACTS.len())].flow;
        if !deployment.exclude_flows.remove(flow) {
            deployment.exclude_flows.insert(flow);
        }
        return;
    }
    let (name, choices) = variants.iter().nth(pick(variants.len())).expect("a name");
    let is_needed = deployment.endpoints.len() == 1;
    if pick(3) == 0 && !is_needed && deployment.endpoints.remove(name).is_some() {
        return;
    }
    deployment.endpoints.insert(name.clone(), choices[pick(choices.len())].clone());
}

/// Names and priorities by endpoint and key.
type Places = BTreeMap<(String, String), (String, i64)>;

/// Name and priority of every rule, by endpoint and key; and the keys that a warning says may move.
fn places(answer: &Value) -> (Places, BTreeSet<String>) {
    let mut places = Places::new();
    for (endpoint, rules) in answer.at("endpoints").map() {
        for (key, rule) in rules.at("rules").map() {
            let place = (rule.at("name").text().to_owned(), rule.at("priority").number());
            places.insert((endpoint.clone(), key.clone()), place);
        }
    }
    let collisions = answer.at("warnings").list().iter();
    let collisions = collisions.filter(|warning| warning.at("id").text() == "priority_collision");
    let quoted = |warning: &Value| -> Vec<String> {
        warning.at("detail").text().split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    (places, collisions.flat_map(quoted).collect())
}

#[test]
fn a_thousand_changes_move_nothing_that_they_do_not_touch() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let variants = variants(&mut runner);
    let (first, choices) = variants.first_key_value().expect("endpoints");
    let mut deployment = Deployment::default();
    deployment.endpoints.insert(first.clone(), choices[0].clone());
    let (mut before, mut movable) = places(&answer("network_security_rules", &deployment.value()));
    let (mut kept, mut excused) = (0_usize, 0_usize);
    for step in 0..STEPS {
        change(&mut deployment, &variants, &mut runner);
        let (after, movable_now) = places(&answer("network_security_rules", &deployment.value()));
        for (rule, place) in &after {
            match before.get(rule) {
                Some(was) if was == place => kept += 1,
                Some(was) => {
                    let told = movable.contains(&rule.1) || movable_now.contains(&rule.1);
                    assert!(told, "step {step}: {rule:?} was {was:?}, is {place:?}");
                    excused += 1;
                }
                None => {}
            }
        }
        (before, movable) = (after, movable_now);
    }
    assert!(kept > 10 * STEPS, "only {kept} rules stayed: the sequence tries too little");
    // Unusual ports and several tags on one port meet now and then; a warning names every rule that they may move.
    assert!(excused * 200 < kept, "{excused} of {kept} rules moved");
}
