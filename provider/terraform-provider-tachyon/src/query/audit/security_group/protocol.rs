//! Protocol and ports of a rule, as EC2 gives them.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::terms::{ICMP, ICMPV6, TCP, UDP, What};
use crate::query::QueryMistake;
use crate::reader::{Given, ReadMistake, Reader, attribute};
use portmatrix::mistake::PortMistake;

/// An end of a range of ports, or a type or code of ICMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// None in particular: -1.
    Any,
    Number(u16),
}

/// Reads protocol and ports from the attributes that `names` name in this order: protocol, lowest and highest port.
pub(super) fn what(
    object: &BTreeMap<String, Value>,
    names: [&str; 3],
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<What> {
    let [protocol, from, to] = names;
    let (from_at, to_at) = (at.name(from), at.name(to));
    let from = limit(attribute(object, from), &from_at, reader);
    let to = limit(attribute(object, to), &to_at, reader);
    let protocol = self::protocol(attribute(object, protocol), &at.name(protocol), reader);
    let is_unknown = |limit| limit == Some(Known::Unknown);
    let Known::Known(protocol) = protocol else { return Known::Unknown };
    if is_unknown(from) || is_unknown(to) {
        return Known::Unknown;
    }
    let (from, to) = (from.and_then(Known::value), to.and_then(Known::value));
    match protocol {
        None => Known::Known(What::Everything),
        Some(protocol @ (TCP | UDP)) => ports(protocol, (from, &from_at), (to, &to_at), reader),
        Some(protocol @ (ICMP | ICMPV6)) => {
            let limited =
                |limit| if let Some(Limit::Number(number)) = limit { Some(number) } else { None };
            Known::Known(What::Messages { protocol, kind: limited(from), code: limited(to) })
        }
        Some(other) => Known::Known(What::Protocol(other)),
    }
}

/// An end of a range that may be absent, and its place.
type Placed<'a, 'p> = (Option<Limit>, &'a At<'p>);

fn ports(
    protocol: u8,
    (from, from_at): Placed<'_, '_>,
    (to, to_at): Placed<'_, '_>,
    reader: &mut Reader,
) -> Known<What> {
    match (from, to) {
        (Some(Limit::Any), Some(Limit::Any)) => {
            Known::Known(What::Ports { protocol, from: 0, to: u16::MAX })
        }
        (Some(Limit::Number(from)), Some(Limit::Number(to))) => {
            if from <= to {
                return Known::Known(What::Ports { protocol, from, to });
            }
            let detail =
                format!("Found {to}, which is lower than {from}, the first port of the range.");
            reader.problems.add(to_at, PortMistake::UnusablePortRange, detail);
            Known::Unknown
        }
        (Some(_), Some(to)) => {
            let detail = "Found -1 for one end of the range only. Accepted is -1 for both, or a port for both.";
            reader.problems.add(
                if to == Limit::Any { to_at } else { from_at },
                PortMistake::UnusablePortRange,
                detail,
            );
            Known::Unknown
        }
        _ => {
            for (_, at) in
                [(from, from_at), (to, to_at)].iter().filter(|(limit, _)| limit.is_none())
            {
                reader.missing::<()>(at, "a port: rules for tcp and udp have them");
            }
            Known::Unknown
        }
    }
}

/// The number of a protocol, or none for all of them.
fn protocol(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<Option<u8>> {
    const NAMED: [(&str, Option<u8>); 6] = [
        ("tcp", Some(TCP)),
        ("udp", Some(UDP)),
        ("icmp", Some(ICMP)),
        ("icmpv6", Some(ICMPV6)),
        ("all", None),
        ("-1", None),
    ];
    let found = match value {
        Value::Null => return reader.missing(at, "a protocol"),
        Value::Unknown(_) => return Known::Unknown,
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return reader.mistyped(other, at, "a protocol"),
    };
    let named =
        NAMED.iter().find(|(name, _)| found.eq_ignore_ascii_case(name)).map(|(_, number)| *number);
    if let Some(protocol) = named.or_else(|| found.parse().ok().map(Some)) {
        return Known::Known(protocol);
    }
    let mut detail = format!("There is no protocol {}.", quoted(&found));
    if let Some(near) = nearest::name(&found, NAMED.iter().map(|(name, _)| *name)) {
        detail.push_str(&format!(" Did you mean {}?", quoted(near)));
    }
    detail.push_str(" Accepted is \"tcp\", \"udp\", \"icmp\", \"icmpv6\", a number from 0 to 255, or \"-1\" for all.");
    reader.problems.add(at, QueryMistake::UnknownWord, detail);
    Known::Unknown
}

fn limit(value: &Value, at: &At<'_>, reader: &mut Reader) -> Given<Limit> {
    const ACCEPTED: &str = "a whole number from 0 to 65535, or -1 for all";
    let is_any = match value {
        Value::Number(number) => number.as_i64() == Some(-1),
        Value::String(text) => text == "-1",
        _ => false,
    };
    if is_any {
        return Some(Known::Known(Limit::Any));
    }
    let number = match value {
        Value::Null => return None,
        Value::Unknown(_) => return Some(Known::Unknown),
        Value::Number(number) => number.as_u16(),
        Value::String(text) => text.parse().ok(),
        other => return Some(reader.mistyped(other, at, ACCEPTED)),
    };
    if let Some(number) = number {
        return Some(Known::Known(Limit::Number(number)));
    }
    let found = match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => number.to_string().chars().take(40).collect(),
        other => other.kind().to_owned(),
    };
    let detail = format!("Found {found}. Accepted is {ACCEPTED}.");
    reader.problems.add(at, ReadMistake::UnusableNumber, detail);
    Some(Known::Unknown)
}
