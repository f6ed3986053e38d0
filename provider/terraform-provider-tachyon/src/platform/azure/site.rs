//! Priorities of rows of the user's own: twenty numbers each, from the one that the row says.

use portmatrix::matrix::{Basis, Flow, Matrix, PLATFORM_NUMBER};
use portmatrix::path::{At, quoted};
use portmatrix::problem::Problems;

use super::AzureMistake;
use super::priority::{BAND, LAST_OWN_BAND, OWN_BAND};

/// The first number behind the bands of a document: free for rows of the user's own beside it.
pub(crate) fn first_free(matrix: &Matrix) -> u16 {
    let numbers = matrix.flows.iter().filter_map(|flow| flow.number);
    (numbers.fold(PLATFORM_NUMBER, u16::max) + 1) * BAND
}

/// The rows of the user's own, each with the first of its numbers.
fn own(matrix: &Matrix) -> impl Iterator<Item = (&Flow, Option<u16>)> {
    matrix.flows.iter().filter_map(|flow| match flow.basis {
        Basis::Site { priority } => Some((flow, priority)),
        _ => None,
    })
}

/// Whether a row of the user's own has the number.
pub(super) fn has(matrix: &Matrix, number: u16) -> bool {
    own(matrix).any(|(_, first)| {
        first.is_some_and(|first| (first..first.saturating_add(OWN_BAND)).contains(&number))
    })
}

/// Reports numbers that rules of the document have, or that there are not, or that two rows share.
pub(super) fn check(matrix: &Matrix, problems: &mut Problems) {
    let root = At::ROOT;
    let additions = root.name("additions");
    let flows = additions.name("flows");
    let free = first_free(matrix);
    let mut bands: Vec<(u16, &Flow)> = Vec::new();
    for (flow, priority) in own(matrix) {
        let Some(first) = priority else { continue };
        let at = flows.key(&flow.id);
        let at = at.name("priority");
        if !(free..=LAST_OWN_BAND).contains(&first) {
            let detail = format!(
                "Found {first}. Beside the document {} a row of your own begins at {free} to {LAST_OWN_BAND}, and has {OWN_BAND} priorities from there.",
                matrix.version
            );
            problems.add(&at, AzureMistake::PriorityOutOfRange, detail);
            continue;
        }
        bands.push((first, flow));
    }
    bands.sort_by_key(|(first, flow)| (*first, &flow.id));
    for ((first, holder), (second, flow)) in bands.iter().zip(bands.iter().skip(1)) {
        if second - first < OWN_BAND {
            let at = flows.key(&flow.id);
            let next = first + OWN_BAND;
            let detail = format!(
                "{second} to {} meet those of {}, {first} to {}. The next that is free of it is {next}.",
                second + OWN_BAND - 1,
                quoted(&holder.id),
                next - 1
            );
            let other = flows.key(&holder.id);
            problems.add_between(
                (&at.name("priority"), &other.name("priority")),
                AzureMistake::OverlappingPriorities,
                detail,
            );
        }
    }
}

/// Reports rows without a number, which Azure's rules need.
pub(super) fn check_complete(matrix: &Matrix, problems: &mut Problems) {
    let root = At::ROOT;
    let additions = root.name("additions");
    let flows = additions.name("flows");
    let free = first_free(matrix);
    for (flow, _) in own(matrix).filter(|(_, priority)| priority.is_none()) {
        let at = flows.key(&flow.id);
        let detail = format!(
            "It is missing. Azure's rules need the first of {OWN_BAND} priorities that are this flow's, from {free} to {LAST_OWN_BAND}."
        );
        problems.add(&at.name("priority"), AzureMistake::NoPriority, detail);
    }
}
