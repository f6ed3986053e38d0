//! The flows of the user's own, and the parameters that their settings are.

use std::collections::BTreeMap;

use super::{FlowDraft, MOST_FLOWS, Names, text};
use crate::bug::OrBug;
use crate::deployment::{Setting, ports_of, shown};
use crate::known::Known;
use crate::matrix::{
    Basis, CITATION_PREFIX, Confidence, Configurable, Flow, FlowPorts, Matrix, Parameter,
    ParameterId, ParameterKind, PortRange, RoleId, Transport, When,
};
use crate::mistake::{AdditionMistake, EndpointMistake, PortMistake};
use crate::path::{At, quoted};
use crate::problem::Problems;

/// Adds every flow.
pub(super) fn add_all(
    matrix: &mut Matrix,
    roles: Names,
    draft: &Known<BTreeMap<&str, Known<FlowDraft<'_>>>>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Names {
    let Known::Known(drafts) = draft else { return Names::Open };
    if drafts.len() > MOST_FLOWS {
        let detail =
            format!("Found {} flows. A deployment adds at most {MOST_FLOWS}.", drafts.len());
        problems.add(at, AdditionMistake::TooManyAdditions, detail);
        return Names::Open;
    }
    let has = Has { documented: matrix.parameters.len(), all_roles: roles != Names::Open };
    let mut names = Names::Whole;
    for (id, draft) in drafts {
        let at = at.key(id);
        let is_id = text::check_id("flow", id, &at.its_name(), problems);
        if is_id && matrix.flow(id).is_some() {
            let detail = format!(
                "The document has a flow {} already. Choose another name; `exclude_flows` takes out the one of the document.",
                quoted(id)
            );
            problems.add(&at.its_name(), AdditionMistake::TakenId, detail);
        }
        let Known::Known(draft) = draft else {
            names = Names::Open;
            continue;
        };
        names = names.max(add(matrix, has, id, draft, &at, problems));
    }
    names
}

/// What a matrix has before the flows come to it.
#[derive(Debug, Clone, Copy)]
struct Has {
    /// How many parameters are the document's.
    documented: usize,
    /// Whether all roles are known that there will be.
    all_roles: bool,
}

