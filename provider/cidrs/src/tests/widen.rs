//! Widening against joining one pair after another.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::universe::{Block, Universe, blocks};
use super::{cidrs, texts, thorough};
use crate::merge::Merged;
use crate::widen::widen;

#[test]
fn the_closest_are_joined_first() {
    let given = cidrs(&[
        "10.0.0.0/32",
        "10.0.0.9/32",
        "172.16.0.0/24",
        "172.16.2.0/24",
        "fd00::/128",
        "fd00::2/128",
    ]);
    let widened = |most| texts(&widen(&Merged::of(given.clone()), most).into_cidrs());
    assert_eq!(
        widened(5),
        ["10.0.0.0/32", "10.0.0.9/32", "172.16.0.0/24", "172.16.2.0/24", "fd00::/126"]
    );
    assert_eq!(widened(4), ["10.0.0.0/28", "172.16.0.0/24", "172.16.2.0/24", "fd00::/126"]);
    assert_eq!(widened(3), ["10.0.0.0/28", "172.16.0.0/22", "fd00::/126"]);
    assert_eq!(widened(2), ["0.0.0.0/0", "fd00::/126"]);
}

/// The shortest block around two, by trying every length.
fn block_around(universe: Universe, one: Block, other: Block) -> Block {
    let both = universe.cells(one) | universe.cells(other);
    (0..=universe.bits)
        .flat_map(|length| (0..1_u32 << length).map(move |index| (index, length)))
        .map(|(index, length)| Block { start: index << (universe.bits - length), length })
        .rfind(|&block| universe.cells(block) & both == both)
        .unwrap()
}

/// Joins, one after another, the two neighbours with the fewest cells between them whose block holds no third.
fn join_on_paper(universe: Universe, mut blocks: Vec<Block>, most: usize) -> Vec<Block> {
    while blocks.len() > most {
        let pairs = blocks.windows(2).enumerate().filter_map(|(index, pair)| {
            let block = block_around(universe, pair[0], pair[1]);
            let held = blocks
                .iter()
                .filter(|&&held| universe.cells(held) & universe.cells(block) != 0)
                .count();
            let gap = universe.size(block) - universe.size(pair[0]) - universe.size(pair[1]);
            (held == 2).then_some((gap, index, block))
        });
        let (_, index, block) = pairs.min().unwrap();
        blocks.splice(index..index + 2, [block]);
    }
    blocks
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn as_on_paper((universe, blocks) in blocks(Universe::of_any_family(6)), most in any::<proptest::sample::Index>()) {
        let fewest = universe.fewest(universe.all_cells(&blocks));
        let most = 1 + most.index(fewest.len().max(1));
        let widened = widen(&Merged::of(universe.cidrs(&fewest)), most).into_cidrs();
        let joined = join_on_paper(universe, fewest, most);
        prop_assert!(widened.len() <= most);
        prop_assert_eq!(universe.cells_of(&widened), universe.all_cells(&joined));
    }
}
