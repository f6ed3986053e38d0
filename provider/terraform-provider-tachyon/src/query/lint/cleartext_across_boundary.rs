//! `cleartext_across_boundary`: what can be read on the way goes from one zone to another.

use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use super::listened::by_listener;
use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "cleartext_across_boundary",
        severity: Severity::Warning,
        title: "Cleartext between zones",
        reports: "A connection of which the document says that its application protocol does not encrypt (such as `http`, `ws` and `smtp`) has its ends in two zones. The zone of an \
            endpoint is its `zone`, else the one in which its first role usually stands. Inside one zone nothing is reported, nor what may be encrypted or not, such as `tds`.",
        why: "Whoever is on the way between the zones can read and change it.",
        remedy: "Encrypt it where the product can (TLS for mail, HTTPS for the Catalog's pages), let it pass a tunnel, give both ends one `zone` if nobody else is between them, or exclude the flow \
            if it is not needed.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
mail = {
  roles = ["smtp_server"]
  cidrs = ["10.20.3.7/32"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let mut crossing = Vec::new();
    for connection in connections.iter().filter(|it| it.flow.encrypted == Some(false)) {
        let zones = (look.zone(connection.source), look.zone(connection.destination));
        let (Known::Known(from), Known::Known(to)) = zones else {
            return findings.leave_undecided();
        };
        if from != to {
            crossing.push(connection);
        }
    }
    for (listener, flow, connections) in by_listener(crossing) {
        let name = look.name(listener);
        let mut zones: Vec<&str> =
            connections.iter().filter_map(|it| look.zone(it.source).value()).collect();
        zones.sort_unstable();
        zones.dedup();
        let summary = format!(
            "{} ({}) reaches {} from another zone, and can be read on the way: {} to {}.",
            flow.id,
            flow.application,
            quoted(name),
            zones.iter().map(|zone| quoted(zone)).collect::<Vec<_>>().join(", "),
            quoted(look.zone(listener).value().or_bug("a zone that was known"))
        );
        let subject = match connections.as_slice() {
            [only] => Subject::pair(name, look.name(only.source)),
            _ => Subject::endpoint(name),
        };
        findings.add(look, subject, summary, connections);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn what_can_be_read_between_zones() {
        let mail = |zone: &str| value!({ "mail": { "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"], "zone": zone } });
        // The base has pages of the Catalog, which browsers reach without encryption.
        let silent = value!({ "admins": { "roles": ["browser"], "cidrs": ["10.2.0.0/24"], "zone": "servers" } });
        check(
            "cleartext_across_boundary",
            &[
                Case::found("pages and mail", mail("outside"), &["mail master", "master admins"]),
                Case::found("mail in the zone of the servers", mail("servers"), &["master admins"]),
                Case::silent("nothing between zones", silent),
                Case::undecided(
                    "a zone to come",
                    value!({ "mail": { "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"], "zone": unknown } }),
                ),
            ],
        );
    }
}
