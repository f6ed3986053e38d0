//! A deployment's connections as seen from each endpoint, which is how clouds want them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, LeftOut, connections, left_out};
use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::matrix::Flow;
use portmatrix::problem::Problems;

use crate::platform::text::grouped_rows;
use crate::platform::{Addresses, Input};

/// What an endpoint is that a view has nothing of.
const ELSEWHERE: &str = "an endpoint of another deployment";

/// Which end of a connection an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It listens.
    Ingress,
    /// It initiates.
    Egress,
}

/// The connections of a deployment, by endpoint.
#[derive(Debug)]
pub struct View<'a> {
    /// The deployment.
    pub input: &'a Input<'a>,
    /// Its connections.
    pub connections: Vec<Connection<'a>>,
    /// What the deployment leaves out. Unknown while its connections are.
    pub left_out: Known<Vec<LeftOut<'a>>>,
    /// Whether these are all. If not, none is there: too many are possible while so little is known.
    pub is_decided: bool,
    /// The only endpoint whose rules are asked for, if not all are.
    pub subject: Option<EndpointId>,
    /// For each endpoint, where the connections stand that it listens to.
    ingress: Vec<Vec<usize>>,
    /// For each endpoint, where those stand that it initiates.
    egress: Vec<Vec<usize>>,
}

impl<'a> View<'a> {
    /// The connections of `input`; too many of them are a problem.
    pub fn new(input: &'a Input<'a>, problems: &mut Problems) -> Self {
        match connections(&input.deployment, problems) {
            Known::Known(connections) => {
                let left_out = left_out(&input.deployment, &connections);
                Self { left_out, ..Self::by_endpoint(input, connections) }
            }
            Known::Unknown => Self { is_decided: false, ..Self::by_endpoint(input, Vec::new()) },
        }
    }

    fn by_endpoint(input: &'a Input<'a>, connections: Vec<Connection<'a>>) -> Self {
        let mut ingress = vec![Vec::new(); input.deployment.count()];
        let mut egress = ingress.clone();
        for (position, connection) in connections.iter().enumerate() {
            let source = egress.get_mut(connection.source.index());
            source.or_bug(ELSEWHERE).push(position);
            let destination = ingress.get_mut(connection.destination.index());
            destination.or_bug(ELSEWHERE).push(position);
        }
        let left_out = Known::Unknown;
        Self { input, connections, left_out, is_decided: true, subject: None, ingress, egress }
    }

    /// Leaves only the connections of one endpoint, which is one machine: it has none with itself.
    pub fn narrow(&mut self, subject: EndpointId) {
        let connections = std::mem::take(&mut self.connections);
        let is_own = |connection: &Connection<'_>| {
            (connection.source == subject) != (connection.destination == subject)
        };
        let left_out = std::mem::replace(&mut self.left_out, Known::Unknown);
        let own = Self::by_endpoint(self.input, connections.into_iter().filter(is_own).collect());
        *self = Self { left_out, is_decided: self.is_decided, subject: Some(subject), ..own };
    }

    /// The same with those connections alone that an endpoint listens to or initiates and that `are_wanted`.
    pub(crate) fn part(
        &self,
        endpoint: EndpointId,
        direction: Direction,
        are_wanted: impl Fn(&Connection<'_>) -> bool,
    ) -> Self {
        let side = self.side(endpoint, direction).map(|(connection, _)| connection);
        let wanted = side.filter(|connection| are_wanted(connection)).cloned().collect();
        Self { is_decided: self.is_decided, ..Self::by_endpoint(self.input, wanted) }
    }

    /// The connections that the endpoint listens to or initiates, each with its peer.
    pub fn side(
        &self,
        endpoint: EndpointId,
        direction: Direction,
    ) -> impl ExactSizeIterator<Item = (&Connection<'a>, EndpointId)> {
        let side = match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        };
        let places = side.get(endpoint.index()).or_bug(ELSEWHERE);
        places.iter().map(move |place| {
            let connection = self.connections.get(*place).or_bug("a connection of another view");
            match direction {
                Direction::Ingress => (connection, connection.source),
                Direction::Egress => (connection, connection.destination),
            }
        })
    }

    /// The name of an endpoint.
    pub fn name(&self, endpoint: EndpointId) -> &'a str {
        self.input.deployment.endpoint(endpoint).name
    }

    /// How an endpoint is reached.
    pub fn addresses(&self, endpoint: EndpointId) -> &'a Addresses<'a> {
        self.input.addresses.get(endpoint.index()).or_bug(ELSEWHERE)
    }

    /// The endpoints, in the order of their names.
    pub fn ids(&self) -> impl Iterator<Item = EndpointId> + use<> {
        self.input.deployment.ids()
    }
}

