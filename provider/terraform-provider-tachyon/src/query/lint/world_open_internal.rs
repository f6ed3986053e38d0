//! `world_open_internal`: everybody's address stands for something that is not everybody.

use portmatrix::path::quoted;

use super::wide;
use crate::platform::lint::{About, Findings, Lint, Look, Severity};

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
    wide::check(
        look,
        findings,
        |cidr| cidr.length() == 0,
        |_, is_elsewhere| !is_elsewhere,
        |name, all, connections| {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!(
                "{} stands for every address ({}), in {connections} connection{}.",
                quoted(name),
                all.join(" and "),
                if connections == 1 { "" } else { "s" }
            )
        },
    );
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
