//! Listeners of one endpoint that would meet on one port.
//!
//! Documented defaults never are a mistake of the user's, so a collision is reported only where at least one of the
//! two ports was set in `ports`.

use std::borrow::Cow;

use super::{Ports, Roles};
use crate::known::{Known, Truth};
use crate::matrix::{Flow, FlowPorts, Matrix, PortRange, Transport};
use crate::mistake::PortMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// Something that listens on an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listener<'m> {
    transport: Transport,
    ports: PortRange,
    /// What decides the port: an attribute of `ports`, or nothing the user can change.
    setting: Setting<'m>,
    /// Rows of the document that ask for it.
    rows: Vec<&'m str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting<'m> {
    /// The attribute, what is added to its value, and whether the user gave it.
    Attribute { name: &'m str, offset: u16, given: bool },
    /// Fixed by the document, named by the flow or row.
    Fixed(&'m str),
}

/// Reports every pair of listeners that meet.
pub(super) fn check(
    matrix: &Matrix,
    roles: Roles,
    ports: &Ports<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    check_offsets(matrix, roles, ports, at, problems);
    let listeners = listeners(matrix, roles, ports);
    for (position, first) in listeners.iter().enumerate() {
        for second in listeners.iter().skip(position + 1) {
            report_if_met(first, second, at, problems);
        }
    }
}

fn report_if_met(
    first: &Listener<'_>,
    second: &Listener<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    if first.transport != second.transport || !first.ports.overlaps(second.ports) {
        return;
    }
    // Name the attribute that the user gave; the other listener is what it meets.
    let (given, other) = match (first.setting, second.setting) {
        (Setting::Attribute { given: true, .. }, _) => (first, second),
        (_, Setting::Attribute { given: true, .. }) => (second, first),
        _ => return,
    };
    let Setting::Attribute { name, .. } = given.setting else { return };
    if let Setting::Attribute { name: other_name, .. } = other.setting
        && other_name == name
    {
        // One attribute, several roles or flows: the same listener. Offsets are checked apart.
        return;
    }
    let detail = format!(
        "{} meets {}: both would listen on {} {} of this endpoint.",
        given.named(),
        other.named(),
        given.transport,
        given.ports
    );
    problems.add(&at.name(name), PortMistake::ListenersCollide, detail);
}

impl Listener<'_> {
    fn named(&self) -> String {
        let rows = self.rows.join(", ");
        match self.setting {
            Setting::Attribute { name, offset: 0, .. } => format!("{} ({rows})", quoted(name)),
            Setting::Attribute { name, offset, .. } => {
                format!("{} + {offset} ({rows})", quoted(name))
            }
            Setting::Fixed(name) => format!("the fixed port of {name} ({rows})"),
        }
    }
}

/// Everything that certainly listens on an endpoint with these roles and known ports.
fn listeners<'m>(matrix: &'m Matrix, roles: Roles, ports: &Ports<'_>) -> Vec<Listener<'m>> {
    let mut listeners = Vec::new();
    for flow in &matrix.flows {
        if roles.plays(flow.to) != Truth::Yes || flow.host_local {
            continue;
        }
        if flow.when.as_ref().is_some_and(|flag| ports.flag(flag) != Truth::Yes) {
            continue;
        }
        let rows: Vec<&str> = flow.citations();
        match &flow.ports {
            FlowPorts::Fixed(fixed) => listeners.extend(fixed.iter().map(|range| Listener {
                transport: flow.transport,
                ports: *range,
                setting: Setting::Fixed(&flow.id),
                rows: rows.clone(),
            })),
            FlowPorts::Parameter { .. } => {
                let Some((name, offset, base)) = configured(matrix, flow, ports) else { continue };
                let given = ports.set(name) != Known::Known(None);
                let setting = Setting::Attribute { name, offset, given };
                listeners.extend(base.iter().filter_map(|range| range.checked_add(offset)).map(
                    |range| Listener {
                        transport: flow.transport,
                        ports: range,
                        setting,
                        rows: rows.clone(),
                    },
                ));
            }
        }
    }
    listeners.extend(matrix.silent.iter().filter_map(|silent| {
        let listener = silent.listener.as_ref()?;
        (roles.plays(listener.role) == Truth::Yes).then(|| Listener {
            transport: listener.transport,
            ports: listener.ports,
            setting: Setting::Fixed("a service that only its own host reaches"),
            rows: vec![silent.row.as_str()],
        })
    }));
    merged(listeners)
}

/// Listeners that one setting puts on one port are one, whatever flows arrive there.
fn merged(listeners: Vec<Listener<'_>>) -> Vec<Listener<'_>> {
    let mut merged: Vec<Listener<'_>> = Vec::with_capacity(listeners.len());
    for listener in listeners {
        let same = merged.iter_mut().find(|known| {
            (known.transport, known.ports, known.setting)
                == (listener.transport, listener.ports, listener.setting)
        });
        match same {
            Some(known) => {
                let new: Vec<&str> =
                    listener.rows.iter().copied().filter(|row| !known.rows.contains(row)).collect();
                known.rows.extend(new);
            }
            None => merged.push(listener),
        }
    }
    merged
}

/// The attribute that decides the flow's port, what is added to it, and its value.
fn configured<'m, 's>(
    matrix: &'m Matrix,
    flow: &'m Flow,
    ports: &'s Ports<'_>,
) -> Option<(&'m str, u16, Cow<'s, [PortRange]>)>
where
    'm: 's,
{
    let FlowPorts::Parameter { parameter, offset } = &flow.ports else { return None };
    let parameter = matrix.parameter(*parameter);
    ports.of(parameter).value().map(|base| (parameter.attribute.as_str(), *offset, base))
}

/// Ports from which another is derived: the derived one must exist, and meet none of the list.
fn check_offsets(
    matrix: &Matrix,
    roles: Roles,
    ports: &Ports<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    let mut checked: Vec<(&str, u16)> = Vec::new();
    for flow in &matrix.flows {
        let FlowPorts::Parameter { parameter, offset: offset @ 1.. } = &flow.ports else {
            continue;
        };
        let parameter = matrix.parameter(*parameter);
        let attribute = parameter.attribute.as_str();
        // The same attribute may belong to several roles, of which the document derives a port for one; what
        // listens is the same program on all of them.
        let listens = (matrix.parameters.iter()).any(|parameter| {
            parameter.attribute == attribute && roles.plays(parameter.role) == Truth::Yes
        });
        if !listens || checked.contains(&(attribute, *offset)) {
            continue;
        }
        checked.push((attribute, *offset));
        let Known::Known(Some(given)) = ports.set(attribute) else { continue };
        let at = at.name(attribute);
        for range in given {
            let rows = flow.citations().join(", ");
            let Some(derived) = range.checked_add(*offset) else {
                let detail = format!(
                    "Found {range}: the derived port {range} + {offset} ({rows}) is over 65535."
                );
                problems.add(&at, PortMistake::DerivedPortOutOfRange, detail);
                continue;
            };
            if given.iter().any(|other| other.overlaps(derived)) {
                let detail = format!(
                    "{range} and {derived} cannot both stand here: {derived} is the port derived from {range} (+ {offset}, {rows})."
                );
                problems.add(&at, PortMistake::DerivedPortCollides, detail);
            }
        }
    }
}
