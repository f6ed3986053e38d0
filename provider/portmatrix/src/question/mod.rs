//! A question about a deployment: does the document ask for this traffic, and if not, why not and what comes closest.
//!
//! Who has which address is not known here. Whoever asks says which endpoints each end may be, and finds out
//! whether rules for other endpoints let the traffic pass all the same.

mod nearest;
mod why;
mod words;

pub use nearest::{Difference, Near, nearest};
pub use why::{Absent, Why, absent, why};
pub use words::{allowed, listed};

use crate::connection::{Connection, Leg};
use crate::deployment::EndpointId;
use crate::kinds;
use crate::matrix::{Basis, Flow, PortRange, Transport};

kinds! {
    /// What an answer rests on: why traffic is allowed, or why it is not. Of several that fit, the first counts.
    pub enum Reason {
        Documented = "documented", "The document asks for it",
            "A connection of the deployment is exactly this, or a step of its way, and rows of the document ask for it.";
        Inferred = "inferred", "An inferred flow asks for it",
            "A connection of the deployment is exactly this. No row says so in so many words: the flow is inferred.";
        Site = "site", "A row of your own asks for it",
            "A connection of the deployment is exactly this, and a row in `additions` asks for it.";
        SharedAddress = "shared_address", "Other rules let it pass",
            "No row asks for it. It passes all the same, because addresses of an endpoint are also those of another one, whose rules admit them.";
        Partial = "partial", "A part of it passes",
            "Some of the addresses pass, by a connection or by addresses that endpoints share, and others do not. `allowed` is false. Ask for a smaller network, or for one endpoint.";
        PortDiffers = "port_differs", "Another port",
            "The endpoints are connected by this protocol, on other ports.";
        ProtocolDiffers = "protocol_differs", "Another protocol",
            "The endpoints are connected by the other protocol alone.";
        Reversed = "reversed", "The other direction",
            "The destination connects to the source on this port. Answers need no rule of their own.";
        Excluded = "excluded", "Excluded",
            "The document asks for it, and `exclude_flows` leaves the flow out.";
        NotBound = "not_bound", "Not bound",
            "The document asks for it, and `talks_to` of one of the endpoints does not list the other.";
        Replaced = "replaced", "Replaced",
            "The document asks for it only where an overlay does not take its place, and here it does.";
        OverlayAbsent = "overlay_absent", "An overlay that does not apply",
            "The roles fit, but the document asks for it in an installation of another kind only: with a Response Stack on another host, say, or a named instance.";
        HostLocal = "host_local", "Inside a host",
            "Both ends are one endpoint, or the port is one that only its own host reaches. Such traffic meets no rule.";
        RoleMissing = "role_missing", "A role that nobody plays",
            "The document asks for this port between one of the endpoints and a role that no endpoint plays.";
        OutsideDocument = "outside_document", "Not in the document",
            "The document has nothing on this port. It leaves out what every installation has, such as directory services.";
        UnknownAddress = "unknown_address", "An address of nobody",
            "No endpoint has the address among its `cidrs`.";
        NotDocumented = "not_documented", "Not documented",
            "The document has the port, but no row asks for it between endpoints with these roles.";
    }
}

/// Traffic that someone asks about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// Who would initiate it.
    pub source: Party<'q>,
    /// Who would listen.
    pub destination: Party<'q>,
    /// The transport.
    pub transport: Transport,
    /// The port at the destination.
    pub port: u16,
}

/// One end of it.
#[derive(Debug, Clone, Copy)]
pub struct Party<'q> {
    /// The endpoints that it may be, ascending: one, or all to which an address may belong. None for an address of nobody.
    pub endpoints: &'q [EndpointId],
    /// How sentences call it.
    pub name: &'q str,
}

impl Party<'_> {
    /// Whether the endpoint is one of them.
    pub fn is(&self, endpoint: EndpointId) -> bool {
        self.endpoints.binary_search(&endpoint).is_ok()
    }
}

impl Question<'_> {
    /// Whether what a connection sends to some ports is about this protocol and port, whoever its ends are.
    pub fn is_about(&self, connection: &Connection<'_>, ports: &[PortRange]) -> bool {
        connection.flow.transport == self.transport && self.goes_to(ports)
    }

    /// Whether a connection, or a step of it, is exactly this, if each end is one of the endpoints that it may be.
    pub fn is_asked_for_by(&self, leg: &Leg<'_, '_>) -> bool {
        self.source.is(leg.source)
            && self.destination.is(leg.destination)
            && self.is_about(leg.connection, leg.ports)
    }

    fn goes_to(&self, ports: &[PortRange]) -> bool {
        ports.iter().any(|range| range.contains(self.port))
    }
}

impl Reason {
    /// What a connection of this flow rests on.
    pub fn of(flow: &Flow) -> Self {
        match flow.basis {
            Basis::Site { .. } => Self::Site,
            Basis::Inferred { .. } => Self::Inferred,
            Basis::Paired | Basis::SelfPaired | Basis::Outside | Basis::Prose => Self::Documented,
        }
    }
}
