//! Named: what becomes part of keys, of names and of descriptions of rules is short and plain.

use super::Findings;
use super::place::{Place, blocks};
use crate::matrix::{CITATION_PREFIX, LONGEST_ID, MOST_ROLES, Matrix, is_id};

/// The longest name of a product, and of a version.
const LONGEST_PRODUCT: usize = 40;
const LONGEST_VERSION: usize = 16;
/// The longest id of a table.
const LONGEST_TABLE: usize = 48;

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut id = |place: Place, id: &str| {
        if !is_id(id) {
            findings.add(
                place,
                format!("the name {id:?} is none that keys of rules can have"),
                format!("take 1 to {LONGEST_ID} lower-case letters, digits or `_`, a letter first"),
            );
        }
    };
    for (block, role) in blocks(&matrix.roles) {
        id(block.at("id"), &role.id);
    }
    for (block, flow) in blocks(&matrix.flows) {
        id(block.at("id"), &flow.id);
        if let Some(replaced) = &flow.replaced_in {
            id(block.at("replaced_in").at("keep_option"), &replaced.keep_option);
        }
    }
    for (block, parameter) in blocks(&matrix.parameters) {
        id(block.at("attribute"), &parameter.attribute);
    }
    for (block, topology) in blocks(&matrix.topologies) {
        id(block.at("id"), &topology.id);
    }
    tables(matrix, findings);
    if !matrix.version.trim().is_empty() {
        plain(findings, Place::head("version"), &matrix.version, LONGEST_VERSION);
    }
    let product = Place::head("source").at("product");
    plain(findings, product, &matrix.source.product, LONGEST_PRODUCT);
    for (kind, is_empty) in [("role", matrix.roles.is_empty()), ("zone", matrix.zones.is_empty())] {
        if is_empty {
            let mend = format!("a matrix has 1 to {MOST_ROLES} roles, each in a zone");
            findings.add(Place::head(kind), format!("there is no {kind}"), mend);
        }
    }
}

fn tables(matrix: &Matrix, findings: &mut Findings<'_>) {
    for (block, table) in blocks(&matrix.tables) {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._/".contains(letter);
        let id = &table.id;
        if id.is_empty() || id.len() > LONGEST_TABLE || !id.chars().all(is_plain) {
            findings.add(
                block.at("id"),
                "its id can't be cited",
                format!("take 1 to {LONGEST_TABLE} letters, digits, `-`, `.`, `_` or `/`"),
            );
        }
        if format!("{id}/").starts_with(CITATION_PREFIX) {
            findings.add(
                block.at("id"),
                "rows of the users' own are cited so",
                "give it another id",
            );
        }
    }
}

/// A text that stands at the head of every description.
fn plain(findings: &mut Findings<'_>, place: Place, text: &str, longest: usize) {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " ._-()+/".contains(letter);
    if text.trim() != text || text.is_empty() || text.len() > longest || !text.chars().all(is_plain)
    {
        findings.add(
            place,
            format!("{text:?} can't stand in descriptions of rules"),
            format!("take 1 to {longest} letters (a-z, A-Z), digits, spaces or one of `._-()+/`"),
        );
    }
}
