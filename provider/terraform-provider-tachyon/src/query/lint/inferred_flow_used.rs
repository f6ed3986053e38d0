//! `inferred_flow_used`: a connection rests on what was concluded, not on what the document says.

use portmatrix::known::Known;
use portmatrix::matrix::Basis;
use portmatrix::path::quoted;

use super::listened::by_listener;
use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "inferred_flow_used",
        severity: Severity::Info,
        title: "An inferred flow is in use",
        reports: "A connection exists whose flow the document does not ask for in so many words: it was inferred from what it says (`documented` is false).",
        why: "A reviewer may want to know which rules rest on a conclusion of ours, and the conclusion may be wrong.",
        remedy: "Read the reason, ask the vendor where it matters, and exclude the flow by `exclude_flows` if you don't need it.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
configmgr = {
  roles = ["configmgr_provider"]
  cidrs = ["10.20.40.10/32"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let inferred = connections.iter().filter(|it| matches!(it.flow.basis, Basis::Inferred { .. }));
    for (listener, flow, connections) in by_listener(inferred.collect()) {
        let Basis::Inferred { why, .. } = &flow.basis else { continue };
        let name = look.name(listener);
        let summary = format!("{} to {} is inferred: {why}", flow.id, quoted(name));
        findings.add(look, Subject::endpoint(name), summary, connections);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn what_was_concluded() {
        let cloud = value!({ "cloud": { "roles": ["cloud_1e"], "cidrs": ["10.8.0.0/24"] } });
        let mail = value!({ "mail": { "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"] } });
        check(
            "inferred_flow_used",
            &[
                Case::found("1E Cloud", cloud, &["cloud"]),
                Case::silent("what the document asks for", mail),
                Case::undecided(
                    "roles to come",
                    value!({ "x": { "roles": unknown, "cidrs": ["10.8.0.0/24"] } }),
                ),
            ],
        );
    }
}
