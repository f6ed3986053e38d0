//! Ordered: everything stands as in the document, so that a person can compare by eye.

use std::collections::BTreeMap;

use super::Findings;
use crate::matrix::{LAST_NUMBER, Matrix, PLATFORM_NUMBER};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    rows(matrix, findings);
    let places: BTreeMap<&str, usize> =
        matrix.rows.iter().enumerate().map(|(place, row)| (row.id.as_str(), place)).collect();
    let silent = matrix
        .silent
        .iter()
        .filter_map(|silent| Some((silent.row.as_str(), *places.get(silent.row.as_str())?)));
    ascending("silent", silent, findings);
    ascending(
        "parameter",
        matrix.parameters.iter().map(|parameter| (parameter.id.as_str(), parameter.role.index())),
        findings,
    );
    flows(matrix, findings);
}

fn rows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let tables: BTreeMap<&str, usize> =
        matrix.tables.iter().enumerate().map(|(place, table)| (table.id.as_str(), place)).collect();
    let mut last: Option<(usize, usize, u32)> = None;
    for row in &matrix.rows {
        let place = format!("row {}", row.id);
        let table = tables.get(row.table.as_str()).copied().unwrap_or(usize::MAX);
        let number = row.id.rsplit_once('/').and_then(|(_, number)| number.parse::<usize>().ok());
        let Some(number) = number else {
            findings.add(
                place,
                "its id has no number",
                "an id is the table's id, `/`, and the row's number from 1",
            );
            continue;
        };
        let follows = match last {
            Some((last_table, last_number, _)) if last_table == table => {
                last_number.checked_add(1) == Some(number)
            }
            Some((last_table, ..)) => table > last_table && number == 1,
            None => number == 1,
        };
        if !follows {
            findings.add(
                &place,
                "it doesn't stand in its place",
                "rows stand in the page's order, numbered without a gap",
            );
        }
        if let Some((.., line)) = last
            && row.line <= line
        {
            findings.add(
                &place,
                format!("line {} comes after line {line}", row.line),
                "lines ascend",
            );
        }
        last = Some((table, number, row.line));
    }
}

/// Each key at least as great as the one before. What follows a misplaced one is compared with that, so that one slip is
/// told once or twice, not for the rest of the document.
fn ascending<'m>(
    kind: &str,
    items: impl Iterator<Item = (&'m str, usize)>,
    findings: &mut Findings<'_>,
) {
    let mut last = 0;
    for (id, key) in items {
        if key < last {
            findings.add(
                format!("{kind} {id}"),
                "it doesn't stand in its place",
                "put it where the document has it",
            );
        }
        last = key;
    }
}

fn flows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut numbers: BTreeMap<u16, &str> = BTreeMap::new();
    let mut last = 0;
    for flow in &matrix.flows {
        // A row of the user's own has none.
        let Some(number) = flow.number else { continue };
        let place = format!("flow {}", flow.id);
        if number == PLATFORM_NUMBER {
            findings.add(
                &place,
                format!("its number {PLATFORM_NUMBER} is kept for the platforms"),
                "give it the next free number",
            );
        }
        if !(1..=LAST_NUMBER).contains(&number) {
            let mend = format!("numbers are 1 to {LAST_NUMBER}: platforms have no room for others");
            findings.add(&place, format!("its number is {number}"), mend);
        } else if let Some(other) = numbers.insert(number, &flow.id) {
            findings.add(
                &place,
                format!("its number {number} is that of {other}"),
                "take the next free one",
            );
        } else if number < last {
            findings.add(
                &place,
                format!("its number {number} comes after {last}"),
                "flows stand by number",
            );
        }
        last = number;
    }
}
