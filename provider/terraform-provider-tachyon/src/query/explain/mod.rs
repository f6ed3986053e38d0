//! `explain`: whether traffic would pass, and which rows of the document say so.
//!
//! Read [`ends`] first: an end is a name or addresses. Then [`inquiry`]: connections ask for traffic, and rules for
//! others may let it pass all the same, which [`cover`] measures. Why not is the matrix' to say: `portmatrix::question`.

mod answer;
mod clouds;
mod cover;
mod ends;
mod inquiry;
mod words;

pub use answer::{Explanation, NearView, RuleKeys};
pub use ends::End;
pub use inquiry::{Asked, Inquiry, Verdict};

use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::matrix::Transport;
use portmatrix::path::At;
use portmatrix::question::Reason;
use tfplugin::{
    Attribute, Function, FunctionError, Parameter, Replied, Reply, Signature, Type, Value,
};

use self::ends::Text;
use super::arguments::Arguments;
use super::deployment;
use crate::platform::view::View;
use crate::query::QueryMistake;
use crate::reader::Reader;

/// The protocols.
const PROTOCOLS: [Transport; 2] = [Transport::Tcp, Transport::Udp];

/// The function `explain`.
#[derive(Debug)]
pub struct Explain;

impl Function for Explain {
    fn name(&self) -> &'static str {
        "explain"
    }

    fn signature(&self) -> Signature {
        let parameter = |name, description: &str, ty| Parameter {
            allow_unknown: true,
            ..Parameter::new(name, description, ty)
        };
        let end = "The name of an endpoint, or an address or CIDR, such as `10.0.0.9` or `10.0.0.0/24`: then all endpoints count that have it among their `cidrs`.";
        Signature {
            summary: "Whether traffic would pass, and why".to_owned(),
            description: description(),
            parameters: vec![
                deployment::parameter(),
                parameter("source", &format!("Who would initiate it. {end}"), Type::String),
                parameter("destination", "Who would listen, in the same way.", Type::String),
                parameter("protocol", "`\"tcp\"` or `\"udp\"`.", Type::String),
                parameter("port", "The port at the destination, 1 to 65535.", Type::Number),
            ],
            variadic: None,
            returns: Explanation::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let root = At::ROOT;
        let [source_at, destination_at] = ["source", "destination"].map(|name| root.name(name));
        let (argument, reader) = arguments.at(1);
        let source = Text::read(argument, &source_at, reader);
        let (argument, reader) = arguments.at(2);
        let destination = Text::read(argument, &destination_at, reader);
        let (argument, reader) = arguments.at(3);
        let transport = transport(argument, &root.name("protocol"), reader);
        let (argument, reader) = arguments.at(4);
        let port = port(argument, &root.name("port"), reader);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let Known::Known(view) = reading.view(reader) else {
            return arguments.answer::<Explanation<'_>>(Known::Unknown, reply);
        };
        let inquiry = Inquiry::of(&view);
        // Names are known, and mistakes in them told, before addresses are.
        let end = |text: Known<Text<'_>>, at, reader: &mut Reader| {
            text.value().and_then(|text| text.find(&view, at, reader))
        };
        let source = end(source, &source_at, arguments.at(1).1);
        let reader = arguments.at(2).1;
        let destination = end(destination, &destination_at, reader);
        if let (Some(source), Some(destination)) = (&source, &destination) {
            ends::check_families(source, destination, &destination_at, reader);
        }
        let answer = match (inquiry, &source, &destination, transport, port) {
            (
                Some(inquiry),
                Some(source),
                Some(destination),
                Known::Known(transport),
                Known::Known(port),
            ) => inquiry.explain(&Asked { source, destination, transport, port }),
            _ => None,
        };
        arguments.answer(answer.map_or(Known::Unknown, Known::Known), reply)
    }
}

fn transport(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<Transport> {
    let word = reader.text(value, at).unwrap_or_else(|| reader.missing(at, "a protocol"));
    let Known::Known(word) = word else { return Known::Unknown };
    let known = PROTOCOLS.into_iter().find(|transport| transport.as_str() == word);
    if known.is_none() {
        let known = PROTOCOLS.map(Transport::as_str);
        reader.problems.add_unknown_name(
            at,
            QueryMistake::UnknownProtocol,
            "protocol",
            word,
            known,
        );
    }
    known.map_or(Known::Unknown, Known::Known)
}

fn port(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<u16> {
    let most = u32::from(u16::MAX);
    let port = reader.whole(value, at, 1, most).unwrap_or_else(|| reader.missing(at, "a port"));
    port.map(|port| u16::try_from(port).ok().or_bug("a port beyond the last one"))
}

/// Lets `ask` put many questions about a deployment, which is read once. None if it is mistaken, or if something is
/// unknown that an answer may depend on.
pub fn inquire<T>(value: &Value, ask: impl FnOnce(&Inquiry<'_, '_>, &View<'_>) -> T) -> Option<T> {
    let mut reader = Reader::default();
    let reading = deployment::of_argument(value, &mut reader);
    let Known::Known(view) = reading.view(&mut reader) else { return None };
    let inquiry = Inquiry::of(&view).filter(|_| reader.problems.is_empty())?;
    Some(ask(&inquiry, &view))
}

fn description() -> String {
    let reasons: Vec<String> =
        Reason::KINDS.iter().map(|kind| format!("- `{}`: {}", kind.id, kind.text)).collect();
    format!("{DESCRIPTION}\n\n{}", reasons.join("\n"))
}

const DESCRIPTION: &str = "Answers one question about a deployment: may this source reach this destination on this port, and which rows of the document say so? Put it into \
    `terraform test`, a `check` or a `precondition`: the answer is there at plan time.\n\n\
    `allowed` means that the documented rules of these endpoints let the traffic pass, all of it: the rules at the source and those at the destination, on at least one of the platforms that the deployment is on. \
    Those are the platforms of which some endpoint has an address of its own, such as a security group; all, if none has. What a cloud admits by itself, and rules of your own, do not count. \
    `exact` is true where connections of the deployment are exactly this. Where it is false and `allowed` is true, only addresses that endpoints share let it pass. Of an endpoint without `cidrs` nobody knows the addresses: \
    another's rule counts for it only if it is for every address.\n\n\
    To assert that nothing passes, look at `reason` too: with `partial`, `allowed` is false and some of it passes. To assert that something works, look at `exact`.\n\n\
    Ids may be unknown. While roles, ports, addresses or anything else is unknown that decides it, the answer is unknown as a whole. A text that is the name of an endpoint is always that endpoint; one that is no name \
    and no address is an error.\n\n\
    The reasons, of which the first that fits counts:";
