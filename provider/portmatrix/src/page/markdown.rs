//! Writes Markdown: headings, paragraphs, lists and tables, and nothing that a cell could break out of.

/// A page that grows from top to bottom.
#[derive(Default)]
pub struct Markdown(String);

impl Markdown {
    /// The page.
    pub fn into_text(self) -> String {
        self.0
    }

    /// A heading, `level` from 1.
    pub fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {}", "#".repeat(level), escaped(text)));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.block(&escaped(text));
    }

    /// A list. An empty one leaves nothing behind.
    pub fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let items: Vec<String> =
            items.into_iter().map(|item| format!("- {}", escaped(&item))).collect();
        if !items.is_empty() {
            self.block(&items.join("\n"));
        }
    }

    /// A table. One without a row leaves nothing behind.
    pub fn table<const COLUMNS: usize>(
        &mut self,
        header: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return;
        }
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let mut lines =
            vec![line(&header.map(str::to_owned)), line(&header.map(|_| "---".to_owned()))];
        lines.extend(rows.map(|cells| line(&cells.map(|cell| escaped(&cell).replace('|', "\\|")))));
        self.block(&lines.join("\n"));
    }

    /// Markdown that is written already. An empty one leaves nothing behind.
    pub fn verbatim(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.block(text.trim());
        }
    }

    fn block(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }
}

/// One line, in which angle brackets begin no tag.
fn escaped(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('<', "&lt;")
}

/// Text of which nothing is Markdown, for a heading, a paragraph, an item or a cell.
pub fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            // A bracket or an angle begins a tag or a link; the writer takes care of `<` and, in cells, of `|`.
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '&' | '!' | '>' => {
                literal.extend(['\\', letter]);
            }
            control if control.is_control() => literal.push(' '),
            other => literal.push(other),
        }
    }
    literal
}

/// Text as code.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// Several texts as code.
pub fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_break_its_table() {
        let mut page = Markdown::default();
        page.table(["a", "b"], [["x|y".to_owned(), "<b>\nz".to_owned()]]);
        assert_eq!(page.into_text(), "| a | b |\n| --- | --- |\n| x\\|y | &lt;b> z |\n");
    }

    #[test]
    fn literal_text_says_what_it_says() {
        let mut page = Markdown::default();
        page.table(["a"], [[literal("*a* [b](c) `d` | <e> &lt; \\\nf")]]);
        let expected =
            "| a |\n| --- |\n| \\*a\\* \\[b\\](c) \\`d\\` \\| &lt;e\\> \\&lt; \\\\ f |\n";
        assert_eq!(page.into_text(), expected);
    }

    #[test]
    fn blocks_stand_apart_and_empty_ones_leave_nothing() {
        let mut page = Markdown::default();
        page.heading(1, "a");
        page.verbatim("\n");
        page.list([]);
        page.verbatim("## b\n\nc\n");
        assert_eq!(page.into_text(), "# a\n\n## b\n\nc\n");
    }
}
