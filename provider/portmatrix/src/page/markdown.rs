//! Writes Markdown: headings, paragraphs, lists and tables, and nothing that a cell could break out of.

/// A page that grows from top to bottom.
pub(super) struct Markdown(String);

impl Markdown {
    /// A page that begins with what the Registry wants to know of it.
    pub(super) fn with_front_matter(title: &str, description: &str) -> Self {
        Self(format!(
            "---\npage_title: {title:?}\nsubcategory: \"\"\ndescription: |-\n  {description}\n---\n"
        ))
    }

    /// The page.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// A heading, `level` from 1.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    /// A paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.block(&escaped(text));
    }

    /// A list. An empty one leaves nothing behind.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let items: Vec<String> =
            items.into_iter().map(|item| format!("- {}", escaped(&item))).collect();
        if !items.is_empty() {
            self.block(&items.join("\n"));
        }
    }

    /// A table.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        header: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let mut lines =
            vec![line(&header.map(str::to_owned)), line(&header.map(|_| "---".to_owned()))];
        lines.extend(
            rows.into_iter()
                .map(|cells| line(&cells.map(|cell| escaped(&cell).replace('|', "\\|")))),
        );
        self.block(&lines.join("\n"));
    }

    fn block(&mut self, text: &str) {
        self.0.push('\n');
        self.0.push_str(text);
        self.0.push('\n');
    }
}

/// One line, in which angle brackets begin no tag.
fn escaped(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('<', "&lt;")
}

/// Text as code.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// Several texts as code.
pub(super) fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_break_its_table() {
        let mut page = Markdown::with_front_matter("T", "D");
        page.table(["a", "b"], [["x|y".to_owned(), "<b>\nz".to_owned()]]);
        assert!(page.into_text().ends_with("\n| a | b |\n| --- | --- |\n| x\\|y | &lt;b> z |\n"));
    }
}
