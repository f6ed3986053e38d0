//! Arrows in rows: those of one node that carry the same are one line with several heads.

use crate::drawing::{Arrow, Drawing};

/// One line of the picture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row<'d> {
    /// The arrows, of one source and with the same services; the first stands for all in what they share.
    pub(crate) arrows: Vec<&'d Arrow>,
}

impl Row<'_> {
    /// The arrow that is there in any case.
    pub(crate) fn first(&self) -> &Arrow {
        #[expect(clippy::indexing_slicing, reason = "a row is made of at least one arrow")]
        self.arrows[0]
    }
}

/// The rows from top to bottom: by source from left to right, then by service.
pub(crate) fn rows(drawing: &Drawing) -> Vec<Row<'_>> {
    let mut arrows: Vec<&Arrow> = drawing.arrows.iter().collect();
    // Arrows over others on the way, and those to their own source, have a row each: their lines can't be shared.
    let alone = |arrow: &Arrow| !arrow.via.is_empty() || arrow.from == arrow.to;
    let key = |arrow: &&Arrow| {
        (arrow.from, arrow.legs.clone(), arrow.dashed, alone(arrow), arrow.via.clone(), arrow.to)
    };
    arrows.sort_by_cached_key(key);
    let shares = |a: &&Arrow, b: &&Arrow| {
        a.from == b.from && a.legs == b.legs && a.dashed == b.dashed && !alone(a) && !alone(b)
    };
    arrows.chunk_by(shares).map(|of_row| Row { arrows: of_row.to_vec() }).collect()
}
