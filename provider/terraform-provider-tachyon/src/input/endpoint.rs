//! One endpoint: its part in the matrix, and its addresses.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use portmatrix::deployment::{EndpointDraft, Forwarding, Names, Setting};
use portmatrix::known::Known;
use portmatrix::mistake::HopMistake;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use crate::platform::{Addresses, PlatformAddresses};
use crate::reader::{Block, Given, ReadMistake, Reader, attribute};

/// The attributes of an endpoint that no platform owns.
const ATTRIBUTES: [&str; 7] =
    ["roles", "cidrs", "ports", "talks_to", "zone", "network", FORWARDS_TO];

/// The attribute that makes an endpoint one without roles.
const FORWARDS_TO: &str = "forwards_to";

/// The attributes that only such an endpoint has.
const OF_FORWARDING: [&str; 3] = ["from_roles", "hides_source", "hides_destination"];

/// The most characters that the label of a zone may have.
const LONGEST_ZONE: usize = 64;

/// Every attribute an endpoint may have.
static KNOWN_ATTRIBUTES: LazyLock<Vec<&str>> =
    LazyLock::new(|| [&ATTRIBUTES[..], &OF_FORWARDING, &PlatformAddresses::attributes()].concat());

/// Reads one endpoint.
pub(super) fn read<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> (Known<EndpointDraft<'v>>, Addresses<'v>) {
    let before = reader.problems.len();
    let Some(object) = reader.object(value, at, &KNOWN_ATTRIBUTES) else {
        return (reader.missing(at, "an object with at least `roles`"), Addresses::unknown());
    };
    let Known::Known(object) = object else { return (Known::Unknown, Addresses::unknown()) };
    // What was misspelt may be the address: that there is none would only be the consequence.
    let is_misspelt = reader.problems.len() > before;
    let draft = draft(object, at, reader);
    let mut addresses = Addresses {
        cidrs: cidrs(attribute(object, "cidrs"), &at.name("cidrs"), reader),
        platforms: PlatformAddresses::read(object, at, reader),
        zone: zone(attribute(object, "zone"), &at.name("zone"), reader),
        network: reader.id(attribute(object, "network"), &at.name("network")),
    };
    if is_misspelt {
        addresses.cidrs.get_or_insert(Known::Unknown);
    }
    (draft, addresses)
}

/// Its part in the matrix. Unknown while it is not known whether it is an end, or stands between two.
fn draft<'v>(
    object: &'v BTreeMap<String, Value>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<EndpointDraft<'v>> {
    let given = |name| attribute(object, name);
    let roles_at = at.name("roles");
    let roles = reader.texts(given("roles"), &roles_at);
    let forwards_to = reader.texts(given(FORWARDS_TO), &at.name(FORWARDS_TO));
    let (roles, forwards) = match (roles, forwards_to) {
        // Either may turn out to be nothing.
        (Some(Known::Unknown), Some(Known::Unknown)) => return Known::Unknown,
        (Some(Known::Known(roles)), Some(Known::Unknown)) if roles.is_empty() => {
            return Known::Unknown;
        }
        // With roles it can only be null.
        (Some(roles), None) | (Some(roles @ Known::Known(_)), Some(Known::Unknown)) => {
            (roles, None)
        }
        (roles, Some(to)) => {
            let forwards = forwarding(object, to, at, reader);
            (roles.unwrap_or(Known::Known(Vec::new())), Some(forwards))
        }
        (None, None) => {
            let accepted = "a list of at least one role; what stands between two ends has `forwards_to` instead";
            (reader.missing(&roles_at, accepted), None)
        }
    };
    if forwards.is_none() && given(FORWARDS_TO).is_null() {
        for name in OF_FORWARDING.into_iter().filter(|name| is_said(given(name))) {
            let detail = format!(
                "Found `{name}` without `forwards_to`. Only what stands between two ends has it."
            );
            reader.problems.add(&at.name(name), HopMistake::WithoutForwarding, detail);
        }
    }
    Known::Known(EndpointDraft {
        roles,
        ports: ports(given("ports"), &at.name("ports"), reader),
        talks_to: talks_to(given("talks_to"), &at.name("talks_to"), reader),
        forwards,
    })
}

/// Whether an attribute certainly has a value.
fn is_said(value: &Value) -> bool {
    !value.is_null() && !value.is_unknown()
}

