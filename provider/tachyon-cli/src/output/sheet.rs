//! What is found as records: one by one, with the same columns for each.

use tachyon::bug::OrBug;
use tfplugin::{Shape, Value};

use super::json;
use super::table::{Table, Tone};

/// One of the things found.
#[derive(Clone)]
pub(crate) struct Record<'v> {
    /// What is known of it besides, such as its key; one cell for each leading column.
    pub(crate) lead: Vec<String>,
    pub(crate) value: &'v Value,
}

/// Everything found.
pub(crate) struct Records<'v> {
    /// The names of the leading columns.
    pub(crate) lead: Vec<&'static str>,
    /// The attributes of each, in the order in which they are documented.
    pub(crate) fields: Vec<&'static str>,
    pub(crate) rows: Vec<Record<'v>>,
}

impl<'v> Records<'v> {
    /// Nothing yet; `fields` are those of the object that the path leads to.
    pub(crate) fn new(lead: &[&'static str], shape: &Shape, path: &[&str]) -> Self {
        Self { lead: lead.to_vec(), fields: fields(shape, path), rows: Vec::new() }
    }

    /// Records of the elements of the list that the path leads to.
    pub(crate) fn of_list(shape: &Shape, path: &[&str], elements: &'v [Value]) -> Self {
        let mut records = Self::new(&[], shape, path);
        records.rows = elements.iter().map(|value| Record { lead: Vec::new(), value }).collect();
        records
    }

    /// Adds one.
    pub(crate) fn add(&mut self, lead: Vec<String>, value: &'v Value) {
        self.rows.push(Record { lead, value });
    }

    /// Those of which something holds.
    pub(crate) fn only(&self, wanted: impl Fn(&Record<'v>) -> bool) -> Self {
        let rows = self.rows.iter().filter(|record| wanted(record)).cloned().collect();
        Self { lead: self.lead.clone(), fields: self.fields.clone(), rows }
    }

    /// Some of the columns as a table; its title tells how many there are.
    pub(crate) fn table(&self, title: &str, tone: Tone, columns: &[&'static str]) -> Table {
        let rows = self.rows.iter().map(|row| {
            columns.iter().map(|column| self.cell(row, column)).collect::<Vec<String>>()
        });
        Table {
            title: format!("{title} ({})", self.rows.len()),
            tone,
            columns: columns.iter().map(|column| column.replace(['_', '.'], " ")).collect(),
            rows: rows.collect(),
        }
    }

    fn cell(&self, row: &Record<'_>, column: &str) -> String {
        let lead = self.lead.iter().position(|name| *name == column);
        if let Some(text) = lead.and_then(|at| row.lead.get(at)) {
            return text.clone();
        }
        // A column may lie deeper: `reading.role`. Not every row of an audit has all of them.
        let deeper = column.split('.').try_fold(row.value, |value, name| match value {
            Value::Map(attributes) => attributes.get(name),
            _ => None,
        });
        deeper.map_or(String::new(), cell)
    }

    /// All columns as CSV.
    pub(crate) fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let own = self.fields.iter().filter(|field| !self.lead.contains(*field));
        let columns: Vec<&str> = self.lead.iter().chain(own).copied().collect();
        // A vector takes whatever is written to it, and all lines have the same columns.
        let lost = "a line of a table that can't be written";
        writer.write_record(&columns).ok().or_bug(lost);
        for row in &self.rows {
            let cells = columns.iter().map(|column| harmless(self.cell(row, column)));
            writer.write_record(cells).ok().or_bug(lost);
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).or_bug(lost)
    }
}

/// The attributes of the object that a path leads to, through lists and maps.
fn fields(shape: &Shape, path: &[&str]) -> Vec<&'static str> {
    match (shape, path) {
        (Shape::List(inside) | Shape::Set(inside) | Shape::Map(inside), _) => fields(inside, path),
        (Shape::Object(all), []) => all.iter().map(|field| field.name).collect(),
        (Shape::Object(all), [name, rest @ ..]) => {
            let found = all.iter().find(|field| field.name == *name);
            fields(&found.or_bug("a column that the answer does not have").shape, rest)
        }
        (Shape::Plain(_), _) => Vec::new(),
    }
}

/// A value in a cell.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(cell).collect::<Vec<_>>().join(", ")
        }
        Value::Map(_) => json::line(value),
        Value::Shared(value) => cell(value),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
