//! The documents that are part of the program, each read once.

use std::sync::{Arc, OnceLock};

use super::Matrix;

/// A document by the name of its file in `data`.
macro_rules! embedded {
    ($version:literal) => {
        Embedded {
            version: $version,
            json: include_str!(concat!(env!("OUT_DIR"), "/", $version, ".json")),
            matrix: OnceLock::new(),
        }
    };
}

/// Oldest first. A new version is a file in `data` and a line here.
pub(super) static DOCUMENTS: [Embedded; 1] = [embedded!("8.1")];

/// One document, as the build script wrote it: JSON is read in a fifth of the time that TOML takes, and a process lives for
/// few answers.
pub(super) struct Embedded {
    pub(super) version: &'static str,
    pub(super) json: &'static str,
    matrix: OnceLock<Arc<Matrix>>,
}

impl Embedded {
    /// The matrix, read when it is first asked for.
    pub(super) fn matrix(&'static self) -> &'static Arc<Matrix> {
        #[expect(
            clippy::expect_used,
            reason = "the text is part of the program, and a test reads every one"
        )]
        self.matrix.get_or_init(|| {
            let document = serde_json::from_str(self.json).expect("an embedded document");
            Arc::new(Matrix::resolved(document).expect("an embedded matrix"))
        })
    }
}
