//! Mermaid: a flowchart with a subgraph for each zone.

use std::fmt::Write;

use crate::drawing::{Drawing, Service};
use crate::summary::by_zone;

/// How many arrows, and how many units of UTF-16, Mermaid takes: its defaults for `maxEdges` and `maxTextSize`, which a text can't
/// change itself. Where Markdown is shown, nobody else can either.
const MOST_ARROWS: usize = 500;
const LONGEST: usize = 50_000;

/// The drawing as a Mermaid flowchart: with every node, else by zone, else a sentence, whichever Mermaid takes first.
pub fn mermaid(drawing: &Drawing) -> String {
    if let Some(text) = accepted(drawing) {
        return text;
    }
    let zones = by_zone(drawing);
    // What has a node for each zone already would count these.
    let is_smaller = zones.nodes.len() < drawing.nodes.len();
    is_smaller.then(|| accepted(&zones)).flatten().unwrap_or_else(|| refused(&zones))
}

/// The flowchart of a drawing, unless Mermaid refuses it.
fn accepted(drawing: &Drawing) -> Option<String> {
    let text = flowchart(drawing);
    (edges(drawing) <= MOST_ARROWS && text.encode_utf16().count() <= LONGEST).then_some(text)
}

fn edges(drawing: &Drawing) -> usize {
    drawing.arrows.iter().map(|arrow| arrow.legs.len()).sum()
}

/// In place of what Mermaid would refuse: why there is nothing else, and what helps.
fn refused(drawing: &Drawing) -> String {
    let text = format!(
        "{}: {} arrows between {} zones are more than Mermaid draws. As SVG, as a grid and for Graphviz they are all drawn.",
        drawing.title,
        edges(drawing),
        drawing.nodes.len()
    );
    format!("flowchart LR\n    n_[\"{}\"]\n", escaped(&text))
}

fn flowchart(drawing: &Drawing) -> String {
    let mut text = String::from("flowchart LR\n");
    for (position, (zone, nodes)) in drawing.lanes().into_iter().enumerate() {
        let _ = writeln!(text, "  subgraph zone{position}[\"{}\"]", escaped(&zone.title));
        for (_, node) in nodes {
            let about = if node.about.is_empty() {
                String::new()
            } else {
                format!("<br/><small>{}</small>", escaped(&node.about))
            };
            let _ = writeln!(text, "    {}[\"{}{about}\"]", id(&node.name), escaped(&node.name));
        }
        text.push_str("  end\n");
    }
    for arrow in &drawing.arrows {
        let line = if arrow.dashed { "-.->" } else { "-->" };
        let mut from = arrow.from;
        for (to, services) in arrow.via.iter().chain([&arrow.to]).zip(&arrow.legs) {
            let label = label(services);
            let (source, destination) = (drawing.node(from), drawing.node(*to));
            let _ = writeln!(
                text,
                "  {} {line}|\"{label}\"| {}",
                id(&source.name),
                id(&destination.name)
            );
            from = *to;
        }
    }
    text
}

fn label(services: &[Service]) -> String {
    services.iter().map(ToString::to_string).collect::<Vec<_>>().join("<br/>")
}

/// A name as Mermaid takes one: what is no letter or digit is written as its number, so that no two names meet.
fn id(name: &str) -> String {
    let mut id = String::from("n_");
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else {
            let _ = write!(id, "_{:x}_", u32::from(letter));
        }
    }
    id
}

/// Text within Mermaid's quotes. Every sign may mean something there, even within quotes: a directive, a list, a link, code. So each
/// is written as its number, except where it joins letters and digits as in names.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let joins = before.is_some_and(is_plain) && next.is_some_and(is_plain);
        if letter.is_control() {
            escaped.push(' ');
        } else if is_plain(letter)
            || [' ', ',', '_'].contains(&letter)
            || (['-', '.'].contains(&letter) && joins)
        {
            escaped.push(letter);
        } else {
            let _ = write!(escaped, "#{};", u32::from(letter));
        }
        // Of nodes, Mermaid reads these once it has made signs of their numbers: formulas, ends of lines, icons. A space without
        // width keeps them apart.
        if matches!((letter, next), ('$', Some('$')) | ('\\', Some('n')) | (':', Some('f'))) {
            escaped.push('\u{200b}');
        }
        before = Some(letter);
    }
    escaped
}

/// A letter or digit, of any script; what is not ASCII means nothing to Mermaid.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii()
}
