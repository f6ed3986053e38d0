//! Matrix documents: any text is a matrix or says why not, and what is one can be shown.

use portmatrix::matrix::{Matrix, MatrixError, findings};
use portmatrix::page;

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Matrix::parse(text) {
        Ok(matrix) => {
            for finding in findings(&matrix) {
                assert!(!finding.to_string().is_empty());
            }
            assert!(page::markdown(&matrix, "").starts_with("# "));
            for flow in &matrix.flows {
                assert_eq!(matrix.flow(&flow.id).map(|found| &found.id), Some(&flow.id));
                for range in matrix.default_ports(flow) {
                    assert!(range.from <= range.to, "{range:?} of {}", flow.id);
                }
            }
        }
        Err(MatrixError::Findings(found)) => assert!(!found.is_empty(), "refused without a reason"),
        Err(MatrixError::Shape(error)) => assert!(!error.to_string().is_empty()),
    }
}
