//! Mistakes as people see them: what is wrong, and the line of the file with the place marked.

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};

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
    /// The other place, where two do not agree: in the file, and in words.
    pub(crate) other: Option<(Span, String)>,
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
    let Mistake { file, span, id, place, text, other } = mistake;
    let mut title = text.clone();
    if file.is_none() && !place.is_empty() {
        title = format!("{place}: {text}");
    }
    if let (None, Some((_, other))) = (file, other) {
        title.push_str(&format!(" See also {other}."));
    }
    let title = Level::ERROR.primary_title(title.as_str());
    let title = match id {
        Some(id) => title.id(*id),
        None => title,
    };
    let Some((name, source)) = file else {
        return renderer.render(&[annotate_snippets::Group::with_title(title)]);
    };
    let (lines, number, marked) = lines(source, span);
    let mut snippet = snippet(name, lines, number, AnnotationKind::Primary, marked, place);
    let Some((span, place)) = other else { return renderer.render(&[title.element(snippet)]) };
    let (others, other_number, marked) = self::lines(source, span);
    if number == other_number && lines == others {
        snippet = snippet.annotation(AnnotationKind::Context.span(marked).label(place.as_str()));
        return renderer.render(&[title.element(snippet)]);
    }
    let other = self::snippet(name, others, other_number, AnnotationKind::Context, marked, place);
    renderer.render(&[title.element(snippet).element(other)])
}

fn snippet<'s>(
    name: &'s str,
    lines: &'s str,
    number: usize,
    kind: AnnotationKind,
    marked: Span,
    place: &'s str,
) -> Snippet<'s, Annotation<'s>> {
    let mut annotation = kind.span(marked);
    if !place.is_empty() {
        annotation = annotation.label(place);
    }
    Snippet::source(lines).line_start(number).path(name).annotation(annotation)
}

/// The lines that a place is in, the number of the first, and the place in them.
fn lines<'s>(source: &'s str, span: &Span) -> (&'s str, usize, Span) {
    // The lines of it alone: files may be large, and mistakes many. A place may end within a character: parsers count bytes.
    let last = source.len();
    let whole = |at: &usize| source.is_char_boundary(*at);
    let from = (0..=span.start.min(last)).rev().find(whole).unwrap_or(0);
    let to = (span.end.clamp(from, last)..last).find(whole).unwrap_or(last);
    let ((before, _), (_, after)) = (source.split_at(from), source.split_at(to));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = to + after.find('\n').unwrap_or(after.len());
    let lines = source.split_at(end).0.split_at(start).1;
    (lines, before.matches('\n').count() + 1, from - start..to - start)
}
