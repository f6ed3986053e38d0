//! The two ends of a question: an endpoint by its name, or an address or network by the endpoints that have it.

use std::net::IpAddr;

use cidrs::{Cidr, Family, common, merge};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::mistake::EndpointMistake;
use portmatrix::path::{At, quoted};
use portmatrix::question::Party;
use tfplugin::Value;

use crate::platform::view::View;
use crate::query::QueryMistake;
use crate::reader::{Reader, canonical_cidr};

/// One end.
#[derive(Debug, Clone)]
pub struct End {
    /// How sentences call it.
    name: String,
    /// The endpoints that it may be, ascending.
    endpoints: Vec<EndpointId>,
    /// The machines of each that are meant.
    pub(super) sides: Vec<Side>,
    /// All addresses that are meant, where it is an address or a network.
    pub(super) network: Option<Cidr>,
}

/// The machines of one endpoint that are meant.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// The endpoint.
    pub(super) endpoint: EndpointId,
    /// Their addresses, merged; all there are, where the deployment does not say.
    pub(super) addresses: Vec<Cidr>,
    /// Whether the deployment says which they are.
    pub(super) are_stated: bool,
}

/// What a user wrote for an end, before it is known who has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text<'v> {
    /// Perhaps a name; anything that can't be an address.
    Name(&'v str),
    /// A name if an endpoint has it, else the network.
    Network(&'v str, Cidr),
}

impl<'v> Text<'v> {
    /// Reads an argument. What can be neither a name nor an address is reported.
    pub(super) fn read(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Known<Self> {
        const ACCEPTED: &str = "the name of an endpoint, an address or a CIDR";
        let text = reader.text(value, at).unwrap_or_else(|| reader.missing(at, ACCEPTED));
        let Known::Known(text) = text else { return Known::Unknown };
        if let Ok(address) = text.parse::<IpAddr>() {
            // Cut to the bits that an address of the family has.
            return Known::Known(Self::Network(text, Cidr::holding(address, u8::MAX)));
        }
        if !text.contains(['/', ':']) {
            return Known::Known(Self::Name(text));
        }
        match canonical_cidr(text, at, reader) {
            Some(cidr) => Known::Known(Self::Network(text, cidr)),
            None => Known::Unknown,
        }
    }

    /// The end in a deployment of which the addresses are known. A name that no endpoint has is reported.
    pub(super) fn find(self, view: &View<'_>, at: &At<'_>, reader: &mut Reader) -> Option<End> {
        let deployment = &view.input.deployment;
        let (Self::Name(text) | Self::Network(text, _)) = self;
        if let Some(endpoint) = deployment.find(text) {
            return Some(End::named(view, endpoint));
        }
        match self {
            Self::Network(_, cidr) => Some(End::network(view, cidr)),
            Self::Name(text) => {
                let known = deployment.endpoints().map(|(_, endpoint)| endpoint.name);
                let kind = EndpointMistake::UnknownEndpoint;
                reader.problems.add_unknown_name(at, kind, "endpoint", text, known);
                None
            }
        }
    }
}

impl End {
    /// An endpoint with all its machines.
    pub fn named(view: &View<'_>, endpoint: EndpointId) -> Self {
        let blocks = blocks(view, endpoint);
        let are_stated = !blocks.is_empty();
        let addresses = if are_stated {
            merge(blocks)
        } else {
            [Family::V4, Family::V6].map(Cidr::whole).to_vec()
        };
        Self {
            name: format!("`{}`", view.name(endpoint)),
            endpoints: vec![endpoint],
            sides: vec![Side { endpoint, addresses, are_stated }],
            network: None,
        }
    }

    /// A network, or one address: all endpoints that have some of it.
    pub fn network(view: &View<'_>, network: Cidr) -> Self {
        let sides = view.ids().filter_map(|endpoint| {
            let addresses = common(&blocks(view, endpoint), &[network]);
            let are_stated = true;
            (!addresses.is_empty()).then_some(Side { endpoint, addresses, are_stated })
        });
        let sides: Vec<Side> = sides.collect();
        let is_address = network.first() == network.last();
        let text = if is_address { network.first().to_string() } else { network.to_string() };
        let names: Vec<String> =
            sides.iter().map(|side| format!("`{}`", view.name(side.endpoint))).collect();
        let name = match names.as_slice() {
            [] => text,
            [name] => format!("{text} ({name})"),
            [first, second] => format!("{text} ({first}, {second})"),
            [first, second, rest @ ..] => {
                format!("{text} ({first}, {second} and {} more)", rest.len())
            }
        };
        let endpoints = sides.iter().map(|side| side.endpoint).collect();
        Self { name, endpoints, sides, network: Some(network) }
    }

    /// All addresses that are meant.
    pub(super) fn addresses(&self) -> &[Cidr] {
        match (&self.network, self.sides.as_slice()) {
            (Some(network), _) => std::slice::from_ref(network),
            (None, [side]) => &side.addresses,
            (None, _) => &[],
        }
    }

    /// The same for the matrix.
    pub(super) fn party(&self) -> Party<'_> {
        Party { endpoints: &self.endpoints, name: &self.name }
    }
}

/// Reports two networks of different families, between which there is no traffic.
pub(super) fn check_families(source: &End, destination: &End, at: &At<'_>, reader: &mut Reader) {
    if let (Some(from), Some(to)) = (source.network, destination.network)
        && from.family() != to.family()
    {
        let detail = format!(
            "Found {} for a source of {}. One of the two is IPv4 and the other IPv6: there is no traffic between them.",
            quoted(&to.to_string()),
            quoted(&from.to_string())
        );
        reader.problems.add(at, QueryMistake::FamiliesDiffer, detail);
    }
}

fn blocks(view: &View<'_>, endpoint: EndpointId) -> Vec<Cidr> {
    match &view.addresses(endpoint).cidrs {
        Some(Known::Known(blocks)) => blocks.iter().map(|block| block.cidr).collect(),
        Some(Known::Unknown) | None => Vec::new(),
    }
}
