//! Honest: what is inferred says why.

use super::Findings;
use super::place::blocks;
use crate::matrix::{Basis, Column, Confidence, Matrix};

pub(super) fn check(matrix: &Matrix, findings: &mut Findings<'_>) {
    for (block, row) in blocks(&matrix.rows) {
        let lost = row.damaged.contains(&Column::Device);
        let reading = &row.reading;
        if (lost || reading.confidence < Confidence::High) && reading.because.trim().is_empty() {
            let role = matrix.declared_role_id(reading.role);
            findings.add(
                block.at("reading").at("because"),
                format!("nothing says why it is read as {role}"),
                "give `because`",
            );
        }
    }
    for (block, flow) in blocks(&matrix.flows) {
        match &flow.basis {
            Basis::Inferred { why, evidence } => {
                if why.trim().is_empty() {
                    findings.add(
                        block.at("why"),
                        "it is inferred, and doesn't say why",
                        "give `why`",
                    );
                }
                if evidence.is_empty() {
                    findings.add(
                        block.at("evidence"),
                        "it is inferred from nothing",
                        "give `evidence`",
                    );
                }
            }
            Basis::Outside if flow.confidence < Confidence::High => {
                findings.add_between(
                    (block.at("basis"), block.at("confidence")),
                    "no input confirms it, and it is less than sure",
                    "set `basis = \"inferred\"` and say why",
                );
            }
            _ => {}
        }
    }
}
