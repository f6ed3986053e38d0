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
    decided_by: DecidedBy<'m>,
    /// Rows of the document that ask for it.
    rows: Vec<&'m str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DecidedBy<'m> {
    /// The attribute, what is added to its value, and whether the user gave it.
    Attribute { name: &'m str, offset: u16, given: bool },
    /// Fixed by the document, named by the flow.
    Fixed(&'m str),
    /// A service that only its own host reaches, with what the document says of changing its port.
    Host(&'m str),
}

/// Two listeners of one endpoint on one port, of which the user set at least one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Meeting {
    /// The attribute that the user gave.
    pub(crate) attribute: String,
    /// What it meets.
    pub(crate) with: Met,
    /// What was found, in full sentences.
    pub(crate) detail: String,
}

/// What a port that the user set can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Met {
    /// Another service that other machines reach: a mistake.
    Service,
    /// A service that its own host alone reaches. It may have been moved, of which no rule tells.
    OwnHost,
    /// A port derived from another of the list. The two may listen on interfaces of their own.
    Derived,
}

/// Reports every pair of listeners that can't be.
pub(super) fn check(
    matrix: &Matrix,
    roles: Roles,
    ports: &Ports<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    check_offsets(matrix, roles, ports, at, problems);
    for Meeting { attribute, detail, .. } in
        meetings(matrix, roles, ports).into_iter().filter(|meeting| meeting.with == Met::Service)
    {
        problems.add(&at.name(&attribute), PortMistake::ListenersCollide, detail);
    }
}

/// Every pair of listeners that meet on one port, as far as ports are known.
pub(crate) fn meetings(matrix: &Matrix, roles: Roles, ports: &Ports<'_>) -> Vec<Meeting> {
    let mut meetings = derived_meetings(matrix, roles, ports);
    let listeners = listeners(matrix, roles, ports);
    for (position, first) in listeners.iter().enumerate() {
        let later = listeners.iter().skip(position + 1);
        meetings.extend(later.filter_map(|second| meeting(first, second)));
    }
    meetings
}

fn meeting(first: &Listener<'_>, second: &Listener<'_>) -> Option<Meeting> {
    if first.transport != second.transport || !first.ports.overlaps(second.ports) {
        return None;
    }
    // Name the attribute that the user gave; the other listener is what it meets.
    let (given, other) = match (first.decided_by, second.decided_by) {
        (DecidedBy::Attribute { given: true, .. }, _) => (first, second),
        (_, DecidedBy::Attribute { given: true, .. }) => (second, first),
        _ => return None,
    };
    let DecidedBy::Attribute { name, .. } = given.decided_by else { return None };
    if let DecidedBy::Attribute { name: other_name, .. } = other.decided_by
        && other_name == name
    {
        // One attribute, several roles or flows: the same listener. Offsets are looked at apart.
        return None;
    }
    let with = match other.decided_by {
        DecidedBy::Host(_) => Met::OwnHost,
        DecidedBy::Attribute { .. } | DecidedBy::Fixed(_) => Met::Service,
    };
    let detail = format!(
        "{} meets {}: both would listen on {} {} of this endpoint.",
        given.named(),
        other.named(),
        given.transport,
        given.ports
    );
    Some(Meeting { attribute: name.to_owned(), with, detail })
}

impl Listener<'_> {
    fn named(&self) -> String {
        let rows = self.rows.join(", ");
        match self.decided_by {
            DecidedBy::Attribute { name, offset: 0, .. } => format!("{} ({rows})", quoted(name)),
            DecidedBy::Attribute { name, offset, .. } => {
                format!("{} + {offset} ({rows})", quoted(name))
            }
            DecidedBy::Fixed(name) => format!("the fixed port of {name} ({rows})"),
            DecidedBy::Host(how) => {
                format!("a service that only its own host reaches ({rows}: {how})")
            }
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
        if ports.serve(flow) != Truth::Yes {
            continue;
        }
        let rows: Vec<&str> = flow.citations();
        match &flow.ports {
            FlowPorts::Fixed(fixed) => listeners.extend(fixed.iter().map(|range| Listener {
                transport: flow.transport,
                ports: *range,
                decided_by: DecidedBy::Fixed(&flow.id),
                rows: rows.clone(),
            })),
            FlowPorts::Parameter { .. } => {
                let Some((name, offset, base)) = configured(matrix, flow, ports) else { continue };
                let given = ports.set(name, flow.to) != Known::Known(None);
                let decided_by = DecidedBy::Attribute { name, offset, given };
                listeners.extend(base.iter().filter_map(|range| range.checked_add(offset)).map(
                    |range| Listener {
                        transport: flow.transport,
                        ports: range,
                        decided_by,
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
            decided_by: DecidedBy::Host(
                matrix.row(&silent.row).map_or("", |row| &row.reading.configurable.how),
            ),
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
            (known.transport, known.ports, known.decided_by)
                == (listener.transport, listener.ports, listener.decided_by)
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

/// A list that the user gave, from which other ports are derived: its attribute, the list, the distance, and the flow that
/// asks for the derived ones.
type Base<'m, 's> = (&'m str, &'s [PortRange], u16, &'m Flow);

/// Every list from which ports are derived, each once. The attribute may belong to several roles, of which the document
/// derives a port for one; what listens is the same program on all of them.
fn bases<'m, 's>(matrix: &'m Matrix, roles: Roles, ports: &'s Ports<'_>) -> Vec<Base<'m, 's>> {
    let mut bases: Vec<Base<'m, 's>> = Vec::new();
    for flow in &matrix.flows {
        let FlowPorts::Parameter { parameter, offset: offset @ 1.. } = &flow.ports else {
            continue;
        };
        let attribute = matrix.parameter(*parameter).attribute.as_str();
        let listening = (matrix.parameters.iter()).filter(|parameter| {
            parameter.attribute == attribute && roles.plays(parameter.role) == Truth::Yes
        });
        for parameter in listening {
            let Known::Known(Some(given)) = ports.set(attribute, parameter.role) else { continue };
            let is_new = |(known, list, distance, _): &Base<'_, '_>| {
                (*known, *list, *distance) != (attribute, given, *offset)
            };
            if bases.iter().all(is_new) {
                bases.push((attribute, given, *offset, flow));
            }
        }
    }
    bases
}

/// Ports from which another is derived: the derived one must exist.
fn check_offsets(
    matrix: &Matrix,
    roles: Roles,
    ports: &Ports<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) {
    for (attribute, given, offset, flow) in bases(matrix, roles, ports) {
        for range in given.iter().filter(|range| range.checked_add(offset).is_none()) {
            let rows = flow.citations().join(", ");
            let detail = format!(
                "Found {range}: the derived port {range} + {offset} ({rows}) is over 65535."
            );
            problems.add(&at.name(attribute), PortMistake::DerivedPortOutOfRange, detail);
        }
    }
}

/// Ports of a list that are derived from another of it.
fn derived_meetings(matrix: &Matrix, roles: Roles, ports: &Ports<'_>) -> Vec<Meeting> {
    let mut meetings = Vec::new();
    for (attribute, given, offset, flow) in bases(matrix, roles, ports) {
        let derived = given.iter().filter_map(|range| Some((range, range.checked_add(offset)?)));
        for (range, derived) in
            derived.filter(|(_, derived)| given.iter().any(|other| other.overlaps(*derived)))
        {
            let rows = flow.citations().join(", ");
            let detail = format!(
                "{} has {range} and {derived}, and {derived} is also the port derived from {range} (+ {offset}, {rows}).",
                quoted(attribute)
            );
            meetings.push(Meeting { attribute: attribute.to_owned(), with: Met::Derived, detail });
        }
    }
    meetings
}
