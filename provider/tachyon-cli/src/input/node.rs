//! What stands in a file, with the place of everything.

use std::collections::{BTreeMap, btree_map};
use std::ops::Range;

use tfplugin::{AttributePath, Step, Value};

/// A place in a text, in bytes.
pub(crate) type Span = Range<usize>;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// What a value consists of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// A value with nothing inside.
    Scalar(Value),
    List(Vec<Node>),
    Map(BTreeMap<String, Entry>),
}

/// An element of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Where its name stands.
    pub(crate) name: Span,
    pub(crate) node: Node,
}

impl Node {
    /// A value with nothing inside.
    pub(crate) fn scalar(value: impl Into<Value>, span: Span) -> Self {
        Self { span, content: Content::Scalar(value.into()) }
    }

    /// The value without its places.
    pub(crate) fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(elements) => Value::List(elements.iter().map(Self::value).collect()),
            Content::Map(entries) => Value::Map(
                entries.iter().map(|(name, entry)| (name.clone(), entry.node.value())).collect(),
            ),
        }
    }

    /// An element of a map.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        match &self.content {
            Content::Map(entries) => entries.get(name),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// Where a path leads, or as far as it leads in this text: a value that takes one line, else its name; for `of_name` the
    /// name in any case.
    pub(crate) fn place(&self, path: &AttributePath, text: &str, of_name: bool) -> Span {
        let mut here = self;
        let mut name = None;
        for step in &path.steps {
            let next = match (step, &here.content) {
                (Step::Attribute(step) | Step::Key(step), Content::Map(entries)) => {
                    entries.get(step).map(|entry| (Some(entry.name.clone()), &entry.node))
                }
                (Step::Index(index), Content::List(elements)) => {
                    let element = usize::try_from(*index).ok().and_then(|at| elements.get(at));
                    element.map(|node| (None, node))
                }
                _ => None,
            };
            let Some((found, node)) = next else { break };
            (name, here) = (found, node);
        }
        let is_within_line = |span: &Span| {
            text.get(span.clone()).is_some_and(|text| !text.is_empty() && !text.contains('\n'))
        };
        if is_within_line(&here.span) && !(of_name && name.is_some()) {
            return here.span.clone();
        }
        name.unwrap_or_else(|| {
            let start = here.span.start.min(text.len());
            let rest = text.get(start..here.span.end.min(text.len())).unwrap_or_default();
            start..start + rest.lines().next().unwrap_or_default().len()
        })
    }
}

/// Why a text is not what it should be, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trouble {
    pub(crate) span: Span,
    /// In whole sentences.
    pub(crate) text: String,
}

impl Trouble {
    pub(crate) fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Adds an element to a map, of which the name may stand there already.
    pub(crate) fn add(
        entries: &mut BTreeMap<String, Entry>,
        name: String,
        entry: Entry,
    ) -> Option<Self> {
        match entries.entry(name) {
            btree_map::Entry::Vacant(free) => {
                free.insert(entry);
                None
            }
            btree_map::Entry::Occupied(first) => {
                let text = format!("`{}` is there twice. Leave one of the two out.", first.key());
                Some(Self::new(entry.name, text))
            }
        }
    }
}
