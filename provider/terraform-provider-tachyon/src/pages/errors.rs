//! The mistakes and warnings of the guide to the deployment, from the enumerations that code reports them by.

use std::collections::BTreeSet;

use portmatrix::connection::WarningKind;
use portmatrix::kind::Kind;
use portmatrix::mistake::{
    AdditionMistake, EndpointMistake, HopMistake, MatrixMistake, PortMistake,
};

use super::markers::table;
use crate::platform::{self, RuleMistake};
use crate::query::QueryMistake;
use crate::reader::ReadMistake;

/// Mistakes by the heading of the guide under which they stand.
fn mistakes_by_heading() -> Vec<(String, &'static [Kind])> {
    let of = |what: &str, kinds| (format!("Of {what}"), kinds);
    let mut all = vec![
        of("any attribute", ReadMistake::KINDS),
        of("endpoints and roles", EndpointMistake::KINDS),
        of("ports", PortMistake::KINDS),
        of("what stands between two ends", HopMistake::KINDS),
        of("rows of your own", AdditionMistake::KINDS),
        of("documents of your own", MatrixMistake::KINDS),
        of("rules", RuleMistake::KINDS),
    ];
    all.extend(platform::KINDS.iter().map(|(title, mistakes, _)| of(title, *mistakes)));
    all.push(of("single data sources and functions", QueryMistake::KINDS));
    all
}

/// The warnings that no document makes.
fn warning_kinds() -> impl Iterator<Item = Kind> {
    let of_platforms = platform::KINDS.iter().flat_map(|(_, _, warnings)| *warnings);
    WarningKind::KINDS.iter().chain(of_platforms).copied()
}

/// The list of mistakes, as it stands in the guide.
pub(super) fn mistakes() -> String {
    let mut text = String::new();
    for (heading, kinds) in mistakes_by_heading() {
        text.push_str(&format!("### {heading}\n\n"));
        for Kind { title, text: about, .. } in kinds {
            text.push_str(&format!("- **{title}**: {about}\n"));
        }
        text.push('\n');
    }
    text
}

/// The table of warnings, as it stands in the guide.
pub(super) fn warnings() -> String {
    let row =
        |Kind { id, title, text }: Kind| [format!("`{id}`"), title.to_owned(), text.to_owned()];
    table(["`id`", "Title", "When, and what follows"], warning_kinds().map(row))
}

#[test]
fn ids_and_titles_tell_kinds_apart() {
    let mistakes = mistakes_by_heading();
    let all: Vec<Kind> =
        mistakes.iter().flat_map(|(_, kinds)| *kinds).copied().chain(warning_kinds()).collect();
    let ids: BTreeSet<&str> = all.iter().map(|kind| kind.id).collect();
    let titles: BTreeSet<&str> = all.iter().map(|kind| kind.title).collect();
    assert_eq!((ids.len(), titles.len()), (all.len(), all.len()), "an id or a title is used twice");
    for Kind { id, title, text } in all {
        let is_id = |letter: char| letter.is_ascii_lowercase() || matches!(letter, '_' | '0'..='9');
        assert!(!id.is_empty() && id.chars().all(is_id), "{id}");
        assert!(title.starts_with(|first: char| first.is_ascii_uppercase()), "{id}: {title}");
        assert!(text.ends_with('.') || text.ends_with("`."), "{id}: {text}");
    }
}
