//! SVG as text: elements, escaping, and the style that all pictures share.

use std::fmt::{Display, Write};

/// Colours for light and dark. A tone is a pair of a fill and a line; all are readable on both backgrounds.
const STYLE: &str = "\
svg{--back:#fff;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--lane:#f6f8fa;font-family:system-ui,-apple-system,'Segoe UI','Liberation Sans',Arial,sans-serif}\
.back{fill:var(--back)}text{fill:var(--text);font-size:12px}.soft{fill:var(--soft);font-size:10px}.title{font-size:16px;font-weight:600}\
.zone{font-size:11px;font-weight:600;letter-spacing:.04em}.port{font-size:11px;stroke:var(--back);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}\
.lane{fill:var(--lane)}.life{stroke:var(--line)}.cell{fill:none;stroke:var(--line)}.dash{stroke-dasharray:5 4}\
.t0{--tone:#0969da;--tint:#ddf4ff}.t1{--tone:#cf222e;--tint:#ffebe9}.t2{--tone:#bc4c00;--tint:#fff1e5}\
.t3{--tone:#1a7f37;--tint:#dafbe1}.t4{--tone:#8250df;--tint:#fbefff}.t5{--tone:#59636e;--tint:#eef1f4}\
.box{fill:var(--tint);stroke:var(--tone)}.arrow{stroke:var(--tone);stroke-width:1.5px;fill:none}.head{fill:var(--tone)}.hop{fill:var(--back);stroke:var(--tone);stroke-width:1.5px}\
.filled{fill:var(--tint)}.zone{fill:var(--tone)}\
@media(prefers-color-scheme:dark){svg{--back:#0d1117;--text:#f0f6fc;--soft:#9198a1;--line:#3d444d;--lane:#151b23}\
.t0{--tone:#4493f8;--tint:#121d2f}.t1{--tone:#f85149;--tint:#25171c}.t2{--tone:#db6d28;--tint:#221a19}\
.t3{--tone:#3fb950;--tint:#12261e}.t4{--tone:#ab7df8;--tint:#211830}.t5{--tone:#9198a1;--tint:#212830}}";

/// How many tones there are; numbers beyond begin anew.
const TONES: usize = 6;

/// The class of a tone.
pub(crate) fn tone(number: usize) -> String {
    format!("t{}", number % TONES)
}

/// A picture in the making: elements in the order in which they are painted.
pub(crate) struct Canvas {
    body: String,
}

impl Canvas {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { body: String::new() }
    }

    /// Adds an element with attributes that need no escaping.
    pub(crate) fn element(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        self.open(name, attributes);
        self.body.truncate(self.body.len() - ">\n".len());
        self.body.push_str("/>\n");
    }

    /// Begins an element that has others.
    pub(crate) fn open(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        let _ = write!(self.body, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.body, " {attribute}=\"{value}\"");
        }
        self.body.push_str(">\n");
    }

    /// Ends an element.
    pub(crate) fn close(&mut self, name: &str) {
        let _ = writeln!(self.body, "</{name}>");
    }

    /// Adds what is shown beside the pointer, and read to those who can't see, of the element that is open.
    pub(crate) fn tooltip(&mut self, text: &str) {
        let _ = writeln!(self.body, "<title>{}</title>", escaped(text));
    }

    /// Adds a line of text.
    pub(crate) fn text(&mut self, class: &str, at: (usize, usize), anchor: &str, text: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(text)
        );
    }

    /// Adds a line of text that is turned about its beginning.
    pub(crate) fn slanted(&mut self, class: &str, at: (usize, usize), degrees: i32, text: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" transform=\"translate({x} {y}) rotate({degrees})\">{}</text>",
            escaped(text)
        );
    }

    /// The whole picture; `name` begins its ids, so that pictures of several kinds can stand on one page.
    pub(crate) fn into_svg(
        self,
        name: &str,
        size: (usize, usize),
        title: &str,
        about: &str,
    ) -> String {
        let (width, height) = size;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{name}-title {name}-about\">\n\
             <title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-about\">{}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"back\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
            escaped(title),
            escaped(about),
            self.body
        )
    }
}

/// Text within XML or HTML, and within the quotes of an attribute; what XML can't hold becomes a blank.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
