//! Links in what people read: each leads to a file of the project that exists, and to a heading of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{files, is_a, project};

/// Where the project stands; a page of the Registry links to files of the project by this.
const OWN: &str = "https://github.com/tachyon-iac/terraform-provider-tachyon/";
/// The folders with texts, beside the top.
const FOLDERS: [&str; 5] = ["acceptance-tests", "docs", "examples", "proto", "provider"];

#[test]
fn every_link_leads_to_a_heading_that_exists() {
    let texts = texts();
    assert!(texts.len() > 40, "{} texts: do they stand elsewhere now?", texts.len());
    let mut found = Vec::new();
    for (path, text) in &texts {
        // A piece of a page of the Registry, which is held there.
        if !path.ends_with("/note.md") {
            found.extend(faults(path, text, &read).map(|fault| format!("{path}: {fault}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Every text in Markdown, by its path from the top.
fn texts() -> BTreeMap<String, String> {
    let below = FOLDERS
        .iter()
        .flat_map(|folder| files(folder).into_keys().map(move |path| format!("{folder}/{path}")));
    let top = fs::read_dir(project()).expect("the project");
    let top = top.filter_map(|entry| entry.expect("an entry").file_name().into_string().ok());
    let paths = below.chain(top).filter(|path| is_a(Path::new(path), "md") && !path.contains("/."));
    paths
        .filter_map(|path| fs::read_to_string(project().join(&path)).ok().map(|it| (path, it)))
        .collect()
}

/// The text of what a link leads to, by its path from the top; of a folder its README, or nothing.
pub(super) fn read(target: &str) -> Option<String> {
    let path = project().join(target);
    if path.is_dir() {
        return Some(fs::read_to_string(path.join("README.md")).unwrap_or_default());
    }
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// What is wrong with the links of a text at a path from the top. `read` gives what stands at a path, None where nothing does.
pub(super) fn faults<'a>(
    path: &'a str,
    text: &'a str,
    read: &'a dyn Fn(&str) -> Option<String>,
) -> impl Iterator<Item = String> + 'a {
    let links = prose(text).flat_map(|part| part.split("](").skip(1));
    links.filter_map(|rest| rest.split(')').next()).filter_map(move |link| {
        let (target, anchor) = match link.split_once('#') {
            Some((target, anchor)) => (target, Some(anchor)),
            None => (link, None),
        };
        let target = match target.strip_prefix(OWN) {
            Some(own) => own.strip_prefix("tree/main/").or(own.strip_prefix("blob/main/"))?.into(),
            None if target.starts_with("https://") => return None,
            None if target.is_empty() => path.to_owned(),
            None => from(path, target),
        };
        // The Registry shows nothing else.
        if path.starts_with("docs/") && !link.starts_with(OWN) && !target.starts_with("docs/") {
            return Some(format!("`{link}` leads out of the pages"));
        }
        let found = if target == path { Some(text.to_owned()) } else { read(&target) };
        match (found, anchor) {
            (None, _) => Some(format!("there is no `{link}`")),
            (Some(found), Some(anchor)) if !anchors(&found).any(|it| it == anchor) => {
                Some(format!("no heading for `{link}`"))
            }
            _ => None,
        }
    })
}

/// The path of a target that is relative to a text.
fn from(path: &str, target: &str) -> String {
    let mut steps: Vec<&str> = path.split('/').collect();
    steps.pop();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// What stands outside of blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").step_by(2)
}

/// Where a text can be linked to: its headings, one that is repeated with its number, and anchors of its own.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let mut seen = BTreeMap::<String, usize>::new();
    let mut found = Vec::new();
    for line in prose(text).flat_map(str::lines) {
        if let Some((_, rest)) = line.split_once("<a id=\"") {
            found.extend(rest.split('"').next().map(str::to_owned));
        }
        if let Some(heading) = line.strip_prefix('#') {
            let slug = slug(heading.trim_start_matches('#').trim());
            let times = seen.entry(slug.clone()).or_default();
            found.push(if *times == 0 { slug } else { format!("{slug}-{times}") });
            *times += 1;
        }
    }
    found.into_iter()
}

/// The anchor of a heading: letters and digits in lower case, `-` for spaces.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let read = |target: &str| {
        match target {
        "docs/guides/b.md" => Some("# B\n\n## A port: 80\n\n## Twice\n\n## Twice\n\n<a id=\"own\"></a>\n\n```text\n# Code\n```\n".to_owned()),
        "examples/aws" => Some("## Rules\n".to_owned()),
        _ => None,
    }
    };
    let of = |text: &str| faults("docs/functions/a.md", text, &read).collect::<Vec<_>>();
    let fine = [
        "# A\n\n[own](#a)",
        "[page](../guides/b.md)",
        "[heading](../guides/b.md#a-port-80)",
        "[second](../guides/b.md#twice-1)",
        "[anchor](../guides/b.md#own)",
        "[elsewhere](https://example.com/#x)",
        "[issues](https://github.com/tachyon-iac/terraform-provider-tachyon/issues)",
        "[folder](https://github.com/tachyon-iac/terraform-provider-tachyon/tree/main/examples/aws#rules)",
        "```text\n[code](nowhere.md)\n```",
    ];
    assert_eq!(of(&fine.join("\n\n")), [""; 0]);
    assert_eq!(of("[a](b.md)"), ["there is no `b.md`"]);
    assert_eq!(of("[a](#b)"), ["no heading for `#b`"]);
    assert_eq!(of("[a](../guides/b.md#code)"), ["no heading for `../guides/b.md#code`"]);
    assert_eq!(of("[a](../guides/b.md#twice-2)"), ["no heading for `../guides/b.md#twice-2`"]);
    assert_eq!(of("[a](../../examples/aws)"), ["`../../examples/aws` leads out of the pages"]);
    let moved = format!("[a]({OWN}tree/main/examples/azure)");
    assert_eq!(of(&moved).len(), 1, "{moved}");
    assert_eq!(of(&format!("[a]({OWN}blob/main/examples/aws#none)")).len(), 1);
}
