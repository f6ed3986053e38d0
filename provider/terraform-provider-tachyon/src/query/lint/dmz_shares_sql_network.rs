//! `dmz_shares_sql_network`: what is reached from the Internet stands beside what must be kept from it.

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "dmz_shares_sql_network",
        severity: Severity::Error,
        title: "DMZ and databases in one network",
        reports: "An endpoint that is reached from the Internet (`dmz_server`) and one with a database (`sql_*`) are one endpoint, have CIDRs that overlap, or have the same label as their `zone`.",
        why: "Whoever takes over a machine in the DMZ is then beside the databases, where no rule between networks stands in the way; and rules by network admit it there.",
        remedy: "Put the databases into a network and a zone of their own.",
        example: r#"dmz = {
  roles = ["dmz_server"]
  cidrs = ["10.20.9.0/24"]
}
sql = {
  roles = ["sql_master", "sql_responses"]
  cidrs = ["10.20.9.7/32"]
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    if !look.is_decided() {
        return findings.leave_undecided();
    }
    let of_kind = |is_such: fn(&portmatrix::matrix::Zone) -> bool| {
        let ids = look.endpoints().map(|(id, _)| id);
        ids.filter(|id| look.zones(*id).into_iter().any(is_such)).collect::<Vec<EndpointId>>()
    };
    let exposed = of_kind(|zone| zone.exposed);
    let sensitive = of_kind(|zone| zone.sensitive);
    for dmz in &exposed {
        for sql in &sensitive {
            if findings.is_full() {
                return;
            }
            let Known::Known(shared) = shared(look, *dmz, *sql) else {
                return findings.leave_undecided();
            };
            let (one, other) = (look.name(*dmz), look.name(*sql));
            let Some(shared) = shared else { continue };
            let (subject, what) = if dmz == sql {
                (Subject::endpoint(one), format!("{} plays roles of both.", quoted(one)))
            } else {
                let text = format!("{} and {} {shared}.", quoted(one), quoted(other));
                (Subject::pair(one, other), text)
            };
            findings.add(look, subject, what, []);
        }
    }
}

/// What an endpoint that is exposed has in common with one that is not to be.
fn shared(look: &Look<'_, '_>, dmz: EndpointId, sql: EndpointId) -> Known<Option<String>> {
    if dmz == sql {
        return Known::Known(Some(String::new()));
    }
    let label = |id| look.view.addresses(id).zone;
    match (label(dmz), label(sql)) {
        (Some(Known::Unknown), Some(_)) | (Some(_), Some(Known::Unknown)) => return Known::Unknown,
        (Some(Known::Known(one)), Some(Known::Known(other))) if one == other => {
            return Known::Known(Some(format!("have one zone, {}", quoted(one))));
        }
        _ => {}
    }
    let (Known::Known(one), Known::Known(other)) = (look.cidrs(dmz), look.cidrs(sql)) else {
        return Known::Unknown;
    };
    Known::Known(super::overlap(one, other).map(|(a, b)| format!("share a network: {a} and {b}")))
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn databases_beside_what_is_reached_from_the_internet() {
        let with = |dmz: &str, sql: &str| {
            value!({
                "dmz": { "roles": ["dmz_server"], "cidrs": [dmz] },
                "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": [sql] },
            })
        };
        let zones = |dmz: &str, sql: &str| {
            value!({
                "dmz": { "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"], "zone": dmz },
                "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.0.0.3/32"], "zone": sql },
            })
        };
        check(
            "dmz_shares_sql_network",
            &[
                Case::found("one in the other", with("10.9.0.0/24", "10.9.0.3/32"), &["dmz sql"]),
                Case::found("the other way", with("10.9.0.1/32", "10.9.0.0/24"), &["dmz sql"]),
                Case::silent("neighbours", with("10.9.0.0/25", "10.9.0.128/25")),
                Case::found("one label", zones("core", "core"), &["dmz sql"]),
                Case::silent("two labels", zones("core", "data")),
                Case::found(
                    "one endpoint",
                    value!({ "all": { "roles": ["dmz_server", "sql_master"], "cidrs": ["10.9.0.1/32"] } }),
                    &["all"],
                ),
                Case::undecided(
                    "networks to come",
                    value!({ "dmz": { "roles": ["dmz_server"], "cidrs": unknown } }),
                ),
            ],
        );
    }
}
