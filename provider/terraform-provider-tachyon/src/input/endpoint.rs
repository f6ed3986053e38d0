//! One endpoint: its part in the matrix, and its addresses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use portmatrix::deployment::{EndpointDraft, Names, Setting};
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use crate::platform::{Addresses, PlatformAddresses};
use crate::reader::{Block, Given, ReadMistake, Reader, attribute};

/// The attributes of an endpoint that no platform owns.
const ATTRIBUTES: [&str; 5] = ["roles", "cidrs", "ports", "talks_to", "zone"];

/// The most characters that the label of a zone may have.
const LONGEST_ZONE: usize = 64;

/// Every attribute an endpoint may have.
fn known_attributes() -> Vec<&'static str> {
    [&ATTRIBUTES[..], &PlatformAddresses::attributes()].concat()
}

/// Reads one endpoint.
pub(super) fn read<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> (Known<EndpointDraft<'v>>, Addresses<'v>) {
    let before = reader.problems.len();
    let Some(object) = reader.object(value, at, &known_attributes()) else {
        return (reader.missing(at, "an object with at least `roles`"), Addresses::unknown());
    };
    let Known::Known(object) = object else { return (Known::Unknown, Addresses::unknown()) };
    // What was misspelt may be the address: that there is none would only be the consequence.
    let is_misspelt = reader.problems.len() > before;
    let roles_at = at.name("roles");
    let roles = match reader.texts(attribute(object, "roles"), &roles_at) {
        Some(roles) => roles,
        None => reader.missing(&roles_at, "a list of at least one role"),
    };
    let draft = EndpointDraft {
        roles,
        ports: ports(attribute(object, "ports"), &at.name("ports"), reader),
        talks_to: talks_to(attribute(object, "talks_to"), &at.name("talks_to"), reader),
    };
    let mut addresses = Addresses {
        cidrs: cidrs(attribute(object, "cidrs"), &at.name("cidrs"), reader),
        platforms: PlatformAddresses::read(object, at, reader),
        zone: zone(attribute(object, "zone"), &at.name("zone"), reader),
    };
    if is_misspelt {
        addresses.cidrs.get_or_insert(Known::Unknown);
    }
    (Known::Known(draft), addresses)
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

fn setting(value: &Value) -> Known<Setting<'_>> {
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
        Value::Null => Setting::Other(value.kind()),
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
        let at = at.index(index);
        let Some(block) = Block::read(text, &at, reader) else {
            complete = false;
            continue;
        };
        if let Some(first) = first_places.insert(block, index) {
            let detail =
                format!("{} stands at [{first}] already. Leave one of them out.", quoted(text));
            reader.problems.add(&at, ReadMistake::RepeatedCidr, detail);
            complete = false;
        }
    }
    Some(if complete { Known::Known(first_places.into_keys().collect()) } else { Known::Unknown })
}
