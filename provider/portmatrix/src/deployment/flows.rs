//! The flows that a deployment names: those that are not wanted, and those that are wanted on purpose.

use std::collections::BTreeMap;

use super::Names;
use crate::known::{Known, Truth};
use crate::matrix::{Flow, Matrix};
use crate::mistake::EndpointMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// Whether a list of ids names the flow.
pub(super) fn named(ids: &Known<Vec<Known<&str>>>, flow: &Flow) -> Truth {
    match ids {
        Known::Known(ids) => {
            Truth::any(ids.iter().map(|id| Truth::from(id.map(|id| id == flow.id))))
        }
        Known::Unknown => Truth::Maybe,
    }
}

/// Ids of flows that there are, none twice; others are reported and left out.
pub(super) fn check_flows<'a>(
    matrix: &Matrix,
    names: &Names<'a>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Vec<Known<&'a str>>> {
    let Known::Known(ids) = names else { return Known::Unknown };
    let mut checked: Vec<Known<&str>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, id) in ids.iter().enumerate() {
        if let Known::Known(id) = id {
            if matrix.flow(id).is_none() {
                let known = matrix.flows.iter().map(|flow| flow.id.as_str());
                problems.add_unknown_name(
                    &at.index(index),
                    EndpointMistake::UnknownFlow,
                    "flow",
                    id,
                    known,
                );
                continue;
            }
            if let Some(first) = places.get(id) {
                problems.add_between(
                    (&at.index(index), &at.index(*first)),
                    EndpointMistake::RepeatedFlow,
                    format!("The flow {} is listed twice.", quoted(id)),
                );
                continue;
            }
            places.insert(id, index);
        }
        checked.push(*id);
    }
    Known::Known(checked)
}

/// A flow can't be wanted and not wanted. One that there is not was reported.
pub(super) fn check_contradictions(
    matrix: &Matrix,
    excluded: &Names<'_>,
    included: &Names<'_>,
    problems: &mut Problems,
) {
    let (Known::Known(excluded), Known::Known(included)) = (excluded, included) else { return };
    let root = At::ROOT;
    let [excluded_at, included_at] = ["exclude_flows", "include_flows"].map(|name| root.name(name));
    for (index, id) in included.iter().enumerate() {
        if let Known::Known(name) = id
            && matrix.flow(name).is_some()
            && let Some(other) = excluded.iter().position(|other| other == id)
        {
            let detail = format!(
                "The flow {} stands in `exclude_flows` too. Take it out of one of the two.",
                quoted(name)
            );
            let places = (&included_at.index(index), &excluded_at.index(other));
            problems.add_between(places, EndpointMistake::ContradictingFlow, detail);
        }
    }
}
