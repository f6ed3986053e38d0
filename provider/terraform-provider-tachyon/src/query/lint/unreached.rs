//! `unreached`: an endpoint that has no connection at all.

use std::collections::BTreeSet;

use portmatrix::connection::Way;
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "unreached",
        severity: Severity::Warning,
        title: "An endpoint without a connection",
        reports: "An endpoint takes part in no connection: no flow joins its roles with those of another, or `talks_to` and `exclude_flows` leave none.",
        why: "It gets no rule and is named by none, so nothing reaches it. Mostly a role is missing, its own or that of a peer.",
        remedy: "Look under `unresolved` and `left_out` for what it lacks, or take it out.",
        example: r#"crl = {
  roles = ["crl_distribution_point"] # nobody plays dmz_server
  cidrs = ["10.20.3.7/32"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut reached: BTreeSet<EndpointId> = BTreeSet::new();
    for connection in connections {
        reached.extend([connection.source, connection.destination]);
        if let Way::Via(route) = &connection.way {
            reached.extend(&*route.via);
        }
    }
    for (_, endpoint) in look.endpoints().filter(|(id, _)| !reached.contains(id)) {
        let matrix = look.view.input.matrix();
        let roles = matrix.role_ids().filter(|role| endpoint.plays(*role) == Truth::Yes);
        let roles: Vec<String> = roles.map(|role| quoted(matrix.role_id(role))).collect();
        let what = if endpoint.hop.is_some() {
            "stands between others".to_owned()
        } else {
            format!("plays {}", roles.join(", "))
        };
        let summary = format!("{} {what} and has no connection here.", quoted(endpoint.name));
        findings.add(look, Subject::endpoint(endpoint.name), summary, []);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn endpoints_alone() {
        let crl =
            value!({ "crl": { "roles": ["crl_distribution_point"], "cidrs": ["10.3.0.80/32"] } });
        let with_dmz = value!({
            "crl": { "roles": ["crl_distribution_point"], "cidrs": ["10.3.0.80/32"] },
            "dmz": { "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"] },
        });
        let between = |behind: &[&str]| {
            value!({
                "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16"] },
                "balancer": { "forwards_to": (behind.to_vec()), "cidrs": ["10.3.0.90/32"] },
            })
        };
        check(
            "unreached",
            &[
                Case::found("no DMZ Server", crl, &["crl"]),
                Case::silent("with one", with_dmz),
                Case::silent("a balancer", between(&["response"])),
                Case::found("one before nobody's listener", between(&["clients"]), &["balancer"]),
                Case::undecided(
                    "bounds to come",
                    value!({ "x": { "roles": ["client"], "cidrs": ["10.8.0.0/24"], "talks_to": unknown } }),
                ),
            ],
        );
    }
}
