//! Closed: every name is declared, declared once, and used.

use std::collections::BTreeSet;

use super::Findings;
use crate::matrix::{Basis, CautionWhen, Column, FlowPorts, Matrix, Parameter, ParameterKind};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    declared_once(matrix, findings);
    rows(matrix, findings);
    zones(matrix, findings);
    references(matrix, findings);
    evidence(matrix, findings);
    roles(matrix, findings);
    topologies(matrix, findings);
    parameters(matrix, findings);
    flows(matrix, findings);
}

fn declared_once(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut once = |kind: &str, ids: &mut dyn Iterator<Item = &String>| {
        let mut seen = BTreeSet::new();
        for id in ids {
            if id.is_empty() {
                findings.add(kind, "one without an id", "give it one");
            } else if !seen.insert(id) {
                findings.add(
                    format!("{kind} {id}"),
                    "it is declared twice",
                    "keep one, or give one another id",
                );
            }
        }
    };
    once("evidence", &mut matrix.evidence.iter().map(|evidence| &evidence.id));
    once("spelling", &mut matrix.spellings.iter().flat_map(|spelling| &spelling.printed));
    once("zone", &mut matrix.zones.iter().map(|zone| &zone.id));
    once("role", &mut matrix.roles.iter().map(|role| &role.id));
    once("topology", &mut matrix.topologies.iter().map(|topology| &topology.id));
    once("table", &mut matrix.tables.iter().map(|table| &table.id));
    once("row", &mut matrix.rows.iter().map(|row| &row.id));
    once("parameter", &mut matrix.parameters.iter().map(|parameter| &parameter.id));
    once("flow", &mut matrix.flows.iter().map(|flow| &flow.id));
    once("not_covered", &mut matrix.not_covered.iter().map(|need| &need.id));
    once("ambiguity", &mut matrix.ambiguities.iter().map(|ambiguity| &ambiguity.id));
}

/// Adds a finding for each name that is not among the declared ones.
fn known<'n>(
    findings: &mut Findings<'_>,
    place: &str,
    kind: &str,
    names: impl IntoIterator<Item = &'n String>,
    declared: &BTreeSet<&str>,
) {
    for name in names.into_iter().filter(|name| !declared.contains(name.as_str())) {
        if findings.is_full() {
            return;
        }
        let mend = match nearest::name(name, declared.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it".to_owned(),
        };
        findings.add(place, format!("there is no {kind} {name:?}"), mend);
    }
}

/// Who names rows names rows that there are; rows are in tables that there are.
fn rows(matrix: &Matrix, findings: &mut Findings<'_>) {
    let tables: BTreeSet<&str> = matrix.tables.iter().map(|table| table.id.as_str()).collect();
    for row in &matrix.rows {
        known(findings, &format!("row {}", row.id), "table", [&row.table], &tables);
    }
    let rows: BTreeSet<&str> = matrix.rows.iter().map(|row| row.id.as_str()).collect();
    for flow in &matrix.flows {
        let named = flow.out_rows.iter().chain(&flow.in_rows).chain(&flow.prose_rows);
        known(findings, &format!("flow {}", flow.id), "row", named, &rows);
    }
    for parameter in &matrix.parameters {
        known(findings, &format!("parameter {}", parameter.id), "row", &parameter.rows, &rows);
    }
    for silent in &matrix.silent {
        known(findings, &format!("silent {}", silent.row), "row", [&silent.row], &rows);
    }
    for ambiguity in &matrix.ambiguities {
        known(findings, &format!("ambiguity {}", ambiguity.id), "row", &ambiguity.rows, &rows);
    }
}

/// Every role stands in a zone that there is, and every zone has a role.
fn zones(matrix: &Matrix, findings: &mut Findings<'_>) {
    let zones: BTreeSet<&str> = matrix.zones.iter().map(|zone| zone.id.as_str()).collect();
    for role in &matrix.roles {
        known(findings, &format!("role {}", role.id), "zone", [&role.zone], &zones);
    }
    for zone in zones.into_iter().filter(|id| !matrix.roles.iter().any(|role| role.zone == **id)) {
        findings.add(format!("zone {zone}"), "no role stands in it", "take it out");
    }
}

