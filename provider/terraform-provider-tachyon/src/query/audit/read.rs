//! How rules are read that somebody got from a cloud: strictly, but for what clouds themselves write in several ways.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cidrs::{Cidr, CidrError};
use portmatrix::known::Known;
use portmatrix::path::{At, Path, quoted};
use portmatrix::problem::listed;
use tfplugin::Value;

use crate::query::QueryMistake;
use crate::reader::{Given, ReadMistake, Reader, attribute};

/// How rules are given: in what, and how many at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// What is accepted, such as `a list of rules`.
    pub(super) accepted: &'static str,
    /// An attribute that every single rule has, by which one that stands alone is told from many.
    pub(super) of_rule: &'static [&'static str],
    /// Attributes that nothing has but a rule, or what stands around rules.
    pub(super) telling: &'static [&'static str],
    /// The most rules there can be.
    pub(super) most: usize,
    /// Why there can't be more, as a sentence.
    pub(super) why: &'static str,
}

impl Form {
    /// Whether an object is a single rule, and not a map of rules.
    pub(super) fn is_rule(&self, object: &BTreeMap<String, Value>) -> bool {
        !is_by_names(object) && self.of_rule.iter().any(|name| object.contains_key(*name))
    }
}

/// An element of a list, or of a map by its name.
pub(super) type Element<'v> = (Option<&'v str>, &'v Value);

/// The elements of a list, or of a map by any names.
pub(super) fn elements<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
    form: Form,
) -> Known<Vec<Element<'v>>> {
    let found: Vec<Element<'v>> = match value {
        Value::Null => return reader.missing(at, form.accepted),
        Value::Unknown(_) => return Known::Unknown,
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(|element| (None, element)).collect()
        }
        Value::Map(elements) if form.is_rule(elements) => {
            let detail = format!(
                "Found a single rule. Accepted is {}: put brackets around it.",
                form.accepted
            );
            reader.problems.add(at, ReadMistake::WrongType, detail);
            return Known::Unknown;
        }
        Value::Map(elements) => {
            elements.iter().map(|(name, element)| (Some(name.as_str()), element)).collect()
        }
        other => return reader.mistyped(other, at, form.accepted),
    };
    if is_within(found.len(), at, reader, form) { Known::Known(found) } else { Known::Unknown }
}

/// Reports an answer that goes on on another page, which the attribute `next` says.
pub(super) fn report_next(
    answer: &BTreeMap<String, Value>,
    next: &str,
    at: &At<'_>,
    reader: &mut Reader,
) {
    let at = at.name(next);
    if text(attribute(answer, next), &at, reader).is_some_and(|token| token.is_known()) {
        let detail = "This is the first page of several. Give the rules of all pages as one list.";
        reader.problems.add(&at, QueryMistake::IncompleteAnswer, detail);
    }
}

/// Whether what is in a map is objects only, so that its keys are names that somebody chose, as those of `for_each` are.
/// Whatever a cloud or Terraform shows has some attribute besides that is none. What is unknown may be an object.
pub(super) fn is_by_names(map: &BTreeMap<String, Value>) -> bool {
    map.values().all(|value| matches!(value, Value::Map(_) | Value::Unknown(_)))
}

/// Whether there can be so many rules; reports it if not.
pub(super) fn is_within(count: usize, at: &At<'_>, reader: &mut Reader, form: Form) -> bool {
    let is_within = count <= form.most;
    if !is_within {
        let detail = format!("Found {count} rules. {} Give those of one endpoint only.", form.why);
        reader.problems.add(at, QueryMistake::TooManyActualRules, detail);
    }
    is_within
}

/// Text, with an empty one counting as absent: that is how some providers show what is not set.
pub(super) fn text<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<&'v str> {
    reader.text(value, at).filter(|text| *text != Known::Known(""))
}

/// Text that must be there; `accepted` says what.
pub(super) fn needed<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
    accepted: &str,
) -> Known<&'v str> {
    text(value, at, reader).unwrap_or_else(|| {
        if value.is_null() {
            return reader.missing(at, accepted);
        }
        let detail = format!("Found an empty string. Accepted is {accepted}.");
        reader.problems.add(at, ReadMistake::MissingValue, detail);
        Known::Unknown
    })
}

/// The one of several attributes that is given, by its name; reports it if there is none or more than one.
pub(super) fn only<'n, T>(
    mut given: Vec<(&'n str, T)>,
    accepted: &[&str],
    at: &At<'_>,
    reader: &mut Reader,
) -> Option<(&'n str, T)> {
    if given.len() == 1 {
        return given.pop();
    }
    let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
    let found = if names.is_empty() {
        format!("none of {}", listed(accepted))
    } else {
        format!("{} together", listed(&names))
    };
    let detail = format!("Found {found}. Accepted is exactly one of them.");
    reader.problems.add(at, QueryMistake::NotExactlyOne, detail);
    None
}

/// One of a few words, in whatever case.
pub(super) fn word<T: Copy>(
    value: &Value,
    at: &At<'_>,
    reader: &mut Reader,
    what: &str,
    words: &[(&str, T)],
) -> Known<T> {
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let Known::Known(found) = needed(value, at, reader, &format!("one of {}", listed(&names)))
    else {
        return Known::Unknown;
    };
    if let Some((_, meaning)) = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(found)) {
        return Known::Known(*meaning);
    }
    reader.problems.add_unknown_name(at, QueryMistake::UnknownWord, what, found, names);
    Known::Unknown
}

/// The block that text of a cloud stands for: host bits are masked, a lone address is a block of one, and any spelling
/// will do. Clouds store what they were given, and some of it is not canonical.
pub(super) fn block(text: &str) -> Result<Cidr, CidrError> {
    Cidr::parse(text).or_else(|error| error.mended().ok_or(error))
}

/// Reports text that is no block.
pub(super) fn report_block(text: &str, error: CidrError, at: &At<'_>, reader: &mut Reader) {
    reader.problems.add(at, ReadMistake::UnusableCidr, format!("Found {}: {error}.", quoted(text)));
}

/// What may stand once only, with the place of each.
#[derive(Debug, Default)]
pub(super) struct Once {
    places: BTreeMap<String, Path>,
}

impl Once {
    /// Whether nothing the same stood elsewhere before; reports `what` as the mistake if it did.
    pub(super) fn check(
        &mut self,
        key: String,
        what: &str,
        mistake: QueryMistake,
        at: &At<'_>,
        reader: &mut Reader,
    ) -> bool {
        match self.places.entry(key) {
            Entry::Occupied(first) => {
                let first = first.get();
                let detail = format!("{what} stands at {first} already. Leave one of the two out.");
                reader.problems.add(at, mistake, detail);
                false
            }
            Entry::Vacant(free) => {
                free.insert(at.path());
                true
            }
        }
    }
}

/// Some of the texts, and how many others there are, for a sentence.
pub(super) fn some_of(texts: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut shown = texts.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if let Some(more) = texts.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push_str(&format!(" and {more} more"));
    }
    shown
}
