//! Writes HTML: elements and text, and nothing that a text could break out of.

use std::fmt::Write;

/// A page that grows from top to bottom.
#[derive(Default)]
pub(super) struct Html(String);

/// Attributes of an element; those without a value are flags.
pub(super) type Attributes<'t> = &'t [(&'static str, &'t str)];

impl Html {
    /// The page.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Adds what is HTML already.
    pub(super) fn verbatim(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// Begins an element that has others.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        let _ = write!(self.0, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.0, " {attribute}");
            if !value.is_empty() {
                let _ = write!(self.0, "=\"{}\"", pictures::escaped(value));
            }
        }
        self.0.push('>');
    }

    /// Ends an element, and the line.
    pub(super) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push_str(&pictures::escaped(text));
    }

    /// Adds an element that has text alone.
    pub(super) fn element(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.text(text);
        let _ = write!(self.0, "</{name}>");
    }

    /// Adds a list of texts. An empty one leaves nothing behind.
    pub(super) fn list<'t>(&mut self, items: impl IntoIterator<Item = &'t str>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        self.open("ul", &[]);
        for item in items {
            self.element("li", &[], item);
        }
        self.close("ul");
    }

    /// Begins a table with a name and columns.
    pub(super) fn open_table(
        &mut self,
        attributes: Attributes<'_>,
        caption: &str,
        columns: &[&str],
    ) {
        self.open("table", attributes);
        self.element("caption", &[], caption);
        self.open("thead", &[]);
        self.open("tr", &[]);
        for column in columns {
            self.element("th", &[("scope", "col")], column);
        }
        self.close("tr");
        self.close("thead");
        self.open("tbody", &[]);
    }

    /// Ends a table.
    pub(super) fn close_table(&mut self) {
        self.close("tbody");
        self.close("table");
    }

    /// Adds a table of texts, of which the first of each row names it; or says that it is empty.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        caption: &str,
        columns: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            self.element("p", &[], "None.");
            return;
        }
        self.open_table(&[], caption, &columns);
        for cells in rows {
            self.open("tr", &[]);
            for (position, cell) in cells.iter().enumerate() {
                if position == 0 {
                    self.element("th", &[("scope", "row")], cell);
                } else {
                    self.element("td", &[], cell);
                }
            }
            self.close("tr");
        }
        self.close_table();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let mut page = Html::default();
        page.element("p", &[("title", "\"><script>"), ("hidden", "")], "a & <b>");
        page.list([]);
        let expected = "<p title=\"&quot;&gt;&lt;script&gt;\" hidden>a &amp; &lt;b&gt;</p>";
        assert_eq!(page.into_text(), expected);
    }
}
