//! That rules keep their groups, that groups hold what they may, and how far both go.

use std::collections::BTreeMap;

use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::platform::text::stable_hash;

fn weight(ipv4: u32, ipv6: u32) -> Weight {
    Weight { ipv4, ipv6, is_known: true }
}

/// The group of each key, and which groups could not take one more single rule of some family.
fn placed(
    rules: &BTreeMap<String, Weight>,
    count: u32,
    limit: u32,
) -> (BTreeMap<String, u32>, Spread) {
    let weights: Vec<Weight> = rules.values().copied().collect();
    let hashes = || rules.keys().map(|key| stable_hash(key)).collect();
    let spread = spread(&weights, hashes, count, limit);
    let groups = rules.keys().cloned().zip(spread.groups.iter().copied()).collect();
    (groups, spread)
}

fn some_rules() -> impl Strategy<Value = BTreeMap<String, Weight>> {
    let weights = prop_oneof![Just((1, 0)), Just((0, 1)), Just((1, 1)), (1_u32..12, 0_u32..12)];
    let keys =
        (0_u16..2000).prop_map(|number| format!("tcp-{}/peer-{}", 4000 + number % 7, number / 7));
    proptest::collection::btree_map(
        keys,
        weights.prop_map(|(ipv4, ipv6)| weight(ipv4, ipv6)),
        0..120,
    )
}

/// A second, plain reading: what each group holds, counted from the answer.
fn recounted(
    rules: &BTreeMap<String, Weight>,
    groups: &BTreeMap<String, u32>,
    count: u32,
) -> Vec<Load> {
    let mut loads = vec![Load::default(); count as usize];
    for (key, group) in groups {
        let load = &mut loads[*group as usize];
        *load = load.with(rules[key]);
    }
    loads
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn a_group_holds_no_more_than_it_may(rules in some_rules(), count in 1_u32..6, limit in 5_u32..80) {
        let (groups, spread) = placed(&rules, count, limit);
        prop_assert_eq!(recounted(&rules, &groups, count), spread.loads.clone());
        if spread.left_over.is_empty() {
            prop_assert!(spread.loads.iter().all(|load| load.ipv4 <= limit && load.ipv6 <= limit));
        } else {
            // Whoever found no room really fits nowhere beside what settled before it: no group is nearly empty.
            let heaviest = rules.values().map(|weight| weight.ipv4.max(weight.ipv6)).max().unwrap_or(0);
            prop_assert!(spread.loads.iter().all(|load| load.most() + heaviest > limit));
        }
    }

    #[test]
    fn one_group_takes_everything_that_fits(rules in some_rules()) {
        let total = rules.values().fold(Load::default(), |load, weight| load.with(*weight));
        let (groups, spread) = placed(&rules, 1, total.most());
        prop_assert!(spread.left_over.is_empty());
        prop_assert!(groups.values().all(|group| *group == 0));
    }

    #[test]
    fn nothing_moves_while_no_group_is_full(rules in some_rules(), count in 1_u32..6, drop in any::<prop::sample::Index>()) {
        prop_assume!(!rules.is_empty());
        let (before, spread) = placed(&rules, count, 10_000);
        prop_assert!(spread.left_over.is_empty());
        let mut fewer = rules.clone();
        let key = fewer.keys().nth(drop.index(fewer.len())).unwrap().clone();
        fewer.remove(&key);
        let (after, _) = placed(&fewer, count, 10_000);
        for (key, group) in &after {
            prop_assert_eq!(before[key], *group);
        }
    }

    /// With single rules, a rule moves only if some group was full: at its limit in one of the two families.
    #[test]
    fn a_rule_moves_only_where_a_group_is_full(count in 2_u32..6, limit in 5_u32..20, size in 1_usize..100, new in 0_u32..1000) {
        // With room for one more, so that everything fits.
        let size = size.min((count * limit - 1) as usize);
        let rules: BTreeMap<String, Weight> =
            (0..size).map(|number| (format!("tcp-443/peer-{number}"), weight(1, 0))).collect();
        let (before, spread_before) = placed(&rules, count, limit);
        let mut more = rules.clone();
        more.insert(format!("tcp-4000/new-{new}"), weight(1, 0));
        let (after, spread_after) = placed(&more, count, limit);
        prop_assert!(spread_after.left_over.is_empty());
        let moved = before.iter().filter(|(key, group)| after[*key] != **group).count();
        let full = spread_before.loads.iter().chain(&spread_after.loads).any(|load| load.ipv4 == limit);
        prop_assert!(moved == 0 || full);
        // One newcomer takes one place; each rule that it displaces takes one of another group.
        prop_assert!(moved < count as usize * 2, "{moved} rules moved");
    }
}

/// What is told in the guide on quotas: how often a rule moves while a set of groups fills up one rule at a time, and
/// how full the groups are when the first one must.
#[test]
fn how_often_rules_move() {
    const LIMIT: u32 = 60;
    const RUNS: u32 = 20;
    let mut table =
        String::from("groups  first move at  moves per added rule: below 90 %  from 90 %\n");
    for count in [2_u32, 3, 5] {
        let (mut first, mut low, mut high) = (0_u32, (0_u32, 0_u32), (0_u32, 0_u32));
        for run in 0..RUNS {
            let mut rules = BTreeMap::new();
            let mut groups: BTreeMap<String, u32> = BTreeMap::new();
            let mut first_move = None;
            for number in 0..LIMIT * count {
                rules.insert(
                    format!("tcp-{}/peer-{run}-{number}", 1000 + number % 40),
                    weight(1, 0),
                );
                let (now, _) = placed(&rules, count, LIMIT);
                let moved = u32::try_from(
                    groups.iter().filter(|(key, group)| now[*key] != **group).count(),
                )
                .unwrap();
                let part = if (number + 1) * 10 < LIMIT * count * 9 { &mut low } else { &mut high };
                *part = (part.0 + moved, part.1 + 1);
                if moved > 0 && first_move.is_none() {
                    first_move = Some((number + 1) * 100 / (LIMIT * count));
                }
                groups = now;
            }
            first += first_move.unwrap_or(100);
        }
        let rate = |(moved, added): (u32, u32)| f64::from(moved) / f64::from(added);
        table.push_str(&format!(
            "{count:>6}  {:>11} %  {:>29.3}  {:>9.3}\n",
            first / RUNS,
            rate(low),
            rate(high)
        ));
    }
    expect![[r#"
        groups  first move at  moves per added rule: below 90 %  from 90 %
             2           93 %                          0.004      0.308
             3           87 %                          0.014      0.432
             5           86 %                          0.017      0.569
    "#]]
    .assert_eq(&table);
}
