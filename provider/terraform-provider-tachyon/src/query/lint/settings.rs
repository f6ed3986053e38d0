//! Which lints are asked for, and how much each matters.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Parameter, Type, Value};

use crate::platform::lint::Severity;
use crate::query::QueryMistake;
use crate::query::arguments::Arguments;
use crate::reader::{Reader, attribute};

/// The name of the parameter.
const SETTINGS: &str = "settings";

/// What the user asks for.
#[derive(Debug, Default)]
pub(crate) struct Settings<'v> {
    only: Option<BTreeSet<&'v str>>,
    disable: BTreeSet<&'v str>,
    severities: BTreeMap<&'v str, Severity>,
}

impl<'v> Settings<'v> {
    /// Whether the lint of this id is asked for.
    pub(super) fn wants(&self, id: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(id)) && !self.disable.contains(id)
    }

    /// How much findings of this id matter, given how much they usually do.
    pub(super) fn severity(&self, id: &str, usual: Severity) -> Severity {
        self.severities.get(id).copied().unwrap_or(usual)
    }

    /// Reads the arguments from `first` on, of which there is at most one; `known` are the ids that there are.
    pub(super) fn read(
        arguments: &mut Arguments<'v>,
        first: usize,
        known: &BTreeSet<&str>,
    ) -> Known<Self> {
        let root = At::ROOT;
        let at = root.name(SETTINGS);
        arguments.refuse_more(first, SETTINGS);
        let (value, reader) = arguments.at(first);
        let names = ["only", "disable", "severities"];
        let [only, disable, severities] = names;
        let object = match reader.object(value, &at, &names) {
            None => return Known::Known(Self::default()),
            Some(Known::Unknown) => return Known::Unknown,
            Some(Known::Known(object)) => object,
        };
        let only = ids(attribute(object, only), &at.name(only), known, reader);
        let disable = ids(attribute(object, disable), &at.name(disable), known, reader);
        let severities = by_id(attribute(object, severities), &at.name(severities), known, reader);
        match (only, disable, severities) {
            (Known::Known(only), Known::Known(disable), Known::Known(severities)) => {
                Known::Known(Self { only, disable: disable.unwrap_or_default(), severities })
            }
            _ => Known::Unknown,
        }
    }
}

/// Ids of lints; none where nothing was given.
fn ids<'v>(
    value: &'v Value,
    at: &At<'_>,
    known: &BTreeSet<&str>,
    reader: &mut Reader,
) -> Known<Option<BTreeSet<&'v str>>> {
    let Some(texts) = reader.texts(value, at) else { return Known::Known(None) };
    let Known::Known(texts) = texts else { return Known::Unknown };
    let mut found = BTreeSet::new();
    let mut complete = true;
    for (index, text) in texts.into_iter().enumerate() {
        match text {
            Known::Known(id) => {
                check_id(id, &at.index(index), known, reader);
                found.insert(id);
            }
            Known::Unknown => complete = false,
        }
    }
    if complete { Known::Known(Some(found)) } else { Known::Unknown }
}

fn by_id<'v>(
    value: &'v Value,
    at: &At<'_>,
    known: &BTreeSet<&str>,
    reader: &mut Reader,
) -> Known<BTreeMap<&'v str, Severity>> {
    let Some(object) = reader.map(value, at, "an object of severities by id") else {
        return Known::Known(BTreeMap::new());
    };
    let Known::Known(object) = object else { return Known::Unknown };
    let mut found = BTreeMap::new();
    let mut complete = true;
    for (id, value) in object {
        let at = at.key(id);
        check_id(id, &at.its_name(), known, reader);
        match reader.text(value, &at) {
            None => {}
            Some(Known::Unknown) => complete = false,
            Some(Known::Known(text)) => {
                let severity = Severity::ALL.into_iter().find(|it| it.as_str() == text);
                if severity.is_none() {
                    let all = Severity::ALL.map(Severity::as_str);
                    reader.problems.add_unknown_name(
                        &at,
                        QueryMistake::UnknownSeverity,
                        "severity",
                        text,
                        all,
                    );
                }
                found.extend(severity.map(|severity| (id.as_str(), severity)));
            }
        }
    }
    if complete { Known::Known(found) } else { Known::Unknown }
}

fn check_id(id: &str, at: &At<'_>, known: &BTreeSet<&str>, reader: &mut Reader) {
    if !known.contains(id) {
        let known = known.iter().copied();
        reader.problems.add_unknown_name(at, QueryMistake::UnknownLint, "lint", id, known);
    }
}

/// The parameter, which a call has at most once.
pub(super) fn parameter() -> Parameter {
    let description = "At most one: `{ only = [...], disable = [...], severities = { ... } }`. `only` names the lints that are asked for, all if it is left out; `disable` those that are not; \
        `severities` says by id how much the findings of a lint matter: `\"error\"`, `\"warning\"` or `\"info\"`. Ids are those of the [guide to the lints](../guides/lints.md).";
    Parameter { allow_unknown: true, ..Parameter::new(SETTINGS, description, Type::Dynamic) }
}
