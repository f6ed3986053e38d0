//! What the Terraform Registry takes: names, sizes, front matter, links. `tfplugindocs validate` asks for no more.
//!
//! Source: developer.hashicorp.com, "Provider documentation", and the checks of hashicorp/terraform-plugin-docs. That each page has its
//! schema, and each schema its page, is tested beside the pages.

use std::fs;

use super::{files, links, provider};

/// More files than this are not shown.
const MOST_FILES: usize = 2000;
/// The Registry cuts off after 500,000 bytes; this leaves room for what it adds.
const LONGEST_PAGE: usize = 400_000;
/// The folders of which pages are shown, of those that this provider can have.
const FOLDERS: [&str; 3] = ["data-sources", "functions", "guides"];
/// The keys that front matter may have.
const KEYS: [&str; 3] = ["page_title", "subcategory", "description"];

#[test]
fn the_registry_takes_every_file() {
    let pages = files("docs");
    assert!(pages.len() <= MOST_FILES, "{} files", pages.len());
    let mut found = Vec::new();
    for (path, file) in &pages {
        let page = fs::read_to_string(file).expect("a readable page");
        found.extend(
            faults(path, &page, &links::read).into_iter().map(|fault| format!("{path}: {fault}")),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// What the Registry would not take of a page, or would show broken.
fn faults(path: &str, page: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = name_faults(path);
    if page.len() >= LONGEST_PAGE {
        faults.push(format!("{} bytes", page.len()));
    }
    let front_matter = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let Some((front_matter, body)) = front_matter else {
        faults.push("no front matter".to_owned());
        return faults;
    };
    faults.extend(front_matter_faults(path, front_matter));
    if body.matches("\n```").count() % 2 == 1 {
        faults.push("a block of code that does not end".to_owned());
    }
    faults.extend(links::faults(&format!("docs/{path}"), body, read));
    faults
}

fn name_faults(path: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_index = path == "index.md";
    if !is_index && !FOLDERS.contains(&folder) {
        faults.push("not in a folder that is shown".to_owned());
    }
    match file.strip_suffix(".md") {
        None => faults.push("not Markdown".to_owned()),
        Some(name) if name.starts_with(provider().name()) => {
            faults.push("a name with the provider's prefix".to_owned());
        }
        Some(_) => {}
    }
    faults
}

fn front_matter_faults(path: &str, front_matter: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = || front_matter.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
    for line in lines() {
        let key = line.split(':').next().unwrap_or_default();
        if !KEYS.contains(&key) {
            faults.push(format!("front matter must not have `{key}`"));
        }
    }
    // The index stands above all categories.
    if path == "index.md" && lines().any(|line| line.starts_with("subcategory:")) {
        faults.push("front matter must not have `subcategory`".to_owned());
    }
    for key in ["page_title", "description"] {
        if !lines().any(|line| line.starts_with(&format!("{key}: "))) {
            faults.push(format!("front matter has no `{key}`"));
        }
    }
    faults
}

#[test]
fn what_the_registry_would_not_take_is_found() {
    let page =
        |body: &str| format!("---\npage_title: \"T\"\ndescription: |-\n  D.\n---\n\n{body}\n");
    let read = |target: &str| (target == "docs/guides/deployment.md").then(|| "## X\n".to_owned());
    let of = |path: &str, page: &str| faults(path, page, &read);
    let fine = page("# T\n\n[a](../guides/deployment.md#x), [b](#t)\n\n```text\n[c](d)\n```");
    assert_eq!(of("functions/a.md", &fine), [""; 0]);

    assert_eq!(of("resources/a.md", &fine), ["not in a folder that is shown"]);
    assert_eq!(of("functions/a.txt", &fine), ["not Markdown"]);
    assert_eq!(of("functions/tachyon_a.md", &fine), ["a name with the provider's prefix"]);
    assert_eq!(of("functions/a.md", "# T"), ["no front matter"]);
    let other = fine.replace("page_title", "layout");
    let keys = ["front matter must not have `layout`", "front matter has no `page_title`"];
    assert_eq!(of("functions/a.md", &other), keys);
    let index = fine.replace("description", "subcategory: \"S\"\ndescription").replace("../", "");
    assert_eq!(of("index.md", &index), ["front matter must not have `subcategory`"]);
    assert_eq!(of("functions/a.md", &page(&"x".repeat(LONGEST_PAGE))).len(), 1);
    assert_eq!(of("functions/a.md", &page("\n```text\n")), ["a block of code that does not end"]);
    assert_eq!(of("functions/a.md", &page("[a](b.md)")), ["there is no `b.md`"]);
}
