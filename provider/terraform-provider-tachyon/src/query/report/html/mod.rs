//! The request as one file of HTML, with nothing from elsewhere.

mod sections;
mod writer;

use self::writer::Html;
use super::surroundings::Surroundings;
use super::traffic::Traffic;
use super::words;

/// How the page looks, on screen and on paper.
const STYLE: &str = include_str!("page.css");

/// What filters the lines. No word of the user's stands in it.
const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of [`SCRIPT`], so that a browser runs this one and no other.
const SCRIPT_HASH: &str = "sha256-Q8Lw8/0mU6rgEJlyQjSsPdWp0RnORXv5vCO/9tmIBh8=";

/// The page.
pub(super) fn html(traffic: &Traffic<'_>, around: &Surroundings<'_>) -> String {
    let title = words::title(traffic);
    let mut page = Html::default();
    page.verbatim("<!DOCTYPE html>\n");
    page.open("html", &[("lang", "en")]);
    page.open("head", &[]);
    page.verbatim("\n<meta charset=\"utf-8\">\n");
    // Styles may be inline, since nothing they could reach is allowed: no image, no font, no address.
    let policy = format!(
        "default-src 'none'; script-src '{SCRIPT_HASH}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    );
    page.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    page.verbatim("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.verbatim("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.element("title", &[], &title);
    page.verbatim(&format!("\n<style>\n{STYLE}</style>\n"));
    page.close("head");
    page.open("body", &[]);
    page.element("a", &[("class", "skip"), ("href", "#lines")], "Skip to the lines");
    sections::head(&title, traffic, &mut page);
    page.open("main", &[]);
    sections::summary(traffic, &mut page);
    sections::picture("picture", words::PICTURE, &pictures::ladder(&around.drawing), &mut page);
    sections::picture("grid", words::GRID, &pictures::grid(&around.drawing), &mut page);
    sections::lines(traffic, &mut page);
    sections::endpoints(traffic, &mut page);
    sections::justifications(traffic, &mut page);
    sections::findings(around, &mut page);
    sections::left_out(around, &mut page);
    sections::not_covered(traffic, &mut page);
    page.close("main");
    page.open("footer", &[]);
    let version = env!("CARGO_PKG_VERSION");
    page.text(&format!(
        "Written by terraform-provider-tachyon {version} from {}.",
        traffic.matrix.name()
    ));
    page.close("footer");
    page.verbatim(&format!("<script>{SCRIPT}</script>\n"));
    page.close("body");
    page.close("html");
    page.into_text()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_admits_this_script() {
        let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(SCRIPT)));
        assert_eq!(SCRIPT_HASH, hash, "write this into SCRIPT_HASH");
    }
}
