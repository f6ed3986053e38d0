//! What an endpoint listens on: the documented defaults, and what the user set instead.

mod read;

pub(crate) use read::ports_of;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Roles, Setting};
use crate::known::{Known, Truth};
use crate::matrix::{Flow, Matrix, Parameter, PortRange, RoleId};
use crate::mistake::{EndpointMistake, PortMistake};
use crate::path::{At, Path, Step, quoted};
use crate::problem::{Problems, listed};

/// The settings of one endpoint, by attribute of `ports`.
#[derive(Debug, Clone)]
pub struct Ports<'a>(Known<BTreeMap<&'a str, Given>>);

/// What was given for an attribute.
#[derive(Debug, Clone)]
enum Given {
    /// One value for every role of the endpoint that it concerns.
    All(Known<Value>),
    /// Values for some of the roles; the others keep the documented default.
    ByRole(BTreeMap<RoleId, Known<Value>>),
}

/// A setting that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Ports(Vec<PortRange>, Indices),
    Flag(bool),
}

/// For each of some ports its index in the list that the user gave; nothing where there is no list.
type Indices = Vec<usize>;

/// Where in `ports` of an endpoint a port was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetAt<'m> {
    attribute: &'m str,
    /// The role that it was set for, if it was for one.
    role: Option<RoleId>,
    /// Its index, if it stands in a list.
    index: Option<usize>,
}

impl SetAt<'_> {
    /// The place below that of `ports`.
    pub(super) fn path(self, matrix: &Matrix, ports: &At<'_>) -> Path {
        let role = self.role.map(|role| Step::Name(matrix.role_id(role).to_owned()));
        let mut path = ports.name(self.attribute).path();
        path.0.extend(role);
        path.0.extend(self.index.map(Step::Index));
        path
    }
}

impl Given {
    fn of(&self, role: RoleId) -> Option<Known<&Value>> {
        match self {
            Self::All(value) => Some(value.as_ref()),
            Self::ByRole(values) => values.get(&role).map(Known::as_ref),
        }
    }

    fn is_known(&self) -> bool {
        match self {
            Self::All(value) => value.is_known(),
            Self::ByRole(values) => values.values().all(Known::is_known),
        }
    }
}

impl<'a> Ports<'a> {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self(Known::Unknown)
    }

    /// Nothing is set.
    pub(super) fn none() -> Self {
        Self(Known::Known(BTreeMap::new()))
    }

    /// Reads the settings of an endpoint with these roles.
    pub(super) fn check(
        matrix: &Matrix,
        draft: &Known<BTreeMap<&'a str, Option<Known<Setting<'a>>>>>,
        roles: Roles,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let Known::Known(draft) = draft else { return Self::unknown() };
        let mut settings = BTreeMap::new();
        for (attribute, setting) in draft {
            let at = at.name(attribute);
            let parameters: Vec<&Parameter> = matrix
                .parameters
                .iter()
                .filter(|parameter| parameter.attribute == *attribute)
                .collect();
            let Some(first) = parameters.first() else {
                refuse_attribute(matrix, attribute, roles, &at.its_name(), problems);
                continue;
            };
            let given = match setting {
                None => continue,
                // It may turn out to be nothing, which is right for any role.
                Some(Known::Unknown) => Given::All(Known::Unknown),
                Some(Known::Known(Setting::ByRole(by_role))) => {
                    Given::ByRole(by_roles(matrix, roles, by_role, &parameters, &at, problems))
                }
                Some(Known::Known(setting)) => {
                    if parameters.iter().all(|parameter| roles.plays(parameter.role) == Truth::No) {
                        refuse_role(matrix, attribute, &parameters, &at.its_name(), problems);
                    }
                    Given::All(read::value(first, setting, &at, problems))
                }
            };
            settings.insert(*attribute, given);
        }
        Self(Known::Known(settings))
    }

    /// What the endpoint listens on for `parameter`: what the user set, else the documented default.
    pub fn of<'s>(&'s self, parameter: &'s Parameter) -> Known<Cow<'s, [PortRange]>> {
        match self.set(&parameter.attribute, parameter.role) {
            Known::Unknown => Known::Unknown,
            Known::Known(Some(ports)) => Known::Known(Cow::Borrowed(ports)),
            Known::Known(None) => Known::Known(Cow::Borrowed(&parameter.default)),
        }
    }

    /// What the user set for the attribute in the endpoint's part as `role`, if anything.
    pub fn set(&self, attribute: &str, role: RoleId) -> Known<Option<&[PortRange]>> {
        match self.given(attribute, role) {
            Known::Unknown | Known::Known(Some(Known::Unknown)) => Known::Unknown,
            Known::Known(Some(Known::Known(Value::Ports(ports, _)))) => Known::Known(Some(ports)),
            Known::Known(None | Some(Known::Known(Value::Flag(_)))) => Known::Known(None),
        }
    }

    /// Where one of the ports was set that the attribute has in the endpoint's part as `role`; nothing for a default.
    pub(super) fn set_at<'m>(
        &self,
        attribute: &'m str,
        role: RoleId,
        port: PortRange,
    ) -> Option<SetAt<'m>> {
        let given = self.0.as_ref().value()?.get(attribute)?;
        let Some(Known::Known(Value::Ports(ports, indices))) = given.of(role) else { return None };
        let place = ports.iter().position(|it| *it == port)?;
        let role = matches!(given, Given::ByRole(_)).then_some(role);
        Some(SetAt { attribute, role, index: indices.get(place).copied() })
    }

    /// Whether nothing is set, certainly.
    pub(crate) fn are_default(&self) -> bool {
        self.0.as_ref().value().is_some_and(BTreeMap::is_empty)
    }

    /// Whether the flag is set in the endpoint's part as `role`; one that is not given is not.
    pub fn flag(&self, attribute: &str, role: RoleId) -> Truth {
        match self.given(attribute, role) {
            Known::Unknown | Known::Known(Some(Known::Unknown)) => Truth::Maybe,
            Known::Known(Some(Known::Known(Value::Flag(flag)))) => Truth::from(*flag),
            Known::Known(None | Some(Known::Known(Value::Ports(..)))) => Truth::No,
        }
    }

    /// Whether the endpoint listens for `flow`, which may depend on a flag, in its part as the role that the flow ends at.
    pub(crate) fn serve(&self, flow: &Flow) -> Truth {
        flow.when.as_ref().map_or(Truth::Yes, |flag| self.flag(flag, flow.to))
    }

    fn given(&self, attribute: &str, role: RoleId) -> Known<Option<Known<&Value>>> {
        self.0.as_ref().map(|settings| settings.get(attribute)?.of(role))
    }

    /// Whether every setting is known.
    pub fn are_known(&self) -> bool {
        match &self.0 {
            Known::Known(settings) => settings.values().all(Given::is_known),
            Known::Unknown => false,
        }
    }
}

