//! What a rule is for, within what EC2 takes as a description.
//!
//! At most 255 characters of `a-z A-Z 0-9 . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *` and space (source: EC2 API,
//! `IpRange.Description`; `&` only where the source is a CIDR, so it is not used here).

use std::collections::BTreeMap;
use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::matrix::Flow;

use crate::platform::Input;
use crate::platform::text::{counted, grounds, grouped_rows, identity};
use crate::platform::view::{Direction, Said, citations};

/// The longest description, in characters.
pub(super) const LONGEST: usize = 255;

/// What rules say of the flows that they carry, by direction and the places of the flows: put into words once for all rules
/// that carry the same.
pub(crate) type Words = Said<(Direction, Vec<u16>), Rc<Frame>>;

/// A description without its peers.
#[derive(Debug)]
pub(crate) struct Frame {
    before: String,
    after: String,
}

/// What rules carry.
#[derive(Debug)]
struct Carried<'a> {
    /// The flows, sorted by their ids.
    flows: Vec<&'a Flow>,
    /// Their ids.
    ids: Vec<&'a str>,
    /// With flows and rows by name.
    named: Rc<Frame>,
}

/// Describes the rules of one side of an endpoint.
#[derive(Debug)]
pub(super) struct Describer<'s> {
    input: &'s Input<'s>,
    direction: Direction,
    carried: Vec<Carried<'s>>,
    /// Where those stand that carry flows of these places.
    known: BTreeMap<Vec<u16>, usize>,
    /// Held, so that nothing is allocated for each rule: the places of the last rule's flows, and its description.
    places: Vec<u16>,
    text: String,
}

impl<'a> Describer<'a> {
    /// One for rules of a deployment.
    pub(super) fn new(input: &'a Input<'a>, direction: Direction) -> Self {
        Self {
            input,
            direction,
            carried: Vec::new(),
            known: BTreeMap::new(),
            places: Vec::new(),
            text: String::with_capacity(LONGEST),
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
        (&carried.ids, &self.text)
    }

    /// Where the words for these flows stand.
    fn place(&mut self, flows: &[&'a Flow]) -> usize {
        self.places.clear();
        self.places.extend(flows.iter().map(|flow| flow.place));
        if let Some(place) = self.known.get(self.places.as_slice()) {
            return *place;
        }
        let about = (self.direction, self.places.clone());
        let named = self.input.words.aws.of(about, || Rc::new(self.named(flows)));
        let ids = flows.iter().map(|flow| flow.id.as_str()).collect();
        let place = self.carried.len();
        self.carried.push(Carried { flows: flows.to_vec(), ids, named });
        self.known.insert(self.places.clone(), place);
        place
    }

    fn named(&self, flows: &[&Flow]) -> Frame {
        let ids: Vec<&str> = flows.iter().map(|flow| flow.id.as_str()).collect();
        self.words(&self.head(flows), &ids.join(", "), &grouped_rows(self.rows(flows)))
    }

    /// What goes before all: the document, and whether the document asks for the flows.
    fn head(&self, flows: &[&Flow]) -> String {
        format!("{}{}: ", self.input.matrix().name(), grounds(flows))
    }

    /// Ids of the rows that ask for this end of flows, sorted.
    fn rows<'f>(&self, flows: &[&'f Flow]) -> Vec<&'f str> {
        let mut rows: Vec<&str> =
            flows.iter().flat_map(|flow| citations(flow, self.direction)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn words(&self, head: &str, flows: &str, rows: &str) -> Frame {
        let towards = match self.direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        Frame { before: format!("{head}{flows} {towards} "), after: format!(" [{rows}]") }
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
        let with = |Frame { before, after }: &Frame, ways: &str| {
            [before, peers.as_str(), ways, after].concat()
        };
        let (head, each_row) = (self.head(&carried.flows), self.rows(&carried.flows));
        let rows = grouped_rows(each_row.iter().copied());
        let (flows, few_rows) = (counted(&carried.ids), counted(&each_row));
        let numbers = format!("{} flows", carried.ids.len());
        let no_rows = format!("{} rows", each_row.len());
        let shorter = [
            with(&carried.named, &full),
            with(&carried.named, &few),
            with(&self.words(&head, &flows, &rows), &few),
            with(&self.words(&head, &flows, &few_rows), &few),
            with(&self.words(&head, &flows, &no_rows), &few),
            with(&self.words(&head, &numbers, &no_rows), &few),
        ];
        // The last always fits: names have at most 64 characters, and the name of a document is bounded.
        let fitting = shorter.into_iter().find(|text| text.len() + mark.len() <= LONGEST);
        fitting.or_bug("a description that is too long however much is counted") + &mark
    }
}
