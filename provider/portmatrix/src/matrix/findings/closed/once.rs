//! What tells blocks from each other is there, and there once.

use std::collections::BTreeMap;

use crate::matrix::Matrix;
use crate::matrix::findings::Findings;
use crate::matrix::findings::place::{Element, Place, Repeated, blocks, elements};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    ids_once(&matrix.evidence, findings);
    ids_once(&matrix.zones, findings);
    ids_once(&matrix.roles, findings);
    ids_once(&matrix.topologies, findings);
    ids_once(&matrix.tables, findings);
    ids_once(&matrix.rows, findings);
    ids_once(&matrix.parameters, findings);
    ids_once(&matrix.flows, findings);
    ids_once(&matrix.not_covered, findings);
    ids_once(&matrix.ambiguities, findings);
    let printed = blocks(&matrix.spellings).flat_map(|(block, spelling)| {
        let printed = elements(block, "printed", &spelling.printed);
        printed.map(|(element, text)| ((spelling.column, text.as_str()), element))
    });
    once(printed, |(_, text)| text.is_empty(), Element::place, findings);
}

/// Each block of a kind has an id of its own.
fn ids_once<T: Repeated>(all: &[T], findings: &mut Findings<'_>) {
    let ids = blocks(all).map(|(block, it)| (it.id(), block));
    once(ids, |id| id.is_empty(), |block| block.at("id"), findings);
}

/// Each name is one, and there once.
fn once<N: Ord, P: Copy>(
    names: impl Iterator<Item = (N, P)>,
    is_empty: impl Fn(&N) -> bool,
    place: impl Fn(P) -> Place,
    findings: &mut Findings<'_>,
) {
    let mut seen: BTreeMap<N, P> = BTreeMap::new();
    for (name, here) in names {
        if is_empty(&name) {
            findings.add(place(here), "it is empty", "give it one that is its own");
        } else if let Some(first) = seen.get(&name) {
            findings.add_between(
                (place(here), place(*first)),
                "it is declared twice",
                "keep one, or give one another id",
            );
        } else {
            seen.insert(name, here);
        }
    }
}
