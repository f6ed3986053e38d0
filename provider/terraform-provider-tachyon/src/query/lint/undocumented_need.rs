//! `undocumented_need`: what practically every installation needs and the document has no row for.

use portmatrix::known::Truth;
use portmatrix::matrix::RoleId;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "undocumented_need",
        severity: Severity::Info,
        title: "A need without a row",
        reports: "The document has no row for traffic that practically every installation needs, such as the directory, and an endpoint plays a role that needs it. What depends on \
            further products stands in the guide to the document alone.",
        why: "The rules that follow from the document are not enough for these machines, and a group without other rules cuts them off.",
        remedy: "Allow it by rules of your own, such as `extra_rules` of the modules, or disable the lint once that is done.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    if !look.is_decided() {
        return findings.leave_undecided();
    }
    let matrix = look.view.input.matrix();
    let first = |role: RoleId| {
        let mut plays = look.endpoints().filter(|(_, it)| it.plays(role) == Truth::Yes);
        plays.next().map(|(id, _)| id)
    };
    for need in &matrix.not_covered {
        let roles = need.roles.iter().filter_map(|id| matrix.role(id));
        let Some(endpoint) = roles.filter_map(first).min() else { continue };
        let summary = format!("{}: {}. {}", need.need, need.ports, need.why);
        findings.add(look, Subject::endpoint(look.name(endpoint)), summary, []);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn what_has_no_row() {
        let without = value!({
            "master": null, "response": null, "sql": null, "clients": null,
            "mail": { "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"] },
        });
        let client = value!({
            "master": null, "response": null, "sql": null,
            "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16"] },
        });
        let all = ["master"; 5];
        check(
            "undocumented_need",
            &[
                Case::found("an installation", value!({}), &[&["clients"][..], &all].concat()),
                Case::found("clients alone", client, &["clients"]),
                Case::silent("nobody of the product", without),
                Case::undecided(
                    "roles to come",
                    value!({ "x": { "roles": unknown, "cidrs": ["10.8.0.0/24"] } }),
                ),
            ],
        );
    }
}
