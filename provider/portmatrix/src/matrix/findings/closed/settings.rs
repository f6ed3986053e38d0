//! Settings and the flows that depend on them: each is there for what listens, and used.

use crate::matrix::findings::Findings;
use crate::matrix::findings::place::{Block, blocks};
use crate::matrix::{CautionWhen, Flow, FlowPorts, Matrix, Parameter, ParameterKind};

pub(super) fn parameters(matrix: &Matrix, findings: &mut Findings<'_>) {
    let mut seen: Vec<(Block<'_>, &Parameter)> = Vec::new();
    for (block, parameter) in blocks(&matrix.parameters) {
        if !is_used(matrix, parameter) {
            findings.add(
                block.whole(),
                "no flow to its role depends on it",
                "name it in the flow, or take it out",
            );
        }
        if parameter.rows.is_empty() {
            findings.add(block.at("rows"), "no row says that it can be set", "name the rows");
        }
        for (at, other) in seen.iter().filter(|(_, it)| it.attribute == parameter.attribute) {
            if other.role == parameter.role {
                findings.add_between(
                    (block.at("attribute"), at.at("attribute")),
                    format!("{} has the attribute {:?} too", other.id, parameter.attribute),
                    "an attribute sets one parameter of a role",
                );
            } else if other.kind != parameter.kind {
                let [kind, others] = [parameter.kind, other.kind].map(ParameterKind::as_str);
                findings.add_between(
                    (block.at("kind"), at.at("kind")),
                    format!("its kind is {kind}, that of {} is {others}", other.id),
                    "parameters that share an attribute have one kind",
                );
            }
        }
        cautions(matrix, block, parameter, findings);
        seen.push((block, parameter));
    }
}

/// Cautions name attributes of the same role.
fn cautions(matrix: &Matrix, block: Block<'_>, parameter: &Parameter, findings: &mut Findings<'_>) {
    let named = |attribute: &str| matrix.parameter_of(parameter.role, attribute);
    for (index, caution) in parameter.cautions.iter().enumerate() {
        let when = || block.at("caution").nth(index).at("when");
        match &caution.when {
            CautionWhen::NotDefaultUnlessFlag(flag)
                if named(flag).is_none_or(|flag| flag.kind != ParameterKind::Flag) =>
            {
                findings.add(
                    when().at("not_default_unless_flag"),
                    format!("its role has no flag {flag:?}"),
                    "a caution names a flag of its role",
                );
            }
            CautionWhen::SetWithout(_) if parameter.kind != ParameterKind::Flag => {
                findings.add_between(
                    (when().at("set_without"), block.at("kind")),
                    "it is no flag",
                    "only a flag can be set without another attribute",
                );
            }
            CautionWhen::SetWithout(other) if named(other).is_none() => {
                findings.add(
                    when().at("set_without"),
                    format!("its role has no attribute {other:?}"),
                    "a flag's caution names another attribute of its role",
                );
            }
            _ => {}
        }
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

pub(super) fn flows(matrix: &Matrix, findings: &mut Findings<'_>) {
    for (block, flow) in blocks(&matrix.flows) {
        if let FlowPorts::Parameter { parameter, .. } = &flow.ports
            && let Some(parameter) = matrix.declared_parameter(*parameter)
            && (parameter.role != flow.to || parameter.kind == ParameterKind::Flag)
        {
            findings.add(
                block.at("parameter"),
                format!("its ports come from {}", parameter.id),
                format!("ports are set by what listens: {}", matrix.declared_role_id(flow.to)),
            );
        }
        if let Some(flag) = &flow.when
            && matrix
                .parameter_of(flow.to, flag)
                .is_none_or(|parameter| parameter.kind != ParameterKind::Flag)
        {
            findings.add(
                block.at("when"),
                format!("{} has no flag {flag:?}", matrix.declared_role_id(flow.to)),
                "`when` names a flag of what listens",
            );
        }
        if let Some(origin) = &flow.derived_from
            && !fits(matrix, flow, origin)
        {
            findings.add(
                block.at("derived_from"),
                format!("it is derived from {origin:?}"),
                "derived_from names a flow with rows, between the same roles",
            );
        }
    }
}

/// Whether a flow can be derived from another. One that there is not was reported already.
fn fits(matrix: &Matrix, flow: &Flow, origin: &str) -> bool {
    matrix.flow(origin).is_none_or(|origin| {
        origin.derived_from.is_none() && (origin.from, origin.to) == (flow.from, flow.to)
    })
}
