//! `special_purpose_range`: addresses that no machine of an installation has.

use std::sync::LazyLock;

use cidrs::Cidr;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "special_purpose_range",
        severity: Severity::Warning,
        title: "A range with a special purpose",
        reports: "A CIDR of an endpoint lies in a range that is set apart: \"this network\", loopback, link-local, documentation, benchmarks, multicast, reserved, discard, IPv4 written as \
            IPv6. Private ranges and the shared range of carriers (`100.64.0.0/10`) are not reported, nor a network that is wider than such a range.",
        why: "No machine is reached there from another network. Mostly an example was copied.",
        remedy: "Give the addresses that the machines really have.",
        example: r#"cloud-1e = {
  roles = ["cloud_1e"]
  cidrs = ["203.0.113.0/24"]
}"#,
    },
    check,
};

/// Ranges and what they are for. Source: the IANA registries of special-purpose addresses (RFC 6890), and those of
/// multicast addresses (RFC 5771, RFC 4291).
const RANGES: [(&str, &str); 19] = [
    ("0.0.0.0/8", "\"this network\" (RFC 791)"),
    ("127.0.0.0/8", "loopback (RFC 1122)"),
    ("169.254.0.0/16", "link-local (RFC 3927)"),
    ("192.0.0.0/24", "protocol assignments (RFC 6890)"),
    ("192.0.2.0/24", "documentation (RFC 5737)"),
    ("198.18.0.0/15", "benchmarks (RFC 2544)"),
    ("198.51.100.0/24", "documentation (RFC 5737)"),
    ("203.0.113.0/24", "documentation (RFC 5737)"),
    ("224.0.0.0/4", "multicast (RFC 5771)"),
    ("240.0.0.0/4", "reserved (RFC 1112)"),
    ("::/128", "the unspecified address (RFC 4291)"),
    ("::1/128", "loopback (RFC 4291)"),
    ("::ffff:0.0.0.0/96", "IPv4 written as IPv6 (RFC 4291)"),
    ("100::/64", "discard (RFC 6666)"),
    ("2001:2::/48", "benchmarks (RFC 5180)"),
    ("2001:db8::/32", "documentation (RFC 3849)"),
    ("3fff::/20", "documentation (RFC 9637)"),
    ("fe80::/10", "link-local (RFC 4291)"),
    ("ff00::/8", "multicast (RFC 4291)"),
];

static READ: LazyLock<Vec<(Cidr, &str)>> = LazyLock::new(|| {
    let read = |(text, purpose): &(&str, &'static str)| Some((Cidr::parse(text).ok()?, *purpose));
    RANGES.iter().filter_map(read).collect()
});

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    for (id, endpoint) in look.endpoints() {
        let Known::Known(blocks) = look.cidrs(id) else { return findings.leave_undecided() };
        let special = blocks.iter().filter_map(|block| {
            let (_, purpose) = READ.iter().find(|(range, _)| range.contains(&block.cidr))?;
            Some(format!("{} is for {purpose}", block.text))
        });
        let special: Vec<String> = special.collect();
        if !special.is_empty() {
            let summary = format!("Of {}: {}.", quoted(endpoint.name), special.join("; "));
            findings.add(look, Subject::endpoint(endpoint.name), summary, []);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RANGES, READ};
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn every_range_can_be_read() {
        assert_eq!(READ.len(), RANGES.len());
    }

    #[test]
    fn addresses_of_nobody() {
        let clients = |cidr: &str| value!({ "clients": { "roles": ["client"], "cidrs": [cidr] } });
        let mut cases: Vec<Case> = RANGES
            .iter()
            .map(|(range, purpose)| Case::found(purpose, clients(range), &["clients"]))
            .collect();
        cases.extend([
            Case::found("inside of one", clients("203.0.113.77/32"), &["clients"]),
            Case::silent("beside one", clients("203.0.114.0/24")),
            Case::silent("wider than one", clients("203.0.112.0/23")),
            Case::silent("private", clients("192.168.0.0/16")),
            Case::silent("of carriers", clients("100.64.0.0/10")),
            Case::undecided(
                "to come",
                value!({ "clients": { "roles": ["client"], "cidrs": unknown } }),
            ),
        ]);
        check("special_purpose_range", &cases);
    }
}
