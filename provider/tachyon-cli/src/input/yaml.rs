//! YAML 1.2, with the plain values that Terraform's `yamldecode` makes of it: one document, anchors and merge keys included.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, StrInput, Tag};
use tfplugin::{Number, Value};

use super::node::{Content, Entry, Node, Span, Trouble};

/// How deep values may lie in each other: deeper than any that is meant.
const DEEPEST: usize = 100;
/// How many values aliases may repeat altogether; a few short lines could stand for billions.
const MOST_REPEATED: usize = 100_000;

/// Reads a text as one document.
pub(crate) fn read(text: &str) -> Result<Node, Vec<Trouble>> {
    let mut reading = Reading {
        parser: Parser::new_from_str(text),
        offsets: Offsets::of(text),
        anchors: BTreeMap::new(),
        repeated: 0,
        troubles: Vec::new(),
    };
    let node = reading.document().map_err(|trouble| vec![trouble])?;
    if reading.troubles.is_empty() { Ok(node) } else { Err(reading.troubles) }
}

/// Bytes for characters, which the parser counts.
enum Offsets {
    /// They are the same.
    Ascii(usize),
    Of(Vec<usize>),
}

impl Offsets {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii(text.len());
        }
        Self::Of(text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
    }

    fn at(&self, marker: Marker) -> usize {
        match self {
            Self::Ascii(length) => marker.index().min(*length),
            Self::Of(offsets) => {
                offsets.get(marker.index()).or(offsets.last()).copied().unwrap_or_default()
            }
        }
    }
}

struct Reading<'t> {
    parser: Parser<'t, StrInput<'t>>,
    offsets: Offsets,
    anchors: BTreeMap<usize, (Node, usize)>,
    repeated: usize,
    troubles: Vec<Trouble>,
}

type Met<'t> = (Event<'t>, Marks);

impl<'t> Reading<'t> {
    fn span(&self, marks: Marks) -> Span {
        let start = self.offsets.at(marks.start);
        start..self.offsets.at(marks.end).max(start)
    }

