//! Where in a document something stands that a finding is about: by its path, and by the name of its block.

use std::fmt;

use crate::matrix::{
    Ambiguity, Evidence, Flow, Matrix, Need, NotCovered, Parameter, Role, Row, Silent, Spelling,
    Table, Topology, Zone,
};
use crate::path::{Path, Step};

/// How much of an id is shown. A path tells which block it is whatever its id.
const LONGEST_SHOWN: usize = 120;

/// One block of a document. A [place](Place) is made of it once something is wrong there.
#[derive(Debug, Clone, Copy)]
pub(in crate::matrix) struct Block<'b> {
    kind: &'static str,
    index: usize,
    id: &'b str,
}

impl<'b> Block<'b> {
    /// The block at a position among those of its kind.
    pub(in crate::matrix) fn new(kind: &'static str, index: usize, id: &'b str) -> Self {
        Self { kind, index, id }
    }

    /// The block as a whole.
    pub(in crate::matrix) fn whole(self) -> Place {
        let mut block = self.kind.to_owned();
        if !self.id.is_empty() {
            block.push(' ');
            block.extend(self.id.chars().take(LONGEST_SHOWN));
        }
        let path = Path(vec![Step::Name(self.kind.to_owned()), Step::Index(self.index)]);
        Place { block, path, below: 2 }
    }

    /// One of its attributes.
    pub(in crate::matrix) fn at(self, attribute: &str) -> Place {
        self.whole().at(attribute)
    }
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    block: String,
    path: Path,
    /// How many steps lead to the block.
    below: usize,
}

impl Place {
    /// What stands at the head of the document under a name: an attribute, an object, or all blocks of a kind.
    pub(in crate::matrix) fn head(name: &str) -> Self {
        Self { block: name.to_owned(), path: Path(vec![Step::Name(name.to_owned())]), below: 1 }
    }

    /// An attribute of what is here.
    pub(in crate::matrix) fn at(mut self, attribute: &str) -> Self {
        self.path.0.push(Step::Name(attribute.to_owned()));
        self
    }

    /// An element of the list that is here.
    pub(in crate::matrix) fn nth(mut self, index: usize) -> Self {
        self.path.0.push(Step::Index(index));
        self
    }

    /// The block as people know it, such as `flow client_to_switch`.
    pub fn block(&self) -> &str {
        &self.block
    }

    /// The path from the document: `flow[0].out_rows[1]`.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The block, and what of it: ``flow client_to_switch, `out_rows[1]` ``.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.block)?;
        match self.path.0.get(self.below..) {
            None | Some([]) => Ok(()),
            Some(attribute) => write!(f, ", `{}`", Path(attribute.to_vec())),
        }
    }
}

/// What a document has several blocks of.
pub(super) trait Repeated {
    /// What the blocks are called in a document.
    const KIND: &'static str;

    /// What tells one from the others, for people.
    fn id(&self) -> &str;
}

macro_rules! repeated {
    ($($block:ty: $kind:literal by $id:ident;)*) => { $(
        impl Repeated for $block {
            const KIND: &'static str = $kind;

            fn id(&self) -> &str {
                &self.$id
            }
        }
    )* };
}

repeated! {
    Evidence: "evidence" by id;
    Spelling: "spelling" by means;
    Zone: "zone" by id;
    Role: "role" by id;
    Topology: "topology" by id;
    Table: "table" by id;
    Row: "row" by id;
    Parameter: "parameter" by id;
    Flow: "flow" by id;
    Silent: "silent" by row;
    NotCovered: "not_covered" by id;
    Ambiguity: "ambiguity" by id;
}

impl Repeated for Need {
    const KIND: &'static str = "need";

    /// It has no name.
    fn id(&self) -> &'static str {
        ""
    }
}

/// The blocks of a kind in the order of the document, each with its place.
pub(super) fn blocks<T: Repeated>(all: &[T]) -> impl Iterator<Item = (Block<'_>, &T)> {
    all.iter().enumerate().map(|(index, block)| (Block::new(T::KIND, index, block.id()), block))
}

/// The row of this id, with its place.
pub(super) fn row<'m>(matrix: &'m Matrix, id: &str) -> Option<(Block<'m>, &'m Row)> {
    blocks(&matrix.rows).find(|(_, row)| row.id == id)
}

/// An element of a list of a block. Like a block, it costs nothing until something is wrong there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'b> {
    block: Block<'b>,
    list: &'static str,
    index: usize,
}

impl Element<'_> {
    /// The place.
    pub(super) fn place(self) -> Place {
        self.block.at(self.list).nth(self.index)
    }
}

/// The elements of a list of a block, each with its place.
pub(super) fn elements<'b, T>(
    block: Block<'b>,
    list: &'static str,
    all: &'b [T],
) -> impl Iterator<Item = (Element<'b>, &'b T)> {
    (all.iter().enumerate()).map(move |(index, it)| (Element { block, list, index }, it))
}
