//! One setting of `ports`, as the user wrote it: a port, a range where one makes sense, a list of them, or a flag.

use std::borrow::Cow;

use super::{Indices, Value};
use crate::deployment::Setting;
use crate::known::Known;
use crate::matrix::{Parameter, ParameterKind, PortRange};
use crate::mistake::PortMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// The most ports that one list has: more than ten times what the vendor supports on a server.
const MOST_PORTS: usize = 64;

/// Reads the setting of a parameter. A mistaken one is reported, and counts as unknown.
pub(super) fn value(
    parameter: &Parameter,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Value> {
    match (parameter.kind, setting) {
        (ParameterKind::Flag, Setting::Flag(flag)) => Known::Known(Value::Flag(*flag)),
        (ParameterKind::Flag, Setting::Text("true")) => Known::Known(Value::Flag(true)),
        (ParameterKind::Flag, Setting::Text("false")) => Known::Known(Value::Flag(false)),
        (ParameterKind::Flag, _) => mistyped("true or false", setting, at, problems),
        _ => {
            let (takes_ranges, accepted) = (parameter.takes_ranges(), accepted(parameter));
            one_or_several(takes_ranges, accepted, setting, at, problems)
                .map(|(ports, indices)| Value::Ports(ports, indices))
        }
    }
}

/// Ports that stand for themselves: a port, a range, or a list of these, ascending. Mistaken ones are reported, and unknown.
pub(crate) fn ports_of(
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Vec<PortRange>> {
    let accepted = "a port, a range such as \"50000-50099\", or a list of these";
    one_or_several(true, accepted, setting, at, problems).map(|(ports, _)| ports)
}

/// A port, or a list of ports; `accepted` says so to whoever gives something else.
fn one_or_several(
    takes_ranges: bool,
    accepted: &str,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<(Vec<PortRange>, Indices)> {
    match setting {
        Setting::List(list) => ports(takes_ranges, list, at, problems),
        Setting::Number(_) | Setting::Text(_) => range(takes_ranges, setting, at, problems)
            .map_or(Known::Unknown, |range| Known::Known((vec![range], Indices::new()))),
        Setting::Flag(_) | Setting::ByRole(_) | Setting::Other(_) => {
            mistyped(accepted, setting, at, problems)
        }
    }
}

/// What a setting of ports may be, in words.
fn accepted(parameter: &Parameter) -> &'static str {
    if parameter.takes_ranges() {
        "a port, a range such as \"50000-50099\", a list of them, or an object of these by role"
    } else {
        "a port, a list of ports, or an object of these by role"
    }
}

fn mistyped<T>(
    accepted: &str,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<T> {
    problems.add(
        at,
        PortMistake::WrongTypeOfPortSetting,
        format!("Found {}. Accepted is {accepted}.", described(setting)),
    );
    Known::Unknown
}

/// A list of ports, in ascending order. What is wrong inside leaves the whole list unknown.
fn ports(
    takes_ranges: bool,
    list: &[Known<Setting<'_>>],
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<(Vec<PortRange>, Indices)> {
    if list.is_empty() {
        problems.add(
            at,
            PortMistake::NoPort,
            "Found an empty list. Leave the attribute out for the documented default.",
        );
        return Known::Unknown;
    }
    if list.len() > MOST_PORTS {
        let detail = format!("Found {} ports. A list has at most {MOST_PORTS}.", list.len());
        problems.add(at, PortMistake::TooManyPorts, detail);
        return Known::Unknown;
    }
    let mut complete = true;
    let mut ports: Vec<(PortRange, usize)> = Vec::with_capacity(list.len());
    for (index, setting) in list.iter().enumerate() {
        let here = at.index(index);
        let read = setting.as_ref().value();
        let Some(range) = read.and_then(|setting| range(takes_ranges, setting, &here, problems))
        else {
            complete = false;
            continue;
        };
        if let Some((other, first)) = ports.iter().find(|(other, _)| other.overlaps(range)) {
            let detail = if *other == range {
                format!("The port {range} is given twice.")
            } else {
                format!("{range} and {other} have ports in common. Give each port once.")
            };
            let places = (&here, &at.index(*first));
            problems.add_between(places, PortMistake::RepeatedPort, detail);
            complete = false;
            continue;
        }
        ports.push((range, index));
    }
    ports.sort_unstable();
    if complete { Known::Known(ports.into_iter().unzip()) } else { Known::Unknown }
}

/// A port, or a range of ports where the parameter takes one.
fn range(
    takes_ranges: bool,
    setting: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<PortRange> {
    let Setting::Text(text) = setting else {
        return port(setting, at, problems).map(PortRange::single);
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || !takes_ranges {
        return port(setting, at, problems).map(PortRange::single);
    }
    match text.parse::<PortRange>() {
        Ok(range) => Some(range),
        Err(error) => {
            let detail = format!(
                "Found {}: {error}. Accepted is a range such as \"50000-50099\".",
                quoted(text)
            );
            problems.add(at, PortMistake::UnusablePortRange, detail);
            None
        }
    }
}

/// One port number; text that is one counts, since who asks may convert between the two as well.
fn port(setting: &Setting<'_>, at: &At<'_>, problems: &mut Problems) -> Option<u16> {
    let text = match setting {
        Setting::Number(text) => text.as_ref(),
        Setting::Text(text) => text,
        _ => "",
    };
    // `parse` would take a sign and leading zeros.
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse::<u16>().ok().filter(|port| plain && *port != 0);
    if port.is_none() {
        let detail =
            format!("Found {}. A port is a whole number from 1 to 65535.", described(setting));
        problems.add(at, PortMistake::UnusablePort, detail);
    }
    port
}

fn described(setting: &Setting<'_>) -> Cow<'static, str> {
    match setting {
        Setting::Number(text) => Cow::Owned(text.chars().take(80).collect()),
        Setting::Text(text) => Cow::Owned(quoted(text)),
        Setting::Flag(flag) => Cow::Owned(flag.to_string()),
        Setting::List(_) => Cow::Borrowed("a list"),
        Setting::ByRole(_) => Cow::Borrowed("an object"),
        Setting::Other(kind) => Cow::Borrowed(kind),
    }
}
