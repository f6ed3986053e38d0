//! A world small enough to try every packet in it, and rules read into it with none of the audit's own code.
//!
//! Each dimension has at most 64 atoms; a rule is one mask a dimension. The rules of the random cases tell no two
//! things apart that are one atom here, so that what holds for every packet of the world holds altogether.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use tfplugin::Value;

use crate::answer::Read;

pub(super) const PROTOCOLS: [u8; 3] = [6, 17, 1];
pub(super) const PORTS: [u16; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1434, 1435, 65535];

/// Machines: inside and outside of the networks that rules name, those that only a name stands for (no two things of
/// the random cases have one name), and one that nothing stands for but everything.
pub(super) const MACHINES: [&str; 17] = [
    "10.0.0.0",
    "10.0.0.1",
    "10.0.0.2",
    "10.0.0.3",
    "192.0.2.1",
    "2001:db8::",
    "2001:db8::1",
    "2001:db8::2",
    "2001:db9::",
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "x",
    "nobody",
];

/// Networks of the random cases.
pub(super) const NETWORKS: [&str; 9] = [
    "10.0.0.0/30",
    "10.0.0.0/31",
    "10.0.0.2/31",
    "10.0.0.1/32",
    "10.0.0.2/32",
    "0.0.0.0/0",
    "2001:db8::/127",
    "2001:db8::/126",
    "::/0",
];

/// A rule: what it does, and which atoms of each dimension it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rule {
    pub(super) inward: bool,
    pub(super) allows: bool,
    pub(super) priority: u32,
    pub(super) protocols: u64,
    pub(super) source_ports: u64,
    pub(super) ports: u64,
    pub(super) sources: u64,
    pub(super) destinations: u64,
}

impl Rule {
    /// What it is about and does, without its place in the order.
    pub(super) fn identity(self) -> Self {
        Self { priority: 0, ..self }
    }

    fn holds(&self, packet: &Packet) -> bool {
        self.protocols & packet.0 != 0
            && self.source_ports & packet.1 != 0
            && self.ports & packet.2 != 0
            && self.sources & packet.3 != 0
            && self.destinations & packet.4 != 0
    }
}

/// One bit a dimension.
struct Packet(u64, u64, u64, u64, u64);

/// What the packets say of documented and actual rules, one bit a rule.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) missing: u64,
    pub(super) extra: u64,
    /// For each documented rule, the actual denies that shadow it.
    pub(super) shadows: Vec<u64>,
    /// Documented rules of which some packet is admitted.
    pub(super) admitted: u64,
}

/// Tries every packet of both directions; of atoms that no rule tells apart, one stands for all.
pub(super) fn verdict(documented: &[Rule], actual: &[Rule]) -> Verdict {
    let mut verdict = Verdict { shadows: vec![0; documented.len()], ..Verdict::default() };
    let rules = [documented, actual].concat();
    let told_apart = |count: usize, mask: fn(&Rule) -> u64| -> Vec<u64> {
        let seen =
            |bit: u64| -> Vec<bool> { rules.iter().map(|rule| mask(rule) & bit != 0).collect() };
        let all: BTreeMap<Vec<bool>, u64> =
            (0..count).map(|atom| (seen(1 << atom), 1 << atom)).collect();
        all.into_values().collect()
    };
    let protocols = told_apart(PROTOCOLS.len(), |rule| rule.protocols);
    let source_ports = told_apart(PORTS.len(), |rule| rule.source_ports);
    let ports = told_apart(PORTS.len(), |rule| rule.ports);
    let sources = told_apart(MACHINES.len(), |rule| rule.sources);
    let destinations = told_apart(MACHINES.len(), |rule| rule.destinations);
    for inward in [true, false] {
        let mut order: Vec<usize> =
            (0..actual.len()).filter(|rule| actual[*rule].inward == inward).collect();
        order.sort_by_key(|rule| actual[*rule].priority);
        for (protocol, source_port) in pairs(&protocols, &source_ports) {
            for port in &ports {
                for (source, destination) in pairs(&sources, &destinations) {
                    let packet = Packet(protocol, source_port, *port, source, destination);
                    verdict.packet(&packet, inward, documented, actual, &order);
                }
            }
        }
    }
    verdict
}

