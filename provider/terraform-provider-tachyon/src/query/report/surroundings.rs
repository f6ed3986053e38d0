//! What pages show around the lines: the picture, what to look at, what is left out.

use pictures::Drawing;
use portmatrix::known::Known;

use crate::leaf::Leaf;
use crate::output::{LeftOut, Unresolved, flows_left_out, unresolved_flows};
use crate::platform::lint::Finding;
use crate::platform::view::View;
use crate::query::diagram;
use crate::query::lint::{self, settings::Settings};

/// What pages show around the lines.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) drawing: Drawing,
    /// What the lints find, warnings included; the gravest first.
    pub(super) findings: Vec<Finding>,
    pub(super) left_out: Vec<LeftOut<'a>>,
    pub(super) unresolved: Vec<Unresolved<'a>>,
}

impl<'a> Surroundings<'a> {
    /// What is around the connections of a deployment. Unknown while a part is, since a text can't be known in part.
    pub(super) fn of(view: &'a View<'_>) -> Known<Self> {
        let deployment = &view.input.deployment;
        let Known::Known(drawing) = diagram::drawing::of(view.input, &view.connections) else {
            return Known::Unknown;
        };
        let linted = lint::answer(view, &Settings::default());
        if !linted.undecided.is_empty() {
            return Known::Unknown;
        }
        let left_out = flows_left_out(deployment, &view.left_out);
        let unresolved = unresolved_flows(deployment);
        let (Leaf::Known(left_out), Leaf::Known(unresolved)) = (left_out, unresolved) else {
            return Known::Unknown;
        };
        Known::Known(Self { drawing, findings: linted.findings, left_out, unresolved })
    }
}

/// What is left out, in words: the flow, the endpoint, why, and the rows.
pub(super) fn left_out<'s>(
    around: &'s Surroundings<'_>,
) -> impl Iterator<Item = [String; 4]> + use<'s> {
    let left_out = around.left_out.iter().map(|one| {
        let why = match one.reason {
            "excluded" => "excluded by `exclude_flows`",
            "replaced" => "replaced by another part of the installation",
            "not_bound" => "`talks_to` leaves the endpoint no partner",
            other => other,
        };
        let endpoint = one.endpoint.unwrap_or("all endpoints");
        [one.flow, endpoint, why, &one.citations.join(", ")].map(str::to_owned)
    });
    let unresolved = around.unresolved.iter().map(|one| {
        let why = format!("no endpoint plays {}", one.missing_role);
        [one.flow, one.endpoint, &why, &one.citations.join(", ")].map(str::to_owned)
    });
    left_out.chain(unresolved)
}
