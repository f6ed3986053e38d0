//! The guide page is the matrix, and nothing else.

use expect_test::expect_file;
use portmatrix::matrix::Matrix;
use portmatrix::page::markdown;

#[test]
fn the_guide_page_is_up_to_date() {
    let matrix = Matrix::of("8.1").expect("8.1 is embedded");
    expect_file!["../../../../docs/guides/matrix-8.1.md"].assert_eq(&markdown(matrix));
}

#[test]
fn everything_of_the_matrix_is_on_the_page() {
    let matrix = Matrix::newest();
    let page = markdown(matrix);
    let rows = matrix.rows.iter().map(|row| &row.id);
    let flows = matrix.flows.iter().map(|flow| &flow.id);
    let parameters = matrix.parameters.iter().map(|parameter| &parameter.id);
    let roles = matrix.roles.iter().map(|role| &role.id);
    for id in rows.chain(flows).chain(parameters).chain(roles) {
        assert!(page.contains(&format!("`{id}`")), "{id}");
    }
    let needs = matrix.not_covered.iter().map(|need| &need.need);
    for text in needs.chain(matrix.ambiguities.iter().map(|ambiguity| &ambiguity.question)) {
        assert!(page.contains(text.as_str()), "{text}");
    }
}
