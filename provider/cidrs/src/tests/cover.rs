//! Coverage against the difference of sets of cells.

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::universe::{Block, Universe, blocks};
use super::{cidrs, texts, thorough};
use crate::{common, covers, uncovered};

fn check(wanted: &[&str], by: &[&str], expected: &[&str]) {
    assert_eq!(texts(&uncovered(&cidrs(wanted), &cidrs(by))), expected);
    assert_eq!(covers(&cidrs(by), &cidrs(wanted)), expected.is_empty());
}

#[test]
fn nothing_is_wanted() {
    check(&[], &["10.0.0.0/8"], &[]);
}

#[test]
fn nothing_is_there() {
    check(&["10.0.0.0/9", "10.128.0.0/9"], &[], &["10.0.0.0/8"]);
}

#[test]
fn two_blocks_cover_together() {
    check(&["10.0.0.0/8"], &["10.0.0.0/9", "10.128.0.0/9"], &[]);
}

#[test]
fn a_hole_is_left() {
    check(&["10.0.0.0/22"], &["10.0.0.0/24", "10.0.2.0/23"], &["10.0.1.0/24"]);
}

#[test]
fn another_family_covers_nothing() {
    check(&["::/0"], &["0.0.0.0/0"], &["::/0"]);
    check(&["0.0.0.0/0"], &["::/0"], &["0.0.0.0/0"]);
}

#[test]
fn all_but_one_address() {
    let left = uncovered(&cidrs(&["::/0"]), &cidrs(&["::/128"]));
    assert_eq!(left.len(), 128);
    assert_eq!(left.first(), Some(&super::cidr("::1/128")));
    assert_eq!(left.last(), Some(&super::cidr("8000::/1")));
}

#[test]
fn families_have_nothing_in_common() {
    let (a, b) = (cidrs(&["0.0.0.0/0", "2001:db8::/32"]), cidrs(&["10.0.0.0/8", "::/0"]));
    assert_eq!(texts(&common(&a, &b)), ["10.0.0.0/8", "2001:db8::/32"]);
}

/// Two lists of blocks in one universe.
fn two_lists() -> impl Strategy<Value = (Universe, Vec<Block>, Vec<Block>)> {
    (blocks(Universe::of_any_family(6)), any::<u32>()).prop_map(|((universe, blocks), sides)| {
        let (wanted, by): (Vec<_>, Vec<_>) =
            (0..).zip(blocks).partition(|(index, _)| sides >> index & 1 == 0);
        let plain = |side: Vec<(u32, Block)>| side.into_iter().map(|(_, block)| block).collect();
        (universe, plain(wanted), plain(by))
    })
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn difference_of_cells((universe, wanted, by) in two_lists()) {
        let left = universe.all_cells(&wanted) & !universe.all_cells(&by);
        let (wanted, by) = (universe.cidrs(&wanted), universe.cidrs(&by));
        prop_assert_eq!(uncovered(&wanted, &by), universe.cidrs(&universe.fewest(left)));
        prop_assert_eq!(covers(&by, &wanted), left == 0);
    }

    #[test]
    fn what_both_have_in_cells((universe, a, b) in two_lists()) {
        let both = universe.all_cells(&a) & universe.all_cells(&b);
        let (a, b) = (universe.cidrs(&a), universe.cidrs(&b));
        prop_assert_eq!(common(&a, &b), universe.cidrs(&universe.fewest(both)));
    }

    #[test]
    fn contains_is_coverage_of_one_by_one(
        (universe, one, other) in Universe::of_any_family(6)
            .prop_flat_map(|universe| (Just(universe), universe.any_block(0), universe.any_block(0)))
    ) {
        let inside = universe.cells(other) & !universe.cells(one) == 0;
        prop_assert_eq!(universe.cidr(one).contains(&universe.cidr(other)), inside);
        prop_assert!(universe.cidr(one).contains(&universe.cidr(one)));
    }
}
