//! The main picture: every node has a line of its own from top to bottom, every arrow a row of its own.
//!
//! Nodes stand in lanes by zone, from left to right. Since no two arrows share a row, none crosses another's label,
//! however many there are; and one node more adds a column, and moves nothing else up or down.

use crate::drawing::{Arrow, Drawing, Service};
use crate::rows::{Row, rows};
use crate::svg::{Canvas, tone};
use crate::wrap::{lines, some_lines, width};

/// Around everything, in pixels as all that follows.
const MARGIN: usize = 24;
/// A node's box.
const BOX: usize = 116;
/// Between two boxes of one zone.
const GAP: usize = 16;
/// What a zone's lane is wider than its boxes, on each side.
const PADDING: usize = 10;
/// Between two lanes.
const BETWEEN: usize = 12;
/// Where lanes begin, below the title.
const LANES: usize = 50;
/// Where boxes begin, below the names of zones.
const BOXES: usize = LANES + 28;
/// A line of a node's name, and one of what stands below it.
const NAME_LINE: usize = 15;
const ABOUT_LINE: usize = 13;
/// A line of a label.
const LABEL_LINE: usize = 14;
/// Letters in a line of a name, of what stands below it, and of a label.
const NAME_LETTERS: usize = 15;
const ABOUT_LETTERS: usize = 18;
const LABEL_LETTERS: usize = 48;
/// Free space in a row besides its label.
const ROW: usize = 18;
/// How far a row goes down at each node on the way.
const STEP: usize = 10;
/// Between a label and the line below it.
const ABOVE: usize = 6;
/// How far an arrow to its own source reaches out.
const LOOP: usize = 26;

/// The drawing as SVG, light or dark as the reader's system is.
pub fn ladder(drawing: &Drawing) -> String {
    let mut painter = Painter::new(drawing);
    let rows = rows(drawing);
    let first = BOXES + painter.box_height + ROW;
    let bottom = rows.iter().fold(first, |y, row| y + height(row)) + ROW / 2;
    painter.lanes(bottom);
    painter.boxes(bottom);
    let mut top = first;
    for row in &rows {
        painter.row(row, top);
        top += height(row);
    }
    painter.finish(bottom)
}

/// How high a row is.
fn height(row: &Row<'_>) -> usize {
    let first = row.first();
    let down = if first.via.is_empty() && first.from == first.to {
        STEP
    } else {
        legs_behind(first).into_iter().map(|(down, _)| down).sum()
    };
    ROW + label(first.sent()).len() * LABEL_LINE + down
}

fn label(services: &[Service]) -> Vec<String> {
    lines(&crate::drawing::label(services), LABEL_LETTERS)
}

/// For each node on the way: how far the row goes down there, and the label of the leg behind it, which is empty where the
/// same goes on.
fn legs_behind(arrow: &Arrow) -> Vec<(usize, Vec<String>)> {
    let pairs = arrow.legs.iter().zip(arrow.legs.iter().skip(1));
    let of_leg = |(before, behind): (&Vec<Service>, &Vec<Service>)| {
        let label = if before == behind { Vec::new() } else { label(behind) };
        let down = if label.is_empty() { STEP } else { label.len() * LABEL_LINE + ABOVE };
        (down, label)
    };
    pairs.map(of_leg).collect()
}

struct Painter<'d> {
    drawing: &'d Drawing,
    canvas: Canvas,
    /// The middle of each node.
    middles: Vec<usize>,
    /// Each lane from left to right: where it begins and ends.
    lanes: Vec<(usize, usize)>,
    box_height: usize,
    /// How far to the right anything reaches.
    right: usize,
}

