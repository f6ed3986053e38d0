//! Where in a document a block stands that a finding names.

use std::collections::BTreeMap;

use crate::matrix::document::Document;
use crate::path::At;

/// The position of every block, by its kind and id.
pub(super) struct Places(BTreeMap<(&'static str, String), usize>);

/// The kinds of blocks, with what findings about all of a kind call them.
const KINDS: [(&str, &str); 14] = [
    ("evidence", "evidence"),
    ("spelling", "spelling"),
    ("zone", "zone"),
    ("role", "roles"),
    ("need", "need"),
    ("topology", "topologies"),
    ("table", "table"),
    ("row", "row"),
    ("parameter", "parameter"),
    ("flow", "flow"),
    ("silent", "silent"),
    ("not_covered", "not_covered"),
    ("ambiguity", "ambiguity"),
    ("source", "source"),
];

impl Places {
    /// Those of a document. Of two blocks with one id the second counts: it is the one too many.
    pub(super) fn of(document: &Document) -> Self {
        let mut places = BTreeMap::new();
        let mut add = |kind, ids: &mut dyn Iterator<Item = &String>| {
            places.extend(ids.cloned().enumerate().map(|(index, id)| ((kind, id), index)));
        };
        add("evidence", &mut document.evidence.iter().map(|block| &block.id));
        add("spelling", &mut document.spelling.iter().map(|block| &block.means));
        add("zone", &mut document.zone.iter().map(|block| &block.id));
        add("role", &mut document.role.iter().map(|block| &block.id));
        add("topology", &mut document.topology.iter().map(|block| &block.id));
        add("table", &mut document.table.iter().map(|block| &block.id));
        add("row", &mut document.row.iter().map(|block| &block.id));
        add("parameter", &mut document.parameter.iter().map(|block| &block.id));
        add("flow", &mut document.flow.iter().map(|block| &block.id));
        add("silent", &mut document.silent.iter().map(|block| &block.row));
        add("not_covered", &mut document.not_covered.iter().map(|block| &block.id));
        add("ambiguity", &mut document.ambiguity.iter().map(|block| &block.id));
        for (index, spelling) in document.spelling.iter().enumerate() {
            for printed in &spelling.printed {
                places.insert(("spelling", printed.clone()), index);
            }
        }
        Self(places)
    }

    /// Calls `use_it` with the place that a finding names: `flow master_to_smtp` is `flow[7]`.
    pub(super) fn with(&self, place: &str, at: &At<'_>, use_it: impl FnOnce(&At<'_>)) {
        let (kind, id) = place.split_once(' ').unwrap_or((place, ""));
        let known = KINDS.iter().find(|(one, all)| *one == kind || *all == kind);
        let Some((kind, _)) = known else { return use_it(&at.name(kind)) };
        let of_kind = at.name(kind);
        match self.0.get(&(*kind, id.to_owned())) {
            Some(index) => use_it(&of_kind.index(*index)),
            None => use_it(&of_kind),
        }
    }
}
