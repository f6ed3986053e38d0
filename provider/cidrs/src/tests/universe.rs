//! A universe of a few addresses, embedded where arithmetic is easy and where it is hard.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::{Cidr, Family, Prefix};

/// A block of up to 2^6 cells: `length` bits of `start` lie in the universe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block {
    pub(super) start: u32,
    pub(super) length: u8,
}

impl Block {
    /// All of a universe.
    pub(super) const WHOLE: Block = Block { start: 0, length: 0 };
}

/// `2^bits` cells of `2^cell_bits` addresses each, from `base`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Universe {
    pub(super) bits: u8,
    pub(super) family: Family,
    base: u128,
    cell_bits: u8,
}

impl Universe {
    /// Single addresses in the midst of the family, single addresses at its end, and the whole family.
    pub(super) fn all(bits: u8, family: Family) -> [Universe; 3] {
        let (middle, last) = match family {
            Family::V4 => (0x0a01_0200, u128::from(u32::MAX)),
            Family::V6 => (0x2001_0db8_0000_0000_ffff_ffff_ffff_ff00, u128::MAX),
        };
        let end = last & !((1 << bits) - 1);
        [(middle, 0), (end, 0), (0, family.bits() - bits)].map(|(base, cell_bits)| Universe {
            bits,
            family,
            base,
            cell_bits,
        })
    }

    pub(super) fn any(bits: u8, family: Family) -> impl Strategy<Value = Universe> {
        let [middle, end, whole] = Universe::all(bits, family);
        prop_oneof![Just(middle), Just(end), Just(whole)]
    }

    pub(super) fn of_any_family(bits: u8) -> impl Strategy<Value = Universe> {
        prop_oneof![Universe::any(bits, Family::V4), Universe::any(bits, Family::V6)]
    }

    pub(super) fn addresses_per_cell(self) -> u128 {
        1 << self.cell_bits
    }

    pub(super) fn cidr(self, block: Block) -> Cidr {
        let address = self.base + (u128::from(block.start) << self.cell_bits);
        let length = self.family.bits() - self.cell_bits - self.bits + block.length;
        match self.family {
            Family::V4 => Prefix::new(u32::try_from(address).unwrap(), length).unwrap().into(),
            Family::V6 => Prefix::new(address, length).unwrap().into(),
        }
    }

    pub(super) fn cidrs(self, blocks: &[Block]) -> Vec<Cidr> {
        blocks.iter().map(|&block| self.cidr(block)).collect()
    }

    /// The block that a CIDR is, which must lie in the universe.
    pub(super) fn block(self, cidr: Cidr) -> Block {
        let address = match cidr {
            Cidr::V4(prefix) => u128::from(prefix.address()),
            Cidr::V6(prefix) => prefix.address(),
        };
        let start = u32::try_from((address - self.base) >> self.cell_bits).unwrap();
        let block = Block {
            start,
            length: cidr.length() - (self.family.bits() - self.cell_bits - self.bits),
        };
        assert_eq!(self.cidr(block), cidr, "not in {self:?}");
        block
    }

    /// The cells of a block, one bit each.
    pub(super) fn cells(self, block: Block) -> u64 {
        (block.start..block.start + self.size(block)).fold(0, |cells, cell| cells | 1 << cell)
    }

    pub(super) fn all_cells(self, blocks: &[Block]) -> u64 {
        blocks.iter().fold(0, |cells, &block| cells | self.cells(block))
    }

    pub(super) fn cells_of(self, cidrs: &[Cidr]) -> u64 {
        cidrs.iter().fold(0, |cells, &cidr| cells | self.cells(self.block(cidr)))
    }

    pub(super) fn size(self, block: Block) -> u32 {
        1 << (self.bits - block.length)
    }

    pub(super) fn halves(self, block: Block) -> Option<[Block; 2]> {
        let lower = Block { length: block.length + 1, ..block };
        (block.length < self.bits)
            .then(|| [lower, Block { start: lower.start + self.size(lower), ..lower }])
    }

    /// The fewest blocks that hold exactly these cells: whatever is full stays whole.
    pub(super) fn fewest(self, cells: u64) -> Vec<Block> {
        self.fewest_in(Block::WHOLE, cells)
    }

    fn fewest_in(self, block: Block, cells: u64) -> Vec<Block> {
        let inside = self.cells(block);
        if cells & inside == inside {
            return vec![block];
        }
        if cells & inside == 0 {
            return Vec::new();
        }
        self.halves(block)
            .unwrap()
            .into_iter()
            .flat_map(|half| self.fewest_in(half, cells))
            .collect()
    }

    /// Any block with at least `length` bits.
    pub(super) fn any_block(self, length: u8) -> impl Strategy<Value = Block> {
        (0..1_u32 << self.bits, length..=self.bits).prop_map(move |(cell, length)| {
            let block = Block { start: 0, length };
            Block { start: cell / self.size(block) * self.size(block), length }
        })
    }
}

/// Blocks that overlap, repeat and touch, most of them small, in a universe of a family.
pub(super) fn blocks(
    universe: impl Strategy<Value = Universe>,
) -> impl Strategy<Value = (Universe, Vec<Block>)> {
    universe.prop_flat_map(|universe| {
        let block =
            prop_oneof![1 => universe.any_block(0), 9 => universe.any_block(universe.bits - 2)];
        (Just(universe), vec(block, 0..24))
    })
}
