//! The numbers of flows are permanent: whoever changes one moves what platforms computed from it, such as priorities.

use std::collections::BTreeSet;

use portmatrix::matrix::{LAST_NUMBER, Matrix, PLATFORM_NUMBER, versions};

/// Every number that was ever given, and the flow it was given to. Lines are added, never changed or taken out.
pub(crate) const LEDGER: &str = include_str!("../../data/flow-numbers.tsv");

/// What stands in the ledger instead of a flow for the number that platforms keep.
const PLATFORMS: &str = "(platforms)";

/// The numbers of a ledger and what they were given to.
pub(crate) fn ledger(text: &str) -> Vec<(u16, &str)> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("number\tflow"));
    lines
        .map(|line| {
            let (number, flow) = line.split_once('\t').expect("number, tab, flow");
            (number.parse().expect("a number"), flow)
        })
        .collect()
}

/// What is wrong with a ledger itself.
pub(crate) fn faults(ledger: &[(u16, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut flows = BTreeSet::new();
    for (expected, (number, flow)) in (1..).zip(ledger) {
        if *number != expected {
            faults.push(format!("{number} {flow}: the next number is {expected}"));
        }
        if (*number == PLATFORM_NUMBER) != (*flow == PLATFORMS) {
            faults.push(format!("{number} {flow}: {PLATFORM_NUMBER} alone is kept for platforms"));
        }
        if *number > LAST_NUMBER {
            faults.push(format!("{number} {flow}: {LAST_NUMBER} is the last number"));
        }
        if !flows.insert(flow) {
            faults.push(format!("{number} {flow}: the flow has a number"));
        }
    }
    faults
}

/// The flows of a matrix that a ledger doesn't have, or has with another number.
pub(crate) fn strangers(matrix: &Matrix, ledger: &[(u16, &str)]) -> Vec<String> {
    let known = |number, id: &str| ledger.contains(&(number, id));
    let flows = matrix.flows.iter().filter_map(|flow| Some((flow.number?, &flow.id)));
    flows
        .filter(|(number, id)| !known(*number, id))
        .map(|(number, id)| format!("{number} {id}"))
        .collect()
}

#[test]
fn a_number_is_given_once_and_a_flow_has_one() {
    assert_eq!(faults(&ledger(LEDGER)), [""; 0]);
}

#[test]
fn a_ledger_that_is_wrong_is_noticed() {
    let given: Vec<(u16, &str)> = ledger(LEDGER).into_iter().take(2).collect();
    let with = |more: &[(u16, &'static str)]| faults(&[&given, more].concat());
    assert_eq!(with(&[(4, "new")]), ["4 new: the next number is 3"]);
    assert_eq!(with(&[(3, "client_to_switch")]), ["3 client_to_switch: the flow has a number"]);
    assert_eq!(with(&[(3, "(platforms)")]), ["3 (platforms): 33 alone is kept for platforms"]);

    let names: Vec<String> = (1..=40).map(|number| format!("flow_{number}")).collect();
    let all: Vec<(u16, &str)> = (1..).zip(names.iter().map(String::as_str)).collect();
    let expected =
        ["33 flow_33: 33 alone is kept for platforms", "40 flow_40: 39 is the last number"];
    assert_eq!(faults(&all), expected);
}

#[test]
fn every_flow_of_every_version_has_its_number() {
    for version in versions() {
        let matrix = Matrix::of(version).expect(version);
        assert_eq!(strangers(matrix, &ledger(LEDGER)), Vec::<String>::new(), "{version}");
    }
}

#[test]
fn a_changed_and_a_reused_number_are_noticed() {
    let mut matrix = Matrix::clone(Matrix::newest());
    let first = matrix.flows[0].id.clone();
    matrix.flows[0].number = Some(33);
    matrix.flows[1].id = "something_new".to_owned();
    let second = matrix.flows[1].number.expect("a number");
    let expected = [format!("33 {first}"), format!("{second} something_new")];
    assert_eq!(strangers(&matrix, &ledger(LEDGER)), expected);
}
