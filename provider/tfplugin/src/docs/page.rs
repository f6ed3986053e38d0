//! A page as it grows: Markdown with a front matter, one blank line between its parts.

use std::fmt::Write;

use super::Texts;

/// A page that is being written.
#[derive(Debug, Clone)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// One with its front matter alone; its description there is the first paragraph of `description`.
    pub(super) fn new(title: &str, subcategory: Option<&str>, description: &str) -> Self {
        let subcategory =
            subcategory.map(|it| format!("subcategory: {}\n", quoted(it))).unwrap_or_default();
        let first = description.split("\n\n").next().unwrap_or_default();
        let mut text =
            format!("---\npage_title: {}\n{subcategory}description: |-\n", quoted(title));
        for line in first.lines() {
            text.push_str(&format!("  {}", line.trim()));
            text.push('\n');
        }
        text.push_str("---\n");
        Self { text }
    }

    pub(super) fn heading(&mut self, heading: &str) {
        self.part(heading);
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.part(text.trim());
        }
    }

    pub(super) fn deprecation(&mut self, instead: Option<&str>) {
        if let Some(instead) = instead {
            self.part(&format!("~> **Deprecated:** {instead}"));
        }
    }

    /// What somebody wrote for this page.
    pub(super) fn texts(&mut self, texts: &Texts) {
        let Texts { note, example, output, resources } = texts;
        if let Some(note) = note {
            self.paragraph(note);
        }
        if let Some(example) = example {
            self.heading("## Example Usage");
            self.block("terraform", example.trim());
        }
        if let Some(output) = output {
            self.paragraph("Its outputs, as `terraform output -json` gives their values:");
            self.block("json", output.trim());
        }
        if let Some(resources) = resources {
            self.heading("## Resources");
            self.paragraph("A whole configuration that makes resources of the answer:");
            self.block("terraform", resources.trim());
        }
    }

    pub(super) fn block(&mut self, language: &str, text: &str) {
        self.part(&format!("```{language}\n{text}\n```"));
    }

    /// The items of a list, without blank lines between them.
    pub(super) fn items(&mut self, items: impl Iterator<Item = String>) {
        let items: Vec<_> = items.collect();
        if !items.is_empty() {
            self.part(&items.join("\n"));
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn part(&mut self, text: &str) {
        // Writing to memory cannot fail.
        let _ = writeln!(self.text, "\n{text}");
    }
}

/// One item of a list: name, kind in parentheses, and text whose further lines are part of the item.
pub(super) fn item(bullet: &str, name: &str, kind: &str, text: &str, below: &str) -> String {
    let indent = " ".repeat(bullet.len() + 1);
    let mut lines = text.trim().lines();
    let first = lines.next().unwrap_or_default();
    let mut item = format!("{bullet} `{name}` ({kind}) {first}");
    for line in lines {
        item.push('\n');
        if !line.is_empty() {
            item.push_str(&indent);
            item.push_str(line);
        }
    }
    item.push_str(below);
    item.trim_end().to_owned()
}

/// The first sentence of a description, in one line.
pub(super) fn first_sentence(description: &str) -> String {
    let first = description.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    match first.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => first,
    }
}

/// Text in YAML's double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}
