//! Rules that stand together in one object, as many as it has sources: `IpPermission` of EC2's API, a rule inside of
//! `aws_security_group`, and `aws_security_group_rule`.

use std::collections::BTreeMap;

use cidrs::Family;
use portmatrix::known::Known;
use portmatrix::path::At;
use portmatrix::problem::listed;
use tfplugin::Value;

use super::flat::{cidr, group};
use super::protocol::what;
use super::read::{ActualRule, Around, Rules};
use super::terms::{Peer, Terms};
use crate::platform::view::Direction;
use crate::query::QueryMistake;
use crate::query::audit::groups::Stated;
use crate::query::audit::read::{needed, text, word};
use crate::reader::{Reader, attribute};

/// What the API calls the lists of sources, and the texts in them.
const RANGES: (&str, &str) = ("IpRanges", "CidrIp");
const RANGES_V6: (&str, &str) = ("Ipv6Ranges", "CidrIpv6");
const LISTS: (&str, &str) = ("PrefixListIds", "PrefixListId");
const PAIRS: &str = "UserIdGroupPairs";
/// What it calls the description that each of them has.
const TOLD: &str = "Description";

/// What a rule of `aws_security_group` and the resource `aws_security_group_rule` have.
const CLASSIC: [&str; 8] = [
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "prefix_list_ids",
    "security_groups",
    "source_security_group_id",
    "self",
    "protocol",
    "description",
];
const OF_RESOURCE: [&str; 8] = [
    "from_port",
    "to_port",
    "type",
    "security_group_id",
    "security_group_rule_id",
    "id",
    "timeouts",
    "region",
];

const TYPES: [(&str, Direction); 2] =
    [("ingress", Direction::Ingress), ("egress", Direction::Egress)];

/// Whether an object is such a rule.
pub(super) fn is_one(object: &BTreeMap<String, Value>) -> bool {
    let api = [RANGES.0, RANGES_V6.0, LISTS.0, PAIRS];
    // A description is not enough: others have one too.
    api.iter().chain(&CLASSIC[..7]).any(|name| object.contains_key(*name))
}

/// One source of a rule, and the description that only it has.
struct Source<'v> {
    peer: Known<Peer<'v>>,
    description: Option<&'v str>,
    is_stale: bool,
}

impl<'v> Source<'v> {
    fn of(peer: Known<Peer<'v>>) -> Self {
        Self { peer, description: None, is_stale: false }
    }
}

/// Reads all rules that stand together.
pub(super) fn read<'v>(
    rules: &mut Rules<'v, '_>,
    object: &'v BTreeMap<String, Value>,
    value: &'v Value,
    at: &At<'_>,
    around: Around<'v>,
) {
    let in_api = object.keys().any(|key| key.starts_with(|first: char| first.is_ascii_uppercase()));
    let reader = &mut *rules.reader;
    let (names, known): ([&str; 3], Vec<&str>) = if in_api {
        let names = ["IpProtocol", "FromPort", "ToPort"];
        (names, [names.as_slice(), &[RANGES.0, RANGES_V6.0, LISTS.0, PAIRS]].concat())
    } else {
        (["protocol", "from_port", "to_port"], [CLASSIC, OF_RESOURCE].concat())
    };
    reader.object(value, at, &known);
    let what = what(object, names, at, reader);
    let direction = match around.direction {
        Some(direction) => Known::Known(direction),
        None => word(attribute(object, "type"), &at.name("type"), reader, "type", &TYPES),
    };
    let optional = |name: &str, reader: &mut Reader| {
        text(attribute(object, name), &at.name(name), reader).unwrap_or(Known::Known(""))
    };
    let own = optional("security_group_id", reader);
    let (id, description) =
        (optional("security_group_rule_id", reader), optional("description", reader));
    let own = own.map(|own| if own.is_empty() { around.group } else { Some(own) });
    let sources = if in_api {
        api(object, at, reader)
    } else {
        classic(object, own.value().flatten(), at, reader)
    };
    if sources.is_empty() {
        let accepted: &[&str] =
            if in_api { &[RANGES.0, RANGES_V6.0, LISTS.0, PAIRS] } else { &CLASSIC[..6] };
        let detail =
            format!("Found none of {}. Accepted is at least one of them.", listed(accepted));
        reader.problems.add(at, QueryMistake::NotExactlyOne, detail);
        rules.add(None);
    }
    // The id is that of one rule: where several stand together, hashicorp/aws gives none.
    let is_one = sources.len() == 1;
    for Source { peer, description: own_description, is_stale } in sources {
        let rule = || {
            Some(ActualRule {
                id: id.value().filter(|id| is_one && !id.is_empty()),
                stated: Stated::by(own.value()?),
                group: None,
                description: own_description.or(description.value())?,
                direction: direction.value()?,
                terms: Terms { what: what.value()?, peer: peer.value()? },
                is_stale: is_stale || around.is_stale,
            })
        };
        let rule = rule();
        let is_known = id.is_known();
        rules.add(rule.filter(|_| is_known));
    }
}

