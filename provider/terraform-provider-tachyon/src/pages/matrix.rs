//! The guide page of each embedded matrix: what `portmatrix` says of it, with the front matter of the Registry and with
//! what platforms make of the flows' numbers.

use std::path::Path;

use expect_test::expect_file;
use portmatrix::matrix::{LAST_NUMBER, Matrix, PLATFORM_NUMBER, versions};
use portmatrix::page::markdown;

use super::markers::table;
use super::{files, is_a, project};
use crate::platform::azure::priority::{BAND, LOWEST_OF_USERS};

#[test]
fn every_matrix_version_has_its_page() {
    for version in versions() {
        let matrix = Matrix::of(version).expect("an embedded version");
        let path = format!("docs/guides/matrix-{version}.md");
        expect_file![project().join(path)].assert_eq(&page(matrix));
    }
}

#[test]
fn links_lead_to_the_page_of_the_newest_matrix() {
    let newest = format!("matrix-{}.md", Matrix::newest().version);
    let pages = ["docs", "examples"].into_iter().flat_map(files);
    let pages = pages.filter(|(path, file)| is_a(file, "md") && !path.contains("/.terraform"));
    let readme = ("README.md".to_owned(), project().join("README.md"));
    let mut links = 0;
    for (path, file) in pages.chain([readme]) {
        let text = std::fs::read_to_string(file).expect("a page");
        for (place, _) in text.match_indices("matrix-") {
            let link = text[place..].split([')', '#']).next().unwrap_or_default();
            if is_a(Path::new(link), "md") {
                assert_eq!(link, newest, "{path}");
                links += 1;
            }
        }
    }
    assert!(links > 5, "{links} links: are they written otherwise now?");
}

fn page(matrix: &Matrix) -> String {
    let (product, version) = (&matrix.source.product, &matrix.version);
    format!(
        "---\npage_title: \"Communication matrix {version}\"\nsubcategory: \"\"\ndescription: |-\n  The ports of {product} {version} as the vendor documents \
         them, row by row, and how the provider reads them.\n---\n\n{}",
        markdown(matrix, &bands(matrix)),
    )
}

/// The priorities of an Azure network security group that each flow has for itself.
fn bands(matrix: &Matrix) -> String {
    let band = |number: u16| format!("{}–{}", number * BAND, number * BAND + (BAND - 1));
    let travelling = matrix.flows.iter().filter(|flow| !flow.host_local);
    let rows = travelling.map(|flow| {
        [
            format!("`{}`", flow.id),
            flow.number.expect("a number").to_string(),
            band(flow.number.expect("a number")),
        ]
    });
    format!(
        "## Priorities of Azure\n\nIn a network security group every flow has {BAND} priorities of its own, computed from its number alone, so no priority changes \
         because another rule is added or removed.\n\n{}\n{} are for rules that the platform itself needs.\n\n{}–{LOWEST_OF_USERS} are free for rules of your own, those from {ALWAYS_FREE} \
         on in every version; {} is that of `deny_all`.\n",
        table(["Flow", "Number", "Priorities"], rows),
        band(PLATFORM_NUMBER),
        first_free([matrix]),
        LOWEST_OF_USERS + 1,
    )
}

/// The first priority that is free for users' own rules whatever a later document adds.
pub(super) const ALWAYS_FREE: u16 = (LAST_NUMBER + 1) * BAND;

/// The first priority above the bands of these documents, and of what the platform itself needs.
pub(super) fn first_free<'m>(documents: impl IntoIterator<Item = &'m Matrix>) -> u16 {
    let flows = documents.into_iter().flat_map(|matrix| &matrix.flows);
    (flows.filter_map(|flow| flow.number).fold(PLATFORM_NUMBER, u16::max) + 1) * BAND
}
