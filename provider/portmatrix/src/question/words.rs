//! Answers in a sentence that says what to do.

use std::collections::BTreeSet;

use super::nearest::{Difference, Near};
use super::why::{Found, Pair, Why};
use super::{Question, Reason};
use crate::bug::OrBug;
use crate::connection::{self, Connection, Leg};
use crate::deployment::{Deployment, EndpointId};
use crate::known::Truth;
use crate::matrix::{Basis, Flow, PortRange, RoleId};

/// How many names a sentence has.
const MOST_NAMES: usize = 5;

/// That connections, or steps of them, ask for it; there is at least one.
pub fn allowed(question: &Question<'_>, legs: &[Leg<'_, '_>]) -> String {
    let flows = each_once(legs.iter().map(|leg| leg.connection.flow));
    let mut text = format!(
        "{} may reach {} on {} {} ({})",
        question.source.name,
        question.destination.name,
        question.transport,
        question.port,
        flows_in_words(&flows)
    );
    if let [Flow { basis: Basis::Inferred { why, .. }, .. }] = flows.as_slice() {
        let why = why.split_once(". ").map_or(why.as_str(), |(first, _)| first);
        text.push_str(&format!(", which is inferred: {}", why.trim_end_matches('.')));
    } else if flows.iter().all(|flow| flow.is_own()) {
        text.push_str(", by a row of your own");
    } else if flows.iter().all(|flow| !flow.is_documented()) {
        text.push_str(", which is inferred");
    }
    text + "."
}

impl Why<'_> {
    /// Why not, in a sentence. `connections` are all that the deployment has.
    pub fn in_words(
        &self,
        deployment: &Deployment<'_>,
        connections: &[Connection<'_>],
        question: &Question<'_>,
    ) -> String {
        let Question { transport, port, .. } = question;
        let (source, destination) = (question.source.name, question.destination.name);
        match self {
            Self::Otherwise(reason, found, None) => {
                otherwise(*reason, found, deployment, connections, question)
            }
            Self::Otherwise(reason, found, Some((other, pair))) => format!(
                "{}; {}",
                otherwise(*reason, found, deployment, connections, question).trim_end_matches('.'),
                left_out(*other, pair, deployment, question).replacen("The", "the", 1)
            ),
            Self::LeftOut(reason, pair) => left_out(*reason, pair, deployment, question),
            Self::Inside(endpoint) => format!(
                "Traffic from {} to itself on {transport} {port} meets no rule if it stays inside a host, and no row asks for it between hosts.",
                name(deployment, *endpoint)
            ),
            Self::OwnHost(endpoint, row) => format!(
                "On {}, {transport} {port} is for its own host alone ({row}); {source} has no need of it.",
                name(deployment, *endpoint)
            ),
            Self::RoleMissing { flow, endpoint, role } => {
                let present = name(deployment, *endpoint);
                let missing = format!("the role {}", code(deployment.matrix.role_id(*role)));
                let (from, to, who) = if *role == flow.to {
                    (present, missing, destination)
                } else {
                    (missing, present, source)
                };
                format!(
                    "The document asks for {transport} {port} from {from} to {to} ({}), and no endpoint plays the role; if {who} is one, give it the role.",
                    flow_in_words(flow)
                )
            }
            Self::OutsideDocument => outside(deployment, question),
            Self::UnknownAddress => {
                let ends = [question.source, question.destination];
                let nobody: Vec<&str> = (ends.iter())
                    .filter(|party| party.endpoints.is_empty())
                    .map(|party| party.name)
                    .collect();
                format!(
                    "No endpoint has {} among its `cidrs`; describe who that is, or ask by the name of an endpoint.",
                    nobody.join(" or ")
                )
            }
            Self::NotDocumented => not_documented(deployment, question),
        }
    }
}

impl Near<'_> {
    /// What it is, in a sentence.
    pub fn in_words(&self, deployment: &Deployment<'_>) -> String {
        let pair = Pair { flow: self.flow, source: self.source, destination: self.destination };
        let what = |verb| {
            format!(
                "{} {verb} reach {} on {} {} ({})",
                name(deployment, self.source),
                name(deployment, self.destination),
                self.flow.transport,
                ports_in_words(&self.ports),
                flow_in_words(self.flow)
            )
        };
        let without = match self.differs.as_slice() {
            [Difference::Bound] => {
                let (of, role, other) = binding(deployment, &pair);
                let role = code(deployment.matrix.role_id(role));
                let (of, other) = (name(deployment, of), name(deployment, other));
                format!("`talks_to` of {of} does not list {other} under {role}")
            }
            [Difference::Excluded] => absence(deployment, self.flow),
            _ => return what("may") + ".",
        };
        format!("{}, but {without}.", what("would"))
    }
}

