//! Merging against a set of cells.

use proptest::prelude::{prop_assert_eq, proptest};

use super::universe::{Universe, blocks};
use super::{cidrs, texts, thorough};
use crate::{Family, merge};

fn check(given: &[&str], expected: &[&str]) {
    assert_eq!(texts(&merge(cidrs(given))), expected);
}

#[test]
fn nothing() {
    check(&[], &[]);
}

#[test]
fn repeated() {
    check(&["10.0.0.0/8", "10.0.0.0/8"], &["10.0.0.0/8"]);
}

#[test]
fn contained() {
    check(&["10.1.0.0/16", "10.0.0.0/8", "10.255.255.255/32"], &["10.0.0.0/8"]);
}

#[test]
fn two_halves() {
    check(&["10.0.1.0/24", "10.0.0.0/24"], &["10.0.0.0/23"]);
}

#[test]
fn neighbours_that_are_not_halves_of_one_block() {
    check(&["10.0.1.0/24", "10.0.2.0/24"], &["10.0.1.0/24", "10.0.2.0/24"]);
}

#[test]
fn halves_all_the_way_up() {
    check(&["128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/3", "32.0.0.0/3"], &["0.0.0.0/0"]);
    check(&["::/1", "8000::/1"], &["::/0"]);
}

#[test]
fn families_stay_apart_and_ipv4_comes_first() {
    check(&["::/0", "0.0.0.0/0"], &["0.0.0.0/0", "::/0"]);
}

#[test]
fn sorted_by_address() {
    check(
        &["192.168.0.0/16", "9.0.0.0/8", "10.0.0.0/16"],
        &["9.0.0.0/8", "10.0.0.0/16", "192.168.0.0/16"],
    );
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn same_cells_and_fewest_blocks((universe, blocks) in blocks(Universe::of_any_family(6))) {
        let fewest = universe.fewest(universe.all_cells(&blocks));
        prop_assert_eq!(merge(universe.cidrs(&blocks)), universe.cidrs(&fewest));
    }

    #[test]
    fn families_are_merged_apart(
        (v4, v4_blocks) in blocks(Universe::any(6, Family::V4)),
        (v6, v6_blocks) in blocks(Universe::any(6, Family::V6)),
    ) {
        let both = [v6.cidrs(&v6_blocks), v4.cidrs(&v4_blocks)].concat();
        prop_assert_eq!(merge(both), [merge(v4.cidrs(&v4_blocks)), merge(v6.cidrs(&v6_blocks))].concat());
    }
}
