//! Complete: every table has its rows, and every row is used by a flow or declared silent.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use crate::matrix::{Flow, Matrix, Row};

/// How many missing rows of one table are named.
const NAMED: usize = 20;

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    tables(matrix, findings);
    let uses = Uses::of(matrix);
    for row in &matrix.rows {
        uses.check(row, findings);
    }
    for flow in &matrix.flows {
        sources(flow, findings);
    }
    silent(matrix, &uses, findings);
}

fn tables(matrix: &Matrix, findings: &mut Findings<'_>) {
    let present: BTreeSet<&str> = matrix.rows.iter().map(|row| row.id.as_str()).collect();
    for table in &matrix.tables {
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
                format!("table {}", table.id),
                format!("{count} rows where the page prints {}", table.rows),
                mend,
            );
        }
    }
}

/// Which flows use a row as which half, and which rows are silent.
struct Uses<'m> {
    out: BTreeMap<&'m str, Vec<&'m Flow>>,
    into: BTreeMap<&'m str, Vec<&'m Flow>>,
    silent: BTreeSet<&'m str>,
}

impl<'m> Uses<'m> {
    fn of(matrix: &'m Matrix) -> Self {
        let mut uses =
            Self { out: BTreeMap::new(), into: BTreeMap::new(), silent: BTreeSet::new() };
        for flow in &matrix.flows {
            for row in &flow.out_rows {
                uses.out.entry(row).or_default().push(flow);
            }
            for row in &flow.in_rows {
                uses.into.entry(row).or_default().push(flow);
            }
        }
        uses.silent = matrix.silent.iter().map(|silent| silent.row.as_str()).collect();
        uses
    }

    fn flows(&self, row: &str) -> impl Iterator<Item = &'m Flow> {
        let halves = [self.out.get(row), self.into.get(row)];
        halves.into_iter().flatten().flatten().copied()
    }

    fn check(&self, row: &Row, findings: &mut Findings<'_>) {
        let place = format!("row {}", row.id);
        let direction = row.reading.direction;
        let silent = self.silent.contains(row.id.as_str());
        let begins = self.out.get(row.id.as_str()).map_or(0, Vec::len);
        let ends = self.into.get(row.id.as_str()).map_or(0, Vec::len);
        if begins > 1 {
            let flows: Vec<&str> =
                self.out.get(row.id.as_str()).into_iter().flatten().map(|flow| &*flow.id).collect();
            findings.add(
                &place,
                format!("flows {} all begin at it", flows.join(", ")),
                "an output is used once",
            );
        }
        if silent {
            for flow in self.flows(&row.id).filter(|flow| !flow.host_local) {
                findings.add(
                    &place,
                    format!("it is silent, and flow {} uses it", flow.id),
                    "it is one or the other",
                );
            }
        } else if begins + ends == 0 {
            findings.add(
                &place,
                "no flow uses it, and it is not silent",
                "add a flow, or a silent row that says why",
            );
        } else if direction.goes_out() && begins == 0 {
            findings.add(
                &place,
                "no flow begins at it",
                "it is an output: name it in a flow's out_rows",
            );
        } else if direction.comes_in() && ends == 0 {
            findings.add(
                &place,
                "no flow ends at it",
                "it is an input: name it in a flow's in_rows",
            );
        }
    }
}

/// A flow has rows of its own, or rows whose text asks for it.
fn sources(flow: &Flow, findings: &mut Findings<'_>) {
    let place = format!("flow {}", flow.id);
    let printed = !flow.out_rows.is_empty() || !flow.in_rows.is_empty();
    match (&flow.derived_from, printed) {
        (Some(_), true) => {
            findings.add(
                place,
                "it is derived, and has rows of its own",
                "drop derived_from, or name prose_rows only",
            );
        }
        (Some(_), false) if flow.prose_rows.is_empty() => {
            findings.add(
                place,
                "no row asks for it",
                "name the rows whose text does in prose_rows",
            );
        }
        (None, false) => {
            findings.add(
                place,
                "no row asks for it",
                "name its out_rows and in_rows, or the flow it is derived_from",
            );
        }
        _ => {}
    }
}

fn silent(matrix: &Matrix, uses: &Uses<'_>, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for silent in &matrix.silent {
        let place = format!("silent {}", silent.row);
        if !seen.insert(&silent.row) {
            findings.add(&place, "it is declared twice", "keep one");
        }
        if silent.why.trim().is_empty() {
            findings.add(&place, "it doesn't say why", "say why nothing comes of the row");
        }
    }
    for flow in matrix.flows.iter().filter(|flow| flow.host_local) {
        for row in flow.citations().into_iter().filter(|row| !uses.silent.contains(row)) {
            let found = format!("it stays inside a host, but its row {row} is not silent");
            findings.add(format!("flow {}", flow.id), found, "declare the row silent");
        }
    }
}