/// Roles and flows that others name beside rows are there.
fn references(matrix: &Matrix, findings: &mut Findings<'_>) {
    let roles: BTreeSet<&str> = matrix.roles.iter().map(|role| role.id.as_str()).collect();
    for role in &matrix.roles {
        known(findings, &format!("role {}", role.id), "role", &role.bound_to, &roles);
    }
    for need in &matrix.needs {
        known(findings, "need", "role", &need.roles, &roles);
        if need.roles.is_empty() {
            findings.add("need", "one without a role", "name a role, or take it out");
        }
    }
    for need in &matrix.not_covered {
        known(findings, &format!("not_covered {}", need.id), "role", &need.roles, &roles);
    }
    let flows: BTreeSet<&str> = matrix.flows.iter().map(|flow| flow.id.as_str()).collect();
    for ambiguity in &matrix.ambiguities {
        if ambiguity.readings.len() < 2 {
            findings.add(
                format!("ambiguity {}", ambiguity.id),
                "it can be read in one way only",
                "name the readings between which it leaves the choice",
            );
        }
        known(findings, &format!("ambiguity {}", ambiguity.id), "flow", &ambiguity.flows, &flows);
    }
}

fn evidence(matrix: &Matrix, findings: &mut Findings<'_>) {
    let declared: BTreeSet<&str> =
        matrix.evidence.iter().map(|evidence| evidence.id.as_str()).collect();
    let mut used = BTreeSet::new();
    let mut cited = |place: String, ids: &[String]| {
        known(findings, &place, "evidence", ids, &declared);
        used.extend(ids.iter().cloned());
    };
    for row in &matrix.rows {
        cited(format!("row {}", row.id), &row.reading.evidence);
    }
    for flow in &matrix.flows {
        if let Basis::Inferred { evidence, .. } = &flow.basis {
            cited(format!("flow {}", flow.id), evidence);
        }
    }
    for need in &matrix.not_covered {
        cited(format!("not_covered {}", need.id), &need.evidence);
    }
    for ambiguity in &matrix.ambiguities {
        cited(format!("ambiguity {}", ambiguity.id), &ambiguity.evidence);
    }
    for id in declared.into_iter().filter(|id| !used.contains(*id)) {
        findings.add(
            format!("evidence {id}"),
            "nothing cites it",
            "cite it where it is evidence, or take it out",
        );
    }
}

fn roles(matrix: &Matrix, findings: &mut Findings<'_>) {
    for (role, id) in matrix.roles.iter().zip(matrix.role_ids()) {
        if !matrix.flows.iter().any(|flow| flow.from == id || flow.to == id) {
            findings.add(
                format!("role {}", role.id),
                "no flow has it at an end",
                "add the flow, or take it out",
            );
        }
    }
    let roles: BTreeSet<&str> = matrix.roles.iter().map(|role| role.id.as_str()).collect();
    for spelling in matrix.spellings.iter().filter(|spelling| spelling.column == Column::Device) {
        known(findings, &format!("spelling {}", spelling.means), "role", [&spelling.means], &roles);
    }
}

fn topologies(matrix: &Matrix, findings: &mut Findings<'_>) {
    for topology in &matrix.topologies {
        let place = format!("topology {}", topology.id);
        if !matrix.flows.iter().any(|flow| flow.topology == topology.id) {
            findings.add(&place, "no flow belongs to it", "add its flows, or take it out");
        }
        if topology.base == topology.role.is_some() || (topology.base && topology.unless.is_some())
        {
            findings.add(
                &place,
                "it is neither a base nor an overlay",
                "a base has no role, an overlay has one",
            );
        }
    }
    let bases = matrix.topologies.iter().filter(|topology| topology.base).count();
    if bases != 1 {
        findings.add(
            "topologies",
            format!("{bases} of them are the base"),
            "one is, the others are overlays",
        );
    }
}

