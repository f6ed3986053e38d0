//! Mermaid: a flowchart with a subgraph for each zone.

use std::fmt::Write;

use crate::drawing::{Drawing, Service};

/// The drawing as a Mermaid flowchart.
pub fn mermaid(drawing: &Drawing) -> String {
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

/// Text within Mermaid's quotes, in which a number sign begins an entity.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
