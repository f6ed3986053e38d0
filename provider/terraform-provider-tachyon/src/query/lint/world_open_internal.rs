//! `world_open_internal`: everybody's address stands for something that is not everybody.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "world_open_internal",
        severity: Severity::Error,
        title: "Open to the whole Internet",
        reports: "The CIDRs of an endpoint hold every IPv4 or every IPv6 address, and they stand for it in the rules of its peers, while its role is none of devices or services \
            on the Internet. Destinations outside of the product are left to `very_wide_source`: a mail relay may be anywhere, and nothing is opened inside.",
        why: "The peers of the endpoint accept its traffic from every address there is.",
        remedy: "Give the endpoint the networks that it really has.",
        example: r#"browsers = {
  roles = ["browser"]
  cidrs = ["0.0.0.0/0"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut open: BTreeMap<EndpointId, Vec<String>> = BTreeMap::new();
    for (id, _) in look.endpoints() {
        let Known::Known(blocks) = look.standing(id) else { return findings.leave_undecided() };
        let merged = cidrs::merge(blocks.iter().map(|block| block.cidr));
        let all: Vec<String> =
            merged.iter().filter(|it| it.length() == 0).map(ToString::to_string).collect();
        if !all.is_empty() {
            open.insert(id, all);
        }
    }
    let mut blamed: BTreeMap<EndpointId, Vec<&Connection<'_>>> = BTreeMap::new();
    for connection in connections {
        for (end, is_meant) in meant(look, connection) {
            if !is_meant && open.contains_key(&end) {
                let all: &mut Vec<&Connection<'_>> = blamed.entry(end).or_default();
                // One with itself has the endpoint at both ends.
                if !all.last().is_some_and(|last| std::ptr::eq(*last, connection)) {
                    all.push(connection);
                }
            }
        }
    }
    for (id, connections) in blamed {
        let name = look.name(id);
        let all = open.get(&id).or_bug("an endpoint that stands for not all");
        let summary = format!(
            "{} stands for every address ({}), in {} connection{}.",
            quoted(name),
            all.join(" and "),
            connections.len(),
            if connections.len() == 1 { "" } else { "s" }
        );
        findings.add(look, Subject::endpoint(name), summary, connections);
    }
}

/// Both ends of a connection, and whether everybody's address is meant there.
fn meant(look: &Look<'_, '_>, connection: &Connection<'_>) -> [(EndpointId, bool); 2] {
    let flow = connection.flow;
    let is_public = |role| look.zone_of(role).public;
    let is_outside = look.view.input.matrix().role_at(flow.to).outside;
    [
        (connection.source, is_public(flow.from)),
        (connection.destination, is_public(flow.to) || is_outside),
    ]
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn an_endpoint_of_everybody() {
        let clients = |cidrs: &[&str]| value!({ "clients": { "roles": ["client"], "cidrs": (cidrs.to_vec()) } });
        check(
            "world_open_internal",
            &[
                Case::found("everybody", clients(&["0.0.0.0/0"]), &["clients"]),
                Case::found("in two halves", clients(&["0.0.0.0/1", "128.0.0.0/1"]), &["clients"]),
                Case::found("of IPv6", clients(&["10.0.0.0/8", "::/0"]), &["clients"]),
                Case::silent("one half alone", clients(&["128.0.0.0/1"])),
                Case::silent(
                    "devices on the Internet",
                    value!({
                        "internet": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0"] },
                        "dmz": { "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"] },
                    }),
                ),
                Case::silent(
                    "a destination outside of the product",
                    value!({ "mail": { "roles": ["smtp_server"], "cidrs": ["0.0.0.0/0"] } }),
                ),
                Case::silent(
                    "a group that stands for it",
                    value!({ "clients": { "roles": ["client"], "cidrs": ["0.0.0.0/0"], "security_group_id": "sg-1" } }),
                ),
                Case::undecided(
                    "networks to come",
                    value!({ "clients": { "roles": ["client"], "cidrs": unknown } }),
                ),
            ],
        );
    }
}
