//! What a network security rule says, as Azure understands it.

use cidrs::{Cidr, CidrError};
use portmatrix::matrix::{PortRange, Transport};

use crate::platform::azure::{self, Rule};
use crate::platform::view::Direction;
use crate::query::audit::compare;
use crate::query::audit::hosts::{Hosts, Name};
use crate::query::audit::read::{block, some_of};
use crate::query::audit::spans::Spans;
use crate::query::audit::traffic::Traffic;

/// Everything: any protocol, any port, any address.
pub(super) const ANY: &str = "*";

const TCP: u16 = 6;
const UDP: u16 = 17;

/// Azure's protocols, each with the number that IANA gave it; none for any.
pub(super) const PROTOCOLS: [(&str, Option<u16>); 6] = [
    ("Tcp", Some(TCP)),
    ("Udp", Some(UDP)),
    ("Icmp", Some(1)),
    ("Esp", Some(50)),
    ("Ah", Some(51)),
    (ANY, None),
];

/// What a rule is about, apart from direction and access.
#[derive(Debug)]
pub(super) struct Terms {
    /// The number of the protocol; none for any.
    pub(super) protocol: Option<u16>,
    pub(super) source_ports: Ports,
    pub(super) ports: Ports,
    pub(super) source: End,
    pub(super) destination: End,
}

/// Ports and ranges, as numbers and as they were written.
#[derive(Debug, Default)]
pub(super) struct Ports {
    ranges: Vec<(u16, u16)>,
    texts: Vec<String>,
}

/// One end, as what it stands for and as it was written.
#[derive(Debug, Default)]
pub(super) struct End {
    is_any: bool,
    cidrs: Vec<Cidr>,
    names: Vec<Name>,
    texts: Vec<String>,
}

impl Ports {
    /// Every port.
    fn all() -> Self {
        Self { ranges: vec![(0, u16::MAX)], texts: vec![ANY.to_owned()] }
    }

    /// One port or range.
    fn of(ports: PortRange) -> Self {
        Self { ranges: vec![(ports.from, ports.to)], texts: vec![ports.to_string()] }
    }

    /// Adds `*`, a port or a range. False if it is none of them.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let Some(range) = range(text) else { return false };
        self.ranges.push(range);
        self.texts.push(text.to_owned());
        true
    }
}

/// Azure's ports begin at 0, unlike those of the matrix.
fn range(text: &str) -> Option<(u16, u16)> {
    if text == ANY {
        return Some((0, u16::MAX));
    }
    let port = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok())?
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to) = (port(from)?, port(to)?);
    (from <= to).then_some((from, to))
}

impl End {
    /// The end of a documented rule; none while it is unknown.
    fn of(planned: &azure::End<'_>) -> Option<Self> {
        let mut end = Self::default();
        match planned {
            azure::End::Any => {
                end.is_any = true;
                end.texts.push(ANY.to_owned());
            }
            azure::End::Tag(tag) => end.add_tag(tag),
            azure::End::Cidr(block) => {
                end.cidrs.push(block.cidr);
                end.texts.push(block.text.clone().into_owned());
            }
            azure::End::Cidrs(blocks) => {
                end.cidrs.extend(blocks.iter().map(|block| block.cidr));
                end.texts.extend(blocks.iter().map(|block| block.text.clone().into_owned()));
            }
            azure::End::Groups(ids) => ids.iter().for_each(|id| end.add_group(id)),
            azure::End::UnknownGroups | azure::End::UnknownCidrs | azure::End::Unknown => {
                return None;
            }
        }
        Some(end)
    }

    /// Adds `*`, a block, or a service tag.
    pub(super) fn add(&mut self, text: &str) -> Result<(), CidrError> {
        if text == ANY {
            self.is_any = true;
        } else if is_tag(text) {
            self.add_tag(text);
            return Ok(());
        } else {
            self.cidrs.push(block(text)?);
        }
        self.texts.push(text.to_owned());
        Ok(())
    }

    fn add_tag(&mut self, tag: &str) {
        // Azure takes and gives tags in any case.
        self.names.push(Name::Tag(tag.to_ascii_lowercase()));
        self.texts.push(tag.to_owned());
    }

    /// Adds an application security group by its id.
    pub(super) fn add_group(&mut self, id: &str) {
        self.names.push(Name::Group(azure::identity(id)));
        self.texts.push(id.rsplit_once('/').map_or(id, |(_, name)| name).to_owned());
    }

    fn hosts(&self) -> Hosts {
        if self.is_any {
            Hosts::all()
        } else {
            Hosts::of(self.cidrs.iter().copied(), self.names.iter().cloned())
        }
    }

    /// In words; sorted, since Azure keeps no order.
    fn told(&self) -> String {
        let mut texts = self.texts.clone();
        texts.sort_unstable();
        some_of(&texts)
    }
}

/// Tags begin with a letter and have no colon, so that no address is one; `Internet`, `Storage.WestEurope`.
fn is_tag(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-'))
}

impl Terms {
    /// What a documented rule says; none while some of it is unknown.
    pub(super) fn of(rule: &Rule<'_>) -> Option<Self> {
        let protocol = rule.subject.transport().map(|transport| match transport {
            Transport::Tcp => TCP,
            Transport::Udp => UDP,
        });
        Some(Self {
            protocol,
            source_ports: Ports::all(),
            ports: rule.subject.ports().map_or_else(Ports::all, Ports::of),
            source: End::of(rule.source())?,
            destination: End::of(rule.destination())?,
        })
    }

    /// As it is compared.
    pub(super) fn compared(
        &self,
        direction: Direction,
        allows: bool,
        priority: u16,
    ) -> compare::Rule {
        let ports = |ports: &Ports| {
            if self.has_ports() { Spans::of(ports.ranges.iter().copied()) } else { Spans::all() }
        };
        let traffic = Traffic {
            protocols: self
                .protocol
                .map_or_else(|| Spans::of([(0, u16::from(u8::MAX))]), Spans::one),
            source_ports: ports(&self.source_ports),
            ports: ports(&self.ports),
            sources: self.source.hosts(),
            destinations: self.destination.hosts(),
        };
        compare::Rule { direction, allows, priority: priority.into(), traffic }
    }

    /// Whether ports limit it. Where the protocol is any, they do: what Azure then does about protocols without ports is
    /// not documented, so such a rule is taken to be about them too.
    fn has_ports(&self) -> bool {
        matches!(self.protocol, None | Some(TCP | UDP))
    }

    /// In words: `tcp 443 from 10.0.0.0/8 to *`.
    pub(super) fn told(&self) -> String {
        let (source, destination) = (self.source.told(), self.destination.told());
        let mut told = match self.protocol {
            None => "any protocol".to_owned(),
            Some(number) => {
                let name = PROTOCOLS.iter().find(|(_, known)| *known == Some(number));
                name.map_or_else(|| number.to_string(), |(name, _)| name.to_ascii_lowercase())
            }
        };
        let restricted =
            |ports: &Ports| self.has_ports() && !ports.texts.iter().any(|text| text == ANY);
        if restricted(&self.ports) {
            told.push_str(&format!(" {}", some_of(&self.ports.texts)));
        }
        told.push_str(&format!(" from {source}"));
        if restricted(&self.source_ports) {
            told.push_str(&format!(" (source ports {})", some_of(&self.source_ports.texts)));
        }
        told + &format!(" to {destination}")
    }
}
