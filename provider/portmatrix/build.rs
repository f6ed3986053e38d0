//! Writes each document as JSON for the program to embed: reading TOML would be most of the way to a process's first answer.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=data");
    #[expect(
        clippy::disallowed_methods,
        reason = "Cargo says by it where a build script may write"
    )]
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("Cargo sets OUT_DIR")?);
    for entry in fs::read_dir("data")? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(version) = name.strip_suffix(".toml") {
            let document: serde_json::Value = toml::from_str(&fs::read_to_string(&path)?)
                .map_err(|error| format!("{name}: {error}"))?;
            fs::write(folder.join(format!("{version}.json")), document.to_string())?;
        }
    }
    Ok(())
}
