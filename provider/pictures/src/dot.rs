//! DOT, the language of Graphviz: a cluster for each zone.

use std::fmt::Write;

use crate::drawing::Drawing;

/// The drawing as a directed graph for Graphviz.
pub fn dot(drawing: &Drawing) -> String {
    let mut text = String::from(
        "digraph {\n  rankdir=LR;\n  graph [fontname=\"sans-serif\"];\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
    );
    let _ = writeln!(text, "  label={};", quoted([drawing.title.as_str()]));
    for (position, (zone, nodes)) in drawing.lanes().into_iter().enumerate() {
        let title = quoted([zone.title.as_str()]);
        let _ = writeln!(text, "  subgraph cluster_{position} {{\n    label={title};");
        for (_, node) in nodes {
            let name = quoted([node.name.as_str()]);
            let about = (!node.about.is_empty()).then_some(node.about.as_str());
            let label = quoted([node.name.as_str()].into_iter().chain(about));
            let _ = writeln!(text, "    {name} [label={label}];");
        }
        text.push_str("  }\n");
    }
    for arrow in &drawing.arrows {
        let style = if arrow.dashed { ", style=dashed" } else { "" };
        let mut from = arrow.from;
        for (to, services) in arrow.via.iter().chain([&arrow.to]).zip(&arrow.legs) {
            let services: Vec<String> = services.iter().map(ToString::to_string).collect();
            let label = quoted(services.iter().map(String::as_str));
            let source = quoted([drawing.node(from).name.as_str()]);
            let destination = quoted([drawing.node(*to).name.as_str()]);
            let _ = writeln!(text, "  {source} -> {destination} [label={label}{style}];");
            from = *to;
        }
    }
    text.push_str("}\n");
    text
}

/// Lines in DOT's quotes.
fn quoted<'t>(lines: impl IntoIterator<Item = &'t str>) -> String {
    let mut text = String::from("\"");
    for (position, line) in lines.into_iter().enumerate() {
        if position > 0 {
            text.push_str("\\n");
        }
        for letter in line.chars() {
            match letter {
                '"' | '\\' => text.extend(['\\', letter]),
                control if control.is_control() => text.push(' '),
                other => text.push(other),
            }
        }
    }
    text.push('"');
    text
}
