//! What the user says besides the deployment and the rules: rules that are accepted, and groups.

use std::collections::BTreeMap;

use cidrs::Cidr;
use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::{Parameter, Type, Value};

use super::Audited;
use super::accepted::{self, Accepted};
use super::read::{Once, block, report_block};
use crate::query::QueryMistake;
use crate::query::arguments::Arguments;
use crate::reader::{ReadMistake, Reader, attribute};

/// The name of the parameter.
pub(super) const SETTINGS: &str = "settings";
/// The names of its attributes.
const ACCEPTED: &str = "accepted";
pub(super) const GROUPS: &str = "groups";
const PREFIX_LISTS: &str = "prefix_lists";

/// What the user chose; `M` is a whole rule of a platform.
#[derive(Debug)]
pub(super) struct Settings<'v, M> {
    /// Rules that are the user's own on purpose.
    pub(super) accepted: Accepted<'v, M>,
    /// The ids of the groups of what is audited, in the order of their numbers; none if that is not said.
    pub(super) groups: Option<Vec<&'v str>>,
    /// What prefix lists hold, by what is the same for every spelling of their ids.
    pub(super) lists: BTreeMap<String, Vec<Cidr>>,
}

/// The parameter, which a call has at most once.
pub(super) fn parameter<P: Audited>() -> Parameter {
    let (names, lists) = match P::PREFIX_LISTS {
        Some(about) => (", prefix_lists = {...}", format!(" {about}")),
        None => ("", String::new()),
    };
    let description = format!(
        "At most one: `{{ accepted = [...], groups = [...]{names} }}`, each of which may be left out. `accepted` has the rules that are your own on purpose, such as remote desktop, the directory or \
        agents. They stand under `accepted` and not under `extra`, and don't spoil `compliant`. {} A rule that is not extra stays where it is. An entry that matches no actual rule is listed under \
        `accepted_unmatched`. {}{lists}",
        P::ACCEPTED,
        P::GROUPS
    );
    Parameter { allow_unknown: true, ..Parameter::new(SETTINGS, description, Type::Dynamic) }
}

/// Reads the arguments from `first` on, of which there is at most one.
pub(super) fn read<'v, P: Audited>(
    arguments: &mut Arguments<'v>,
    first: usize,
) -> Known<Settings<'v, P::Meant<'v>>> {
    let root = At::ROOT;
    let settings = root.name(SETTINGS);
    for position in first + 1..arguments.count() {
        let at = settings.index(position - first);
        let detail = "There is such an argument already. Accepted is at most one: write all entries into the one `accepted`.";
        arguments.at(position).1.problems.add(&at, QueryMistake::RepeatedArgument, detail);
    }
    let (value, reader) = arguments.at(first);
    let mut names = vec![ACCEPTED, GROUPS];
    names.extend(P::PREFIX_LISTS.map(|_| PREFIX_LISTS));
    let object = match reader.object(value, &settings, &names) {
        None => {
            let (accepted, lists) = (Accepted::default(), BTreeMap::new());
            return Known::Known(Settings { accepted, groups: None, lists });
        }
        Some(Known::Unknown) => return Known::Unknown,
        Some(Known::Known(object)) => object,
    };
    let accepted =
        accepted::entries::<P>(attribute(object, ACCEPTED), &settings.name(ACCEPTED), reader);
    let groups = groups::<P>(attribute(object, GROUPS), &settings.name(GROUPS), reader);
    let lists = match P::PREFIX_LISTS {
        Some(_) => {
            let at = settings.name(PREFIX_LISTS);
            lists::<P>(attribute(object, PREFIX_LISTS), &at, reader)
        }
        None => Known::Known(BTreeMap::new()),
    };
    match (accepted, groups, lists) {
        (Known::Known(accepted), Known::Known(groups), Known::Known(lists)) => {
            Known::Known(Settings { accepted, groups, lists })
        }
        _ => Known::Unknown,
    }
}

/// Reads what prefix lists hold, by their ids, of which none is there twice.
fn lists<P: Audited>(
    value: &Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<BTreeMap<String, Vec<Cidr>>> {
    let Some(lists) = reader.map(value, at, "a map of CIDRs by the id of their prefix list") else {
        return Known::Known(BTreeMap::new());
    };
    let Known::Known(lists) = lists else { return Known::Unknown };
    let mut is_whole = true;
    let mut once = Once::default();
    let mut known = BTreeMap::new();
    for (id, entries) in lists {
        let at = at.key(id);
        let what = format!("The prefix list {}", quoted(id));
        let identity = P::identity(id);
        is_whole &= once.check(identity.clone(), &what, QueryMistake::RepeatedList, &at, reader);
        let texts = reader.texts(entries, &at);
        let texts = texts.unwrap_or_else(|| reader.missing(&at, "a list of CIDRs"));
        let Known::Known(texts) = texts else {
            is_whole = false;
            continue;
        };
        let mut held = Vec::with_capacity(texts.len());
        for (index, text) in texts.into_iter().enumerate() {
            let Known::Known(text) = text else {
                is_whole = false;
                continue;
            };
            match block(text) {
                Ok(cidr) => held.push(cidr),
                Err(error) => {
                    report_block(text, error, &at.index(index), reader);
                    is_whole = false;
                }
            }
        }
        known.insert(identity, held);
    }
    if is_whole { Known::Known(known) } else { Known::Unknown }
}

/// Reads ids of groups, of which none is there twice.
fn groups<'v, P: Audited>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Known<Option<Vec<&'v str>>> {
    let Some(ids) = reader.texts(value, at) else { return Known::Known(None) };
    let Known::Known(ids) = ids else { return Known::Unknown };
    if ids.is_empty() {
        let detail =
            "Found an empty list. Accepted are the ids of the groups, the first one first.";
        reader.problems.add(at, ReadMistake::MissingValue, detail);
        return Known::Unknown;
    }
    let mut is_whole = true;
    let mut once = Once::default();
    let mut known = Vec::with_capacity(ids.len());
    for (index, id) in ids.into_iter().enumerate() {
        let Known::Known(id) = id else {
            is_whole = false;
            continue;
        };
        let at = at.index(index);
        if id.is_empty() {
            is_whole = false;
            reader.problems.add(&at, ReadMistake::EmptyId, "Found an empty string. Give the id.");
        } else {
            let what = format!("The group {}", quoted(id));
            is_whole &=
                once.check(P::identity(id), &what, QueryMistake::UnclearGroups, &at, reader);
        }
        known.push(id);
    }
    if is_whole { Known::Known(Some(known)) } else { Known::Unknown }
}
