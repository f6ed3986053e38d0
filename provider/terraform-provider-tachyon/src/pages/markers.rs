//! What is generated inside a page that is written by hand: the text between two markers.

use expect_test::expect_file;

use super::{project, text};

/// Holds what stands between the markers of each name in a page to the given text.
pub(super) fn hold(page: &str, parts: &[(&str, String)]) {
    let path = format!("docs/guides/{page}.md");
    let mut held = text(&path);
    for (name, part) in parts {
        held =
            filled(&held, name, part).unwrap_or_else(|| panic!("{path} has no markers `{name}`"));
    }
    expect_file![project().join(path)].assert_eq(&held);
}

/// The page with `part` between the markers of `name`; nothing if it has none.
fn filled(page: &str, name: &str, part: &str) -> Option<String> {
    let (start, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- {name}: end -->\n"));
    let (before, rest) = page.split_once(&start)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{start}\n{}\n\n{end}{after}", part.trim()))
}

/// A Markdown table.
pub(super) fn table<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&header.map(str::to_owned)) + &line(&header.map(|_| "---".to_owned()));
    for cells in rows {
        table.push_str(&line(&cells.map(|cell| cell.replace('|', "\\|"))));
    }
    table
}

/// Names as code, with commas between them.
pub(super) fn codes<'t>(names: impl IntoIterator<Item = &'t str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[test]
fn only_what_stands_between_the_markers_is_replaced() {
    let page = "a\n<!-- ports: generated -->\nold\n<!-- ports: end -->\nb\n";
    let filled = filled(page, "ports", "new").expect("the markers are there");
    assert_eq!(filled, "a\n<!-- ports: generated -->\n\nnew\n\n<!-- ports: end -->\nb\n");
    assert_eq!(super::markers::filled(&filled, "ports", "new").as_ref(), Some(&filled));
    assert_eq!(super::markers::filled(page, "roles", "new"), None);
}
