//! `addresses_overlap`: a network of one endpoint lies in that of another, so that rules for the one admit the other.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Cidr;
use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{PortRange, Transport};
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};
use crate::platform::view::Direction;

/// How many pairs of endpoints are looked at: networks that all are one would give more than anybody reads.
const MOST_PAIRS: usize = 20_000;

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "addresses_overlap",
        severity: Severity::Warning,
        title: "Addresses overlap",
        reports: "CIDRs of two endpoints overlap, both stand for their endpoints in rules, and the one has connections that the other lacks. Not reported are two endpoints with the same \
            connections, and devices or services on the Internet, whose networks hold everything by nature.",
        why: "A rule for the wider network admits the machines of the other as well, which no row asks for.",
        remedy: "Give the wider endpoint the networks without those of the other, or address one of them by a group.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
clients = {
  roles = ["client"]
  cidrs = ["10.20.0.0/16"] # the server stands in it
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    if !look.is_decided() {
        return findings.leave_undecided();
    }
    let mut blocks: Vec<(Cidr, EndpointId)> = Vec::new();
    for (id, endpoint) in look.endpoints() {
        let Known::Known(standing) = look.standing(id) else { return findings.leave_undecided() };
        let is_between = endpoint.hop.is_some();
        if is_between || look.zones(id).iter().any(|zone| !zone.public) {
            blocks.extend(standing.iter().map(|block| (block.cidr, id)));
        }
    }
    for ((one, other), (outer, inner)) in overlapping(blocks) {
        if findings.is_full() {
            return;
        }
        let own = uncommon(look, one, other);
        // A connection between the two is one of either.
        let mut blamed = own.clone();
        let is_new = |it: &&Connection<'_>| !own.iter().any(|known| std::ptr::eq(*known, *it));
        blamed.extend(uncommon(look, other, one).into_iter().filter(is_new));
        if blamed.is_empty() {
            continue;
        }
        let (one, other) = (look.name(one), look.name(other));
        let summary = format!(
            "{} and {} overlap ({}), so rules for the one admit the other: {} that only one of them has.",
            quoted(one),
            quoted(other),
            if outer == inner { outer.to_string() } else { format!("{inner} lies in {outer}") },
            super::counted(blamed.len(), "connection")
        );
        findings.add(look, Subject::pair(one, other), summary, blamed);
    }
}

/// Pairs of endpoints of which a block holds one of the other, with the first such blocks: outer and inner.
fn overlapping(
    mut blocks: Vec<(Cidr, EndpointId)>,
) -> BTreeMap<(EndpointId, EndpointId), (Cidr, Cidr)> {
    // Whatever holds a block sorts before it, so the blocks that hold the next one lie on a stack.
    blocks.sort_unstable();
    let mut pairs = BTreeMap::new();
    let mut holding: Vec<(Cidr, EndpointId)> = Vec::new();
    for (cidr, endpoint) in blocks {
        while holding.last().is_some_and(|(outer, _)| !outer.contains(&cidr)) {
            holding.pop();
        }
        for (outer, other) in holding.iter().filter(|(_, other)| *other != endpoint) {
            let pair = (endpoint.min(*other), endpoint.max(*other));
            pairs.entry(pair).or_insert((*outer, cidr));
            if pairs.len() >= MOST_PAIRS {
                return pairs;
            }
        }
        holding.push((cidr, endpoint));
    }
    pairs
}

/// What a connection is to an endpoint, whatever flow it is; a peer that is one of two endpoints counts as the same.
type Service = (Direction, Option<EndpointId>, Transport, PortRange);

/// The connections of `one` that open something which those of `other` do not.
fn uncommon<'v, 'a>(
    look: &Look<'v, 'a>,
    one: EndpointId,
    other: EndpointId,
) -> Vec<&'v Connection<'a>> {
    let services = |id, direction| {
        look.view.side(id, direction).flat_map(move |seen| {
            let peer = Some(seen.peer).filter(|peer| *peer != one && *peer != other);
            let ports = seen.ports.value().or_bug("ports of a deployment that is not decided");
            let service = move |range: &PortRange| -> Service {
                (direction, peer, seen.connection.flow.transport, *range)
            };
            ports.iter().map(move |range| (service(range), seen.connection))
        })
    };
    let both = |id| services(id, Direction::Ingress).chain(services(id, Direction::Egress));
    let known: BTreeSet<Service> = both(other).map(|(service, _)| service).collect();
    let mut found: Vec<&Connection<'_>> = Vec::new();
    for (service, connection) in both(one) {
        let is_new = !found.last().is_some_and(|last| std::ptr::eq(*last, connection));
        if !known.contains(&service) && is_new {
            found.push(connection);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn networks_in_networks() {
        let clients = |cidrs: &[&str]| value!({ "clients": { "roles": ["client"], "cidrs": (cidrs.to_vec()) } });
        let second =
            |role: &str, cidr: &str| value!({ "more": { "roles": [role], "cidrs": [cidr] } });
        check(
            "addresses_overlap",
            &[
                Case::found(
                    "a server among clients",
                    clients(&["10.0.0.0/30"]),
                    &["clients master", "clients response", "clients sql"],
                ),
                Case::silent("beside it", clients(&["10.0.0.4/30"])),
                Case::found(
                    "one and the same",
                    second("browser", "10.1.0.0/16"),
                    &["clients more"],
                ),
                Case::silent("two halves", second("browser", "10.0.128.0/17")),
                Case::silent("with the same connections", second("client", "10.1.7.0/24")),
                Case::silent(
                    "the Internet",
                    value!({
                        "internet": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0"] },
                        "dmz": { "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"] },
                    }),
                ),
                Case::undecided(
                    "to come",
                    value!({ "clients": { "roles": ["client"], "cidrs": unknown } }),
                ),
            ],
        );
    }
}
