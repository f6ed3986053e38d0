//! Files that are read: a deployment, or what is there, in whatever format.

mod hcl;
mod json;
pub(crate) mod node;
#[cfg(test)]
mod tests;
mod yaml;

use std::io::Read;
use std::path::Path;

use clap::ValueEnum;
use tfplugin::Value;

use self::node::{Content, Node, Span, Trouble};
use crate::console::{Console, Failure};
use crate::mistakes::Mistake;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// JSON.
    Json,
    /// YAML 1.2.
    Yaml,
    /// HCL, such as a `.tfvars` file.
    Hcl,
}

impl Format {
    /// By the end of a file's name. None if that says nothing.
    fn of(path: &str) -> Option<Self> {
        let name = path.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if ends(&[".json"]) {
            Some(Self::Json)
        } else if ends(&[".yaml", ".yml"]) {
            Some(Self::Yaml)
        } else if ends(&[".tfvars", ".hcl", ".tf"]) {
            Some(Self::Hcl)
        } else {
            None
        }
    }
}

/// What stands for the standard input.
pub(crate) const STDIN: &str = "-";

/// A file that was read.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name, for people.
    pub(crate) name: String,
    pub(crate) text: String,
    /// What is meant in it.
    pub(crate) node: Node,
}

impl File {
    /// What is in it.
    pub(crate) fn value(&self) -> Value {
        self.node.value()
    }

    /// A mistake in it.
    pub(crate) fn mistake(&self, span: Span, text: String) -> Mistake<'_> {
        Mistake {
            file: Some((&self.name, &self.text)),
            span,
            id: None,
            place: String::new(),
            text,
            other: None,
        }
    }
}

/// Reads a deployment. It is all of the file, or what is under `deployment` in it.
pub(crate) fn deployment(
    path: &str,
    format: Option<Format>,
    console: &mut Console,
) -> Result<File, Failure> {
    let mut file = read(path, format, console)?;
    if file.node.get("endpoints").is_none()
        && let Some(entry) = file.node.get(DEPLOYMENT)
    {
        file.node = entry.node.clone();
    }
    if let Content::Map(_) = &file.node.content {
        return Ok(file);
    }
    let start = file.node.span.start;
    let end = (start + 1).min(file.text.len()).max(start);
    let text = "A deployment is an object with `endpoints`, or a file with such an object under `deployment`.";
    Err(Failure::mistakes(&[file.mistake(start..end, text.to_owned())], console))
}

/// Where a file may have a deployment, beside other things.
const DEPLOYMENT: &str = "deployment";

/// Reads a file, `-` for the standard input.
pub(crate) fn read(
    path: &str,
    format: Option<Format>,
    console: &mut Console,
) -> Result<File, Failure> {
    let (name, bytes) = if path == STDIN {
        let mut bytes = Vec::new();
        let read = console.input.read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.to_owned(), std::fs::read(Path::new(path)))
    };
    let bytes = bytes.map_err(|error| Failure::usage(format!("{name} can't be read: {error}.")))?;
    let text = decoded(bytes)
        .ok_or_else(|| Failure::usage(format!("{name} is no text in UTF-8. Convert it first.")))?;
    let format = format.or_else(|| Format::of(path)).unwrap_or_else(|| guessed(&text));
    let node = match format {
        Format::Json => json::read(&text),
        Format::Yaml => yaml::read(&text),
        Format::Hcl => hcl::read(&text),
    };
    match node {
        Ok(node) => Ok(File { name, text, node }),
        Err(troubles) => {
            let mistake = |Trouble { span, text: said }| Mistake {
                file: Some((name.as_str(), text.as_str())),
                span,
                id: None,
                place: String::new(),
                text: said,
                other: None,
            };
            let mistakes: Vec<Mistake<'_>> = troubles.into_iter().map(mistake).collect();
            Err(Failure::mistakes(&mistakes, console))
        }
    }
}

/// Bytes as text, without a mark of their order. Windows PowerShell redirects into UTF-16.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let of_units = |unit: fn([u8; 2]) -> u16| {
        let units = bytes.get(2..)?.chunks(2);
        let units = units.map(|pair| pair.try_into().map(unit).ok()).collect::<Option<Vec<u16>>>();
        String::from_utf16(&units?).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => of_units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => of_units(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// What a text looks like that came without a name: JSON begins with a bracket and a quote, HCL has `=` on its first line
/// with a name.
fn guessed(text: &str) -> Format {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return Format::Json;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| {
        !line.is_empty() && !line.starts_with(['#', '/']) && *line != "{" && *line != "---"
    });
    let first = lines.next().unwrap_or_default();
    let name_ends =
        first.find(|letter: char| !(letter.is_alphanumeric() || "_-\"".contains(letter)));
    match name_ends.and_then(|at| first.get(at..)).map(str::trim_start) {
        Some(rest) if rest.starts_with('=') => Format::Hcl,
        _ if first.starts_with(['{', '[', '"']) => Format::Json,
        _ => Format::Yaml,
    }
}
