//! Flows, and what of them can be set.

use super::markdown::{Markdown, code, codes};
use super::words::{basis, configurable, ports, sentences, service};
use crate::matrix::{Basis, CautionWhen, Flow, Matrix, Parameter, ParameterKind};

pub(super) fn flows(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "Flows");
    page.paragraph(
        "What the rows together ask for. The number of a flow is permanent: it never changes and is never given to another. \
         The ports are the documented defaults; where a parameter stands beside them, the listening endpoint can set it.",
    );
    page.table(
        ["Number", "Flow", "From", "To", "Service", "Application", "Topology", "Rows", "Rests on"],
        matrix.flows.iter().map(|flow| {
            [
                flow.number.map(|number| number.to_string()).unwrap_or_default(),
                code(&flow.id),
                code(matrix.role_id(flow.from)),
                code(matrix.role_id(flow.to)),
                service(matrix, flow),
                flow.application.clone(),
                code(&flow.topology),
                codes(flow.citations()),
                basis(&flow.basis).to_owned(),
            ]
        }),
    );
    page.heading(3, "What each flow is for");
    page.list(matrix.flows.iter().map(purpose));
}

fn purpose(flow: &Flow) -> String {
    let mut text =
        format!("{}: {}", code(&flow.id), sentences([flow.purpose.as_str(), &flow.note]));
    let mut add = |sentence: String| {
        text.push(' ');
        text.push_str(&sentence);
    };
    if let Basis::Inferred { why, evidence } = &flow.basis {
        add(format!(
            "**Inferred** ({} confidence): {why} See {}.",
            flow.confidence.as_str(),
            evidence.join(", ")
        ));
    }
    if flow.host_local {
        add("Stays on its host and never gives a rule.".to_owned());
    }
    if flow.inside_endpoint {
        add("Also exists inside one endpoint, since that stands for many machines.".to_owned());
    }
    if let Some(origin) = &flow.derived_from {
        add(format!("Goes with {}.", code(origin)));
    }
    if let Some(flag) = &flow.when {
        add(format!("Exists where the destination sets {}.", code(flag)));
    }
    if let Some(replaced) = &flow.replaced_in {
        let (topology, option) = (code(&replaced.topology), code(&replaced.keep_option));
        add(format!("Is left out with {topology}, unless the option {option} is set."));
    }
    if flow.optional {
        add("Optional: name it in `exclude_flows` where it is not wanted.".to_owned());
    }
    text
}

pub(super) fn parameters(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "What can be set");
    page.paragraph(
        "The attributes of an endpoint's `ports`, by the role that listens. What is not here is not configurable. The \
         column on the right says where the same is set in the product.",
    );
    page.table(
        ["Role", "Attribute", "Default", "Parameter", "Rows", "In the product"],
        matrix.parameters.iter().map(|parameter| {
            [
                code(matrix.role_id(parameter.role)),
                code(&parameter.attribute),
                default(parameter),
                code(&parameter.id),
                codes(parameter.rows.iter().map(String::as_str)),
                configurable(&parameter.configurable),
            ]
        }),
    );
    page.heading(3, "Warnings");
    page.paragraph("These values are taken, and warned of:");
    page.list(matrix.parameters.iter().flat_map(|parameter| {
        let role = code(matrix.role_id(parameter.role));
        parameter.cautions.iter().map(move |caution| {
            let which = match &caution.when {
                CautionWhen::NotDefault => format!("not {}", ports(&parameter.default)),
                CautionWhen::NotDefaultUnlessFlag(flag) => {
                    format!("not {}, without {}", ports(&parameter.default), code(flag))
                }
                CautionWhen::MoreThan(count) => format!("more than {count}"),
                CautionWhen::SetWithout(other) => format!("set without {}", code(other)),
            };
            let attribute = code(&parameter.attribute);
            format!(
                "{attribute} of {role}, {which}: **{}.** {} ({})",
                caution.summary,
                caution.detail,
                code(&caution.id)
            )
        })
    }));
}

fn default(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterKind::Flag => "false".to_owned(),
        ParameterKind::Ports => format!("[{}]", ports(&parameter.default)),
        ParameterKind::Port | ParameterKind::Range => ports(&parameter.default),
    }
}