    fn next(&mut self) -> Result<Met<'t>, Trouble> {
        match self.parser.next_event() {
            Some(Ok(met)) => Ok(met),
            Some(Err(error)) => Err(self.syntax(&error)),
            // The parser says that it is at the end once only.
            None => Ok((Event::StreamEnd, Marks::default())),
        }
    }

    fn syntax(&self, error: &ScanError) -> Trouble {
        let at = self.offsets.at(*error.marker());
        let said = error.info().trim_end_matches('.');
        Trouble::new(at..at, format!("This is not YAML: {said}."))
    }

    fn document(&mut self) -> Result<Node, Trouble> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, marks) => {
                    return Err(Trouble::new(self.span(marks), "There is nothing in it."));
                }
                met => {
                    let node = self.node(met, 0)?;
                    self.end()?;
                    return Ok(node);
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), Trouble> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), marks) => {
                    let text = "A second document begins here. Give one a file.";
                    return Err(Trouble::new(self.span(marks), text));
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, (event, marks): Met<'t>, depth: usize) -> Result<Node, Trouble> {
        let span = self.span(marks);
        if depth > DEEPEST {
            return Err(Trouble::new(span, format!("This lies deeper than {DEEPEST} levels.")));
        }
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = match scalar(&text, style, tag.as_deref()) {
                    Ok(value) => value,
                    Err(said) => {
                        self.troubles.push(Trouble::new(span.clone(), said));
                        Value::Null
                    }
                };
                (anchor, Node::scalar(value, span))
            }
            Event::SequenceStart(anchor, tag) => {
                self.check(tag.as_ref(), "seq", &span);
                (anchor, self.list(span, depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.check(tag.as_ref(), "map", &span);
                (anchor, self.map(span, depth)?)
            }
            Event::Alias(anchor) => return self.alias(anchor, span),
            _ => return Err(Trouble::new(span, "A value is missing here.")),
        };
        if anchor > 0 {
            let count = count(&node);
            self.anchors.insert(anchor, (node.clone(), count));
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Node, Trouble> {
        let Some((node, count)) = self.anchors.get(&anchor) else {
            return Err(Trouble::new(span, "This alias stands inside of what it is for."));
        };
        self.repeated += count;
        if self.repeated > MOST_REPEATED {
            let text = format!("Aliases repeat more than {MOST_REPEATED} values altogether.");
            return Err(Trouble::new(span, text));
        }
        Ok(node.clone())
    }

    fn list(&mut self, span: Span, depth: usize) -> Result<Node, Trouble> {
        let mut elements = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, marks) => {
                    let span = span.start..self.span(marks).end;
                    return Ok(Node { span, content: Content::List(elements) });
                }
                met => elements.push(self.node(met, depth + 1)?),
            }
        }
    }

    fn map(&mut self, span: Span, depth: usize) -> Result<Node, Trouble> {
        let mut entries = BTreeMap::new();
        let mut merged = Vec::new();
        loop {
            let (event, marks) = self.next()?;
            if event == Event::MappingEnd {
                let end = self.span(marks).end;
                for (name, entry) in merged {
                    entries.entry(name).or_insert(entry);
                }
                return Ok(Node { span: span.start..end, content: Content::Map(entries) });
            }
            let is_merge =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node((event, marks), depth + 1)?;
            let met = self.next()?;
            let node = self.node(met, depth + 1)?;
            if is_merge {
                self.merge(node, &mut merged);
                continue;
            }
            let name = match &key.content {
                Content::Scalar(Value::String(name)) => name.clone(),
                Content::Scalar(Value::Number(number)) => number.to_string(),
                Content::Scalar(Value::Bool(flag)) => flag.to_string(),
                _ => {
                    let text = "This is no name. Accepted is a text.";
                    self.troubles.push(Trouble::new(key.span, text));
                    continue;
                }
            };
            let entry = Entry { name: key.span, node };
            self.troubles.extend(Trouble::add(&mut entries, name, entry));
        }
    }

    /// What `<<` takes from other maps, the first of which counts.
    fn merge(&mut self, node: Node, merged: &mut Vec<(String, Entry)>) {
        match node.content {
            Content::Map(entries) => merged.extend(entries),
            Content::List(nodes) => nodes.into_iter().for_each(|node| self.merge(node, merged)),
            Content::Scalar(_) => {
                let text = "`<<` takes a map, or a list of maps, by an alias such as `*defaults`.";
                self.troubles.push(Trouble::new(node.span, text));
            }
        }
    }

    fn check(&mut self, tag: Option<&Cow<'t, Tag>>, usual: &str, span: &Span) {
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && tag.suffix == usual)
        {
            self.troubles.push(Trouble::new(span.clone(), unknown_tag(tag)));
        }
    }
}

/// How many values there are in one.
fn count(node: &Node) -> usize {
    1 + match &node.content {
        Content::Scalar(_) => 0,
        Content::List(elements) => elements.iter().map(count).sum(),
        Content::Map(entries) => entries.values().map(|entry| count(&entry.node)).sum(),
    }
}

fn unknown_tag(tag: &Tag) -> String {
    format!("The tag `{}{}` means nothing here. Leave it out.", tag.handle, tag.suffix)
}

/// The value of a text: what it says, unless it is quoted or has a tag.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let Some(tag) = tag else {
        return Ok(if style == ScalarStyle::Plain { plain(text) } else { text.into() });
    };
    // A lone `!` says that a text is one.
    if is_core(tag, "str") || format!("{}{}", tag.handle, tag.suffix) == "!" {
        return Ok(text.into());
    }
    let value = plain(text);
    let fits = match &value {
        Value::Null => is_core(tag, "null"),
        Value::Bool(_) => is_core(tag, "bool"),
        Value::Number(number) => {
            is_core(tag, "float") || is_core(tag, "int") && number.as_i64().is_some()
        }
        _ => false,
    };
    if fits { Ok(value) } else { Err(unknown_tag(tag)) }
}

fn is_core(tag: &Tag, suffix: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == suffix
}

/// What the core schema of YAML makes of a text that is not quoted.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let of_base = |prefix, base| {
        let digits = text.strip_prefix(prefix)?;
        let starts_well = digits.starts_with(|first: char| first.is_ascii_alphanumeric());
        i64::from_str_radix(digits, base).ok().filter(|_| starts_well)
    };
    if let Some(integer) = of_base("0x", 16).or_else(|| of_base("0o", 8)) {
        return Value::from(integer);
    }
    Number::parse(text).map_or_else(|| text.into(), Value::Number)
}