fn add(
    matrix: &mut Matrix,
    has: Has,
    id: &str,
    draft: &FlowDraft<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Names {
    let from = role(matrix, has, draft.source, &at.name("source"), problems);
    let to = role(matrix, has, draft.destination, &at.name("destination"), problems);
    let transport = transport(draft.protocol, &at.name("protocol"), problems);
    let ports = ports(&draft.ports, &at.name("ports"), problems);
    let purpose = text::check_given("purpose", &draft.purpose, at, problems);
    let citation = text::check_citation(&draft.citation, &at.name("citation"), problems);
    let application = match &draft.application {
        None => transport.map(Transport::as_str),
        Some(given) => text::check_given("application", given, at, problems),
    };
    let parameter = match (draft.setting, to) {
        (None, _) => Known::Known(None),
        (Some(Known::Known(setting)), Some(to)) => {
            let wanted = Wanted { setting, to, ports: &ports, citation };
            wanted.parameter(matrix, has.documented, at, problems).map(Some)
        }
        (Some(_), _) => Known::Unknown,
    };
    // A transport can't stand in for another: listeners would meet that don't.
    let (Some(from), Some(to), Known::Known(parameter), Known::Known(transport)) =
        (from, to, parameter, transport)
    else {
        return Names::Open;
    };
    let priority = draft.priority.map_or(Known::Known(None), |it| it.map(Some));
    let inside_endpoint = draft.inside_endpoint.unwrap_or(Known::Known(false));
    let is_whole = ports.is_known()
        && purpose.is_known()
        && citation.is_known()
        && application.is_known()
        && priority.is_known()
        && inside_endpoint.is_known();
    let base = matrix.topologies.iter().find(|topology| topology.base);
    let topology = base.or_bug("a matrix without a base").id.clone();
    matrix.flows.push(Flow {
        id: id.to_owned(),
        number: None,
        place: u16::try_from(matrix.flows.len()).ok().or_bug("more flows than there may be"),
        from,
        to,
        transport,
        application: application.value().unwrap_or_default().to_owned(),
        // Nothing says so, and nothing is concluded from it.
        encrypted: None,
        ports: match parameter {
            Some(parameter) => FlowPorts::Parameter { parameter, offset: 0 },
            None => FlowPorts::Fixed(ports.value().unwrap_or_default()),
        },
        topology,
        out_rows: Vec::new(),
        in_rows: Vec::new(),
        prose_rows: vec![citation.value().unwrap_or_default().to_owned()],
        basis: Basis::Site { priority: priority.value().flatten() },
        confidence: Confidence::High,
        optional: true,
        host_local: false,
        inside_endpoint: inside_endpoint.value().unwrap_or(false),
        when: None,
        derived_from: None,
        replaced_in: None,
        purpose: purpose.value().unwrap_or_default().to_owned(),
        note: String::new(),
    });
    if is_whole { Names::Whole } else { Names::Known }
}

/// A role of the document or of the user's own. Nothing if it is not known, or there is no such role.
fn role(
    matrix: &Matrix,
    has: Has,
    name: Known<&str>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<RoleId> {
    let name = name.value()?;
    let role = matrix.role(name);
    if role.is_none() && has.all_roles {
        let known = matrix.roles.iter().map(|role| role.id.as_str());
        problems.add_unknown_name(at, EndpointMistake::UnknownRole, "role", name, known);
    }
    role
}

fn transport(name: Known<&str>, at: &At<'_>, problems: &mut Problems) -> Known<Transport> {
    let Known::Known(name) = name else { return Known::Unknown };
    let found = Transport::named(name);
    if found.is_none() {
        let known = Transport::ALL.map(Transport::as_str);
        problems.add_unknown_name(at, AdditionMistake::UnknownTransport, "protocol", name, known);
    }
    found.map_or(Known::Unknown, Known::Known)
}

/// The ports, ascending: a port, a range, or a list of these.
fn ports(
    setting: &Known<Setting<'_>>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Vec<PortRange>> {
    let Known::Known(setting) = setting else { return Known::Unknown };
    if matches!(setting, Setting::List(list) if list.is_empty()) {
        let detail =
            "Found an empty list. Give at least one port, or a range such as \"50000-50099\".";
        problems.add(at, PortMistake::NoPort, detail);
        return Known::Unknown;
    }
    ports_of(setting, at, problems)
}

/// What a flow wants of the setting that it names.
struct Wanted<'w> {
    setting: &'w str,
    to: RoleId,
    ports: &'w Known<Vec<PortRange>>,
    citation: Known<&'w str>,
}

impl Wanted<'_> {
    /// The parameter that the setting is: one that the role has already, or a new one. `at` is the flow.
    fn parameter(
        &self,
        matrix: &mut Matrix,
        documented: usize,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Known<ParameterId> {
        let Self { setting, to, ports, citation } = *self;
        let setting_at = at.name("setting");
        if !text::check_id("setting", setting, &setting_at, problems) {
            return Known::Unknown;
        }
        let place =
            matrix.parameters.iter().position(|it| it.role == to && it.attribute == *setting);
        let like = matrix.parameters.iter().find(|it| it.attribute == *setting);
        let like = like.map(|like| (like.kind, like.takes_ranges()));
        if like.is_some_and(|(kind, _)| kind == ParameterKind::Flag) {
            let detail = format!(
                "{} is true or false in the document, and sets no port. Choose another name.",
                quoted(setting)
            );
            problems.add(&setting_at, AdditionMistake::UnusableSetting, detail);
            return Known::Unknown;
        }
        let role = matrix.role_id(to).to_owned();
        if let Some(place) = place {
            let id =
                ParameterId::at(place).or_bug("a matrix with more settings than it has room for");
            let parameter = matrix.parameter(id);
            // Ports that are not known yet, or mistaken, have no default to differ from.
            if let Known::Known(ports) = ports
                && !parameter.default.is_empty()
                && parameter.default != *ports
            {
                let detail = format!(
                    "{} of {} is {} by default ({}), and the flow has {}. A setting has one default: give the same ports, or choose another name.",
                    quoted(setting),
                    quoted(&role),
                    shown(&parameter.default),
                    parameter.rows.join(", "),
                    shown(ports)
                );
                let other =
                    own_with(matrix, id).map(|flow| at.beside(&flow.id).name("ports").path());
                let path = at.name("ports").path();
                problems.add_at(path, other, AdditionMistake::SettingDiffers, detail);
            }
            if place >= documented
                && let Known::Known(citation) = citation
            {
                let parameter = matrix.parameters.get_mut(place);
                let rows = &mut parameter.or_bug("a setting where there is none").rows;
                if !rows.iter().any(|row| row == citation) {
                    rows.push(citation.to_owned());
                }
            }
            return Known::Known(id);
        }
        let (kind, ranges) = like.unwrap_or((ParameterKind::Ports, true));
        let Some(id) = ParameterId::at(matrix.parameters.len()) else {
            let detail = "The document has no room for another setting. Leave `setting` out.";
            problems.add(&setting_at, AdditionMistake::TooManyAdditions, detail);
            return Known::Unknown;
        };
        matrix.parameters.push(Parameter {
            id: format!("{CITATION_PREFIX}{role}.{setting}"),
            role: to,
            attribute: (*setting).to_owned(),
            kind,
            ranges,
            default: ports.as_ref().value().cloned().unwrap_or_default(),
            configurable: Configurable {
                when: When::Unknown,
                how: String::new(),
                property: None,
                inferred: false,
            },
            rows: citation.value().map(str::to_owned).into_iter().collect(),
            cautions: Vec::new(),
        });
        Known::Known(id)
    }
}

/// The first of the user's own flows that a setting moves.
fn own_with(matrix: &Matrix, parameter: ParameterId) -> Option<&Flow> {
    matrix.flows.iter().filter(|flow| flow.is_own()).find(|flow| {
        matches!(flow.ports, FlowPorts::Parameter { parameter: used, .. } if used == parameter)
    })
}
