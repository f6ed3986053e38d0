//! `lint` over random deployments: nothing is lost, nothing depends on order, and what is decided stays.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::generate::deployments;
use crate::tree::{replaced, ways};

fn lint(deployment: &Value) -> Value {
    answer("lint", deployment)
}

/// Findings by id: the endpoint, the peer and what is said.
fn findings(told: &Value) -> BTreeSet<(String, String, String)> {
    let text =
        |finding: &Value, name: &str| finding.at(name).optional().map_or("", Read::text).to_owned();
    let one = |it: &Value| (text(it, "id"), text(it, "endpoint"), text(it, "summary"));
    told.at("findings").list().iter().map(one).collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn every_warning_is_a_finding_and_every_key_is_a_connection(deployment in deployments()) {
        let value = deployment.value();
        let told = lint(&value);
        prop_assert!(told.is_wholly_known());
        let found = findings(&told);
        let connections = answer("connections", &value);
        for warning in connections.at("warnings").list() {
            let text = |name: &str| warning.at(name).text().to_owned();
            let wanted = (text("id"), text("endpoint"), text("detail"));
            prop_assert!(found.contains(&wanted), "{:?} is lost", wanted);
        }
        let mut order = Vec::new();
        for finding in told.at("findings").list() {
            for key in finding.at("keys").texts() {
                prop_assert!(connections.at("connections").map().contains_key(key), "{} is no connection", key);
            }
            prop_assert!(finding.at("keys").texts().is_sorted_by(|one, other| one < other), "each once: {:?}", finding);
            let severity = finding.at("severity").text();
            let place = ["error", "warning", "info"].iter().position(|it| *it == severity);
            let endpoint = finding.at("endpoint").optional().map(|it| it.text().to_owned());
            order.push((place.expect("a severity"), finding.at("id").text().to_owned(), endpoint));
        }
        prop_assert!(order.is_sorted());
        let count = |name: &str| told.at("counts").at(name).number();
        let all = i64::try_from(order.len()).expect("few");
        prop_assert_eq!(count("error") + count("warning") + count("info"), all);
        prop_assert_eq!(told.at("clean"), &Value::from(count("error") + count("warning") == 0));
    }

    /// Whatever is unknown: a lint that was decided says the same when it is known.
    #[test]
    fn what_is_decided_stays(deployment in deployments(), picks in vec(any::<Index>(), 1..=4)) {
        let value = deployment.value();
        let all: Vec<_> = ways(&value).into_iter().filter(|(_, part)| !part.is_null()).collect();
        let mut masked = value.clone();
        for pick in picks {
            masked = replaced(&masked, &pick.get(&all).0, &Value::UNKNOWN);
        }
        let (early, late) = (lint(&masked), lint(&value));
        if !matches!(early, Value::Map(_)) {
            return Ok(());
        }
        let undecided = early.at("undecided").texts();
        let is_decided = |(id, ..): &(String, String, String)| !undecided.contains(&id.as_str());
        let late_ones: BTreeSet<_> = findings(&late).into_iter().filter(is_decided).collect();
        prop_assert_eq!(findings(&early), late_ones);
        for name in ["counts", "clean"] {
            if early.at(name).is_wholly_known() {
                prop_assert_eq!(early.at(name), late.at(name));
            }
        }
    }
}
