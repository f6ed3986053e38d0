//! What stands in `warnings` elsewhere, as findings under the same ids.

use portmatrix::connection::WarningKind;
use portmatrix::matrix::Matrix;

use crate::output::Warning;
use crate::platform::lint::{Finding, Severity};

/// How much a warning matters.
pub(super) const SEVERITY: Severity = Severity::Warning;

/// The ids of what any document, and this document itself, may warn of.
pub(super) fn ids(matrix: &Matrix) -> impl Iterator<Item = &str> {
    let cautions = matrix.parameters.iter().flat_map(|parameter| &parameter.cautions);
    WarningKind::KINDS.iter().map(|kind| kind.id).chain(cautions.map(|it| it.id.as_str()))
}

/// A warning as a finding; `remedies` are those of its platform.
pub(super) fn finding(
    matrix: &Matrix,
    warning: Warning,
    remedies: &[(&'static str, &'static str)],
) -> Finding {
    let Warning { id, endpoint, detail, .. } = warning;
    let of_platform = remedies.iter().find(|(known, _)| *known == id).map(|(_, remedy)| *remedy);
    let of_document = || {
        let cautions = matrix.parameters.iter().flat_map(|parameter| &parameter.cautions);
        cautions.filter(|it| it.id == id).map(|it| it.remedy.as_str()).find(|it| !it.is_empty())
    };
    let remedy = of_platform.or_else(|| of_kind(&id)).or_else(of_document);
    Finding {
        severity: SEVERITY.as_str(),
        endpoint: Some(endpoint),
        peer: None,
        summary: detail,
        remedy: remedy.unwrap_or(OTHERWISE).to_owned(),
        flows: Vec::new(),
        keys: Vec::new(),
        citations: Vec::new(),
        id,
    }
}

/// Where a document of the user's own says nothing.
const OTHERWISE: &str =
    "Do what the summary asks for, or disable the lint by its id if this is meant.";

/// What to do about a warning that any document may give.
pub(super) const fn remedy(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::TalksToWithoutFlow => "Take the role out of `talks_to`.",
        WarningKind::RoleWithoutEffect => {
            "Take the role out, or give it to an endpoint of its own if it is another machine."
        }
        WarningKind::MoreThanOne => {
            "Keep the role on one endpoint; describe two installations as two deployments."
        }
        WarningKind::JoinedWithAll => "Write the `talks_to` that the summary shows.",
        WarningKind::BoundToNobody => {
            "Add one of the endpoints that the summary lists to `talks_to`."
        }
        WarningKind::RequiredFlowExcluded => {
            "Take the flow out of `exclude_flows`, unless something else opens the port."
        }
        WarningKind::AmbiguousFlow => {
            "Name the flow in `include_flows` if you need it, or in `exclude_flows` if you don't."
        }
        WarningKind::NobodyPlays => {
            "Add the endpoint, or disable the lint where its rules come from elsewhere."
        }
        WarningKind::SeveralWays => {
            "Say in `from_roles` whose traffic takes which way, unless all of it may take each."
        }
        WarningKind::OwnPortOfHost => "Choose another port, or move that service.",
        WarningKind::DerivedPortInList => {
            "Choose ports that are not derived from each other, unless the services have interfaces of their own."
        }
    }
}

fn of_kind(id: &str) -> Option<&'static str> {
    let kind = WarningKind::ALL.iter().find(|kind| kind.kind().id == id);
    kind.map(|kind| remedy(*kind))
}
