//! Every small deployment there is, not a sample: two endpoints with up to two roles each, three with one role each,
//! under every binding between them, against the second reading on both clouds.
//!
//! Two symmetries are used, and nothing is left out by chance: which of two endpoints is called what makes no other
//! deployment, and a bound to the only other endpoint that plays a role is the same as none.

use std::collections::{BTreeMap, BTreeSet};

use crate::agreement::connections_agree;
use crate::clouds::rules_agree;
use crate::facts::{FACTS, ROLES};
use crate::model::{Deployment, Endpoint};

const NAMES: [&str; 3] = ["a", "b", "c"];
const CIDRS: [&str; 3] = ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"];

type Roles = BTreeSet<&'static str>;
/// The bounds of one endpoint: by role, the positions of the endpoints that it talks to.
type Bounds = BTreeMap<&'static str, BTreeSet<usize>>;

/// Sets of one role, or of one and of two.
fn role_sets(most: usize) -> Vec<Roles> {
    let mut sets: Vec<Roles> = ROLES.iter().map(|role| Roles::from([*role])).collect();
    if most > 1 {
        for (position, first) in ROLES.iter().enumerate() {
            sets.extend(
                ROLES.iter().skip(position + 1).map(|second| Roles::from([*first, *second])),
            );
        }
    }
    sets
}

/// Whether the document has a flow between two roles, in either direction.
fn is_joined(one: &str, other: &str) -> bool {
    FACTS.iter().any(|fact| {
        (fact.from == one && fact.to == other) || (fact.from == other && fact.to == one)
    })
}

/// Every way for an endpoint to bind itself: for each role of others with which it has a flow, no bound, or any of their
/// subsets but the whole, which is no bound.
fn bounds(world: &[Roles], own: usize) -> Vec<Bounds> {
    let mut all = vec![Bounds::new()];
    for role in ROLES {
        let players: Vec<usize> = (0..world.len())
            .filter(|other| *other != own && world[*other].contains(role))
            .collect();
        if players.is_empty() || !world[own].iter().any(|mine| is_joined(mine, role)) {
            continue;
        }
        let whole = 1_usize << players.len();
        let mut more = all.clone();
        for chosen in 0..whole - 1 {
            let named: BTreeSet<usize> = (players.iter().enumerate())
                .filter(|(bit, _)| chosen & (1 << bit) != 0)
                .map(|(_, player)| *player)
                .collect();
            more.extend(all.iter().map(|bounds| {
                let mut bounds = bounds.clone();
                bounds.insert(role, named.clone());
                bounds
            }));
        }
        all = more;
    }
    all
}

fn deployment(world: &[Roles], bounds: &[&Bounds]) -> Deployment {
    let endpoint = |position: usize| {
        let named = |positions: &BTreeSet<usize>| {
            positions.iter().map(|it| NAMES[*it].to_owned()).collect::<BTreeSet<String>>()
        };
        let talks_to = bounds[position].iter().map(|(role, players)| (*role, named(players)));
        Endpoint {
            roles: world[position].clone(),
            cidrs: vec![CIDRS[position]],
            talks_to: talks_to.collect(),
            ..Endpoint::default()
        }
    };
    let endpoints =
        (0..world.len()).map(|position| (NAMES[position].to_owned(), endpoint(position)));
    Deployment { endpoints: endpoints.collect(), ..Deployment::default() }
}

/// Tries a world under every binding; how many deployments that were.
fn agree(world: &[Roles]) -> usize {
    let of_each: Vec<Vec<Bounds>> = (0..world.len()).map(|own| bounds(world, own)).collect();
    let mut count = 0;
    let mut chosen = vec![0; world.len()];
    loop {
        let bounds: Vec<&Bounds> =
            chosen.iter().zip(&of_each).map(|(choice, all)| &all[*choice]).collect();
        let deployment = deployment(world, &bounds);
        connections_agree(&deployment);
        rules_agree(&deployment);
        count += 1;
        let Some(position) = (0..world.len()).find(|it| chosen[*it] + 1 < of_each[*it].len())
        else {
            return count;
        };
        chosen[position] += 1;
        chosen[..position].fill(0);
    }
}

#[test]
fn two_endpoints_with_up_to_two_roles_each() {
    let sets = role_sets(2);
    assert_eq!(sets.len(), 120);
    let mut count = 0;
    for (position, first) in sets.iter().enumerate() {
        for second in &sets[position..] {
            count += agree(&[first.clone(), second.clone()]);
        }
    }
    assert!(count > 120 * 121 / 2, "bindings were tried too: {count}");
}

#[test]
fn three_endpoints_with_one_role_each() {
    let sets = role_sets(1);
    let mut count = 0;
    for (first, a) in sets.iter().enumerate() {
        for (second, b) in sets.iter().enumerate().skip(first) {
            for c in &sets[second..] {
                count += agree(&[a.clone(), b.clone(), c.clone()]);
            }
        }
    }
    assert!(count > 15 * 16 * 17 / 6, "bindings were tried too: {count}");
}
