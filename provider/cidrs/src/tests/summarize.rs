//! Summaries against every choice there is, and against a table over the whole, uncompressed tree.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::universe::{Block, Universe, blocks};
use super::{cidr, cidrs, texts, thorough};
use crate::summarize::summarize_affording;
use crate::{Cidr, Count, Family, Prefix, TooFew, covers, merge, summarize};

fn check(given: &[&str], max_prefixes: usize, expected: &[&str], extra_addresses: u128) {
    let summary = summarize(cidrs(given), max_prefixes).unwrap();
    assert_eq!(texts(&summary.cidrs), expected);
    assert_eq!(summary.extra_addresses, Count::from(extra_addresses));
    assert!(summary.exact);
}

#[test]
fn nothing() {
    check(&[], 1, &[], 0);
}

#[test]
fn few_enough_are_only_merged() {
    check(&["10.0.0.0/25", "10.0.0.128/25", "10.9.0.0/16"], 2, &["10.0.0.0/24", "10.9.0.0/16"], 0);
    check(&["10.0.0.0/24"], usize::MAX, &["10.0.0.0/24"], 0);
}

#[test]
fn the_closest_pair_gives_way() {
    check(&["10.0.0.0/24", "10.0.3.0/24", "10.9.0.0/16"], 2, &["10.0.0.0/22", "10.9.0.0/16"], 512);
}

#[test]
fn joining_the_closest_first_would_be_worse() {
    // Two pairs are 4 apart; filling the 5 of the first block lets all of it become one with what follows.
    let first = ["10.0.0.0/31", "10.0.0.7/32", "10.0.0.8/29"];
    let pairs = ["10.1.0.0/31", "10.1.0.6/31", "10.2.0.0/31", "10.2.0.6/31"];
    let given = [first.as_slice(), &pairs].concat();
    check(&given, 5, &[&["10.0.0.0/28"], pairs.as_slice()].concat(), 5);
    let closest_first = summarize_affording(0, cidrs(&given), 5).unwrap();
    assert_eq!((closest_first.extra_addresses, closest_first.exact), (Count::from(8), false));
}

#[test]
fn families_share_the_limit() {
    let given = ["10.0.0.0/32", "10.0.0.3/32", "fd00::/128", "fd00::7/128"];
    check(&given, 3, &["10.0.0.0/30", "fd00::/128", "fd00::7/128"], 2);
    check(&given, 2, &["10.0.0.0/30", "fd00::/125"], 8);
}

#[test]
fn equals_go_to_widening_the_lower() {
    check(
        &["10.0.0.0/32", "10.0.0.3/32", "fd00::/128", "fd00::3/128"],
        3,
        &["10.0.0.0/30", "fd00::/128", "fd00::3/128"],
        2,
    );
}

#[test]
fn the_ends_of_the_families() {
    check(&["0.0.0.0/32", "255.255.255.255/32"], 1, &["0.0.0.0/0"], (1 << 32) - 2);
    check(&["::/128", "ffff::/128"], 1, &["::/0"], u128::MAX - 1);
    let both =
        summarize(cidrs(&["0.0.0.0/32", "255.255.255.255/32", "::/128", "ffff::/128"]), 2).unwrap();
    let everything = cidr("0.0.0.0/0").addresses() + cidr("::/0").addresses();
    assert_eq!(both.extra_addresses, everything.saturating_sub(Count::from(4)));
}

#[test]
fn a_limit_that_cannot_be_kept() {
    let refused = |given: &[&str], max_prefixes| summarize(cidrs(given), max_prefixes).unwrap_err();
    assert_eq!(refused(&["10.0.0.0/8"], 0), TooFew { found: 0, least: 1 });
    assert_eq!(refused(&[], 0).to_string(), "expected a limit of at least 1, found 0");
    assert_eq!(
        refused(&["10.0.0.0/8", "::/0"], 1).to_string(),
        "expected a limit of at least 2 (no prefix holds both IPv4 and IPv6 addresses), found 1"
    );
}

#[test]
fn beyond_the_exact_part() {
    // 4150 pairs with two addresses between: 8300 · 8200 passes the bound, so they are joined one by one.
    let address = |index: u32| Prefix::holding(index / 2 * 64 + index % 2 * 3, 32);
    let given: Vec<Cidr> = (0..8300).map(|index| address(index).into()).collect();
    let summary = summarize(given.clone(), 8200).unwrap();
    assert!(!summary.exact && covers(&summary.cidrs, &given));
    assert_eq!((summary.cidrs.len(), summary.extra_addresses), (8200, Count::from(200)));
}

/// All sets of disjoint blocks in `block`.
fn choices(universe: Universe, block: Block) -> Vec<Vec<Block>> {
    let mut all = vec![vec![block]];
    match universe.halves(block) {
        None => all.push(Vec::new()),
        Some([lower, upper]) => {
            let uppers = choices(universe, upper);
            for lower in choices(universe, lower) {
                all.extend(uppers.iter().map(|upper| [lower.clone(), upper.clone()].concat()));
            }
        }
    }
    all
}

/// How many blocks lie in the lower half of the universe, of its lower half, and so on, topmost first.
fn lower_counts(universe: Universe, block: Block, choice: &[Block]) -> Vec<usize> {
    let Some([lower, upper]) = universe.halves(block) else { return Vec::new() };
    let inside = |held: &&Block| universe.cells(**held) & !universe.cells(lower) == 0;
    let mut counts = vec![choice.iter().filter(inside).count()];
    counts.extend(lower_counts(universe, lower, choice));
    counts.extend(lower_counts(universe, upper, choice));
    counts
}

