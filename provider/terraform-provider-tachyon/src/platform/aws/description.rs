//! What a rule is for, within what EC2 takes as a description.
//!
//! At most 255 characters of `a-z A-Z 0-9 . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *` and space (source: EC2 API,
//! `IpRange.Description`; `&` only where the source is a CIDR, so it is not used here).

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::matrix::Flow;

use crate::platform::text::{counted, grounds, grouped_rows, identity};
use crate::platform::view::{Direction, citations};

/// The longest description, in characters.
pub(super) const LONGEST: usize = 255;

/// What rules say of the flows that they carry: put into words once for all rules that carry the same.
#[derive(Debug)]
struct Carried<'a> {
    /// Their ids, sorted.
    flows: Vec<&'a str>,
    /// Ids of the rows that ask for this end of them, sorted.
    rows: Vec<&'a str>,
    /// What goes before all: the document, and whether the document asks for them.
    head: String,
    /// With flows and rows by name.
    named: Words,
}

/// A description without its peers.
#[derive(Debug)]
struct Words {
    before: String,
    after: String,
}

/// Describes the rules of one side of an endpoint.
#[derive(Debug)]
pub(super) struct Describer<'a> {
    document: String,
    direction: Direction,
    carried: Vec<Carried<'a>>,
    /// Where those stand that carry flows of these ids.
    known: BTreeMap<Vec<&'a str>, usize>,
    /// Held, so that nothing is allocated for each rule: the ids of the last rule's flows, and its description.
    flows: Vec<&'a str>,
    text: String,
}

impl<'a> Describer<'a> {
    /// One for rules that the document of this name asks for.
    pub(super) fn new(document: String, direction: Direction) -> Self {
        Self {
            document,
            direction,
            carried: Vec::new(),
            known: BTreeMap::new(),
            flows: Vec::new(),
            text: String::new(),
        }
    }

    /// The ids of flows, which are sorted by them, and the description of a rule that carries these from or to `peers`, by
    /// name, on `ways`.
    ///
    /// Everything in full where it fits; else peers, then ways, then flows, then rows are counted instead of named, and a
    /// short hash of the full text tells apart what then reads the same. That flows are inferred is said in any case.
    pub(super) fn of_rule(
        &mut self,
        flows: &[&'a Flow],
        peers: &[&str],
        ways: &[String],
    ) -> (&[&'a str], &str) {
        let place = self.place(flows);
        let carried = self.carried.get(place).or_bug("flows that were never put into words");
        self.text.clear();
        self.text.push_str(&carried.named.before);
        for (number, peer) in peers.iter().enumerate() {
            self.text.push_str(if number == 0 { "" } else { ", " });
            self.text.push_str(peer);
        }
        for (number, way) in ways.iter().enumerate() {
            self.text.push_str(if number == 0 { " via " } else { " or " });
            self.text.push_str(way);
        }
        self.text.push_str(&carried.named.after);
        if self.text.len() > LONGEST {
            self.text = self.shortened(carried, peers, ways);
        }
        (&carried.flows, &self.text)
    }

    /// Where the words for these flows stand.
    fn place(&mut self, flows: &[&'a Flow]) -> usize {
        self.flows.clear();
        self.flows.extend(flows.iter().map(|flow| flow.id.as_str()));
        // Rules that carry the same mostly stand together.
        if let Some(place) = self.known.get(self.flows.as_slice()) {
            return *place;
        }
        let carried = self.carry(flows);
        let place = self.carried.len();
        self.carried.push(carried);
        self.known.insert(self.flows.clone(), place);
        place
    }

    fn carry(&self, flows: &[&'a Flow]) -> Carried<'a> {
        let mut rows: Vec<&str> =
            flows.iter().flat_map(|flow| citations(flow, self.direction)).collect();
        rows.sort_unstable();
        rows.dedup();
        let head = format!("{}{}: ", self.document, grounds(flows));
        let rows_text = grouped_rows(rows.iter().copied());
        let named = self.words(&head, &self.flows.join(", "), &rows_text);
        Carried { flows: self.flows.clone(), rows, head, named }
    }

    fn words(&self, head: &str, flows: &str, rows: &str) -> Words {
        let towards = match self.direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        Words { before: format!("{head}{flows} {towards} "), after: format!(" [{rows}]") }
    }

    fn shortened(&self, carried: &Carried<'a>, peers: &[&str], ways: &[String]) -> String {
        let mark = format!(" #{}", identity(&self.text));
        let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
        let (full, few) = match ways.as_slice() {
            [] => (String::new(), String::new()),
            [_] => (format!(" via {}", counted(&ways)), " via others".to_owned()),
            _ => {
                (format!(" via {}", counted(&ways)), format!(" via others in {} ways", ways.len()))
            }
        };
        let peers = counted(peers);
        let with = |Words { before, after }: &Words, ways: &str| {
            [before, peers.as_str(), ways, after].concat()
        };
        let rows = grouped_rows(carried.rows.iter().copied());
        let (flows, few_rows) = (counted(&carried.flows), counted(&carried.rows));
        let numbers = format!("{} flows", carried.flows.len());
        let no_rows = format!("{} rows", carried.rows.len());
        let shorter = [
            with(&carried.named, &full),
            with(&carried.named, &few),
            with(&self.words(&carried.head, &flows, &rows), &few),
            with(&self.words(&carried.head, &flows, &few_rows), &few),
            with(&self.words(&carried.head, &flows, &no_rows), &few),
            with(&self.words(&carried.head, &numbers, &no_rows), &few),
        ];
        // The last always fits: names have at most 64 characters, and the name of a document is bounded.
        let fitting = shorter.into_iter().find(|text| text.len() + mark.len() <= LONGEST);
        fitting.or_bug("a description that is too long however much is counted") + &mark
    }
}
