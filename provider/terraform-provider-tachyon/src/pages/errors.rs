//! The guide to the deployment knows every error that a user can meet.

use std::collections::BTreeSet;

use super::{files, text};

/// How code reports a mistake; its summary is the first capitalised text after that.
const CALLS: [&str; 3] = ["problems.add(", "problems.add_at(", "problems.add_unknown_name("];
const CRATES: [&str; 2] = ["provider/portmatrix/src", "provider/terraform-provider-tachyon/src"];

#[test]
fn the_guide_and_the_code_have_the_same_errors() {
    let guide = documented(&text("docs/guides/deployment.md"));
    let mut code = BTreeSet::new();
    for folder in CRATES {
        for path in files(folder).into_keys().filter(|path| !path.starts_with("pages")) {
            code.extend(reported(&text(&format!("{folder}/{path}"))));
        }
    }
    let undocumented: Vec<_> = code.difference(&guide).collect();
    assert!(undocumented.is_empty(), "the guide says nothing of {undocumented:?}");
    let invented: Vec<_> = guide.difference(&code).collect();
    assert!(invented.is_empty(), "no code reports {invented:?}");
}

/// The errors of the guide: `- **Unknown role**: …` below the heading for errors.
fn documented(guide: &str) -> BTreeSet<String> {
    let (_, section) = guide.split_once("\n## Errors\n").expect("a part about errors");
    let section = section.split("\n## ").next().unwrap_or_default();
    let items = section.lines().filter_map(|line| line.strip_prefix("- **"));
    items.filter_map(|item| item.split_once("**:")).map(|(summary, _)| summary.to_owned()).collect()
}

fn reported(code: &str) -> BTreeSet<String> {
    let after = CALLS.iter().flat_map(|call| code.split(call).skip(1));
    after.filter_map(summary).map(str::to_owned).collect()
}

/// The first text that begins with a capital letter and has nothing but letters, digits and spaces.
fn summary(code: &str) -> Option<&str> {
    let texts = code.split('"').skip(1).step_by(2).take(4);
    texts
        .filter(|text| text.starts_with(|first: char| first.is_ascii_uppercase()))
        .find(|text| text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ' '))
}

#[test]
fn summaries_are_found_in_code() {
    let code = r#"
        problems.add(&At::ROOT.name("endpoints"), "Too many connections", detail);
        reader.problems.add_unknown_name(
            &at,
            "Unknown role",
            "role", name, known);
        problems.add_at(path, "Shared id", format!("The {kind} {id} is given twice."));
    "#;
    let found = reported(code);
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["Shared id", "Too many connections", "Unknown role"]
    );
}
