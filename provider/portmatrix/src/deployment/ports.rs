//! What an endpoint listens on: the documented defaults, and what the user set instead.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Roles, Setting};
use crate::known::{Known, Truth};
use crate::matrix::{Matrix, Parameter, ParameterKind, PortRange};
use crate::mistake::PortMistake;
use crate::path::{At, quoted};
use crate::problem::{Problems, listed};

/// The most ports that one list has: more than ten times what the vendor supports on a server.
const MOST_PORTS: usize = 64;

/// The settings of one endpoint, by attribute of `ports`.
#[derive(Debug, Clone)]
pub struct Ports<'a>(Known<BTreeMap<&'a str, Known<Value>>>);

/// A setting that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Ports(Vec<PortRange>),
    Flag(bool),
}

impl<'a> Ports<'a> {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self(Known::Unknown)
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
                refuse_attribute(matrix, attribute, roles, &at, problems);
                continue;
            };
            let value = match setting {
                None => continue,
                // It may turn out to be nothing, which is right for any role.
                Some(Known::Unknown) => Known::Unknown,
                Some(Known::Known(setting)) => {
                    if parameters.iter().all(|parameter| roles.plays(parameter.role) == Truth::No) {
                        refuse_role(matrix, attribute, &parameters, &at, problems);
                    }
                    read(first.kind, setting, &at, problems)
                }
            };
            settings.insert(*attribute, value);
        }
        Self(Known::Known(settings))
    }

    /// What the endpoint listens on for `parameter`: what the user set, else the documented default.
    pub fn of<'s>(&'s self, parameter: &'s Parameter) -> Known<Cow<'s, [PortRange]>> {
        match self.set(&parameter.attribute) {
            Known::Unknown => Known::Unknown,
            Known::Known(Some(ports)) => Known::Known(Cow::Borrowed(ports)),
            Known::Known(None) => Known::Known(Cow::Borrowed(&parameter.default)),
        }
    }

    /// What the user set for the attribute, if anything.
    pub fn set(&self, attribute: &str) -> Known<Option<&[PortRange]>> {
        match self.0.as_ref().map(|settings| settings.get(attribute)) {
            Known::Unknown | Known::Known(Some(Known::Unknown)) => Known::Unknown,
            Known::Known(Some(Known::Known(Value::Ports(ports)))) => Known::Known(Some(ports)),
            Known::Known(None | Some(Known::Known(Value::Flag(_)))) => Known::Known(None),
        }
    }

    /// Whether the flag is set; one that is not given is not.
    pub fn flag(&self, attribute: &str) -> Truth {
        match self.0.as_ref().map(|settings| settings.get(attribute)) {
            Known::Unknown | Known::Known(Some(Known::Unknown)) => Truth::Maybe,
            Known::Known(Some(Known::Known(Value::Flag(flag)))) => Truth::from(*flag),
            Known::Known(None | Some(Known::Known(Value::Ports(_)))) => Truth::No,
        }
    }

    /// Whether every setting is known.
    pub fn are_known(&self) -> bool {
        match &self.0 {
            Known::Known(settings) => settings.values().all(Known::is_known),
            Known::Unknown => false,
        }
    }
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
    if let Some(name) = crate::problem::nearest(attribute, known.iter().copied()) {
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

fn read(
    kind: ParameterKind,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Value> {
    match (kind, setting) {
        (ParameterKind::Port, _) => match port(setting, at, problems) {
            Some(port) => Known::Known(Value::Ports(vec![PortRange::single(port)])),
            None => Known::Unknown,
        },
        (ParameterKind::Ports, Setting::List(list)) => ports(list, at, problems),
        (ParameterKind::Range, Setting::Text(text)) => match text.parse::<PortRange>() {
            Ok(range) => Known::Known(Value::Ports(vec![range])),
            Err(error) => {
                let detail = format!(
                    "Found {}: {error}. Accepted is a range such as \"49152-65535\".",
                    quoted(text)
                );
                problems.add(at, PortMistake::UnusablePortRange, detail);
                Known::Unknown
            }
        },
        (ParameterKind::Flag, Setting::Flag(flag)) => Known::Known(Value::Flag(*flag)),
        (ParameterKind::Flag, Setting::Text("true")) => Known::Known(Value::Flag(true)),
        (ParameterKind::Flag, Setting::Text("false")) => Known::Known(Value::Flag(false)),
        (ParameterKind::Ports, _) => {
            mistyped("a list of port numbers, such as [4000, 4002]", setting, at, problems)
        }
        (ParameterKind::Range, _) => {
            mistyped("a range such as \"49152-65535\"", setting, at, problems)
        }
        (ParameterKind::Flag, _) => mistyped("true or false", setting, at, problems),
    }
}

fn mistyped(
    accepted: &str,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Value> {
    problems.add(
        at,
        PortMistake::WrongTypeOfPortSetting,
        format!("Found {}. Accepted is {accepted}.", described(setting)),
    );
    Known::Unknown
}

/// A list of ports, in ascending order. What is wrong inside leaves the whole list unknown.
fn ports(list: &[Known<Setting<'_>>], at: &At<'_>, problems: &mut Problems) -> Known<Value> {
    if list.is_empty() {
        problems.add(
            at,
            PortMistake::NoPort,
            "Found an empty list. Leave the attribute out for the documented default.",
        );
        return Known::Unknown;
    }
    if list.len() > MOST_PORTS {
        let detail = format!("Found {} ports. A list has at most {MOST_PORTS}.", list.len());
        problems.add(at, PortMistake::TooManyPorts, detail);
        return Known::Unknown;
    }
    let mut complete = true;
    let mut ports: Vec<PortRange> = Vec::with_capacity(list.len());
    for (index, setting) in list.iter().enumerate() {
        let at = at.index(index);
        let Some(range) = setting
            .as_ref()
            .value()
            .and_then(|setting| port(setting, &at, problems))
            .map(PortRange::single)
        else {
            complete = false;
            continue;
        };
        match ports.binary_search(&range) {
            Ok(_) => {
                problems.add(
                    &at,
                    PortMistake::RepeatedPort,
                    format!("The port {range} is given twice."),
                );
                complete = false;
            }
            Err(position) => ports.insert(position, range),
        }
    }
    if complete { Known::Known(Value::Ports(ports)) } else { Known::Unknown }
}

/// One port number; text that is one counts, since who asks may convert between the two as well.
fn port(setting: &Setting<'_>, at: &At<'_>, problems: &mut Problems) -> Option<u16> {
    let text = match setting {
        Setting::Number(text) => text.as_ref(),
        Setting::Text(text) => text,
        _ => "",
    };
    // `parse` would take a sign and leading zeros.
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse::<u16>().ok().filter(|port| plain && *port != 0);
    if port.is_none() {
        let detail =
            format!("Found {}. A port is a whole number from 1 to 65535.", described(setting));
        problems.add(at, PortMistake::UnusablePort, detail);
    }
    port
}

fn described(setting: &Setting<'_>) -> Cow<'static, str> {
    match setting {
        Setting::Number(text) => Cow::Owned(text.chars().take(80).collect()),
        Setting::Text(text) => Cow::Owned(quoted(text)),
        Setting::Flag(flag) => Cow::Owned(flag.to_string()),
        Setting::List(_) => Cow::Borrowed("a list"),
        Setting::Other(kind) => Cow::Borrowed(kind),
    }
}

/// Ports as a sentence shows them: `135, 445`.
pub(crate) fn shown(ports: &[PortRange]) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