fn pairs(left: &[u64], right: &[u64]) -> impl Iterator<Item = (u64, u64)> {
    left.iter().flat_map(|left| right.iter().map(|right| (*left, *right)))
}

impl Verdict {
    fn packet(
        &mut self,
        packet: &Packet,
        inward: bool,
        documented: &[Rule],
        actual: &[Rule],
        order: &[usize],
    ) {
        let wanted: Vec<usize> = (0..documented.len())
            .filter(|rule| documented[*rule].inward == inward && documented[*rule].holds(packet))
            .collect();
        let met: Vec<usize> =
            order.iter().copied().filter(|rule| actual[*rule].holds(packet)).collect();
        let is_documented = wanted.iter().any(|rule| documented[*rule].allows);
        for (rank, rule) in met.iter().enumerate().filter(|(_, rule)| actual[**rule].allows) {
            let denied = met[..rank].iter().any(|earlier| !actual[*earlier].allows);
            if !denied && !is_documented {
                self.extra |= 1 << rule;
            }
        }
        let has = |allows| met.iter().any(|rule| actual[*rule].allows == allows);
        for rule in wanted {
            if !has(documented[rule].allows) {
                self.missing |= 1 << rule;
            }
            match met.first() {
                Some(first) if actual[*first].allows => self.admitted |= 1 << rule,
                Some(first)
                    if documented[rule].allows
                        && (has(true) || actual[*first].priority < documented[rule].priority) =>
                {
                    self.shadows[rule] |= 1 << first;
                }
                _ => {}
            }
        }
    }
}

/// The atoms that texts of an end stand for, in any mixture of networks, `*` and names.
pub(super) fn machines<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut mask = 0;
    for text in texts {
        let name = text
            .rsplit('/')
            .next()
            .unwrap_or(text)
            .trim_start_matches("sg-")
            .trim_start_matches("pl-")
            .to_lowercase();
        let holds = |machine: &str| text == "*" || machine == name || network_holds(text, machine);
        mask |= atoms(&MACHINES, |machine| holds(machine));
    }
    mask
}

/// Whether an address lies in a network, host bits of which are left aside.
fn network_holds(network: &str, address: &str) -> bool {
    let Some((base, length)) = network.split_once('/') else { return network == address };
    let Ok(length) = length.parse::<u32>() else { return false };
    if let (Ok(base), Ok(address)) = (base.parse::<Ipv4Addr>(), address.parse::<Ipv4Addr>()) {
        return (base.to_bits() ^ address.to_bits()).checked_shr(32 - length).unwrap_or(0) == 0;
    }
    let (Ok(base), Ok(address)) = (base.parse::<Ipv6Addr>(), address.parse::<Ipv6Addr>()) else {
        return false;
    };
    (base.to_bits() ^ address.to_bits()).checked_shr(128 - length).unwrap_or(0) == 0
}

/// The atoms of ports from one to another.
pub(super) fn ports(from: u16, to: u16) -> u64 {
    atoms(&PORTS, |port| (from..=to).contains(port))
}

/// The atoms of a dimension that `is_in` accepts.
pub(super) fn atoms<T>(all: &[T], is_in: impl Fn(&T) -> bool) -> u64 {
    all.iter().enumerate().filter(|(_, atom)| is_in(atom)).map(|(bit, _)| 1 << bit).sum()
}

/// The texts of an attribute that may be null, text, or a list of texts.
pub(super) fn some_texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => vec![text],
        Some(several) => several.list().iter().map(Read::text).collect(),
    }
}