/// The rows that ask for this end of the flow; where the document has none (what is outside the product has no rows
/// of its own, and derived flows have none at all), those that ask for the flow.
pub fn citations(flow: &Flow, direction: Direction) -> Vec<&str> {
    let rows = match direction {
        Direction::Ingress => &flow.in_rows,
        Direction::Egress => &flow.out_rows,
    };
    if rows.is_empty() { flow.citations() } else { rows.iter().map(String::as_str).collect() }
}

/// The rows that ask for each end of each flow, put into words once for all rules of an answer.
#[derive(Debug, Clone, Default)]
pub struct CitedRows(RefCell<BTreeMap<(Direction, u16), Rc<str>>>);

impl CitedRows {
    /// The [citations] of one end of a flow, those of one table together.
    pub fn of(&self, flow: &Flow, direction: Direction) -> Rc<str> {
        let mut known = self.0.borrow_mut();
        let rows = known.entry((direction, flow.number));
        Rc::clone(rows.or_insert_with(|| grouped_rows(citations(flow, direction)).into()))
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use tfplugin::Value;

    use super::*;
    use crate::platform::{self, Platform, Remarks, with_platforms};
    use crate::query::deployment;
    use crate::reader::Reader;

    /// A deployment of servers called `a`, `b`, and so on.
    fn servers(count: u8) -> Value {
        let server = || {
            Value::from([
                ("roles", Value::from(vec!["client"])),
                ("cidrs", Value::from(vec!["10.0.0.0/8"])),
            ])
        };
        let names = (b'a'..).take(usize::from(count)).map(|letter| char::from(letter).to_string());
        Value::from([("endpoints", Value::Map(names.map(|name| (name, server())).collect()))])
    }

    /// Asks each platform for the rules of an endpoint.
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            [$(rules_of::<platform::$name::$platform> as fn(&View<'_>, EndpointId)),*]
        };
    }

    fn rules_of<P: Platform>(view: &View<'_>, endpoint: EndpointId) {
        drop(P::rules(view, endpoint, &mut Remarks::default()));
    }

    /// Gives `use_it` the view of a deployment of one server, and an endpoint of a deployment of two.
    fn with_foreign<T>(use_it: impl FnOnce(&View<'_>, EndpointId) -> T) -> T {
        let [one, two] = [servers(1), servers(2)];
        let mut reader = Reader::default();
        let readings = [&one, &two].map(|value| deployment::of_argument(value, &mut reader));
        let [Known::Known(one), Known::Known(two)] = readings.map(|reading| reading.input) else {
            panic!("{:?}", reader.problems)
        };
        let view = View::new(&one, &mut reader.problems);
        use_it(&view, two.deployment.find("b").expect("the second server"))
    }

    /// A bug that asks for what is not there ends in the message that asks for a report: a panic, which `tfplugin` makes
    /// that message of. It is never a name that is empty or a rule that is missing.
    #[test]
    fn an_endpoint_that_is_not_there_ends_the_answer() {
        let said = |use_it: fn(&View<'_>, EndpointId)| {
            let panic = catch_unwind(|| with_foreign(use_it)).expect_err("a panic");
            panic.downcast_ref::<String>().cloned().expect("a text")
        };
        let of_views: [fn(&View<'_>, EndpointId); 3] = [
            |view, endpoint| _ = view.name(endpoint),
            |view, endpoint| _ = view.addresses(endpoint),
            |view, endpoint| drop(view.side(endpoint, Direction::Ingress)),
        ];
        let of_platforms = with_platforms!(of_each);
        for use_it in of_views.into_iter().chain(of_platforms) {
            assert_eq!(said(use_it), ELSEWHERE);
        }
    }
}
