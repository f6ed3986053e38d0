//! `network_untold`: rules refer to groups between addresses that no VPC has together.

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Cidr;
use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, Pass};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::quoted;

use crate::platform::Answer;
use crate::platform::aws::Aws;
use crate::platform::lint::{About, Findings, Look, PlatformLint, Severity, Subject};

pub(super) const LINT: PlatformLint<Aws> = PlatformLint {
    about: About {
        id: "network_untold",
        severity: Severity::Warning,
        title: "Groups of networks that can't be one",
        reports: "Two endpoints with a connection, or with a step of one, both have a security group and addresses of different private ranges (`10.0.0.0/8`, `172.16.0.0/12`, \
            `192.168.0.0/16`), and not both tell their `network`.",
        why: "A VPC has addresses of one of these ranges alone. EC2 takes a reference to a group within a VPC, or between VPCs that are peered, and else refuses the rule, \
            which is then seen at apply alone.",
        remedy: "Give each server the `network` in which it stands: rules between two networks then use addresses. List peered VPCs in `options.aws.peered_networks`.",
        example: r#"tachyon = {
  roles             = ["master_stack", "response_stack"]
  cidrs             = ["10.20.1.10/32"]
  security_group_id = "sg-0a11c0ffee0000001"
}
sql = {
  roles             = ["sql_master", "sql_responses"]
  cidrs             = ["192.168.2.10/32"]
  security_group_id = "sg-0a11c0ffee0000002"
}"#,
    },
    check,
};

/// The private ranges (RFC 1918). A VPC that has a CIDR of one can be given none of another. Source: Amazon VPC user guide, "VPC CIDR
/// blocks", restrictions of associations.
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/// The private ranges that an endpoint with a group has addresses of; none without a group, and unknown while its CIDRs are.
type Ranges = Known<BTreeSet<&'static str>>;

fn ranges(look: &Look<'_, '_>, id: EndpointId) -> Ranges {
    if look.view.addresses(id).platforms.aws.security_group_id.is_none() {
        return Known::Known(BTreeSet::new());
    }
    look.cidrs(id).map(|blocks| {
        let is_within = |range: &&str| {
            let range = Cidr::parse(range).ok().or_bug("a range that is no CIDR");
            blocks.iter().any(|block| range.contains(&block.cidr))
        };
        PRIVATE.into_iter().filter(|range| is_within(range)).collect()
    })
}

fn check(look: &Look<'_, '_>, _answer: &Answer<'_, Aws>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let ranges: Vec<Ranges> = look.endpoints().map(|(id, _)| ranges(look, id)).collect();
    let of = |id: EndpointId| ranges.get(id.index()).or_bug("an endpoint of another deployment");
    let tells = |id: EndpointId| look.view.addresses(id).network.is_some();
    let mut apart: BTreeMap<(EndpointId, EndpointId), Vec<&Connection<'_>>> = BTreeMap::new();
    for connection in connections {
        for Pass { from, to, .. } in connection.passes() {
            if from == to || (tells(from) && tells(to)) {
                continue;
            }
            let (Known::Known(one), Known::Known(other)) = (of(from), of(to)) else {
                return findings.leave_undecided();
            };
            if one.is_empty() || other.is_empty() || one.union(other).count() == 1 {
                continue;
            }
            let pair = (from.min(to), from.max(to));
            let all: &mut Vec<&Connection<'_>> = apart.entry(pair).or_default();
            if !all.iter().any(|it| std::ptr::eq(*it, connection)) {
                all.push(connection);
            }
        }
    }
    for ((one, other), connections) in apart {
        let told = |id| {
            let ranges = of(id).as_ref().value().or_bug("ranges that were known");
            ranges.iter().copied().collect::<Vec<_>>().join(" and ")
        };
        let (first, second) = (look.name(one), look.name(other));
        let summary = format!(
            "The groups of {} (in {}) and {} (in {}) can't be in one VPC, and nothing says in which they are.",
            quoted(first),
            told(one),
            quoted(second),
            told(other)
        );
        findings.add(look, Subject::pair(first, second), summary, connections);
    }
}

#[cfg(test)]
mod tests {
    use tfplugin::Value;

    use crate::query::lint::tests::{Case, check};

    #[test]
    fn groups_of_networks_that_cannot_be_one() {
        let sql = |cidr: Value, network: Value| {
            let server = |roles: &[&str], cidr: Value, id: &str| value!({ "roles": (roles.to_vec()), "cidrs": [(cidr)], "security_group_id": id, "network": (network.clone()) });
            value!({
                "master": (server(&["master_stack"], Value::from("10.0.0.1/32"), "sg-1")),
                "sql": (server(&["sql_master", "sql_responses"], cidr, "sg-2")),
            })
        };
        let far = || Value::from("192.168.2.10/32");
        let without_group = value!({
            "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"], "security_group_id": "sg-1" },
            "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["192.168.2.10/32"] },
        });
        check(
            "network_untold",
            &[
                Case::found("two ranges", sql(far(), Value::Null), &["master sql"]),
                Case::silent("one range", sql(Value::from("10.200.0.1/32"), Value::Null)),
                Case::silent("no private one", sql(Value::from("198.51.100.1/32"), Value::Null)),
                Case::silent("told", sql(far(), Value::from("vpc"))),
                Case::silent("addresses alone", without_group),
                Case::undecided("to come", sql(Value::UNKNOWN, Value::Null)),
            ],
        );
    }
}
