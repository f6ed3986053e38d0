//! Ordered: everything stands as in the document, so that a person can compare by eye.

use std::collections::BTreeMap;

use super::Findings;
use super::place::{Block, blocks};
use crate::matrix::{LAST_NUMBER, Matrix, PLATFORM_NUMBER};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    rows(matrix, findings);
    let places: BTreeMap<&str, usize> =
        matrix.rows.iter().enumerate().map(|(place, row)| (row.id.as_str(), place)).collect();
    // A row that there is not was reported already.
    let silent = blocks(&matrix.silent)
        .filter_map(|(block, silent)| Some((block, *places.get(silent.row.as_str())?)));
    ascending(silent, findings);
    let parameters =
        blocks(&matrix.parameters).map(|(block, parameter)| (block, parameter.role.index()));
    ascending(parameters, findings);
    flows(matrix, findings);
}

fn rows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let tables: BTreeMap<&str, usize> =
        matrix.tables.iter().enumerate().map(|(place, table)| (table.id.as_str(), place)).collect();
    let mut last: Option<(usize, usize, u32, Block<'_>)> = None;
    for (block, row) in blocks(&matrix.rows) {
        let table = tables.get(row.table.as_str()).copied().unwrap_or(usize::MAX);
        let number = row.id.rsplit_once('/').and_then(|(_, number)| number.parse::<usize>().ok());
        let Some(number) = number else {
            findings.add(
                block.at("id"),
                "its id has no number",
                "an id is the table's id, `/`, and the row's number from 1",
            );
            continue;
        };
        let follows = match last {
            Some((last_table, last_number, ..)) if last_table == table => {
                last_number.checked_add(1) == Some(number)
            }
            Some((last_table, ..)) => table > last_table && number == 1,
            None => number == 1,
        };
        if !follows {
            findings.add(
                block.whole(),
                "it doesn't stand in its place",
                "rows stand in the page's order, numbered without a gap",
            );
        }
        if let Some((.., line, before)) = last
            && row.line <= line
        {
            findings.add_between(
                (block.at("line"), before.at("line")),
                format!("line {} comes after line {line}", row.line),
                "lines ascend",
            );
        }
        last = Some((table, number, row.line, block));
    }
}

/// Each key at least as great as the one before. What follows a misplaced one is compared with that, so that one slip is
/// told once or twice, not for the rest of the document.
fn ascending<'m>(items: impl Iterator<Item = (Block<'m>, usize)>, findings: &mut Findings<'_>) {
    let mut last = 0;
    for (block, key) in items {
        if key < last {
            findings.add(
                block.whole(),
                "it doesn't stand in its place",
                "put it where the document has it",
            );
        }
        last = key;
    }
}

fn flows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut numbers: BTreeMap<u16, (Block<'_>, &str)> = BTreeMap::new();
    let mut last: Option<(u16, Block<'_>)> = None;
    for (block, flow) in blocks(&matrix.flows) {
        // A row of the user's own has none.
        let Some(number) = flow.number else { continue };
        let place = || block.at("number");
        if number == PLATFORM_NUMBER {
            findings.add(
                place(),
                format!("its number {PLATFORM_NUMBER} is kept for the platforms"),
                "give it the next free number",
            );
        }
        if !(1..=LAST_NUMBER).contains(&number) {
            let mend = format!("numbers are 1 to {LAST_NUMBER}: platforms have no room for others");
            findings.add(place(), format!("its number is {number}"), mend);
        } else if let Some((other, id)) = numbers.insert(number, (block, &flow.id)) {
            findings.add_between(
                (place(), other.at("number")),
                format!("its number {number} is that of {id}"),
                "take the next free one",
            );
        } else if let Some((before, other)) = last
            && number < before
        {
            findings.add_between(
                (place(), other.at("number")),
                format!("its number {number} comes after {before}"),
                "flows stand by number",
            );
        }
        last = Some((number, block));
    }
}
