//! What a rule is for, within what EC2 takes as a description.
//!
//! At most 255 characters of `a-z A-Z 0-9 . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *` and space (source: EC2 API,
//! `IpRange.Description`; `&` only where the source is a CIDR, so it is not used here).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use portmatrix::bug::OrBug;
use portmatrix::matrix::Flow;

use crate::platform::text::{counted, grouped_rows, identity};
use crate::platform::view::{Direction, citations};

/// The longest description, in characters.
pub(super) const LONGEST: usize = 255;

/// What rules say of the flows that they carry: put into words once for all rules that carry the same.
#[derive(Debug)]
struct Carried<'m> {
    /// Their ids, sorted.
    flows: Arc<[&'m str]>,
    /// With flows and rows by name.
    named: Words,
    /// With rows by name, and flows counted where there are several.
    counted_flows: Words,
    /// With both counted.
    counted: Words,
}

/// A description without its peers.
#[derive(Debug)]
struct Words {
    before: String,
    after: String,
}

impl Words {
    fn with(&self, peers: &str) -> String {
        [&self.before, peers, &self.after].concat()
    }
}

impl<'m> Carried<'m> {
    fn of(flows: &[&'m Flow], version: &str, direction: Direction) -> Self {
        let mut rows: Vec<&str> =
            flows.iter().flat_map(|flow| citations(flow, direction)).collect();
        rows.sort_unstable();
        rows.dedup();
        let ids: Vec<&'m str> = flows.iter().map(|flow| flow.id.as_str()).collect();
        let towards = match direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        let words = |flows: &str, rows: &str| Words {
            before: format!("1E Tachyon {version}: {flows} {towards} "),
            after: format!(" [{rows}]"),
        };
        let all_rows = grouped_rows(rows.iter().copied());
        Self {
            named: words(&ids.join(", "), &all_rows),
            counted_flows: words(&counted(&ids), &all_rows),
            counted: words(&counted(&ids), &counted(&rows)),
            flows: ids.into(),
        }
    }
}

/// Describes the rules of one side of an endpoint.
#[derive(Debug)]
pub(super) struct Describer<'m> {
    version: &'m str,
    direction: Direction,
    /// By the numbers of the flows, in the order of their ids.
    known: BTreeMap<Vec<u16>, Rc<Carried<'m>>>,
    /// Held, so that nothing is allocated to look flows up.
    numbers: Vec<u16>,
}

impl<'m> Describer<'m> {
    /// One for the matrix of this version.
    pub(super) fn new(version: &'m str, direction: Direction) -> Self {
        Self { version, direction, known: BTreeMap::new(), numbers: Vec::new() }
    }

    fn carried(&mut self, flows: &[&'m Flow]) -> Rc<Carried<'m>> {
        self.numbers.clear();
        self.numbers.extend(flows.iter().map(|flow| flow.number));
        if let Some(carried) = self.known.get(self.numbers.as_slice()) {
            return Rc::clone(carried);
        }
        let carried = Rc::new(Carried::of(flows, self.version, self.direction));
        self.known.insert(self.numbers.clone(), Rc::clone(&carried));
        carried
    }

    /// The ids of flows, which are sorted by them, and the description of a rule that carries these from or to `peers`, by
    /// name.
    ///
    /// Everything in full where it fits; else peers, then flows, then rows are counted instead of named, and a short
    /// hash of the full text tells apart what then reads the same.
    pub(super) fn of_rule(
        &mut self,
        flows: &[&'m Flow],
        peers: &[&str],
    ) -> (Arc<[&'m str]>, String) {
        let carried = self.carried(flows);
        let full = match peers {
            [one] => carried.named.with(one),
            several => carried.named.with(&several.join(", ")),
        };
        if full.len() <= LONGEST {
            return (Arc::clone(&carried.flows), full);
        }
        let peers = counted(peers);
        let shorter = [&carried.named, &carried.counted_flows, &carried.counted]
            .map(|words| words.with(&peers));
        let mark = format!(" #{}", identity(&full));
        // The last always fits: names have at most 64 characters, flows and rows come from the matrix.
        let fitting = shorter.into_iter().find(|text| text.len() + mark.len() <= LONGEST);
        let fitting = fitting.or_bug("a description that is too long however much is counted");
        (Arc::clone(&carried.flows), fitting + &mark)
    }
}
