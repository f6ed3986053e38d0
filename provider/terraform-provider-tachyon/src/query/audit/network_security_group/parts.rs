//! Ports and ends of a rule, each in one of the forms that Azure has for it.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::terms::{End, Ports};
use crate::query::audit::read::{self, needed, report_block, text};
use crate::reader::{Given, Reader, attribute};
use portmatrix::mistake::PortMistake;

/// Reads ports from the singular or the plural attribute. None if they are unknown or mistaken.
pub(super) fn ports(
    object: &BTreeMap<String, Value>,
    names: [&str; 2],
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<Ports> {
    let (_, place, texts) = only(object, &names, at, reader)?;
    let mut ports = Ports::default();
    let mut complete = true;
    each(texts, &place, |text, at| {
        if !ports.add(text) {
            let detail = format!(
                "Found {}. Accepted is a port from 0 to 65535, a range such as \"4000-4010\", or \"*\".",
                quoted(text)
            );
            reader.problems.add(at, PortMistake::UnusablePort, detail);
            complete = false;
        }
    })?;
    complete.then_some(ports)
}

/// Reads an end from the attribute for one prefix, for several, or for groups. None if it is unknown or mistaken.
pub(super) fn end(
    object: &BTreeMap<String, Value>,
    names: [&str; 3],
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<End> {
    let [_, _, groups] = names;
    let (name, place, texts) = only(object, &names, at, reader)?;
    let mut end = End::default();
    let mut complete = true;
    each(texts, &place, |text, at| {
        if name == groups {
            end.add_group(text);
        } else if let Err(error) = end.add(text) {
            report_block(text, error, at, reader);
            complete = false;
        }
    })?;
    complete.then_some(end)
}

/// The texts of the one attribute that is set, with its place.
fn only<'v, 'p>(
    object: &'v BTreeMap<String, Value>,
    names: &[&'p str],
    at: &'p At<'_>,
    reader: &mut Reader,
) -> Option<(&'p str, At<'p>, Texts<'v>)> {
    let given = names.iter().filter_map(|name| {
        let place = at.name(name);
        let texts = texts(attribute(object, name), &place, reader)?;
        Some((*name, (place, texts)))
    });
    let (name, (place, texts)) = read::only(given.collect(), names, at, reader)?;
    Some((name, place, texts.value()?))
}

/// Texts of an attribute, singular or plural.
enum Texts<'v> {
    One(&'v str),
    Several(Vec<Known<&'v str>>),
}

/// None if the attribute is not set, which providers also show as an empty text or list.
fn texts<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<Texts<'v>> {
    match value {
        Value::List(elements) if elements.is_empty() => None,
        // The API refers to groups by objects.
        Value::List(elements) | Value::Set(elements)
            if elements.iter().any(|it| matches!(it, Value::Map(_))) =>
        {
            let ids = elements.iter().enumerate().map(|(index, element)| {
                let at = at.index(index);
                match element {
                    Value::Map(object) => {
                        let (id, at) = (attribute(object, "id"), at.name("id"));
                        needed(id, &at, reader, "the id of the group")
                    }
                    other => needed(other, &at, reader, "a string"),
                }
            });
            Some(Known::Known(Texts::Several(ids.collect())))
        }
        Value::List(_) | Value::Set(_) => {
            reader.texts(value, at).map(|texts| texts.map(Texts::Several))
        }
        _ => text(value, at, reader).map(|text| text.map(Texts::One)),
    }
}

/// Uses each text with its place. None if one of them is unknown.
fn each(texts: Texts<'_>, place: &At<'_>, mut use_it: impl FnMut(&str, &At<'_>)) -> Option<()> {
    match texts {
        Texts::One(text) => use_it(text, place),
        Texts::Several(texts) => {
            let mut complete = true;
            for (index, text) in texts.into_iter().enumerate() {
                match text {
                    Known::Known(text) => use_it(text, &place.index(index)),
                    Known::Unknown => complete = false,
                }
            }
            return complete.then_some(());
        }
    }
    Some(())
}
