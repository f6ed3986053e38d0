//! Complete: every table has its rows, and every row is used by a flow or declared silent.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::place::{Block, Element, blocks, elements};
use crate::matrix::{Flow, Matrix, Row};

/// How many missing rows of one table are named.
const NAMED: usize = 20;

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    tables(matrix, findings);
    let uses = Uses::of(matrix);
    for (block, row) in blocks(&matrix.rows) {
        uses.check(block, row, findings);
    }
    for (block, flow) in blocks(&matrix.flows) {
        sources(block, flow, findings);
    }
    silent(matrix, &uses, findings);
}

fn tables(matrix: &Matrix, findings: &mut Findings<'_>) {
    let present: BTreeSet<&str> = matrix.rows.iter().map(|row| row.id.as_str()).collect();
    for (block, table) in blocks(&matrix.tables) {
        let count = matrix.rows.iter().filter(|row| row.table == table.id).count();
        if count != table.rows {
            let missing: Vec<String> = (1..=table.rows)
                .map(|number| format!("{}/{number}", table.id))
                .filter(|id| !present.contains(id.as_str()))
                .take(NAMED)
                .collect();
            let mend = if missing.is_empty() {
                "take out what the page doesn't print".to_owned()
            } else {
                format!("add {}", missing.join(", "))
            };
            findings.add(
                block.at("rows"),
                format!("{count} rows where the page prints {}", table.rows),
                mend,
            );
        }
    }
}

/// A flow that names a row, and the place where it does.
type Use<'m> = (&'m Flow, Element<'m>);

/// Which flows use a row as which half, and which rows are silent.
struct Uses<'m> {
    out: BTreeMap<&'m str, Vec<Use<'m>>>,
    into: BTreeMap<&'m str, Vec<Use<'m>>>,
    silent: BTreeMap<&'m str, Block<'m>>,
}

impl<'m> Uses<'m> {
    fn of(matrix: &'m Matrix) -> Self {
        let mut uses =
            Self { out: BTreeMap::new(), into: BTreeMap::new(), silent: BTreeMap::new() };
        for (block, flow) in blocks(&matrix.flows) {
            for (place, row) in elements(block, "out_rows", &flow.out_rows) {
                uses.out.entry(row).or_default().push((flow, place));
            }
            for (place, row) in elements(block, "in_rows", &flow.in_rows) {
                uses.into.entry(row).or_default().push((flow, place));
            }
        }
        uses.silent =
            blocks(&matrix.silent).map(|(block, silent)| (silent.row.as_str(), block)).collect();
        uses
    }

    fn check(&self, block: Block<'_>, row: &Row, findings: &mut Findings<'_>) {
        let direction = row.reading.direction;
        let [begin, end] = [&self.out, &self.into]
            .map(|uses| uses.get(row.id.as_str()).map_or(&[][..], Vec::as_slice));
        if let [(first, other), more @ ..] = begin {
            for (_, element) in more {
                findings.add_between(
                    (element.place(), other.place()),
                    format!("it begins at row {}, as flow {} does", row.id, first.id),
                    "an output is used once",
                );
            }
        }
        if let Some(silent) = self.silent.get(row.id.as_str()) {
            for (flow, element) in begin.iter().chain(end).filter(|(flow, _)| !flow.host_local) {
                findings.add_between(
                    (silent.at("row"), element.place()),
                    format!("flow {} uses the row", flow.id),
                    "a row is used, or silent",
                );
            }
        } else if begin.is_empty() && end.is_empty() {
            findings.add(
                block.whole(),
                "no flow uses it, and it is not silent",
                "add a flow, or a silent row that says why",
            );
        } else if direction.goes_out() && begin.is_empty() {
            findings.add(
                block.whole(),
                "no flow begins at it",
                "it is an output: name it in a flow's out_rows",
            );
        } else if direction.comes_in() && end.is_empty() {
            findings.add(
                block.whole(),
                "no flow ends at it",
                "it is an input: name it in a flow's in_rows",
            );
        }
    }
}

/// A flow has rows of its own, or rows whose text asks for it.
fn sources(block: Block<'_>, flow: &Flow, findings: &mut Findings<'_>) {
    let printed = [("out_rows", &flow.out_rows), ("in_rows", &flow.in_rows)]
        .into_iter()
        .find_map(|(attribute, rows)| (!rows.is_empty()).then_some(attribute));
    match (&flow.derived_from, printed) {
        (Some(_), Some(rows)) => findings.add_between(
            (block.at("derived_from"), block.at(rows)),
            "it is derived, and has rows of its own",
            "drop derived_from, or name prose_rows only",
        ),
        (Some(_), None) if flow.prose_rows.is_empty() => findings.add(
            block.at("prose_rows"),
            "no row asks for it",
            "name the rows whose text does in prose_rows",
        ),
        (None, None) => findings.add(
            block.whole(),
            "no row asks for it",
            "name its out_rows and in_rows, or the flow it is derived_from",
        ),
        _ => {}
    }
}

fn silent(matrix: &Matrix, uses: &Uses<'_>, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, Block<'_>> = BTreeMap::new();
    for (block, silent) in blocks(&matrix.silent) {
        if let Some(first) = seen.get(silent.row.as_str()) {
            let places = (block.at("row"), first.at("row"));
            findings.add_between(places, "it is declared twice", "keep one");
        } else {
            seen.insert(&silent.row, block);
        }
        if silent.why.trim().is_empty() {
            findings.add(block.at("why"), "it doesn't say why", "say why nothing comes of the row");
        }
    }
    for (block, flow) in blocks(&matrix.flows).filter(|(_, flow)| flow.host_local) {
        let mut told = BTreeSet::new();
        for (attribute, rows) in flow.rows() {
            for (element, row) in elements(block, attribute, rows) {
                if !uses.silent.contains_key(row.as_str()) && told.insert(row) {
                    let found = format!("it stays inside a host, but its row {row} is not silent");
                    findings.add(element.place(), found, "declare the row silent");
                }
            }
        }
    }
}