/// The sources of an `IpPermission`: objects with a description each, or texts alone in `StaleIpPermission`.
fn api<'v>(
    object: &'v BTreeMap<String, Value>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Vec<Source<'v>> {
    let mut sources = Vec::new();
    for (list, name) in [RANGES, RANGES_V6, LISTS] {
        let list_at = at.name(list);
        each(attribute(object, list), &list_at, reader, &mut |value, at, reader| {
            let peer = |found: Known<&'v str>, at: &At<'_>, reader: &mut Reader| match found {
                Known::Known(id) if list == LISTS.0 => Known::Known(Peer::List(id)),
                Known::Known(text) if list == RANGES.0 => cidr(text, Family::V4, at, reader),
                Known::Known(text) => cidr(text, Family::V6, at, reader),
                Known::Unknown => Known::Unknown,
            };
            let (peer, description) = match value {
                Value::Map(entry) => {
                    reader.object(value, at, &[name, TOLD]);
                    let place = at.name(name);
                    let found = needed(attribute(entry, name), &place, reader, "a source");
                    (peer(found, &place, reader), description(entry, at, reader))
                }
                _ => (peer(needed(value, at, reader, "a source"), at, reader), None),
            };
            sources.push(Source { description, ..Source::of(peer) });
        });
    }
    let pairs_at = at.name(PAIRS);
    each(attribute(object, PAIRS), &pairs_at, reader, &mut |value, at, reader| {
        let found = group(value, at, reader);
        let description = match value {
            Value::Map(pair) => description(pair, at, reader),
            _ => None,
        };
        let is_stale = found.value().is_some_and(|(_, is_gone)| is_gone);
        let peer = found.map(|(id, _)| Peer::Group(id));
        sources.push(Source { peer, description, is_stale });
    });
    sources
}

/// The description that one source has.
fn description<'v>(
    entry: &'v BTreeMap<String, Value>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<&'v str> {
    text(attribute(entry, TOLD), &at.name(TOLD), reader).and_then(Known::value)
}

/// The sources of a rule as `aws_security_group` has it; `own` is the group that `self` stands for.
fn classic<'v>(
    object: &'v BTreeMap<String, Value>,
    own: Option<&'v str>,
    at: &At<'_>,
    reader: &mut Reader,
) -> Vec<Source<'v>> {
    let mut sources = Vec::new();
    let [v4, v6, lists, groups, one, itself, ..] = CLASSIC;
    for name in [v4, v6, lists, groups] {
        let list_at = at.name(name);
        each(attribute(object, name), &list_at, reader, &mut |value, at, reader| {
            let found = needed(value, at, reader, "a source");
            let peer = match found {
                Known::Known(text) if name == v4 => cidr(text, Family::V4, at, reader),
                Known::Known(text) if name == v6 => cidr(text, Family::V6, at, reader),
                Known::Known(id) if name == lists => Known::Known(Peer::List(id)),
                found => found.map(Peer::Group),
            };
            sources.push(Source::of(peer));
        });
    }
    let group = text(attribute(object, one), &at.name(one), reader);
    sources.extend(group.map(|id| Source::of(id.map(Peer::Group))));
    match reader.flag(attribute(object, itself), &at.name(itself)) {
        Some(Known::Known(true)) => {
            let peer = match own {
                Some(id) => Known::Known(Peer::Group(id)),
                None => reader.missing(
                    &at.name("security_group_id"),
                    "the id of the group that `self` stands for",
                ),
            };
            sources.push(Source::of(peer));
        }
        Some(Known::Unknown) => sources.push(Source::of(Known::Unknown)),
        Some(Known::Known(false)) | None => {}
    }
    sources
}

/// Uses each element of a list that may be absent.
fn each<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
    use_it: &mut dyn FnMut(&'v Value, &At<'_>, &mut Reader),
) {
    if let Some(Known::Known(list)) = reader.list(value, at, "a list") {
        for (index, element) in list.iter().enumerate() {
            use_it(element, &at.index(index), reader);
        }
    }
}
