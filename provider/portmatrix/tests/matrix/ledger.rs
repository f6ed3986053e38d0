//! The numbers of flows are permanent: whoever changes one moves the priority of rules that exist.

use std::collections::BTreeMap;

use portmatrix::matrix::{Matrix, versions};

/// Every number that was ever given, and the flow it was given to. Lines are added, never changed or taken out.
const LEDGER: &str = include_str!("../../data/flow-numbers.tsv");

fn ledger() -> Vec<(u16, &'static str)> {
    let mut lines = LEDGER.lines();
    assert_eq!(lines.next(), Some("number\tflow"));
    lines
        .map(|line| {
            let (number, flow) = line.split_once('\t').expect("number, tab, flow");
            (number.parse().expect("a number"), flow)
        })
        .collect()
}

/// What of a matrix the ledger doesn't say.
fn strangers(matrix: &Matrix, ledger: &[(u16, &str)]) -> Vec<String> {
    let known = |number, id: &str| ledger.contains(&(number, id));
    let flows = matrix.flows.iter().filter(|flow| !known(flow.number, &flow.id));
    flows.map(|flow| format!("{} {}", flow.number, flow.id)).collect()
}

#[test]
fn a_number_is_given_once_and_a_flow_has_one() {
    let ledger = ledger();
    let numbers: BTreeMap<_, _> = ledger.iter().copied().collect();
    let flows: BTreeMap<_, _> = ledger.iter().map(|(number, flow)| (flow, number)).collect();
    assert_eq!((numbers.len(), flows.len()), (ledger.len(), ledger.len()));
    for (expected, (number, flow)) in (1..).zip(&ledger) {
        assert_eq!(
            *number, expected,
            "{flow}: a new flow takes the next number, and none is taken out"
        );
    }
}

#[test]
fn every_flow_of_every_version_has_its_number() {
    for version in versions() {
        let matrix = Matrix::of(version).expect(version);
        assert_eq!(strangers(matrix, &ledger()), Vec::<String>::new(), "{version}");
    }
}

#[test]
fn a_changed_and_a_reused_number_are_noticed() {
    let mut matrix = Matrix::newest().clone();
    matrix.flows[0].number = 33;
    matrix.flows[1].id = "client_to_something_new".to_owned();
    assert_eq!(strangers(&matrix, &ledger()), ["33 client_to_switch", "2 client_to_something_new"]);
}
