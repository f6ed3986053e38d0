//! `quota_headroom_low` on AWS: the rules of an endpoint nearly fill its security groups.

use portmatrix::path::quoted;

use crate::leaf::Leaf;
use crate::platform::Answer;
use crate::platform::aws::{Aws, FamilyUsage};
use crate::platform::lint::{Findings, Look, PlatformLint, QUOTA_HEADROOM_LOW, Subject};

pub(super) const LINT: PlatformLint<Aws> = PlatformLint { about: QUOTA_HEADROOM_LOW, check };

fn check(look: &Look<'_, '_>, answer: &Answer<'_, Aws>, findings: &mut Findings) {
    for (id, endpoint) in look.endpoints() {
        if look.view.addresses(id).platforms.aws.security_group_id.is_none() {
            continue;
        }
        let usage = answer.endpoints.get(endpoint.name).map(|rules| &rules.usage);
        let Some(Leaf::Known(usage)) = usage else { return findings.leave_undecided() };
        for (direction, side) in [("ingress", &usage.ingress), ("egress", &usage.egress)] {
            if is_low(side) {
                let summary = format!(
                    "{} rules of {} leave room for {} of {} in its security groups.",
                    direction,
                    quoted(endpoint.name),
                    side.headroom.max(0),
                    side.limit
                );
                findings.add(look, Subject::endpoint(endpoint.name), capitalized(&summary), []);
            }
        }
    }
}

/// Whether less than a tenth is left.
fn is_low(usage: &FamilyUsage) -> bool {
    usage.headroom * 10 < i64::from(usage.limit)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use tfplugin::Value;

    use crate::query::lint::tests::{Case, check};

    #[test]
    fn groups_that_are_nearly_full() {
        let clients = |count: u8| -> Value {
            let cidrs: Vec<String> =
                (0..count).map(|number| format!("10.{number}.0.0/16")).collect();
            value!({
                "clients": { "roles": ["client"], "cidrs": (cidrs.iter().map(String::as_str).collect::<Vec<_>>()) },
                "response": { "roles": ["response_stack"], "security_group_id": "sg-1" },
                "admins": null,
            })
        };
        // One rule for the Master besides, on a port that clients use too.
        check(
            "quota_headroom_low",
            &[
                Case::found("57 of 60", clients(28), &["response"]),
                Case::silent("53 of 60", clients(26)),
                Case::undecided(
                    "sizes to come",
                    value!({
                        "clients": { "roles": ["client"], "prefix_lists": { "all": { "id": "pl-1", "max_entries": unknown } } },
                        "response": { "roles": ["response_stack"], "security_group_id": "sg-1" },
                    }),
                ),
            ],
        );
    }
}
