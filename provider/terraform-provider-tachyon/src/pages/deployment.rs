//! The guide to the deployment: what it takes from the matrix, and the warnings that it must know.

use portmatrix::matrix::{
    Caution, CautionWhen, Configurable, Flow, FlowPorts, Matrix, Parameter, ParameterKind,
    PortRange, Role, Topology, When,
};

use super::markers::{codes, hold, table};

#[test]
fn the_guide_shows_the_matrix() {
    let matrix = Matrix::newest();
    let parts = [
        ("roles", roles(matrix)),
        ("overlays", overlays(matrix)),
        ("ports", ports(matrix)),
        ("port warnings", port_warnings(matrix)),
        ("warnings", super::errors::warnings()),
        ("mistakes", super::errors::mistakes()),
    ];
    hold("deployment", &parts);
}

fn roles(matrix: &Matrix) -> String {
    let row = |Role { id, means, .. }: &Role| {
        let own: Vec<&str> = (matrix.parameters.iter())
            .filter(|parameter| matrix.role_id(parameter.role) == id)
            .map(|parameter| parameter.attribute.as_str())
            .collect();
        [format!("`{id}`"), means.clone(), codes(own)]
    };
    table(["Role", "What it is", "`ports` that it takes"], matrix.roles.iter().map(row))
}

fn overlays(matrix: &Matrix) -> String {
    let row = |topology: &Topology| {
        let named = |role| format!("`{}`", matrix.role_id(role));
        let when = match (topology.role, topology.unless) {
            (Some(role), Some(unless)) => {
                format!("an endpoint plays {} and not {}", named(role), named(unless))
            }
            (Some(role), None) => format!("an endpoint plays {}", named(role)),
            (None, _) => "always".to_owned(),
        };
        [format!("`{}`", topology.id), topology.means.clone(), when]
    };
    table(["Topology", "What is installed", "Applies when"], matrix.topologies.iter().map(row))
}

/// Parameters that differ in their role alone stand in one line.
fn ports(matrix: &Matrix) -> String {
    let mut lines: Vec<Vec<&Parameter>> = Vec::new();
    for parameter in &matrix.parameters {
        let same = |other: &Parameter| {
            (&other.attribute, &other.default, &other.configurable)
                == (&parameter.attribute, &parameter.default, &parameter.configurable)
        };
        match lines.iter_mut().find(|line| same(line[0])) {
            Some(line) => line.push(parameter),
            None => lines.push(vec![parameter]),
        }
    }
    lines.sort_by_key(|line| &line[0].attribute);
    let row = |line: &Vec<&Parameter>| {
        let first = line[0];
        let cites = |row: &str| line.iter().any(|it| it.rows.iter().any(|cited| cited == row));
        let rows = matrix.rows.iter().map(|row| row.id.as_str()).filter(|row| cites(row));
        [
            format!("`{}`", first.attribute),
            codes(line.iter().map(|it| matrix.role_id(it.role))),
            default(first),
            codes(moved(matrix, line)),
            codes(rows),
            changing(&first.configurable),
        ]
    };
    let header =
        ["Attribute", "Roles", "Default", "Flows that move with it", "Rows", "How it is changed"];
    table(header, lines.iter().map(row))
}

/// The flows of which some parameters decide the ports, or whether they exist.
fn moved<'m>(matrix: &'m Matrix, parameters: &[&Parameter]) -> impl Iterator<Item = &'m str> {
    let decides = |flow: &Flow, parameter: &Parameter| match (parameter.kind, &flow.ports) {
        (ParameterKind::Flag, _) => {
            flow.to == parameter.role && flow.when.as_deref() == Some(&parameter.attribute)
        }
        (_, FlowPorts::Parameter { parameter: id, .. }) => {
            matrix.parameters[id.index()] == *parameter
        }
        (_, FlowPorts::Fixed(_)) => false,
    };
    let flows = matrix.flows.iter();
    flows
        .filter(|flow| parameters.iter().any(|parameter| decides(flow, parameter)))
        .map(|flow| flow.id.as_str())
        .collect::<Vec<_>>()
        .into_iter()
}

fn default(parameter: &Parameter) -> String {
    let ports: Vec<String> = parameter.default.iter().map(PortRange::to_string).collect();
    match parameter.kind {
        ParameterKind::Flag => "`false`".to_owned(),
        ParameterKind::Port => format!("`{}`", ports.join(", ")),
        ParameterKind::Ports => format!("`[{}]`", ports.join(", ")),
        ParameterKind::Range => format!("`\"{}\"`", ports.join(", ")),
    }
}

fn changing(configurable: &Configurable) -> String {
    let Configurable { when, how, property, inferred } = configurable;
    let when = match when {
        When::Install => "At installation. ",
        When::PostInstall => "After installation. ",
        When::Target => "It follows the machine at the other end. ",
        When::No => "It can't be changed. ",
        When::Unknown => "",
    };
    let basis = if *inferred { " (inferred, not printed)" } else { "" };
    let property =
        property.as_ref().map(|it| format!(" Property `{it}`{basis}.")).unwrap_or_default();
    format!("{when}{how}.{property}")
}

fn port_warnings(matrix: &Matrix) -> String {
    let rows = matrix.parameters.iter().flat_map(|parameter| {
        let row = |Caution { id, when, summary, detail, .. }: &Caution| {
            let which = match when {
                CautionWhen::NotDefault => format!("not {}", default(parameter)),
                CautionWhen::NotDefaultUnlessFlag(flag) => {
                    format!("not {}, without `{flag}`", default(parameter))
                }
                CautionWhen::MoreThan(count) => format!("more than {count}"),
                CautionWhen::SetWithout(other) => format!("set without `{other}`"),
            };
            let setting = format!(
                "`{}` of `{}`: {which}",
                parameter.attribute,
                matrix.role_id(parameter.role)
            );
            [format!("`{id}`"), summary.clone(), setting, detail.clone()]
        };
        parameter.cautions.iter().map(row).collect::<Vec<_>>()
    });
    table(["`id`", "Title", "When", "What it says"], rows)
}
