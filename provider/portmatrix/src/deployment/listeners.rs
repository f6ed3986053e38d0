//! Listeners of one endpoint that would meet on one port.
//!
//! Documented defaults never are a mistake of the user's, so a collision is reported only where at least one of the
//! two ports was set in `ports`.

use std::borrow::Cow;

use super::ports::SetAt;
use super::{Ports, Roles};
use crate::bug::OrBug;
use crate::known::{Known, Truth};
use crate::matrix::{Flow, FlowPorts, Matrix, PortRange, RoleId, Transport};
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
    /// The attribute, what is added to its value, and where the user gave it.
    Attribute { name: &'m str, offset: u16, given: Option<SetAt<'m>> },
    /// Fixed by the document, named by the flow.
    Fixed(&'m str),
    /// A service that only its own host reaches, with what the document says of changing its port.
    Host(&'m str),
}

/// Two listeners of one endpoint on one port, of which the user set at least one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Meeting<'m> {
    /// The port that the user gave.
    given: SetAt<'m>,
    /// The other, if the user gave both.
    other: Option<SetAt<'m>>,
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
    if ports.are_default() {
        return;
    }
    check_offsets(matrix, roles, ports, at, problems);
    for Meeting { given, other, detail, .. } in
        meetings(matrix, roles, ports).into_iter().filter(|meeting| meeting.with == Met::Service)
    {
        let other = other.map(|other| other.path(matrix, at));
        problems.add_at(given.path(matrix, at), other, PortMistake::ListenersCollide, detail);
    }
}

/// Every pair of listeners that meet on one port, as far as ports are known.
pub(crate) fn meetings<'m>(
    matrix: &'m Matrix,
    roles: Roles,
    ports: &Ports<'_>,
) -> Vec<Meeting<'m>> {
    if ports.are_default() {
        // At least one of two that meet was given.
        return Vec::new();
    }
    let mut meetings = derived_meetings(matrix, roles, ports);
    let listeners = listeners(matrix, roles, ports);
    for (position, first) in listeners.iter().enumerate() {
        let later = listeners.iter().skip(position + 1);
        meetings.extend(later.filter_map(|second| meeting(first, second)));
    }
    meetings
}

fn meeting<'m>(first: &Listener<'m>, second: &Listener<'m>) -> Option<Meeting<'m>> {
    if first.transport != second.transport || !first.ports.overlaps(second.ports) {
        return None;
    }
    // Name the attribute that the user gave; the other listener is what it meets.
    let (own, given, other) = match (first.decided_by.given(), second.decided_by.given()) {
        (Some(given), _) => (first, given, second),
        (None, Some(given)) => (second, given, first),
        (None, None) => return None,
    };
    if let (DecidedBy::Attribute { name, .. }, DecidedBy::Attribute { name: other_name, .. }) =
        (own.decided_by, other.decided_by)
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
        own.named(),
        other.named(),
        own.transport,
        own.ports
    );
    Some(Meeting { given, other: other.decided_by.given(), with, detail })
}

impl<'m> DecidedBy<'m> {
    /// Where the user gave the port, if it is so.
    fn given(self) -> Option<SetAt<'m>> {
        match self {
            DecidedBy::Attribute { given, .. } => given,
            DecidedBy::Fixed(_) | DecidedBy::Host(_) => None,
        }
    }
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
                // One beyond the last port was reported.
                let moved = base.iter().filter_map(|it| Some((*it, it.checked_add(offset)?)));
                listeners.extend(moved.map(|(base, moved)| Listener {
                    transport: flow.transport,
                    ports: moved,
                    decided_by: DecidedBy::Attribute {
                        name,
                        offset,
                        given: ports.set_at(name, flow.to, base),
                    },
                    rows: rows.clone(),
                }));
            }
        }
    }
    listeners.extend(matrix.silent.iter().filter_map(|silent| {
        let listener = silent.listener.as_ref()?;
        (roles.plays(listener.role) == Truth::Yes).then(|| Listener {
            transport: listener.transport,
            ports: listener.ports,
            decided_by: DecidedBy::Host(
                &matrix
                    .row(&silent.row)
                    .or_bug("a silent row that is not there")
                    .reading
                    .configurable
                    .how,
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

/// A list that the user gave, from which other ports are derived.
struct Base<'m, 's> {
    attribute: &'m str,
    /// One of the roles that it is for.
    role: RoleId,
    list: &'s [PortRange],
    /// How far the derived ones are.
    offset: u16,
    /// The flow that asks for them.
    flow: &'m Flow,
}

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
            let is_new = |known: &Base<'_, '_>| {
                (known.attribute, known.list, known.offset) != (attribute, given, *offset)
            };
            if bases.iter().all(is_new) {
                let (role, offset) = (parameter.role, *offset);
                bases.push(Base { attribute, role, list: given, offset, flow });
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
    for Base { attribute, role, list, offset, flow } in bases(matrix, roles, ports) {
        for range in list.iter().filter(|range| range.checked_add(offset).is_none()) {
            let rows = flow.citations().join(", ");
            let detail = format!(
                "Found {range}: the derived port {range} + {offset} ({rows}) is over 65535."
            );
            let given = ports.set_at(attribute, role, *range).or_bug("a port that nobody set");
            let path = given.path(matrix, at);
            problems.add_at(path, None, PortMistake::DerivedPortOutOfRange, detail);
        }
    }
}

/// Ports of a list that are derived from another of it.
fn derived_meetings<'m>(matrix: &'m Matrix, roles: Roles, ports: &Ports<'_>) -> Vec<Meeting<'m>> {
    let mut meetings = Vec::new();
    for Base { attribute, role, list, offset, flow } in bases(matrix, roles, ports) {
        // One beyond the last port was reported.
        let derived = list.iter().filter_map(|range| Some((range, range.checked_add(offset)?)));
        for (range, derived) in
            derived.filter(|(_, derived)| list.iter().any(|other| other.overlaps(*derived)))
        {
            let rows = flow.citations().join(", ");
            let detail = format!(
                "{} has {range} and {derived}, and {derived} is also the port derived from {range} (+ {offset}, {rows}).",
                quoted(attribute)
            );
            let given = ports.set_at(attribute, role, *range).or_bug("a port that nobody set");
            meetings.push(Meeting { given, other: None, with: Met::Derived, detail });
        }
    }
    meetings
}
