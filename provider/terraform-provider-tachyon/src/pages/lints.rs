//! The guide to the lints, from what each says of itself.

use std::collections::{BTreeMap, BTreeSet};

use portmatrix::connection::WarningKind;
use portmatrix::kind::Kind;
use portmatrix::matrix::Matrix;

use super::markers::{hold, table};
use crate::platform;
use crate::platform::lint::About;
use crate::query::lint::{every, remedies};

#[test]
fn the_guide_shows_every_lint() {
    let parts = [("list", list()), ("lints", lints()), ("warnings", warnings())];
    hold("lints", &parts);
}

#[test]
fn lints_and_warnings_have_ids_of_their_own() {
    let lints: BTreeSet<&str> = every().iter().map(|(about, _)| about.id).collect();
    let cautions =
        Matrix::newest().parameters.iter().flat_map(|it| &it.cautions).collect::<Vec<_>>();
    let warnings =
        warning_kinds().map(|kind| kind.id).chain(cautions.iter().map(|it| it.id.as_str()));
    let both: Vec<&str> = warnings.filter(|id| lints.contains(id)).collect();
    assert!(both.is_empty(), "{both:?} are lints and warnings");
    for caution in cautions {
        assert!(caution.remedy.ends_with('.'), "{}: what can be done?", caution.id);
    }
    let remedies = remedies();
    for kind in warning_kinds() {
        assert!(remedies.get(kind.id).is_some_and(|it| it.ends_with('.')), "{}", kind.id);
    }
}

#[test]
fn every_lint_is_told_in_sentences() {
    for (About { id, title, reports, why, remedy, .. }, _) in every() {
        let is_id = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        assert!(id.chars().all(is_id), "{id}");
        assert!(title.starts_with(|first: char| first.is_ascii_uppercase()), "{id}: {title}");
        for text in [reports, why, remedy] {
            assert!(text.ends_with('.') && !text.contains("  "), "{id}: {text}");
        }
    }
}

/// Each lint once, with the titles of the platforms that have it.
fn each_once() -> Vec<(About, Vec<&'static str>)> {
    let mut lints: Vec<(About, Vec<&'static str>)> = Vec::new();
    for (about, platform) in every() {
        match lints.iter_mut().find(|(known, _)| known.id == about.id) {
            Some((_, platforms)) => platforms.extend(platform),
            None => lints.push((about, platform.into_iter().collect())),
        }
    }
    lints.sort_by_key(|(about, _)| (about.severity, about.id));
    lints
}

fn list() -> String {
    let row = |(About { id, severity, title, .. }, platforms): (About, Vec<&str>)| {
        let of = if platforms.is_empty() { "any".to_owned() } else { platforms.join(", ") };
        [format!("[`{id}`](#{id})"), format!("`{}`", severity.as_str()), of, title.to_owned()]
    };
    table(["Lint", "Severity", "Cloud", "What"], each_once().into_iter().map(row))
}

fn lints() -> String {
    let mut text = String::new();
    for (About { id, severity, title, reports, why, remedy, example }, platforms) in each_once() {
        let of = if platforms.is_empty() {
            String::new()
        } else {
            format!(" Of {} alone.", platforms.join(" and "))
        };
        text.push_str(&format!(
            "### {id}\n\n**{title}.** Severity: `{}`.{of}\n\n**What it reports.** {reports}\n\n**Why it is bad.** {why}\n\n**Example.**\n\n\
             <!-- block: excerpt of endpoints -->\n```terraform\n{example}\n```\n\n**What to do.** {remedy}\n\n",
            severity.as_str()
        ));
    }
    text
}

/// The warnings that no document makes.
fn warning_kinds() -> impl Iterator<Item = Kind> {
    let of_platforms = platform::KINDS.iter().flat_map(|(_, _, warnings)| *warnings);
    WarningKind::KINDS.iter().chain(of_platforms).copied()
}

/// Every id that `warnings` can have, with what to do.
fn warnings() -> String {
    let remedies = remedies();
    let mut rows: BTreeMap<String, (String, String)> = BTreeMap::new();
    for Kind { id, title, .. } in warning_kinds() {
        rows.insert(id.to_owned(), (title.to_owned(), remedies[id].to_owned()));
    }
    for caution in Matrix::newest().parameters.iter().flat_map(|parameter| &parameter.cautions) {
        let told = (caution.summary.clone(), caution.remedy.clone());
        rows.insert(caution.id.clone(), told);
    }
    let row = |(id, (title, remedy))| [format!("`{id}`"), title, remedy];
    table(["`id`", "What", "What to do"], rows.into_iter().map(row))
}
