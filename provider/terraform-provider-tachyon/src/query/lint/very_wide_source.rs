//! `very_wide_source`: a network of millions of addresses stands for an endpoint.

use std::collections::BTreeMap;

use cidrs::{Cidr, Family};
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

/// The longest prefixes that are very wide.
const LENGTH_V4: u8 = 8;
const LENGTH_V6: u8 = 32;

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "very_wide_source",
        severity: Severity::Info,
        title: "A very wide network",
        reports: "A CIDR of an endpoint is `/8` or wider (IPv6: `/32` or wider) and stands for it in the rules of its peers, while its role is none of devices or services on the Internet. \
            Neighbours count together: two halves of a `/8` are one. `/9` and `/33` are not reported; every address, where it opens something inside, is `world_open_internal`.",
        why: "Such a network holds far more than the machines that are meant, and every one of them may connect.",
        remedy: "Give the networks in which these machines really are; `summarize_cidrs` finds few that hold them.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
clients = {
  roles = ["client"]
  cidrs = ["10.0.0.0/8"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut wide: BTreeMap<EndpointId, Vec<Cidr>> = BTreeMap::new();
    for (id, _) in look.endpoints() {
        let Known::Known(blocks) = look.standing(id) else { return findings.leave_undecided() };
        let merged = cidrs::merge(blocks.iter().map(|block| block.cidr));
        let found: Vec<Cidr> = merged.into_iter().filter(is_wide).collect();
        if !found.is_empty() {
            wide.insert(id, found);
        }
    }
    let mut blamed: BTreeMap<EndpointId, Vec<&Connection<'_>>> = BTreeMap::new();
    for connection in connections {
        let flow = connection.flow;
        for (end, role) in [(connection.source, flow.from), (connection.destination, flow.to)] {
            let Some(found) = wide.get(&end).filter(|_| !look.zone_of(role).public) else {
                continue;
            };
            // Every address is an error of its own, except outside of the product.
            let is_everything = found.iter().all(|cidr| cidr.length() == 0);
            let is_outside = look.view.input.matrix().role_at(role).outside;
            if !is_everything || (is_outside && end == connection.destination) {
                blamed.entry(end).or_default().push(connection);
            }
        }
    }
    for (id, connections) in blamed {
        let name = look.name(id);
        let found: Vec<String> =
            wide.get(&id).into_iter().flatten().map(ToString::to_string).collect();
        let summary = format!("{} stands for {}.", quoted(name), found.join(", "));
        findings.add(look, Subject::endpoint(name), summary, connections);
    }
}

fn is_wide(cidr: &Cidr) -> bool {
    let most = match cidr.family() {
        Family::V4 => LENGTH_V4,
        Family::V6 => LENGTH_V6,
    };
    cidr.length() <= most
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn networks_of_millions() {
        let clients = |cidrs: &[&str]| value!({ "clients": { "roles": ["client"], "cidrs": (cidrs.to_vec()) } });
        check(
            "very_wide_source",
            &[
                Case::found("a /8", clients(&["10.0.0.0/8"]), &["clients"]),
                Case::found(
                    "two halves of one",
                    clients(&["10.0.0.0/9", "10.128.0.0/9"]),
                    &["clients"],
                ),
                Case::found("a /32 of IPv6", clients(&["2001:db8::/32"]), &["clients"]),
                Case::silent("a /9", clients(&["10.0.0.0/9"])),
                Case::silent("a /33 of IPv6", clients(&["2001:db8::/33"])),
                Case::silent("everything, which is an error", clients(&["0.0.0.0/0"])),
                Case::undecided(
                    "to come",
                    value!({ "clients": { "roles": ["client"], "cidrs": unknown } }),
                ),
            ],
        );
    }
}
