//! Answers as text: tables for people, JSON, YAML and CSV for programs, Markdown for comments.

mod json;
mod sheet;
mod table;
mod yaml;

use clap::ValueEnum;
use tachyon::bug::{OrBug, bug};
use tfplugin::{Shape, Value};

use crate::console::Console;

pub(crate) use self::sheet::{Record, Records, cell};
pub(crate) use self::table::{Table, Tone};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for people, as wide as the terminal.
    Table,
    /// The whole answer as JSON, as the provider's function gives it.
    Json,
    /// The same as YAML.
    Yaml,
    /// One line for each thing found, with a line of names first.
    Csv,
    /// The tables for a comment or a page.
    Markdown,
}

/// What a command has found.
pub(crate) struct Told<'v> {
    /// The whole answer, with the type that it has.
    pub(crate) whole: (&'v Value, &'v Shape),
    /// What is found, one by one.
    pub(crate) records: Records<'v>,
    /// The same for people, and what else they should see.
    pub(crate) tables: Vec<Table>,
    /// A sentence or two for people, at the end.
    pub(crate) summary: String,
}

impl Told<'_> {
    /// The text of it.
    pub(crate) fn text(&self, format: Format, console: &Console) -> String {
        let (value, shape) = self.whole;
        match format {
            Format::Json => json::text(value, shape),
            Format::Yaml => yaml::text(value, shape),
            Format::Csv => self.records.csv(),
            Format::Markdown => {
                let mut text = format!("{}\n", self.summary);
                for table in self.tables.iter().filter(|table| !table.rows.is_empty()) {
                    text.push_str(&format!("\n### {}\n\n{}\n", table.title, table.markdown()));
                }
                text
            }
            Format::Table => {
                let shown = self.tables.iter().filter(|table| !table.rows.is_empty());
                let mut text: String = shown.map(|table| table.shown(console) + "\n").collect();
                text.push_str(&self.summary);
                text.push('\n');
                text
            }
        }
    }
}

/// A value as JSON or YAML alone.
pub(crate) fn document(value: &Value, shape: &Shape, is_yaml: bool) -> String {
    if is_yaml { yaml::text(value, shape) } else { json::text(value, shape) }
}

/// What is told of an answer that is not what its shape promises.
const OTHER_SHAPE: &str = "an answer of another shape than is promised";

/// An attribute of an answer, which may be null.
pub(crate) fn get<'v>(value: &'v Value, name: &str) -> &'v Value {
    match value {
        Value::Map(attributes) => attributes.get(name).or_bug(OTHER_SHAPE),
        // What is in a part that is not there is not there either.
        Value::Null => &Value::Null,
        _ => bug(OTHER_SHAPE),
    }
}

/// Whether an answer has an attribute: those about the clouds have not all the same.
pub(crate) fn has(value: &Value, name: &str) -> bool {
    matches!(value, Value::Map(attributes) if attributes.contains_key(name))
}

/// The elements of an attribute that is a list; none where it is null.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match get(value, name) {
        Value::Null => &[],
        list => list.elements().or_bug(OTHER_SHAPE),
    }
}

/// The elements of an attribute that is a map, each with its key; none where it is null.
pub(crate) fn map<'v>(
    value: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let map = match get(value, name) {
        Value::Null => None,
        Value::Map(map) => Some(map),
        _ => bug(OTHER_SHAPE),
    };
    map.into_iter().flatten()
}

/// Whether an attribute is true.
pub(crate) fn flag(value: &Value, name: &str) -> bool {
    let Value::Bool(flag) = get(value, name) else { bug(OTHER_SHAPE) };
    *flag
}

/// An attribute that is text.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    let Value::String(text) = get(value, name) else { bug(OTHER_SHAPE) };
    text
}

/// `1 rule`, `2 rules`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