fn parameters(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut seen: Vec<&Parameter> = Vec::new();
    for parameter in &matrix.parameters {
        let place = format!("parameter {}", parameter.id);
        if !is_used(matrix, parameter) {
            findings.add(
                &place,
                "no flow to its role depends on it",
                "name it in the flow, or take it out",
            );
        }
        if parameter.rows.is_empty() {
            findings.add(&place, "no row says that it can be set", "name the rows");
        }
        for other in seen.iter().filter(|other| other.attribute == parameter.attribute) {
            if other.role == parameter.role {
                let found = format!("{} has the attribute {:?} too", other.id, parameter.attribute);
                findings.add(&place, found, "an attribute sets one parameter of a role");
            } else if other.kind != parameter.kind {
                let kinds = (parameter.kind.as_str(), other.kind.as_str());
                let found = format!("its kind is {}, that of {} is {}", kinds.0, other.id, kinds.1);
                findings.add(&place, found, "parameters that share an attribute have one kind");
            }
        }
        for caution in &parameter.cautions {
            if let CautionWhen::NotDefaultUnlessFlag(flag) = &caution.when
                && matrix
                    .parameter_of(parameter.role, flag)
                    .is_none_or(|flag| flag.kind != ParameterKind::Flag)
            {
                findings.add(
                    &place,
                    format!("its role has no flag {flag:?}"),
                    "a caution names a flag of its role",
                );
            }
            if let CautionWhen::SetWithout(other) = &caution.when
                && (parameter.kind != ParameterKind::Flag
                    || matrix.parameter_of(parameter.role, other).is_none())
            {
                findings.add(
                    &place,
                    format!("its role has no attribute {other:?}, or it is no flag itself"),
                    "a flag's caution names another attribute of its role",
                );
            }
        }
        seen.push(parameter);
    }
}

fn is_used(matrix: &Matrix, parameter: &Parameter) -> bool {
    matrix.flows.iter().filter(|flow| flow.to == parameter.role).any(|flow| {
        match (&flow.ports, parameter.kind) {
            (_, ParameterKind::Flag) => flow.when.as_deref() == Some(&parameter.attribute),
            (FlowPorts::Parameter { parameter: used, .. }, _) => {
                matrix.declared_parameter(*used).is_some_and(|p| p.id == parameter.id)
            }
            (FlowPorts::Fixed(_), _) => false,
        }
    })
}

fn flows(matrix: &Matrix, findings: &mut Findings<'_>) {
    for flow in &matrix.flows {
        let place = format!("flow {}", flow.id);
        if let FlowPorts::Parameter { parameter, .. } = &flow.ports
            && let Some(parameter) = matrix.declared_parameter(*parameter)
            && (parameter.role != flow.to || parameter.kind == ParameterKind::Flag)
        {
            let found = format!("its ports come from {}", parameter.id);
            findings.add(
                &place,
                found,
                format!("ports are set by what listens: {}", matrix.declared_role_id(flow.to)),
            );
        }
        if let Some(flag) = &flow.when
            && matrix
                .parameter_of(flow.to, flag)
                .is_none_or(|parameter| parameter.kind != ParameterKind::Flag)
        {
            let found = format!("{} has no flag {flag:?}", matrix.declared_role_id(flow.to));
            findings.add(&place, found, "`when` names a flag of what listens");
        }
        if let Some(origin) = &flow.derived_from {
            // One that there is not was reported already.
            let fits = matrix.flow(origin).is_none_or(|origin| {
                origin.derived_from.is_none() && (origin.from, origin.to) == (flow.from, flow.to)
            });
            if !fits {
                let found = format!("it is derived from {origin:?}");
                findings.add(
                    &place,
                    found,
                    "derived_from names a flow with rows, between the same roles",
                );
            }
        }
    }
}
