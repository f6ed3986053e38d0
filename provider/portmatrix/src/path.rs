//! Where in the user's input something stands.

use std::fmt;

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An attribute: `.cidrs`.
    Name(String),
    /// An element of a map: `["dmz"]`.
    Key(String),
    /// An element of a list, from 0: `[2]`.
    Index(usize),
}

/// A place in the user's input, shown as the user would write it: `endpoints["dmz"].cidrs[2]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<Step>);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if !is_identifier(name) => write!(f, "[{}]", quoted(name))?,
                Step::Name(name) if position == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{}]", quoted(key))?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a name can stand behind a dot.
fn is_identifier(name: &str) -> bool {
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins_well
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
}

/// Text in double quotes as HCL writes it, cut where it is absurdly long.
pub fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN) + 2);
    push_quoted(&mut shown, text);
    shown
}

/// How many characters of a text are shown.
const SHOWN: usize = 120;

/// Adds text in double quotes to another, as [`quoted`] writes it.
pub(crate) fn push_quoted(shown: &mut String, text: &str) {
    shown.push('"');
    // Nearly every text is a name, and stands as it is.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if text.len() <= SHOWN && text.bytes().all(is_plain) {
        shown.push_str(text);
    } else {
        push_escaped(shown, text);
    }
    shown.push('"');
}

fn push_escaped(shown: &mut String, text: &str) {
    for (count, letter) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        match letter {
            '"' | '\\' => shown.extend(['\\', letter]),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            control if control.is_control() => {
                shown.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => shown.push(other),
        }
    }
}

/// How much of a name a path keeps: more than any may have, but not megabytes for each mistake.
const LONGEST_NAME: usize = 256;

/// A name as a path keeps it. One that is cut is no identifier any more, and so is shown in quotes.
fn kept(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// A place on the way down: costs nothing until a problem needs it as a [`Path`].
#[derive(Debug, Clone, Copy)]
pub struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: Option<Here<'p>>,
    is_name: bool,
}

#[derive(Debug, Clone, Copy)]
enum Here<'p> {
    Name(&'p str),
    Key(&'p str),
    Index(usize),
}

impl At<'static> {
    /// The whole input.
    pub const ROOT: Self = Self { parent: None, step: None, is_name: false };
}

impl<'p> At<'p> {
    /// The attribute `name` of this object.
    pub fn name(&'p self, name: &'p str) -> At<'p> {
        self.step(Here::Name(name))
    }

    /// The element `key` of this map.
    pub fn key(&'p self, key: &'p str) -> At<'p> {
        self.step(Here::Key(key))
    }

    /// The element `index` of this list.
    pub fn index(&'p self, index: usize) -> At<'p> {
        self.step(Here::Index(index))
    }

    fn step(&'p self, step: Here<'p>) -> At<'p> {
        At { parent: Some(self), step: Some(step), is_name: false }
    }

    /// The name by which this stands in an object, rather than what stands under it. The path is the same.
    #[must_use]
    pub fn its_name(self) -> Self {
        Self { is_name: true, ..self }
    }

    /// Whether it is a name.
    pub(crate) fn is_name(&self) -> bool {
        self.is_name
    }

    /// Another element, `key`, of the map that this is an element of.
    pub(crate) fn beside(&self, key: &'p str) -> At<'p> {
        At { parent: self.parent, step: Some(Here::Key(key)), is_name: false }
    }

    /// The place as a path of its own.
    pub fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(at) = here {
            steps.extend(at.step.map(|step| match step {
                Here::Name(name) => Step::Name(kept(name)),
                Here::Key(key) => Step::Key(kept(key)),
                Here::Index(index) => Step::Index(index),
            }));
            here = at.parent;
        }
        steps.reverse();
        Path(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_the_user_wrote_it() {
        let root = At::ROOT;
        let endpoints = root.name("endpoints");
        let endpoint = endpoints.key("d\"mz");
        let cidrs = endpoint.name("cidrs");
        assert_eq!(cidrs.index(2).path().to_string(), r#"endpoints["d\"mz"].cidrs[2]"#);
        assert_eq!(root.path().to_string(), "");
        assert_eq!(root.name("").path().to_string(), r#"[""]"#);
        let long = endpoint.name(&"é".repeat(1000)).path().to_string();
        assert!(long.len() < 300 && long.ends_with("é…\"]"), "{long}");
        assert_eq!(endpoint.name("a b").path().to_string(), r#"endpoints["d\"mz"]["a b"]"#);
    }
}
