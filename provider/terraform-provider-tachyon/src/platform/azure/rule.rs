//! A network security rule as it is planned, counted and compared; [`super::record`] writes it.

use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::{Flow, PortRange, Transport};

use super::end::End;
use super::part::Part;
use crate::leaf::Leaf;
use crate::platform::Input;
use crate::platform::view::{Direction, Hops};

/// Where Azure's own services listen: HTTPS.
const SERVICE_PORT: PortRange = PortRange { from: 443, to: 443 };

/// A network security rule.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    /// What asks for it.
    pub subject: Subject<'a>,
    /// Seen from the endpoint whose rule it is.
    pub direction: Direction,
    /// The other end.
    pub peer: End<'a>,
    /// That endpoint's own end.
    pub own: End<'a>,
    /// In a group that several endpoints share, the one whose rule it is.
    pub member: Option<EndpointId>,
    /// From 100 to 4096. Unknown until all rules of the group are there, and while a pin is unknown.
    pub priority: Leaf<u16>,
}

/// What a rule is for.
#[derive(Debug, Clone)]
pub enum Subject<'a> {
    /// Connections of one flow to one port or range, with the peers that fit one part.
    Flow {
        /// The flow.
        flow: &'a Flow,
        /// Where the destination listens.
        ports: PortRange,
        /// The kind of address that the peers have in common.
        part: Part<'a>,
        /// The peers, each once.
        peers: Vec<EndpointId>,
        /// What stands between them and the endpoint, for each way; nothing where there is none.
        ways: Rc<[Hops]>,
    },
    /// What the user's options admit to a platform service, by its tag.
    Service(&'a str),
    /// The health probes of Azure's load balancers.
    LoadBalancer,
    /// Everything else, which is denied.
    Rest,
}

impl Subject<'_> {
    /// Whether such rules admit what they are about; else they deny it.
    pub fn allows(&self) -> bool {
        !matches!(self, Self::Rest)
    }

    /// The transport; none for every protocol.
    pub fn transport(&self) -> Option<Transport> {
        match self {
            Self::Flow { flow, .. } => Some(flow.transport),
            Self::Service(_) => Some(Transport::Tcp),
            Self::LoadBalancer | Self::Rest => None,
        }
    }

    /// The ports at the destination; none for all.
    pub fn ports(&self) -> Option<PortRange> {
        match self {
            Self::Flow { ports, .. } => Some(*ports),
            Self::Service(_) => Some(SERVICE_PORT),
            Self::LoadBalancer | Self::Rest => None,
        }
    }
}

impl<'a> Rule<'a> {
    /// A rule about anybody at both ends.
    pub(super) fn new(subject: Subject<'a>, direction: Direction) -> Self {
        let (peer, own) = (End::Any, End::Any);
        Self { subject, direction, peer, own, member: None, priority: Leaf::Unknown }
    }

    /// Who sends what it is about.
    pub fn source(&self) -> &End<'a> {
        match self.direction {
            Direction::Ingress => &self.peer,
            Direction::Egress => &self.own,
        }
    }

    /// Who receives it.
    pub fn destination(&self) -> &End<'a> {
        match self.direction {
            Direction::Ingress => &self.own,
            Direction::Egress => &self.peer,
        }
    }

    /// Both ends, each with its name.
    pub(super) fn ends(&self) -> [(&'static str, &End<'a>); 2] {
        [("source", self.source()), ("destination", self.destination())]
    }

    /// The peers of a rule that a flow asks for; else none.
    pub(super) fn peers(&self) -> &[EndpointId] {
        match &self.subject {
            Subject::Flow { peers, .. } => peers,
            Subject::Service(_) | Subject::LoadBalancer | Subject::Rest => &[],
        }
    }
}

/// The rules of one network security group, of both directions, by key.
#[derive(Debug)]
pub struct RuleSet<'a> {
    pub(super) input: &'a Input<'a>,
    /// In the order of the keys.
    pub(super) rules: Vec<(String, Rule<'a>)>,
}

impl<'a> RuleSet<'a> {
    /// A set of rules, of which no two have one key.
    pub(super) fn of(input: &'a Input<'a>, rules: Vec<Rule<'a>>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().map(|rule| (rule.key(input), rule)).collect();
        rules.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut pairs = rules.iter().zip(rules.iter().skip(1));
        let is_apart = pairs.all(|((before, _), (key, _))| before != key);
        is_apart.then_some(()).or_bug("two rules with one key");
        Self { input, rules }
    }

    /// The rules with their keys, in the order of these.
    pub fn rules(&self) -> &[(String, Rule<'a>)] {
        &self.rules
    }

    /// Whether a rule has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.rules.binary_search_by(|(other, _)| other.as_str().cmp(key)).is_ok()
    }
}
