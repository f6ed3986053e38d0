//! Recorded answers: a file for each method, and for each function or data source where the method has several.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use prost::bytes::Bytes;

use crate::Outcome;
use crate::fields;

/// The variable that names the folder of the answers to the floor.
pub const VARIABLE: &str = "TACHYON_BENCH_ANSWERS";

/// The ending of their files.
const ENDING: &str = ".bin";

/// The methods whose requests begin with the name of what is asked.
const NAMED: [&str; 2] = ["CallFunction", "ReadDataSource"];

/// Answers by method and name.
#[derive(Debug, Clone, Default)]
pub struct Recording(BTreeMap<String, Bytes>);

impl Recording {
    /// Reads a folder of answers.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let mut answers = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            if let Some(key) = name.and_then(|name| name.strip_suffix(ENDING)) {
                answers.insert(key.to_owned(), fs::read(&path)?.into());
            }
        }
        Ok(Self(answers))
    }

    /// The answer to a request; none if nothing like it was recorded.
    pub fn answer(&self, method: &str, request: &[u8]) -> Option<Bytes> {
        self.0.get(&key(method, request)).cloned()
    }
}

/// Writes an answer where [`Recording::read`] finds it.
pub fn keep(folder: &Path, method: &str, request: &[u8], answer: &[u8]) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    Ok(fs::write(folder.join(key(method, request) + ENDING), answer)?)
}

fn key(method: &str, request: &[u8]) -> String {
    let name = if NAMED.contains(&method) { fields::find(request, 1) } else { None };
    match name {
        Some(name) => format!("{method}.{}", String::from_utf8_lossy(name)),
        None => method.to_owned(),
    }
}
