//! `quota_headroom_low` on Azure: a network security group is nearly full.

use portmatrix::bug::OrBug;
use portmatrix::path::quoted;

use crate::leaf::Leaf;
use crate::platform::Answer;
use crate::platform::azure::quota::MOST_RULES;
use crate::platform::azure::{Azure, RuleSet};
use crate::platform::lint::{Findings, Look, PlatformLint, QUOTA_HEADROOM_LOW, Subject};

pub(super) const LINT: PlatformLint<Azure> = PlatformLint { about: QUOTA_HEADROOM_LOW, check };

fn check(look: &Look<'_, '_>, answer: &Answer<'_, Azure>, findings: &mut Findings) {
    let Leaf::Known(shared) = &answer.shared else { return findings.leave_undecided() };
    for (name, rules) in &answer.endpoints {
        of_group(look, name, name, &rules.rules, findings);
    }
    for (name, group) in shared {
        let first = group.endpoints.first().copied().or_bug("a shared group of nobody");
        of_group(look, first, name, &group.rules, findings);
    }
}

fn of_group(
    look: &Look<'_, '_>,
    endpoint: &str,
    group: &str,
    rules: &Leaf<RuleSet<'_>>,
    findings: &mut Findings,
) {
    let Leaf::Known(rules) = rules else { return findings.leave_undecided() };
    let count = rules.rules().len();
    // Less than a tenth is left.
    if MOST_RULES.saturating_sub(count) * 10 < MOST_RULES {
        let summary = format!(
            "The network security group of {} has {count} rules; Azure takes {MOST_RULES}.",
            quoted(group)
        );
        findings.add(look, Subject::endpoint(endpoint), summary, []);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tfplugin::Value;

    use crate::query::lint::tests::{Case, check};

    #[test]
    fn a_group_that_is_nearly_full() {
        // Each client listens for others on ports of its own, 64 at most for each, so that no two are in one rule.
        let clients = |count: u16| -> Value {
            let mut all = BTreeMap::new();
            for number in 0..count {
                let first = 10_000 + number * 64;
                let ports: Vec<Value> =
                    (0..64).map(|port| Value::from(i64::from(first + port))).collect();
                all.insert(
                    format!("client-{number:02}"),
                    value!({
                        "roles": ["client"],
                        "application_security_group_ids": [(format!("/asg/{number}").as_str())],
                        "ports": { "client_interaction": (Value::List(ports)) },
                    }),
                );
            }
            Value::Map(all)
        };
        let names: Vec<String> = (0..15).map(|number| format!("client-{number:02}")).collect();
        let mut expected: Vec<&str> = names.iter().map(String::as_str).collect();
        expected.insert(15, "clients");
        check(
            "quota_headroom_low",
            &[
                Case::found("over 900 rules", clients(15), &expected),
                Case::silent("well below", clients(10)),
            ],
        );
    }
}
