//! What the Terraform Registry takes: names, sizes, front matter, links.
//!
//! Source: developer.hashicorp.com, "Provider documentation", and the checks of hashicorp/terraform-plugin-docs.

use std::fs;

use super::{files, project, provider, text};

/// More files than this are not shown.
const MOST_FILES: usize = 2000;
/// What is longer is cut off, in bytes.
const LONGEST_PAGE: usize = 500_000;
/// The folders of which pages are shown, of those that this provider can have.
const FOLDERS: [&str; 3] = ["data-sources", "functions", "guides"];
/// The keys that front matter may have.
const KEYS: [&str; 3] = ["page_title", "subcategory", "description"];

#[test]
fn the_registry_takes_every_file() {
    let pages = files("docs");
    assert!(pages.len() <= MOST_FILES, "{} files", pages.len());
    let exists = |target: &str| pages.contains_key(target);
    let mut found = Vec::new();
    for (path, file) in &pages {
        let page = fs::read_to_string(file).expect("a readable page");
        found.extend(
            faults(path, &page, &exists).into_iter().map(|fault| format!("{path}: {fault}")),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_texts_beside_the_code_link_to_what_exists() {
    let exists = |target: &str| project().join(target).exists();
    let mut found = Vec::new();
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let page = text(path);
        let faults = links(&page).filter_map(|link| link_fault(path, link, &page, &exists));
        found.extend(faults.map(|fault| format!("{path}: {fault}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// What the Registry would not take of a page, or would show broken.
fn faults(path: &str, page: &str, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut faults = name_faults(path);
    if page.len() >= LONGEST_PAGE {
        faults.push(format!("{} bytes", page.len()));
    }
    let front_matter = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let Some((front_matter, body)) = front_matter else {
        faults.push("no front matter".to_owned());
        return faults;
    };
    faults.extend(front_matter_faults(front_matter));
    if body.matches("\n```").count() % 2 == 1 {
        faults.push("a block of code that does not end".to_owned());
    }
    faults.extend(links(body).filter_map(|link| link_fault(path, link, body, exists)));
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

fn front_matter_faults(front_matter: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = || front_matter.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
    for line in lines() {
        let key = line.split(':').next().unwrap_or_default();
        if !KEYS.contains(&key) {
            faults.push(format!("front matter must not have `{key}`"));
        }
    }
    for key in ["page_title", "description"] {
        if !lines().any(|line| line.starts_with(&format!("{key}: "))) {
            faults.push(format!("front matter has no `{key}`"));
        }
    }
    faults
}

/// The targets of links, outside of code.
fn links(body: &str) -> impl Iterator<Item = &str> {
    let prose = body.split("```").step_by(2);
    prose.flat_map(|text| text.split("](").skip(1)).filter_map(|rest| rest.split(')').next())
}

fn link_fault(path: &str, link: &str, body: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    if link.starts_with("https://") {
        return None;
    }
    if let Some(anchor) = link.strip_prefix('#') {
        return (!has_anchor(body, anchor)).then(|| format!("no heading for `{link}`"));
    }
    let mut target: Vec<&str> = path.split('/').collect();
    target.pop();
    for step in link.split('#').next().unwrap_or_default().split('/') {
        match step {
            "." => {}
            ".." => {
                target.pop();
            }
            step => target.push(step),
        }
    }
    (!exists(&target.join("/"))).then(|| format!("there is no `{link}`"))
}

fn has_anchor(body: &str, anchor: &str) -> bool {
    let headings = body.lines().filter(|line| line.starts_with('#'));
    body.contains(&format!("<a id=\"{anchor}\">"))
        || headings.map(|line| slug(line.trim_start_matches('#').trim())).any(|it| it == anchor)
}

/// The anchor of a heading: letters and digits in lower case, `-` for spaces.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn what_the_registry_would_not_take_is_found() {
    let page =
        |body: &str| format!("---\npage_title: \"T\"\ndescription: |-\n  D.\n---\n\n{body}\n");
    let exists = |target: &str| target == "guides/deployment.md";
    let of = |path: &str, page: &str| faults(path, page, &exists);
    let fine = page("# T\n\n[a](../guides/deployment.md#x), [b](#t)\n\n```text\n[c](d)\n```");
    assert_eq!(of("functions/a.md", &fine), [""; 0]);

    assert_eq!(of("resources/a.md", &fine), ["not in a folder that is shown"]);
    assert_eq!(of("functions/a.txt", &fine), ["not Markdown"]);
    assert_eq!(of("functions/tachyon_a.md", &fine), ["a name with the provider's prefix"]);
    assert_eq!(of("functions/a.md", "# T"), ["no front matter"]);
    let other = fine.replace("page_title", "layout");
    let keys = ["front matter must not have `layout`", "front matter has no `page_title`"];
    assert_eq!(of("functions/a.md", &other), keys);
    assert_eq!(of("functions/a.md", &page(&"x".repeat(LONGEST_PAGE))).len(), 1);
    assert_eq!(of("functions/a.md", &page("\n```text\n")), ["a block of code that does not end"]);
    assert_eq!(of("functions/a.md", &page("[a](b.md)")), ["there is no `b.md`"]);
    assert_eq!(of("functions/a.md", &page("[a](#b)")), ["no heading for `#b`"]);
}
