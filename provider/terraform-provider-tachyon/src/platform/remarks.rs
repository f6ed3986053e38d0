//! What a platform has to say besides its rules, while it is collected.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::deployment::EndpointId;
use portmatrix::path::{At, quoted};
use portmatrix::problem::{Problems, listed};

use super::RuleMistake;
use super::help::Limit;
use super::view::{Direction, View};
use crate::output::Warning;

/// What a platform has to say besides its rules.
#[derive(Debug, Default)]
pub struct Remarks {
    /// Mistakes: there is no answer with them.
    pub problems: Problems,
    /// Limits that are met; they become problems once it is known what would help.
    pub limits: Vec<Limit>,
    /// What changes no answer.
    pub warnings: Vec<Warning>,
    /// Whether more warnings may come when everything is known.
    pub undecided: bool,
    /// Keys of rules that an option names.
    pub used_keys: BTreeSet<String>,
    /// Numbers that are proposed for keys of rules, in one answer each for one key.
    pub(crate) proposed_pins: BTreeMap<String, u16>,
    /// Endpoints without an address that rules need, each with the flows that do.
    unaddressed: BTreeMap<EndpointId, BTreeSet<String>>,
    /// Those of them that have groups, to which these rules can't refer.
    beyond: BTreeMap<EndpointId, Beyond>,
    /// How many addresses all rules so far name.
    named: usize,
}

/// Why rules can't refer to the groups of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// They are rules of another network.
    Network,
    /// They are rules of a direction in which none refers to groups.
    Direction(Direction),
}

/// How many addresses the rules of one answer may name.
///
/// Far beyond what any cloud takes; without it a few lists of ports and networks would fill the memory.
const MOST_NAMED: usize = 1_000_000;

impl Remarks {
    /// Counts addresses that a rule of the endpoint will name. False, and reported, once there are too many.
    pub(crate) fn can_name(&mut self, addresses: usize, endpoint: &str) -> bool {
        let before = self.named;
        self.named = before.saturating_add(addresses);
        if self.named <= MOST_NAMED {
            return true;
        }
        if before <= MOST_NAMED {
            let detail = format!(
                "The rules of all endpoints up to {} name more than {MOST_NAMED} addresses. Fewer ports, or CIDRs merged \
                 (`options.merge_cidrs`) or summarized, would help.",
                quoted(endpoint)
            );
            let root = At::ROOT;
            self.problems.add(
                &root.name("endpoints").key(endpoint),
                RuleMistake::TooManyRules,
                detail,
            );
        }
        false
    }

    /// Notes that a rule needs an address of an endpoint that has none.
    pub fn needs_address(&mut self, endpoint: EndpointId, flow: &str) {
        let flows = self.unaddressed.entry(endpoint).or_default();
        if !flows.contains(flow) {
            flows.insert(flow.to_owned());
        }
    }

    /// Notes that a rule needs an address of an endpoint that has only groups, to which it can't refer.
    pub fn needs_address_beyond(&mut self, endpoint: EndpointId, flow: &str, why: Beyond) {
        self.beyond.entry(endpoint).or_insert(why);
        self.needs_address(endpoint, flow);
    }

    /// Reports the endpoints without an address; `serving` are the attributes that would be one on `platform`.
    pub(super) fn report_unaddressed(&mut self, view: &View<'_>, platform: &str, serving: &[&str]) {
        let root = At::ROOT;
        let endpoints = root.name("endpoints");
        for (endpoint, flows) in std::mem::take(&mut self.unaddressed) {
            let name = view.name(endpoint);
            let flows: Vec<String> = flows.into_iter().collect();
            let detail = match (self.beyond.get(&endpoint), serving) {
                // A group is the first of the addresses on every platform.
                (Some(why), [groups, others @ ..]) => {
                    let (rules, place) = match why {
                        Beyond::Network => ("rules of other networks", " (`network`)"),
                        Beyond::Direction(Direction::Ingress) => ("ingress rules", ""),
                        Beyond::Direction(Direction::Egress) => ("egress rules", ""),
                    };
                    format!(
                        "{rules} can't refer to `{groups}` of {}{place}, and need another address of it on {platform}, for {}. Give it one of {}.",
                        quoted(name),
                        flows.join(", "),
                        listed(others)
                    )
                }
                _ => format!(
                    "{} has no address for {platform}, but rules of its peers need one, for {}. Give it one of {}.",
                    quoted(name),
                    flows.join(", "),
                    listed(serving)
                ),
            };
            self.problems.add(&endpoints.key(name), RuleMistake::NoAddress, detail);
        }
    }
}