#[test]
fn the_best_of_all_choices() {
    for universe in [Universe::all(3, Family::V4), Universe::all(3, Family::V6)].concat() {
        let mut ranked: Vec<_> = choices(universe, Block::WHOLE)
            .into_iter()
            .map(|choice| {
                let held = universe.all_cells(&choice);
                (
                    (
                        held.count_ones(),
                        choice.len(),
                        lower_counts(universe, Block::WHOLE, &choice),
                    ),
                    held,
                    choice,
                )
            })
            .collect();
        ranked.sort();
        assert_eq!(ranked.len(), 677);
        for cells in 1..=u8::MAX.into() {
            let given = universe.cidrs(&universe.fewest(cells));
            for most in 1..=4 {
                let (_, held, best) = ranked
                    .iter()
                    .find(|(_, held, choice)| held & cells == cells && choice.len() <= most)
                    .unwrap();
                let extra =
                    u128::from((held & !cells).count_ones()) * universe.addresses_per_cell();
                let summary = summarize(given.clone(), most).unwrap();
                assert_eq!(summary.cidrs, universe.cidrs(best), "{given:?} in {most}");
                assert_eq!(summary.extra_addresses, Count::from(extra), "{given:?} in {most}");
            }
        }
    }
}

/// At index `n`, the fewest extra cells when at most `n` blocks hold all wanted cells of `block`.
fn fewest_extra(universe: Universe, block: Block, wanted: u64, most: usize) -> Vec<Option<u32>> {
    let wanted_here = wanted & universe.cells(block);
    if wanted_here == 0 {
        return vec![Some(0); most + 1];
    }
    let as_one = universe.size(block) - wanted_here.count_ones();
    let split = universe
        .halves(block)
        .map(|halves| halves.map(|half| fewest_extra(universe, half, wanted, most)));
    (0..=most)
        .map(|blocks| {
            let splits = (0..=blocks).filter_map(|in_lower| {
                let [lower, upper] = split.as_ref()?;
                Some(lower[in_lower]? + upper[blocks - in_lower]?)
            });
            splits.chain((blocks > 0).then_some(as_one)).min()
        })
        .collect()
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn fewest_extra_in_one_family((universe, blocks) in blocks(Universe::of_any_family(6)), most in 1_usize..20) {
        let wanted = universe.all_cells(&blocks);
        let summary = summarize(universe.cidrs(&blocks), most).unwrap();
        let held = universe.cells_of(&summary.cidrs);
        prop_assert_eq!(held & wanted, wanted);
        prop_assert_eq!(fewest_extra(universe, Block::WHOLE, wanted, most)[most], Some((held & !wanted).count_ones()));
        let extra = u128::from((held & !wanted).count_ones()) * universe.addresses_per_cell();
        prop_assert_eq!(summary.extra_addresses, Count::from(extra));
        prop_assert!(summary.exact && summary.cidrs.len() <= most);
        prop_assert_eq!(merge(summary.cidrs.clone()), summary.cidrs);
    }

    #[test]
    fn fewest_extra_in_both_families(
        (v4, v4_blocks) in blocks(Universe::any(6, Family::V4)),
        (v6, v6_blocks) in blocks(Universe::any(6, Family::V6)),
        most in 2_usize..20,
    ) {
        let (v4_wanted, v6_wanted) = (v4.all_cells(&v4_blocks), v6.all_cells(&v6_blocks));
        let v4_extra = fewest_extra(v4, Block::WHOLE, v4_wanted, most);
        let v6_extra = fewest_extra(v6, Block::WHOLE, v6_wanted, most);
        let addresses = |(universe, cells): (Universe, u32)| Count::from(u128::from(cells) * universe.addresses_per_cell());
        let best = (0..=most).filter_map(|in_v4| {
            Some(addresses((v4, v4_extra[in_v4]?)) + addresses((v6, v6_extra[most - in_v4]?)))
        });
        let given = [v4.cidrs(&v4_blocks), v6.cidrs(&v6_blocks)].concat();
        let summary = summarize(given, most).unwrap();
        prop_assert_eq!(Some(summary.extra_addresses), best.min());
        prop_assert!(summary.exact && summary.cidrs.len() <= most);
        prop_assert_eq!(merge(summary.cidrs.clone()), summary.cidrs);
    }

    #[test]
    fn beyond_what_can_be_afforded(
        (universe, blocks) in blocks(Universe::of_any_family(6)),
        most in 1_usize..12,
        affordable in 1_usize..12,
    ) {
        let merged = merge(universe.cidrs(&blocks));
        let best = summarize(merged.clone(), most).unwrap();
        let summary = summarize_affording(affordable, merged.clone(), most).unwrap();
        prop_assert_eq!(summary.exact, merged.len() <= affordable.max(most));
        prop_assert!(summary.cidrs.len() <= most);
        prop_assert!(summary.extra_addresses >= best.extra_addresses);
        let (wanted, held) = (universe.cells_of(&merged), universe.cells_of(&summary.cidrs));
        prop_assert_eq!(held & wanted, wanted);
        prop_assert_eq!(merge(summary.cidrs.clone()), summary.cidrs.clone());
        prop_assert!(!summary.exact || summary == best);
    }
}
