//! A deployment's connections as seen from each endpoint, which is how clouds want them.

mod order;
mod sides;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use portmatrix::bug::{OrBug, bug};
use portmatrix::connection::{Connection, LeftOut, Way, connections, left_out};
use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};
use portmatrix::matrix::{Flow, PortRange};
use portmatrix::problem::Problems;

use self::order::Order;
use self::sides::{Place, Sides};
use crate::platform::text::grouped_rows;
use crate::platform::{Addresses, Input};
use crate::reader::Block;

/// What an endpoint is that a view has nothing of.
const ELSEWHERE: &str = "an endpoint of another deployment";

/// What stands on a way, in the order in which traffic meets it.
pub type Hops = Rc<[EndpointId]>;

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
    /// For each endpoint, what of connections arrives at it.
    ingress: Vec<Vec<Place>>,
    /// For each endpoint, what of connections it sends.
    egress: Vec<Vec<Place>>,
    /// For each endpoint, whether more may arrive at it or be sent by it once all ways are known.
    open: Vec<bool>,
    /// The order of all CIDRs, once something asks for it.
    order: Rc<OnceCell<Order>>,
}

/// What of a connection one endpoint sees.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'v, 'a> {
    /// The connection.
    pub connection: &'v Connection<'a>,
    /// Who stands at the other end, as far as the endpoint sees.
    pub peer: EndpointId,
    /// Where the one that is addressed listens, if the connection certainly exists and that is known.
    pub ports: Known<&'v [PortRange]>,
    /// What stands on the way, of which this is a step; none for the direct one.
    pub way: Option<&'v Hops>,
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
        let sides = Sides::of(input, &connections);
        let Sides { ingress, egress, open, .. } = sides;
        let left_out = Known::Unknown;
        Self {
            input,
            connections,
            left_out,
            is_decided: true,
            subject: None,
            ingress,
            egress,
            open,
            order: Rc::default(),
        }
    }

    /// The order of all CIDRs of the deployment.
    pub(crate) fn order(&self) -> &Order {
        self.order.get_or_init(|| Order::of(self.input))
    }

    /// The CIDR at a place of that order.
    pub(crate) fn block(&self, place: u32) -> &'a Block<'a> {
        let (endpoint, index) = self.order().first(place);
        let block = match &self.addresses(endpoint).cidrs {
            Some(Known::Known(blocks)) => blocks.get(index),
            Some(Known::Unknown) | None => None,
        };
        block.or_bug(order::ANOTHER)
    }

    /// Whether roles, and with them all connections and their ports, are known.
    pub fn is_settled(&self) -> bool {
        self.is_decided
            && self.input.deployment.is_decided()
            && self.connections.iter().all(|connection| connection.settled().is_known())
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

    /// The same with those connections alone of which the endpoint receives or sends something that `is_wanted`.
    pub(crate) fn part(
        &self,
        endpoint: EndpointId,
        direction: Direction,
        is_wanted: impl Fn(&Seen<'_, '_>) -> bool,
    ) -> Self {
        let side = self.side(endpoint, direction).filter(is_wanted);
        let mut wanted: Vec<&Connection<'_>> = side.map(|seen| seen.connection).collect();
        // One on several ways is sent in several steps, which stand together.
        wanted.dedup_by(|a, b| std::ptr::eq(*a, *b));
        let wanted = wanted.into_iter().cloned().collect();
        let order = Rc::clone(&self.order);
        Self { is_decided: self.is_decided, order, ..Self::by_endpoint(self.input, wanted) }
    }

    /// What the endpoint receives or sends.
    pub fn side(
        &self,
        endpoint: EndpointId,
        direction: Direction,
    ) -> impl ExactSizeIterator<Item = Seen<'_, 'a>> {
        let side = match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        };
        let places = side.get(endpoint.index()).or_bug(ELSEWHERE);
        places.iter().map(move |place| self.seen(*place, direction))
    }

    fn seen(&self, place: Place, direction: Direction) -> Seen<'_, 'a> {
        const ANOTHER: &str = "a connection of another view";
        let connection = self.connections.get(place.connection).or_bug(ANOTHER);
        let Connection { source, destination, .. } = *connection;
        let Some(step) = place.step else {
            let peer = match direction {
                Direction::Ingress => source,
                Direction::Egress => destination,
            };
            return Seen { connection, peer, ports: connection.settled(), way: None };
        };
        let Way::Via(route) = &connection.way else { bug("a step of a direct way") };
        let step = route.steps.get(step).or_bug(ANOTHER);
        let ports = match (&step.ports, connection.exists) {
            (Known::Known(ports), Truth::Yes) => Known::Known(&**ports),
            _ => Known::Unknown,
        };
        let peer = match direction {
            Direction::Ingress => step.seen.unwrap_or(source),
            Direction::Egress => step.to,
        };
        Seen { connection, peer, ports, way: Some(&step.way) }
    }

    /// Whether everything that the endpoint receives and sends is there.
    pub fn is_decided_at(&self, endpoint: EndpointId) -> bool {
        self.is_decided && !*self.open.get(endpoint.index()).or_bug(ELSEWHERE)
    }

    /// Whether the endpoint sends on what others sent with their addresses instead of its own.
    pub fn keeps_source(&self, endpoint: EndpointId) -> bool {
        let hop = self.input.deployment.endpoint(endpoint).hop.as_ref();
        hop.is_some_and(|hop| hop.hides_source == Known::Known(false))
    }

    /// The name of an endpoint.
    pub fn name(&self, endpoint: EndpointId) -> &'a str {
        self.input.deployment.endpoint(endpoint).name
    }

    /// How an endpoint is reached.
    pub fn addresses(&self, endpoint: EndpointId) -> &'a Addresses<'a> {
        self.input.addresses.get(endpoint.index()).or_bug(ELSEWHERE)
    }

    /// The networks that endpoints tell. Unknown while one is.
    pub(crate) fn networks(&self) -> Known<BTreeSet<&'a str>> {
        let mut networks = BTreeSet::new();
        for network in self.ids().filter_map(|id| self.addresses(id).network) {
            let Known::Known(network) = network else { return Known::Unknown };
            networks.insert(network);
        }
        Known::Known(networks)
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

/// What is put into words once for all rules of an answer, by what it is about.
#[derive(Debug, Clone)]
pub struct Said<K, T>(RefCell<BTreeMap<K, T>>);

impl<K, T> Default for Said<K, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: Ord, T: Clone> Said<K, T> {
    /// What was said of it before, else what `say` says now.
    pub(crate) fn of(&self, about: K, say: impl FnOnce() -> T) -> T {
        let mut known = self.0.borrow_mut();
        known.entry(about).or_insert_with(say).clone()
    }
}

/// The rows that ask for each end of each flow.
#[derive(Debug, Clone, Default)]
pub struct CitedRows(Said<(Direction, u16), Rc<str>>);

impl CitedRows {
    /// The [citations] of one end of a flow, those of one table together.
    pub fn of(&self, flow: &Flow, direction: Direction) -> Rc<str> {
        let say = || grouped_rows(citations(flow, direction)).into();
        self.0.of((direction, flow.place), say)
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
