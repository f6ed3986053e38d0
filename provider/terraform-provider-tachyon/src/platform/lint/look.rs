//! What lints look at: a deployment with its connections, and how its endpoints are addressed.

use portmatrix::bug::OrBug;
use portmatrix::connection::Connection;
use portmatrix::deployment::{Endpoint, EndpointId};
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{RoleId, Zone};

use crate::platform::view::View;
use crate::platform::{addressed, in_use, refers_both_ways};
use crate::reader::Block;

/// What lints look at.
#[derive(Debug)]
pub struct Look<'v, 'a> {
    /// The deployment and its connections.
    pub view: &'v View<'a>,
    /// The platforms of which each endpoint has an address of its own, in the order of the endpoints.
    addressed: Vec<Vec<&'static str>>,
    /// The platforms that the deployment is for.
    platforms: Vec<&'static str>,
    /// Whether roles, and with them all connections, are known.
    is_decided: bool,
}

impl<'v, 'a> Look<'v, 'a> {
    /// A look at a deployment.
    pub fn at(view: &'v View<'a>) -> Self {
        let addressed: Vec<_> = view.input.addresses.iter().map(addressed).collect();
        let platforms = in_use(addressed.iter().flatten().copied());
        let is_decided = view.is_settled();
        Self { view, addressed, platforms, is_decided }
    }

    /// Whether the deployment is for a platform: some endpoint has an address of its own there, or none has anywhere.
    pub fn is_for(&self, platform: &str) -> bool {
        self.platforms.contains(&platform)
    }

    /// Whether some endpoint has an address of its own on a platform.
    pub fn is_addressed_on(&self, platform: &str) -> bool {
        self.addressed.iter().any(|names| names.contains(&platform))
    }

    /// Whether roles and connections are known.
    pub fn is_decided(&self) -> bool {
        self.is_decided
    }

    /// The connections, once all are known.
    pub fn connections(&self) -> Known<&'v [Connection<'a>]> {
        if self.is_decided { Known::Known(&self.view.connections) } else { Known::Unknown }
    }

    /// The endpoints with their places.
    pub fn endpoints(&self) -> impl Iterator<Item = (EndpointId, &'v Endpoint<'a>)> + use<'v, 'a> {
        self.view.input.deployment.endpoints()
    }

    /// The name of an endpoint.
    pub fn name(&self, endpoint: EndpointId) -> &'a str {
        self.view.name(endpoint)
    }

    /// The CIDRs that an endpoint was given; none if it was given none.
    pub fn cidrs(&self, endpoint: EndpointId) -> Known<&'a [Block<'a>]> {
        match &self.view.addresses(endpoint).cidrs {
            None => Known::Known(&[]),
            Some(cidrs) => cidrs.as_ref().map(Vec::as_slice),
        }
    }

    /// The CIDRs that stand for an endpoint in rules of its peers, on some platform that the deployment is for.
    pub fn standing(&self, endpoint: EndpointId) -> Known<&'a [Block<'a>]> {
        let own = self.addressed.get(endpoint.index()).or_bug("an endpoint of another deployment");
        if self.platforms.iter().all(|it| own.contains(it) && refers_both_ways(it)) {
            return Known::Known(&[]);
        }
        self.cidrs(endpoint)
    }

    /// The zone in which a role usually stands.
    pub fn zone_of(&self, role: RoleId) -> &'a Zone {
        let matrix = self.view.input.matrix();
        let zone = &matrix.role_at(role).zone;
        matrix.zones.iter().find(|it| it.id == *zone).or_bug("a role without a zone")
    }

    /// The zones in which the roles of an endpoint usually stand.
    pub fn zones(&self, endpoint: EndpointId) -> Vec<&'a Zone> {
        let matrix = self.view.input.matrix();
        let endpoint = self.view.input.deployment.endpoint(endpoint);
        let played = matrix.role_ids().filter(|role| endpoint.plays(*role) == Truth::Yes);
        played.map(|role| self.zone_of(role)).collect()
    }

    /// The zone of an endpoint: its label, else the one in which its first role usually stands.
    pub fn zone(&self, endpoint: EndpointId) -> Known<&'a str> {
        match self.view.addresses(endpoint).zone {
            Some(label) => label,
            None => match self.zones(endpoint).first() {
                Some(zone) => Known::Known(&zone.id),
                None => Known::Unknown,
            },
        }
    }
}