/// Why no endpoint has a flow that is left out as a whole.
fn absence(deployment: &Deployment<'_>, flow: &Flow) -> String {
    match deployment.left_out_as_a_whole(flow) {
        Some(connection::Reason::Excluded) => match &flow.derived_from {
            Some(base) => {
                format!("`exclude_flows` names {} or {}", code(&flow.id), code(base))
            }
            None => format!("`exclude_flows` names {}", code(&flow.id)),
        },
        _ => replacement(deployment, flow),
    }
}

fn otherwise(
    reason: Reason,
    found: &[Found<'_>],
    deployment: &Deployment<'_>,
    connections: &[Connection<'_>],
    question: &Question<'_>,
) -> String {
    let Question { transport, port, .. } = question;
    let (source, destination) = (question.source.name, question.destination.name);
    let services = services(found);
    let flows = flows_in_words(&each_once(found.iter().map(|found| found.pair.flow)));
    match reason {
        Reason::Reversed => format!(
            "It is the other way round: {destination} may reach {source} on {transport} {port} ({flows}), and answers need no rule."
        ),
        Reason::ProtocolDiffers => format!(
            "{source} may reach {destination} on {services} ({flows}), and on nothing over {transport}."
        ),
        _ => {
            let users = users(deployment, connections, question);
            format!(
                "{source} may reach {destination} on {services} ({flows}), not on {transport} {port}{users}."
            )
        }
    }
}

/// Whose port it is at the destination, if it is somebody's.
fn users(
    deployment: &Deployment<'_>,
    connections: &[Connection<'_>],
    question: &Question<'_>,
) -> String {
    let used: Vec<Leg<'_, '_>> = (connections.iter().flat_map(Connection::legs))
        .filter(|leg| {
            question.destination.is(leg.destination) && question.is_about(leg.connection, leg.ports)
        })
        .collect();
    if used.is_empty() {
        return String::new();
    }
    let users: BTreeSet<EndpointId> = used.iter().map(|leg| leg.source).collect();
    let users: Vec<String> = users.into_iter().map(|user| name(deployment, user)).collect();
    let flows = flows_in_words(&each_once(used.iter().map(|leg| leg.connection.flow)));
    format!(", which is for {} alone ({flows})", listed(&users, MOST_NAMES))
}

fn left_out(
    reason: Reason,
    pair: &Pair<'_>,
    deployment: &Deployment<'_>,
    question: &Question<'_>,
) -> String {
    let Pair { flow, source, destination } = pair;
    let asked = format!(
        "The document asks for {} {} from {} to {} ({})",
        question.transport,
        question.port,
        question.source.name,
        question.destination.name,
        flow_in_words(flow)
    );
    let matrix = &*deployment.matrix;
    match reason {
        Reason::Excluded | Reason::Replaced => {
            format!("{asked}, but {}.", absence(deployment, flow))
        }
        Reason::NotBound => {
            let (of, role, other) = binding(deployment, pair);
            format!(
                "{asked}, but `talks_to` of {} does not list {} under {}.",
                name(deployment, of),
                name(deployment, other),
                code(matrix.role_id(role))
            )
        }
        _ => {
            let topology = matrix.topology_of(flow);
            let to = deployment.endpoint(*destination);
            match &flow.when {
                Some(flag) if to.ports.flag(flag, flow.to) != Truth::Yes => format!(
                    "{asked} where {} has `ports = {{ {flag} = true }}`, which it has not.",
                    name(deployment, *destination)
                ),
                _ => format!(
                    "{asked} for the topology \"{}\" alone ({}), which does not apply between {} and {}.",
                    topology.title,
                    topology.means.trim_end_matches('.'),
                    name(deployment, *source),
                    name(deployment, *destination)
                ),
            }
        }
    }
}

/// Whose `talks_to` keeps a flow from being there: the endpoint, the role, and whom it does not list.
fn binding(deployment: &Deployment<'_>, pair: &Pair<'_>) -> (EndpointId, RoleId, EndpointId) {
    let Pair { flow, source, destination } = *pair;
    if deployment.endpoint(source).talks_to.admits(flow.to, destination) == Truth::Yes {
        (destination, flow.from, source)
    } else {
        (source, flow.to, destination)
    }
}

/// What takes the place of a flow, and what keeps it.
fn replacement(deployment: &Deployment<'_>, flow: &Flow) -> String {
    let matrix = &*deployment.matrix;
    let base = flow.derived_from.as_ref().and_then(|base| matrix.flow(base));
    let replaced = flow.replaced_in.as_ref().or(base.and_then(|base| base.replaced_in.as_ref()));
    let replaced = replaced.or_bug("a flow that nothing replaces");
    let topology = matrix.topology(&replaced.topology);
    let topology = topology.or_bug("a flow replaced in a topology that the matrix does not have");
    format!(
        "the topology \"{}\" replaces it here; `options.{} = true` keeps it",
        topology.title, replaced.keep_option
    )
}

/// That the document does not have the port, and what it leaves out that uses it.
fn outside(deployment: &Deployment<'_>, question: &Question<'_>) -> String {
    let Question { transport, port, .. } = question;
    let needs: Vec<&str> = (deployment.matrix.not_covered.iter())
        .filter(|left| mentions(&left.ports, *port))
        .map(|left| left.need.as_str())
        .collect();
    let hint = if needs.is_empty() {
        "if the installation needs it, it takes a rule of your own".to_owned()
    } else {
        format!("it leaves out what may be meant: {}", needs.join("; "))
    };
    format!("The document has nothing on {transport} {port}; {hint}.")
}

/// Whether prose about ports has the port, alone or in a range.
fn mentions(prose: &str, port: u16) -> bool {
    let words = prose.split(|letter: char| !letter.is_ascii_digit() && letter != '-');
    let mut ranges = words.filter_map(|word| word.parse::<PortRange>().ok());
    ranges.any(|range| range.contains(port))
}

/// That no row joins these ends, and between which roles the port is documented.
fn not_documented(deployment: &Deployment<'_>, question: &Question<'_>) -> String {
    let Question { transport, port, .. } = question;
    let matrix = &*deployment.matrix;
    let mut roles: Vec<String> = Vec::new();
    for flow in &matrix.flows {
        let there = deployment.endpoints().any(|(_, endpoint)| {
            endpoint.plays(flow.to) == Truth::Yes
                && super::why::arrives(deployment, flow, endpoint, *port)
        });
        if !flow.host_local && flow.transport == *transport && there {
            let arrow =
                format!("{} to {}", code(matrix.role_id(flow.from)), code(matrix.role_id(flow.to)));
            if !roles.contains(&arrow) {
                roles.push(arrow);
            }
        }
    }
    let known = if roles.is_empty() {
        String::new()
    } else {
        format!("; in this deployment the port is for {}", listed(&roles, MOST_NAMES))
    };
    format!(
        "No row asks for {transport} {port} from {} to {}{known}.",
        question.source.name, question.destination.name
    )
}

/// `tcp 443 and 4000`, each protocol with its ports.
fn services(found: &[Found<'_>]) -> String {
    let mut services: Vec<String> = Vec::new();
    let transports: BTreeSet<_> = found.iter().map(|found| found.pair.flow.transport).collect();
    for transport in transports {
        let of_transport = found.iter().filter(|found| found.pair.flow.transport == transport);
        let ports: BTreeSet<PortRange> =
            of_transport.flat_map(|found| found.ports.iter().copied()).collect();
        let ports: Vec<PortRange> = ports.into_iter().collect();
        services.push(format!("{transport} {}", ports_in_words(&ports)));
    }
    services.join(" and ")
}

/// `443`, `443 and 4000`, `25, 443 and 4000`.
fn ports_in_words(ports: &[PortRange]) -> String {
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    listed(&ports, MOST_NAMES)
}

/// The rows that ask for some flows, each once.
fn rows_in_words(flows: &[&Flow]) -> String {
    let mut rows: Vec<&str> = Vec::new();
    for row in flows.iter().flat_map(|flow| flow.citations()) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.join(", ")
}

fn flow_in_words(flow: &Flow) -> String {
    flows_in_words(&[flow])
}

fn flows_in_words(flows: &[&Flow]) -> String {
    let ids: Vec<&str> = flows.iter().map(|flow| flow.id.as_str()).collect();
    format!("{}; {}", ids.join(", "), rows_in_words(flows))
}

fn each_once<'m>(flows: impl Iterator<Item = &'m Flow>) -> Vec<&'m Flow> {
    let mut flows: Vec<&Flow> = flows.collect();
    flows.sort_by_key(|flow| flow.place);
    flows.dedup_by_key(|flow| flow.place);
    flows
}

/// Words in a sentence: `a, b and c`; of more than `most`, the first ones and how many more there are.
pub fn listed(words: &[String], most: usize) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] if words.len() <= most => {
            format!("{} and {last}", first.join(", "))
        }
        _ => {
            let shown: Vec<&str> = words.iter().take(most).map(String::as_str).collect();
            format!("{} and {} more", shown.join(", "), words.len() - shown.len())
        }
    }
}

fn name(deployment: &Deployment<'_>, endpoint: EndpointId) -> String {
    code(deployment.endpoint(endpoint).name)
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
