//! `very_wide_source`: a network of millions of addresses stands for an endpoint.

use cidrs::{Cidr, Family};
use portmatrix::path::quoted;

use super::wide;
use crate::platform::lint::{About, Findings, Lint, Look, Severity};

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
    // Every address is an error of its own, except outside of the product.
    let is_everything = |found: &[Cidr]| found.iter().all(|cidr| cidr.length() == 0);
    wide::check(
        look,
        findings,
        is_wide,
        |found, is_elsewhere| is_elsewhere || !is_everything(found),
        |name, found, _| {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            format!("{} stands for {}.", quoted(name), found.join(", "))
        },
    );
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
