//! Single questions to a platform about traffic: whom its rules hold, and which of them admit it.

use std::collections::BTreeSet;

use cidrs::{Cidr, common};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::{PortRange, Transport};

use crate::platform::view::Seen;
use crate::reader::Block;

/// Which machines of an endpoint a rule for a peer of its holds.
#[derive(Debug, Clone, Copy)]
pub enum Held<'a> {
    /// All of them.
    All,
    /// None of them.
    Nothing,
    /// Those that have one of the addresses.
    Addresses(&'a [Block<'a>]),
    /// There is no such rule: the peer has no address on the platform.
    Unaddressed,
    /// That is not known yet.
    Unknown,
}

/// Traffic that an endpoint may have a rule for.
#[derive(Debug, Clone, Copy)]
pub struct Traffic<'q> {
    /// The transport.
    pub transport: Transport,
    /// The port at the one that is addressed.
    pub port: u16,
    /// The peers that the rule is for.
    pub peers: &'q BTreeSet<EndpointId>,
    /// The addresses of the peers that it is about; none for all.
    pub addresses: Option<&'q [Cidr]>,
}

impl Traffic<'_> {
    /// Whether what an endpoint sends or receives goes to the same port, whoever the peer is.
    pub(crate) fn is_port_of(&self, seen: &Seen<'_, '_>) -> bool {
        seen.connection.flow.transport == self.transport
            && match seen.ports {
                Known::Known(ports) => ports.iter().any(|range| range.contains(self.port)),
                Known::Unknown => false,
            }
    }

    /// Whether a rule for these ports and any of these peers is about it.
    pub(crate) fn meets(
        &self,
        ports: PortRange,
        mut peers: impl Iterator<Item = EndpointId>,
    ) -> bool {
        ports.contains(self.port) && peers.any(|peer| self.peers.contains(&peer))
    }

    /// Whether it is about some of the addresses.
    pub(crate) fn meets_addresses<'b>(
        &self,
        blocks: impl IntoIterator<Item = &'b Block<'b>>,
    ) -> bool {
        self.addresses.is_none_or(|asked| {
            let blocks: Vec<Cidr> = blocks.into_iter().map(|block| block.cidr).collect();
            !common(&blocks, asked).is_empty()
        })
    }
}