impl<'d> Painter<'d> {
    fn new(drawing: &'d Drawing) -> Self {
        let (mut middles, mut lanes) = (Vec::new(), Vec::new());
        let mut x = MARGIN;
        for (_, nodes) in drawing.lanes() {
            let begin = x;
            x += PADDING;
            for _ in &nodes {
                middles.push(x + BOX / 2);
                x += BOX + GAP;
            }
            x = x - GAP + PADDING;
            lanes.push((begin, x));
            x += BETWEEN;
        }
        let lines_of = |text: &str, letters| some_lines(text, letters, 3).len();
        let high = |name: &str, about: &str| {
            lines_of(name, NAME_LETTERS) * NAME_LINE + lines_of(about, ABOUT_LETTERS) * ABOUT_LINE
        };
        let highest = drawing.nodes.iter().map(|node| high(&node.name, &node.about)).max();
        let box_height = highest.unwrap_or(0) + 14;
        let right = lanes.last().map_or(MARGIN, |(_, end)| *end).max(2 * BOX);
        Self { drawing, canvas: Canvas::new(), middles, lanes, box_height, right }
    }

    fn middle(&self, node: usize) -> usize {
        #[expect(clippy::indexing_slicing, reason = "there is a middle for each node")]
        self.middles[node]
    }

    fn lanes(&mut self, bottom: usize) {
        let high = bottom - LANES + PADDING;
        for ((begin, end), (zone, _)) in self.lanes.iter().zip(self.drawing.lanes()) {
            let class = format!("lane {}", tone(zone.tone));
            let wide = end - begin;
            self.canvas.element(
                "rect",
                &[
                    ("class", &class),
                    ("x", begin),
                    ("y", &LANES),
                    ("width", &wide),
                    ("height", &high),
                    ("rx", &8),
                ],
            );
            self.canvas.open("g", &[("class", &tone(zone.tone))]);
            let letters = (wide - PADDING) * 100 / (11 * 64);
            let title = some_lines(&zone.title, letters, 1);
            let title = title.first().map_or("", String::as_str);
            self.canvas.text("zone", (begin + PADDING, LANES + 18), "start", title);
            self.canvas.close("g");
        }
    }

    fn boxes(&mut self, bottom: usize) {
        for (position, node) in self.drawing.nodes.iter().enumerate() {
            let middle = self.middle(position);
            let below = BOXES + self.box_height;
            self.canvas.element(
                "line",
                &[
                    ("class", &"life"),
                    ("x1", &middle),
                    ("y1", &below),
                    ("x2", &middle),
                    ("y2", &bottom),
                ],
            );
            self.canvas.open("g", &[("class", &tone(self.drawing.zone_of(node).tone))]);
            let about =
                if node.about.is_empty() { String::new() } else { format!(": {}", node.about) };
            self.canvas.tooltip(&format!("{}{about}", node.name));
            let left = middle - BOX / 2;
            self.canvas.element(
                "rect",
                &[
                    ("class", &"box"),
                    ("x", &left),
                    ("y", &BOXES),
                    ("width", &BOX),
                    ("height", &self.box_height),
                    ("rx", &6),
                ],
            );
            let mut y = BOXES + 6;
            for line in some_lines(&node.name, NAME_LETTERS, 3) {
                y += NAME_LINE;
                self.canvas.text("name", (middle, y - 2), "middle", &line);
            }
            for line in some_lines(&node.about, ABOUT_LETTERS, 3) {
                y += ABOUT_LINE;
                self.canvas.text("soft", (middle, y - 2), "middle", &line);
            }
            self.canvas.close("g");
        }
    }

    fn row(&mut self, row: &Row<'_>, top: usize) {
        let first = row.first();
        let label = label(first.sent());
        let y = top + ROW / 2 + label.len() * LABEL_LINE;
        let source = self.drawing.node(first.from);
        self.canvas.open("g", &[("class", &tone(self.drawing.zone_of(source).tone))]);
        let sentences: Vec<String> =
            row.arrows.iter().map(|arrow| self.drawing.sentence(arrow)).collect();
        self.canvas.tooltip(&sentences.join("; "));
        let class = if first.dashed { "arrow dash" } else { "arrow" };
        let start = self.middle(first.from);
        if first.from == first.to && first.via.is_empty() {
            let path = format!("M{start} {y}h{LOOP}v{STEP}h-{LOOP}");
            self.canvas.element("path", &[("class", &class), ("d", &path)]);
            self.head(start + 1, y + STEP, false);
        } else if first.via.is_empty() {
            self.straight(row, class, start, y);
        } else {
            self.over_others(first, class, y);
        }
        self.canvas.element("circle", &[("class", &"head"), ("cx", &start), ("cy", &y), ("r", &4)]);
        let mut goes_to = row.arrows.iter().map(|arrow| *arrow.via.first().unwrap_or(&arrow.to));
        let rightwards = first.from == first.to || goes_to.any(|to| to > first.from);
        self.label(&label, (start, y), rightwards);
        self.canvas.close("g");
    }

