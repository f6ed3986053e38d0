//! The pages under `docs/`: written from what the provider says of itself, and held to it.
//!
//! `UPDATE_EXPECT=1 cargo test -p terraform-provider-tachyon --lib` rewrites what is generated. The guides are written
//! by hand, apart from what stands between markers in them.

mod deployment;
mod errors;
mod links;
mod lints;
mod markers;
mod matrix;
mod priorities;
mod quotas;
mod registry;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use tfplugin::docs;

use crate::provider;

/// The top of the project.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file of the project, by its path from the top.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder of the project, however deep, by its path from that folder.
pub(crate) fn files(folder: &str) -> BTreeMap<String, PathBuf> {
    let top = project().join(folder);
    let mut found = BTreeMap::new();
    let mut waiting = vec![top.clone()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let steps = path.strip_prefix(&top).expect("below the folder").iter();
            let steps: Vec<_> = steps.map(|step| step.to_str().expect("a plain name")).collect();
            found.insert(steps.join("/"), path);
        }
    }
    found
}

/// Whether a file has this extension.
pub(crate) fn is_a(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|it| it == extension)
}

/// The pages that come from schemas, by their paths under `docs/`.
fn generated() -> BTreeMap<String, String> {
    docs::pages(&provider(), |path| fs::read_to_string(written(path)).ok())
}

/// Where a text of a page stands, by its path under `examples/`. What an example gives out is held by the acceptance tests.
fn written(path: &str) -> PathBuf {
    match path.strip_suffix("/output.json") {
        Some(folder) => {
            let golden = "acceptance-tests/tests/golden/examples";
            project().join(golden).join(format!("{}.json", folder.replace('/', "-")))
        }
        None => project().join("examples").join(path),
    }
}

/// The examples that the pages show, by their paths under `examples/`.
fn examples() -> BTreeSet<String> {
    let asked = std::cell::RefCell::new(BTreeSet::new());
    docs::pages(&provider(), |path| {
        asked.borrow_mut().insert(path.to_owned());
        None
    });
    asked.into_inner()
}

#[test]
fn every_page_says_what_its_schema_says() {
    for (path, page) in generated() {
        expect_file![project().join("docs").join(path)].assert_eq(&page);
    }
}

#[test]
fn every_page_has_a_schema() {
    let generated = generated();
    let pages = files("docs").into_keys().filter(|path| !path.starts_with("guides/"));
    let unknown: Vec<_> = pages.filter(|path| !generated.contains_key(path)).collect();
    assert!(unknown.is_empty(), "no schema gives these pages: {unknown:?}");
}

#[test]
fn every_schema_has_its_example_and_every_example_its_schema() {
    let shown = examples();
    let kinds = ["provider/", "data-sources/", "functions/"];
    let present: BTreeSet<String> = files("examples")
        .into_iter()
        .filter(|(path, _)| kinds.iter().any(|kind| path.starts_with(kind)))
        .filter(|(path, file)| is_a(file, "tf") && !path.contains("/.terraform"))
        .map(|(path, _)| path)
        .collect();
    let is_optional = |path: &String| !is_a(Path::new(path), "tf") || path.contains("/resources/");
    let missing: Vec<_> = shown.difference(&present).filter(|path| !is_optional(path)).collect();
    assert!(missing.is_empty(), "these examples are missing: {missing:?}");
    let unused: Vec<_> = present.difference(&shown).collect();
    assert!(unused.is_empty(), "no page shows these examples: {unused:?}");
}
