//! Mistakes as people see them: what is wrong, and the line of the file with the place marked.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::input::node::Span;

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Mistake<'f> {
    /// The file, by name and text. None if it is about something on the command line.
    pub(crate) file: Option<(&'f str, &'f str)>,
    pub(crate) span: Span,
    /// The kind, of those that the guide lists.
    pub(crate) id: Option<&'static str>,
    /// The place in words: `endpoints["dmz"].cidrs[2]`; may be empty.
    pub(crate) place: String,
    /// In whole sentences.
    pub(crate) text: String,
}

/// All mistakes, file by file and from the top of each to its end.
pub(crate) fn rendered(mistakes: &[Mistake<'_>], has_colour: bool) -> String {
    let renderer = if has_colour { Renderer::styled() } else { Renderer::plain() };
    let mut files: Vec<&str> = Vec::new();
    for (name, _) in mistakes.iter().filter_map(|mistake| mistake.file) {
        if !files.contains(&name) {
            files.push(name);
        }
    }
    let order = |mistake: &&Mistake<'_>| {
        let file = mistake.file.map(|(name, _)| name);
        let file = file.and_then(|name| files.iter().position(|known| *known == name));
        (file, mistake.span.start, mistake.place.clone())
    };
    let mut sorted: Vec<&Mistake<'_>> = mistakes.iter().collect();
    sorted.sort_by_key(order);
    let parts: Vec<String> = sorted.into_iter().map(|mistake| one(mistake, &renderer)).collect();
    let mut text = parts.join("\n\n");
    if mistakes.len() > 1 {
        text.push_str(&format!("\n\nFound {} mistakes.", mistakes.len()));
    }
    text
}

fn one(mistake: &Mistake<'_>, renderer: &Renderer) -> String {
    let Mistake { file, span, id, place, text } = mistake;
    let mut title = text.clone();
    if file.is_none() && !place.is_empty() {
        title = format!("{place}: {text}");
    }
    let title = Level::ERROR.primary_title(title.as_str());
    let title = match id {
        Some(id) => title.id(*id),
        None => title,
    };
    let Some((name, source)) = file else {
        return renderer.render(&[annotate_snippets::Group::with_title(title)]);
    };
    // The lines of it alone: files may be large, and mistakes many. A place may end within a character: parsers count bytes.
    let last = source.len();
    let whole = |at: &usize| source.is_char_boundary(*at);
    let from = (0..=span.start.min(last)).rev().find(whole).unwrap_or(0);
    let to = (span.end.clamp(from, last)..last).find(whole).unwrap_or(last);
    let ((before, _), (_, after)) = (source.split_at(from), source.split_at(to));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = to + after.find('\n').unwrap_or(after.len());
    let lines = source.split_at(end).0.split_at(start).1;
    let number = before.matches('\n').count() + 1;
    let mut annotation = AnnotationKind::Primary.span(from - start..to - start);
    if !place.is_empty() {
        annotation = annotation.label(place.as_str());
    }
    let snippet = Snippet::source(lines).line_start(number).path(*name).annotation(annotation);
    renderer.render(&[title.element(snippet)])
}
