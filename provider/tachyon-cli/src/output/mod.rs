//! Answers as text: tables for people, JSON, YAML and CSV for programs, Markdown for comments.

mod json;
mod sheet;
mod table;
mod yaml;

use clap::ValueEnum;
use tfplugin::{Shape, Value};

use crate::console::Console;

pub(crate) use self::sheet::{Record, Records};
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

/// The elements of an object's attribute; none if there is no such thing.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    get(value, name).elements().unwrap_or_default()
}

/// An object's attribute, null where there is none.
pub(crate) fn get<'v>(value: &'v Value, name: &str) -> &'v Value {
    match value {
        Value::Map(attributes) => attributes.get(name).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

/// Whether an object's attribute is true.
pub(crate) fn flag(value: &Value, name: &str) -> bool {
    *get(value, name) == Value::Bool(true)
}

/// `1 rule`, `2 rules`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
