//! `families_disjoint`: one end has IPv4 alone, the other IPv6 alone.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Family;
use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Pass};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "families_disjoint",
        severity: Severity::Warning,
        title: "No address family in common",
        reports: "Two endpoints with a connection, or with a step of one, both have CIDRs, the one of IPv4 alone and the other of IPv6 alone.",
        why: "No packet goes from one family to the other, so the rules of the connection never serve.",
        remedy: "Give both ends the CIDRs of one family, or bound them apart by `talks_to`.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
clients = {
  roles = ["client"]
  cidrs = ["2001:db8:32::/48"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut families: Vec<Vec<Family>> = Vec::new();
    for (id, _) in look.endpoints() {
        let Known::Known(blocks) = look.cidrs(id) else { return findings.leave_undecided() };
        let mut found: Vec<Family> = blocks.iter().map(|block| block.cidr.family()).collect();
        found.dedup();
        families.push(found);
    }
    let of = |id: EndpointId| {
        families.get(id.index()).or_bug("an endpoint of another deployment").as_slice()
    };
    let mut apart: BTreeMap<(EndpointId, EndpointId), Vec<&Connection<'_>>> = BTreeMap::new();
    for connection in connections {
        for Pass { from, to, seen, .. } in connection.passes() {
            // What keeps the source sends with addresses that are not its own.
            let from = if look.view.keeps_source(from) { seen } else { from };
            for source in BTreeSet::from([from, seen]) {
                let ([one], [other]) = (of(source), of(to)) else { continue };
                if one == other {
                    continue;
                }
                let all: &mut Vec<&Connection<'_>> = apart.entry((source, to)).or_default();
                // One on several ways may have a step twice.
                if !all.last().is_some_and(|last| std::ptr::eq(*last, connection)) {
                    all.push(connection);
                }
            }
        }
    }
    for ((source, destination), connections) in apart {
        let (source, destination) = (look.name(source), look.name(destination));
        let summary = format!(
            "{} and {} have no address family in common, so {} can't work.",
            quoted(source),
            quoted(destination),
            super::counted(connections.len(), "connection")
        );
        findings.add(look, Subject::pair(source, destination), summary, connections);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn ends_without_a_family_in_common() {
        let clients = |cidrs: &[&str]| value!({ "clients": { "roles": ["client"], "cidrs": (cidrs.to_vec()) } });
        let grouped = value!({ "clients": { "roles": ["client"], "security_group_id": "sg-1" } });
        let balanced = |cidrs: &[&str]| {
            value!({
                "clients": { "roles": ["client"], "cidrs": ["2001:db8::/64"] },
                "balancer": { "forwards_to": ["response"], "from_roles": ["client"], "cidrs": (cidrs.to_vec()) },
            })
        };
        check(
            "families_disjoint",
            &[
                Case::found("IPv6 alone", clients(&["2001:db8::/32"]), &["clients response"]),
                Case::silent("both", clients(&["10.1.0.0/16", "2001:db8::/32"])),
                Case::silent("a group alone", grouped),
                Case::silent(
                    "a balancer that has both",
                    balanced(&["10.3.0.90/32", "2001:db8::90/128"]),
                ),
                Case::found("one of IPv4", balanced(&["10.3.0.90/32"]), &["clients balancer"]),
                Case::undecided(
                    "to come",
                    value!({ "clients": { "roles": ["client"], "cidrs": unknown } }),
                ),
            ],
        );
    }
}