/// Settings by role: of roles that the endpoint plays and that the attribute concerns.
fn by_roles(
    matrix: &Matrix,
    roles: Roles,
    by_role: &BTreeMap<&str, Option<Known<Setting<'_>>>>,
    parameters: &[&Parameter],
    at: &At<'_>,
    problems: &mut Problems,
) -> BTreeMap<RoleId, Known<Value>> {
    let mut values = BTreeMap::new();
    for (name, setting) in by_role {
        let at = at.name(name);
        let of_role = parameters.iter().find(|parameter| matrix.role_id(parameter.role) == *name);
        let Some(parameter) = of_role else {
            let known = parameters.iter().map(|parameter| matrix.role_id(parameter.role));
            let at = at.its_name();
            problems.add_unknown_name(&at, EndpointMistake::UnknownRole, "role", name, known);
            continue;
        };
        let Some(setting) = setting else { continue };
        if roles.plays(parameter.role) == Truth::No {
            let detail = format!(
                "The endpoint does not play the role {}. Set this on the endpoint that does.",
                quoted(name)
            );
            problems.add(&at.its_name(), PortMistake::PortOfAnotherRole, detail);
        }
        let value = match setting {
            Known::Known(setting) => read::value(parameter, setting, &at, problems),
            Known::Unknown => Known::Unknown,
        };
        values.insert(parameter.role, value);
    }
    values
}

/// The attribute exists in no parameter of the matrix.
fn refuse_attribute(
    matrix: &Matrix,
    attribute: &str,
    roles: Roles,
    at: &At<'_>,
    problems: &mut Problems,
) {
    let mut known: Vec<&str> =
        matrix.parameters.iter().map(|parameter| parameter.attribute.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let mut detail = format!("There is no port attribute {}.", quoted(attribute));
    if let Some(name) = nearest::name(attribute, known.iter().copied()) {
        detail.push_str(&format!(" Did you mean {}?", quoted(name)));
    }
    detail.push_str(&format!(" Known: {}.", listed(&known)));
    let fixed: Vec<String> = (matrix.flows.iter())
        .filter(|flow| roles.plays(flow.to) == Truth::Yes)
        .filter_map(|flow| flow.fixed_ports().map(|ports| (flow, ports)))
        .map(|(flow, ports)| {
            format!("{} of {} ({})", shown(ports), flow.id, flow.citations().join(", "))
        })
        .collect();
    if !fixed.is_empty() {
        detail.push_str(&format!(" The document calls not configurable: {}.", fixed.join("; ")));
    }
    problems.add(at, PortMistake::UnknownPortAttribute, detail);
}

/// No role of the endpoint listens on what the attribute sets.
fn refuse_role(
    matrix: &Matrix,
    attribute: &str,
    parameters: &[&Parameter],
    at: &At<'_>,
    problems: &mut Problems,
) {
    let listeners: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            format!("{} ({})", quoted(matrix.role_id(parameter.role)), parameter.rows.join(", "))
        })
        .collect();
    let detail = format!(
        "No role of this endpoint listens on {}. The document makes it configurable for {}.",
        quoted(attribute),
        listeners.join(", ")
    );
    problems.add(at, PortMistake::PortOfAnotherRole, detail);
}

/// Ports as a sentence shows them: `135, 445`.
pub(crate) fn shown(ports: &[PortRange]) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
