//! What surrounds the matrix: the source, what it lacks, what it leaves open, and what else was read.

use super::markdown::{Markdown, code, codes};
use crate::matrix::Matrix;

pub(super) fn source(matrix: &Matrix, page: &mut Markdown) {
    let source = &matrix.source;
    page.heading(2, "Source");
    let retrieved = source
        .retrieved
        .as_deref()
        .map_or_else(|| "on a day that is not known".to_owned(), |day| format!("on {day}"));
    page.paragraph(&format!(
        "[{}]({}) of {} {}. The copy that was read has {} bytes and the SHA-256 {}; it was retrieved {retrieved}.",
        source.title,
        source.url,
        source.product,
        source.edition,
        source.size,
        code(&source.sha256),
    ));
    page.heading(3, "Damage");
    page.paragraph("The copy had lost some of the page:");
    page.list(source.damage.iter().cloned());
    page.heading(3, "Scope");
    page.list(source.scope.iter().cloned());
}

pub(super) fn not_covered(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "What the document does not cover");
    page.paragraph(
        "A deployment may need these as well. The vendor's page has no row for them, so the provider never gives a rule: \
         add your own. The ports are what could be learnt elsewhere.",
    );
    page.table(
        ["Need", "Ports", "What is known", "See"],
        matrix.not_covered.iter().map(|need| {
            [need.need.clone(), need.ports.clone(), need.why.clone(), need.evidence.join(", ")]
        }),
    );
}

pub(super) fn ambiguities(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "Ambiguities");
    page.paragraph("What the vendor's page leaves open, and how the provider reads it:");
    page.table(
        [
            "",
            "Rows",
            "What is printed",
            "What is open",
            "The readings",
            "What was chosen",
            "How to choose otherwise",
            "See",
        ],
        matrix.ambiguities.iter().map(|ambiguity| {
            [
                ambiguity.id.clone(),
                codes(ambiguity.rows.iter().map(String::as_str)),
                ambiguity.printed.clone(),
                ambiguity.question.clone(),
                ambiguity.readings.join("; or "),
                ambiguity.reading.clone(),
                ambiguity.otherwise.clone(),
                ambiguity.evidence.join(", "),
            ]
        }),
    );
}

pub(super) fn evidence(matrix: &Matrix, page: &mut Markdown) {
    page.heading(2, "What else was read");
    page.table(
        ["Id", "Page", "What it shows"],
        matrix.evidence.iter().map(|evidence| {
            [
                evidence.id.clone(),
                format!("[{}]({})", evidence.title, evidence.url),
                evidence.shows.clone(),
            ]
        }),
    );
}
