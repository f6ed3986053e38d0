//! Tables for people.

use anstream::adapter::strip_str;
use comfy_table::presets::{ASCII_MARKDOWN, NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{ContentArrangement, TableStyle};

use crate::console::Console;

/// How a title is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Note,
    Warning,
    Bad,
}

impl Tone {
    /// The colour, as the terminal takes it.
    fn begin(self) -> &'static str {
        match self {
            Self::Plain => "\u{1b}[1m",
            Self::Good => "\u{1b}[1;32m",
            Self::Note => "\u{1b}[1;36m",
            Self::Warning => "\u{1b}[1;33m",
            Self::Bad => "\u{1b}[1;31m",
        }
    }
}

/// Lines with the same columns, under a title.
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) tone: Tone,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// For a terminal, with borders and within its width; else with spaces between columns, each row in one line.
    pub(crate) fn shown(&self, console: &Console) -> String {
        let title =
            if console.has_colour { coloured(&self.title, self.tone) } else { self.title.clone() };
        let style = if console.is_terminal { UTF8_FULL_CONDENSED } else { NOTHING };
        let mut table = self.drawn(style, visible);
        if let Some(width) = console.width.filter(|_| console.is_terminal) {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        format!("{title}\n{}\n", lines.join("\n"))
    }

    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        let cell = |cell: &str| visible(cell).replace('|', "\\|").replace('<', "&lt;");
        self.drawn(ASCII_MARKDOWN, cell).lines().collect::<Vec<_>>().join("\n")
    }

    fn drawn(&self, style: TableStyle, cell: impl Fn(&str) -> String) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(style).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(self.columns.iter().map(|column| cell(column)));
        for row in &self.rows {
            table.add_row(row.iter().map(|text| cell(text)));
        }
        table
    }
}

/// A text in a colour.
pub(crate) fn coloured(text: &str, tone: Tone) -> String {
    format!("{}{text}\u{1b}[0m", tone.begin())
}

/// A text in one line and without what a terminal would obey.
fn visible(text: &str) -> String {
    let stripped = strip_str(text).to_string();
    stripped.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
