//! A matrix as a guide page: what the vendor prints, what we read in it, and what comes of it.

mod flows;
pub mod markdown;
mod notes;
mod rows;
mod words;

use crate::matrix::Matrix;
use markdown::Markdown;

/// The matrix as Markdown, from the page's first heading on.
///
/// `platforms` stands behind the settings: what platforms make of the flows' numbers, in Markdown; it may be empty.
/// Everything else comes from the matrix, in its order; equal arguments give equal pages.
pub fn markdown(matrix: &Matrix, platforms: &str) -> String {
    let mut page = Markdown::default();
    introduction(matrix, &mut page);
    notes::source(matrix, &mut page);
    rows::roles(matrix, &mut page);
    rows::topologies(matrix, &mut page);
    flows::flows(matrix, &mut page);
    flows::parameters(matrix, &mut page);
    page.verbatim(platforms);
    rows::tables(matrix, &mut page);
    notes::not_covered(matrix, &mut page);
    notes::ambiguities(matrix, &mut page);
    notes::evidence(matrix, &mut page);
    page.into_text()
}

fn introduction(matrix: &Matrix, page: &mut Markdown) {
    page.heading(1, &format!("Communication matrix {}", matrix.version));
    page.paragraph(&format!(
        "This is everything that the provider knows of {} {}: {} printed rows, {} flows that they ask for between hosts, and {} roles. \
         Each flow gives an outbound rule at its source and an inbound rule at its destination, and each rule cites its rows.",
        matrix.source.product,
        matrix.version,
        matrix.rows.len(),
        matrix.flows.iter().filter(|flow| !flow.host_local).count(),
        matrix.roles.len(),
    ));
    page.paragraph(
        "What is printed and what is read in it are kept apart: compare the first with the vendor's page, and the second \
         with your own judgement. What is inferred is marked as such here, and in the provider's answers.",
    );
}