/// What an endpoint without roles does with the traffic of others.
fn forwarding<'v>(
    object: &'v BTreeMap<String, Value>,
    to: Names<'v>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Forwarding<'v> {
    let [from_roles, hides_source, hides_destination] = OF_FORWARDING;
    let mut hides =
        |name| reader.flag(attribute(object, name), &at.name(name)).unwrap_or(Known::Known(true));
    let (hides_source, hides_destination) = (hides(hides_source), hides(hides_destination));
    let from_roles = reader.texts(attribute(object, from_roles), &at.name(from_roles));
    Forwarding { to, from_roles, hides_source, hides_destination }
}

/// The label of a zone: any text that fits on a picture.
fn zone<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<&'v str> {
    let zone = reader.text(value, at)?;
    if let Known::Known(label) = zone
        && (label.trim().is_empty() || label.chars().count() > LONGEST_ZONE)
    {
        let detail = format!(
            "Found {}. The label of a zone has 1 to {LONGEST_ZONE} characters, not all of them blank.",
            quoted(label)
        );
        reader.problems.add(at, ReadMistake::UnusableZone, detail);
        return Some(Known::Unknown);
    }
    Some(zone)
}

/// The `ports` of an endpoint, by attribute; which of them there are is the matrix' matter.
pub(super) fn ports<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<BTreeMap<&'v str, Option<Known<Setting<'v>>>>> {
    let Some(ports) = reader.map(value, at, "an object of port settings") else {
        return Known::Known(BTreeMap::new());
    };
    ports.map(|ports| {
        let given = |value: &'v Value| (!value.is_null()).then(|| setting(value));
        ports.iter().map(|(name, value)| (name.as_str(), given(value))).collect()
    })
}

pub(super) fn setting(value: &Value) -> Known<Setting<'_>> {
    Known::Known(match value {
        Value::Unknown(_) => return Known::Unknown,
        Value::Number(number) => Setting::Number(Cow::Owned(number.to_string())),
        Value::String(text) => Setting::Text(text),
        Value::Bool(flag) => Setting::Flag(*flag),
        // One level: no setting is a list of lists, and input may be as deep as it likes.
        Value::List(elements) | Value::Set(elements) => Setting::List(
            (elements.iter())
                .map(|element| match element {
                    Value::List(_) | Value::Set(_) => Known::Known(Setting::Other("a list")),
                    Value::Map(_) => Known::Known(Setting::Other("an object")),
                    other => setting(other),
                })
                .collect(),
        ),
        // One level as well.
        Value::Map(by_role) => Setting::ByRole(
            (by_role.iter())
                .map(|(role, value)| {
                    let inner = match value {
                        Value::Null => None,
                        Value::Map(_) => Some(Known::Known(Setting::Other("an object"))),
                        other => Some(setting(other)),
                    };
                    (role.as_str(), inner)
                })
                .collect(),
        ),
        Value::Null | Value::Shared(_) => Setting::Other(value.kind()),
    })
}

fn talks_to<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<BTreeMap<&'v str, Option<Names<'v>>>> {
    let Some(bounds) = reader.map(value, at, "an object of lists of endpoints by role") else {
        return Known::Known(BTreeMap::new());
    };
    bounds.map(|bounds| {
        (bounds.iter())
            .map(|(role, names)| (role.as_str(), reader.texts(names, &at.name(role))))
            .collect()
    })
}

/// CIDRs without host bits, none twice however it is written. One that is unknown or mistaken makes the list unknown.
fn cidrs<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<Vec<Block<'v>>> {
    let Known::Known(texts) = reader.texts(value, at)? else { return Some(Known::Unknown) };
    if texts.is_empty() {
        return None;
    }
    let mut complete = true;
    let mut first_places: BTreeMap<Block<'v>, usize> = BTreeMap::new();
    for (index, text) in texts.iter().enumerate() {
        let Known::Known(text) = text else {
            complete = false;
            continue;
        };
        let here = at.index(index);
        let Some(block) = Block::read(text, &here, reader) else {
            complete = false;
            continue;
        };
        if let Some(first) = first_places.insert(block, index) {
            let detail = format!("{} is given twice. Leave one of the two out.", quoted(text));
            let places = (&here, &at.index(first));
            reader.problems.add_between(places, ReadMistake::RepeatedCidr, detail);
            complete = false;
        }
    }
    Some(if complete { Known::Known(first_places.into_keys().collect()) } else { Known::Unknown })
}
