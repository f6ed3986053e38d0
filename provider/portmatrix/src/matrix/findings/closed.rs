//! Closed: every name is declared, declared once, and used.

mod once;
mod settings;

use std::collections::BTreeSet;

use super::Findings;
use super::place::{Block, Element, Place, blocks, elements};
use crate::matrix::{Basis, Column, Matrix};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    once::check(matrix, findings);
    rows(matrix, findings);
    zones(matrix, findings);
    references(matrix, findings);
    evidence(matrix, findings);
    roles(matrix, findings);
    topologies(matrix, findings);
    settings::parameters(matrix, findings);
    settings::flows(matrix, findings);
}

/// Adds a finding for each name that is not among the declared ones.
fn known<'n>(
    findings: &mut Findings<'_>,
    kind: &str,
    names: impl IntoIterator<Item = (Element<'n>, &'n String)>,
    declared: &BTreeSet<&str>,
) {
    for (element, name) in names {
        one_known(findings, || element.place(), kind, name, declared);
    }
}

/// Adds a finding if a name is not among the declared ones.
fn one_known(
    findings: &mut Findings<'_>,
    place: impl FnOnce() -> Place,
    kind: &str,
    name: &str,
    declared: &BTreeSet<&str>,
) {
    if declared.contains(name) || findings.is_full() {
        return;
    }
    let mend = match nearest::name(name, declared.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it".to_owned(),
    };
    findings.add(place(), format!("there is no {kind} {name:?}"), mend);
}

/// Who names rows names rows that there are; rows are in tables that there are.
fn rows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let tables: BTreeSet<&str> = matrix.tables.iter().map(|table| table.id.as_str()).collect();
    for (block, row) in blocks(&matrix.rows) {
        one_known(findings, || block.at("id"), "table", &row.table, &tables);
    }
    let rows: BTreeSet<&str> = matrix.rows.iter().map(|row| row.id.as_str()).collect();
    for (block, flow) in blocks(&matrix.flows) {
        for (attribute, named) in flow.rows() {
            known(findings, "row", elements(block, attribute, named), &rows);
        }
    }
    for (block, parameter) in blocks(&matrix.parameters) {
        known(findings, "row", elements(block, "rows", &parameter.rows), &rows);
    }
    for (block, silent) in blocks(&matrix.silent) {
        one_known(findings, || block.at("row"), "row", &silent.row, &rows);
    }
    for (block, ambiguity) in blocks(&matrix.ambiguities) {
        known(findings, "row", elements(block, "rows", &ambiguity.rows), &rows);
    }
}

/// Every role stands in a zone that there is, and every zone has a role.
fn zones(matrix: &Matrix, findings: &mut Findings<'_>) {
    let zones: BTreeSet<&str> = matrix.zones.iter().map(|zone| zone.id.as_str()).collect();
    for (block, role) in blocks(&matrix.roles) {
        one_known(findings, || block.at("zone"), "zone", &role.zone, &zones);
    }
    let used: BTreeSet<&str> = matrix.roles.iter().map(|role| role.zone.as_str()).collect();
    for (block, _) in blocks(&matrix.zones).filter(|(_, zone)| !used.contains(zone.id.as_str())) {
        findings.add(block.whole(), "no role stands in it", "take it out");
    }
}

/// Roles and flows that others name beside rows are there.
fn references(matrix: &Matrix, findings: &mut Findings<'_>) {
    let roles: BTreeSet<&str> = matrix.roles.iter().map(|role| role.id.as_str()).collect();
    for (block, role) in blocks(&matrix.roles) {
        if let Some(bound_to) = &role.bound_to {
            one_known(findings, || block.at("bound_to"), "role", bound_to, &roles);
        }
    }
    for (block, need) in blocks(&matrix.needs) {
        known(findings, "role", elements(block, "roles", &need.roles), &roles);
        if need.roles.is_empty() {
            findings.add(block.at("roles"), "one without a role", "name a role, or take it out");
        }
    }
    for (block, need) in blocks(&matrix.not_covered) {
        known(findings, "role", elements(block, "roles", &need.roles), &roles);
    }
    let flows: BTreeSet<&str> = matrix.flows.iter().map(|flow| flow.id.as_str()).collect();
    for (block, ambiguity) in blocks(&matrix.ambiguities) {
        if ambiguity.readings.len() < 2 {
            findings.add(
                block.at("readings"),
                "it can be read in one way only",
                "name the readings between which it leaves the choice",
            );
        }
        known(findings, "flow", elements(block, "flows", &ambiguity.flows), &flows);
    }
}

fn evidence(matrix: &Matrix, findings: &mut Findings<'_>) {
    let declared: BTreeSet<&str> =
        matrix.evidence.iter().map(|evidence| evidence.id.as_str()).collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (block, row) in blocks(&matrix.rows) {
        for (index, id) in row.reading.evidence.iter().enumerate() {
            let place = || block.at("reading").at("evidence").nth(index);
            one_known(findings, place, "evidence", id, &declared);
            used.insert(id);
        }
    }
    let mut cited = |block, ids| {
        known(findings, "evidence", elements(block, "evidence", ids), &declared);
        used.extend(ids.iter().map(String::as_str));
    };
    for (block, flow) in blocks(&matrix.flows) {
        if let Basis::Inferred { evidence, .. } = &flow.basis {
            cited(block, evidence);
        }
    }
    blocks(&matrix.not_covered).for_each(|(block, need)| cited(block, &need.evidence));
    blocks(&matrix.ambiguities).for_each(|(block, it)| cited(block, &it.evidence));
    for (block, _) in blocks(&matrix.evidence).filter(|(_, it)| !used.contains(it.id.as_str())) {
        findings.add(
            block.whole(),
            "nothing cites it",
            "cite it where it is evidence, or take it out",
        );
    }
}

fn roles(matrix: &Matrix, findings: &mut Findings<'_>) {
    for ((block, _), id) in blocks(&matrix.roles).zip(matrix.role_ids()) {
        if !matrix.flows.iter().any(|flow| flow.from == id || flow.to == id) {
            findings.add(block.whole(), "no flow has it at an end", "add the flow, or take it out");
        }
    }
    let roles: BTreeSet<&str> = matrix.roles.iter().map(|role| role.id.as_str()).collect();
    let devices =
        blocks(&matrix.spellings).filter(|(_, spelling)| spelling.column == Column::Device);
    for (block, spelling) in devices {
        one_known(findings, || block.at("means"), "role", &spelling.means, &roles);
    }
}

fn topologies(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut first_base: Option<Block<'_>> = None;
    for (block, topology) in blocks(&matrix.topologies) {
        if !matrix.flows.iter().any(|flow| flow.topology == topology.id) {
            findings.add(block.whole(), "no flow belongs to it", "add its flows, or take it out");
        }
        let found = "it is neither a base nor an overlay";
        let mend = "a base has no role, an overlay has one";
        if topology.base == topology.role.is_some() {
            findings.add_between((block.at("role"), block.at("base")), found, mend);
        } else if topology.base && topology.unless.is_some() {
            findings.add_between((block.at("unless"), block.at("base")), found, mend);
        }
        match first_base {
            Some(first) if topology.base => findings.add_between(
                (block.at("base"), first.at("base")),
                "it is a second base",
                "one is, the others are overlays",
            ),
            None if topology.base => first_base = Some(block),
            _ => {}
        }
    }
    if first_base.is_none() {
        let mend = "one is, the others are overlays";
        findings.add(Place::head("topology"), "none of them is the base", mend);
    }
}
