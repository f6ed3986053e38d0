//! Single values of a document: texts, numbers, ports, words, lists.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde_json::Value;

use super::{LONGEST_TEXT, Layout, MOST_ELEMENTS, mistyped};
use crate::bug::OrBug;
use crate::matrix::document::BasisEntry;
use crate::matrix::{
    CautionWhen, Column, Confidence, ParameterKind, PortRange, RowDirection, Transport, When,
};
use crate::mistake::MatrixMistake;
use crate::path::{At, quoted};
use crate::problem::{Problems, listed};

impl Layout for String {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::String(text) = value else {
            let accepted = match value {
                Value::Number(_) => "text: put it in quotes",
                _ => "text",
            };
            return mistyped(value, accepted, at, problems);
        };
        if text.len() > LONGEST_TEXT {
            let detail = format!(
                "Found a text of {} bytes. One of a document has at most {LONGEST_TEXT}.",
                text.len()
            );
            problems.add(at, MatrixMistake::TooLargeDocument, detail);
            return None;
        }
        Some(text.clone())
    }
}

impl Layout for bool {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            other => mistyped(other, "true or false", at, problems),
        }
    }
}

/// Whole numbers from nought.
macro_rules! whole {
    ($($number:ty),*) => { $(
        impl Layout for $number {
            fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
                let accepted = || format!("a whole number from 0 to {}", <$number>::MAX);
                let Value::Number(number) = value else {
                    return mistyped(value, &accepted(), at, problems);
                };
                let read = number.as_u64().and_then(|number| Self::try_from(number).ok());
                if read.is_none() {
                    let detail = format!("Found {number}. Accepted is {}.", accepted());
                    problems.add(at, MatrixMistake::WrongShape, detail);
                }
                read
            }
        }
    )* };
}

whole!(u16, u32, usize);

impl Layout for PortRange {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => {
                let accepted = "a port, or a range such as \"50000-50099\"";
                return mistyped(other, accepted, at, problems);
            }
        };
        match text.parse() {
            Ok(range) => Some(range),
            Err(error) => {
                problems.add(at, MatrixMistake::WrongShape, format!("{error}."));
                None
            }
        }
    }
}

impl<T: Layout> Layout for Option<T> {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value, at, problems).map(Some) }
    }
}

impl<T: Layout> Layout for Vec<T> {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::Array(elements) = value else {
            return mistyped(value, "a list", at, problems);
        };
        if elements.len() > MOST_ELEMENTS {
            let detail = format!(
                "Found {} elements. A list of a document has at most {MOST_ELEMENTS}.",
                elements.len()
            );
            problems.add(at, MatrixMistake::TooLargeDocument, detail);
            return None;
        }
        let read: Vec<Option<T>> = (elements.iter().enumerate())
            .map(|(index, element)| T::read(element, &at.index(index), problems))
            .collect();
        read.into_iter().collect()
    }
}

/// Values that are one of a few words.
macro_rules! words {
    ($($name:ident: $($word:literal)+;)*) => { $(
        impl Layout for $name {
            fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
                const WORDS: &[&str] = &[$($word),+];
                let Value::String(text) = value else {
                    return mistyped(value, &format!("one of {}", listed(WORDS)), at, problems);
                };
                if !WORDS.contains(&text.as_str()) {
                    let words = WORDS.iter().copied();
                    problems.add_unknown_name(at, MatrixMistake::UnknownDocumentWord, "word", text, words);
                    return None;
                }
                let deserializer: StrDeserializer<'_, Error> = text.as_str().into_deserializer();
                Some(Self::deserialize(deserializer).ok().or_bug("a word of a document without a meaning"))
            }
        }

        impl $name {
            /// The words that stand for one in a document.
            #[cfg(test)]
            pub(super) const WORDS: &'static [&'static str] = &[$($word),+];
        }
    )* };
}

words! {
    Transport: "tcp" "udp";
    Column: "device" "port" "protocol" "direction" "usage" "configurable";
    RowDirection: "in" "out" "both" "none";
    When: "install" "post_install" "target" "no" "unknown";
    Confidence: "low" "medium" "high";
    ParameterKind: "port" "ports" "range" "flag";
    BasisEntry: "paired" "self_paired" "outside" "prose" "inferred";
}

/// What stands in a document for the values of a caution that have one of their own.
const WITH_VALUE: [&str; 3] = ["not_default_unless_flag", "more_than", "set_without"];

impl Layout for CautionWhen {
    fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let accepted = "\"not_default\", or an object with `not_default_unless_flag`, `more_than` or `set_without`";
        match value {
            Value::String(text) if text == "not_default" => Some(Self::NotDefault),
            Value::String(text) => {
                let detail = format!("Found {}. Accepted is {accepted}.", quoted(text));
                problems.add(at, MatrixMistake::WrongShape, detail);
                None
            }
            Value::Object(fields) if fields.len() == 1 => {
                let (name, value) = fields.iter().next().or_bug("one field that is not there");
                let at = at.name(name);
                match name.as_str() {
                    "not_default_unless_flag" => {
                        Layout::read(value, &at, problems).map(Self::NotDefaultUnlessFlag)
                    }
                    "more_than" => Layout::read(value, &at, problems).map(Self::MoreThan),
                    "set_without" => Layout::read(value, &at, problems).map(Self::SetWithout),
                    _ => {
                        problems.add_unknown_name(
                            &at.its_name(),
                            MatrixMistake::UnknownBlock,
                            "block or attribute",
                            name,
                            WITH_VALUE,
                        );
                        None
                    }
                }
            }
            other => mistyped(other, accepted, at, problems),
        }
    }
}