    /// One line from the source to the outermost nodes on both sides.
    fn straight(&mut self, row: &Row<'_>, class: &str, start: usize, y: usize) {
        let ends: Vec<usize> = row.arrows.iter().map(|arrow| self.middle(arrow.to)).collect();
        let left = ends.iter().copied().fold(start, usize::min);
        let right = ends.iter().copied().fold(start, usize::max);
        self.canvas.element("path", &[("class", &class), ("d", &format!("M{left} {y}H{right}"))]);
        for end in ends {
            self.head(end, y, end > start);
        }
    }

    /// A line that goes a step down at each node on the way, with a label behind it where something else goes on.
    fn over_others(&mut self, arrow: &Arrow, class: &str, y: usize) {
        let end = self.middle(arrow.to);
        let mut here = (self.middle(arrow.from), y);
        let mut path = format!("M{} {}", here.0, here.1);
        let mut stops = Vec::new();
        for (stop, (down, label)) in arrow.via.iter().zip(legs_behind(arrow)) {
            let x = self.middle(*stop);
            path.push_str(&format!("H{x}v{down}"));
            stops.push((x, here.1, x > here.0, down, label));
            here = (x, here.1 + down);
        }
        path.push_str(&format!("H{end}"));
        self.canvas.element("path", &[("class", &class), ("d", &path)]);
        let ends = stops.iter().skip(1).map(|(x, ..)| *x).chain([end]).collect::<Vec<_>>();
        for ((x, at, rightwards, down, label), next) in stops.into_iter().zip(ends) {
            self.head(x, at, rightwards);
            let below = at + down;
            self.canvas
                .element("circle", &[("class", &"hop"), ("cx", &x), ("cy", &below), ("r", &3)]);
            self.label(&label, (x, below), next > x);
        }
        self.head(end, here.1, end > here.0);
    }

    /// The head of an arrow that ends at `x`.
    fn head(&mut self, x: usize, y: usize, rightwards: bool) {
        let (tip, back) = if rightwards { (x - 1, x - 9) } else { (x + 1, x + 9) };
        let path = format!("M{tip} {y}L{back} {}V{}z", y - 4, y + 4);
        self.canvas.element("path", &[("class", &"head"), ("d", &path)]);
    }

    /// A label above a line that begins at a place, on the side to which it goes.
    fn label(&mut self, label: &[String], place: (usize, usize), rightwards: bool) {
        let (start, y) = place;
        let lowest = y - ABOVE;
        let count = label.len();
        for (position, line) in label.iter().enumerate() {
            let at = lowest - (count - 1 - position) * LABEL_LINE;
            if rightwards {
                self.right = self.right.max(start + 10 + width(line, 11));
                self.canvas.text("port", (start + 10, at), "start", line);
            } else {
                self.canvas.text("port", (start.max(10) - 10, at), "end", line);
            }
        }
    }

    fn finish(mut self, bottom: usize) -> String {
        let mut height = bottom + PADDING + MARGIN;
        self.canvas.text("title", (MARGIN, 32), "start", &self.drawing.title);
        self.right = self.right.max(MARGIN + width(&self.drawing.title, 16));
        if self.drawing.arrows.iter().any(|arrow| arrow.dashed) {
            let y = height;
            height += MARGIN;
            let legend = "Dashed: not printed in the document (inferred, or a row of your own).";
            self.canvas.text("soft", (MARGIN, y), "start", legend);
            self.right = self.right.max(MARGIN + width(legend, 10));
        }
        let sentences: Vec<String> =
            self.drawing.arrows.iter().map(|arrow| self.drawing.sentence(arrow)).collect();
        let about = sentences.join("; ");
        let size = (self.right + MARGIN, height);
        self.canvas.into_svg("picture", size, &self.drawing.title, &about)
    }
}
