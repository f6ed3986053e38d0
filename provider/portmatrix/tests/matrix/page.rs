//! Nothing of a matrix is missing on its page.

use portmatrix::matrix::{Matrix, versions};
use portmatrix::page::markdown;

/// What of a matrix is not on a page.
pub(crate) fn missing<'m>(matrix: &'m Matrix, page: &str) -> Vec<&'m str> {
    let rows = matrix.rows.iter().map(|row| &row.id);
    let flows = matrix.flows.iter().map(|flow| &flow.id);
    let parameters = matrix.parameters.iter().map(|parameter| &parameter.id);
    let roles = matrix.roles.iter().map(|role| &role.id);
    let ids = rows.chain(flows).chain(parameters).chain(roles);
    let ids = ids.filter(|id| !page.contains(&format!("`{id}`")));
    let needs = matrix.not_covered.iter().map(|need| &need.need);
    let texts = needs.chain(matrix.ambiguities.iter().map(|ambiguity| &ambiguity.question));
    ids.chain(texts.filter(|text| !page.contains(text.as_str()))).map(String::as_str).collect()
}

#[test]
fn everything_of_each_matrix_is_on_its_page() {
    for version in versions() {
        let matrix = Matrix::of(version).expect(version);
        assert_eq!(missing(matrix, &markdown(matrix, "")), [""; 0], "{version}");
    }
}

#[test]
fn what_platforms_make_of_it_stands_between_settings_and_rows() {
    let page = markdown(Matrix::newest(), "## Of a platform\n\nText.\n");
    let places = ["\n## What can be set\n", "\n## Of a platform\n\nText.\n", "\n## The rows\n"]
        .map(|heading| page.find(heading).expect(heading));
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.starts_with("# Communication matrix "), "{page}");
}
