//! A table of sources and destinations with the services in its cells: what stays readable where arrows do not.

use std::collections::{BTreeMap, BTreeSet};

use crate::drawing::{Drawing, Node, Service};
use crate::svg::{Canvas, tone};
use crate::wrap::{some_lines, width};

/// Around everything, in pixels as all that follows.
const MARGIN: usize = 24;
/// A line of a cell, and its font.
const LINE: usize = 14;
const FONT: usize = 11;
/// Free space in a cell.
const PADDING: usize = 6;
/// Letters of a name; longer ones are cut, and whole beside the pointer.
const LETTERS: usize = 32;
/// Where the table begins, below the title.
const TOP: usize = 44;

/// A line of a cell, and whether it is not printed in the document.
type Line = (String, bool);

/// The drawing as a table in SVG: a row for each source, a column for each destination.
pub fn grid(drawing: &Drawing) -> String {
    Table::of(drawing).paint()
}

struct Table<'d> {
    drawing: &'d Drawing,
    rows: Vec<usize>,
    columns: Vec<usize>,
    cells: BTreeMap<(usize, usize), Vec<Line>>,
}

impl<'d> Table<'d> {
    fn of(drawing: &'d Drawing) -> Self {
        let rows: BTreeSet<usize> = drawing.arrows.iter().map(|arrow| arrow.from).collect();
        let columns: BTreeSet<usize> = drawing.arrows.iter().map(|arrow| arrow.to).collect();
        let mut cells: BTreeMap<(usize, usize), Vec<Line>> = BTreeMap::new();
        for arrow in &drawing.arrows {
            let lines = cells.entry((arrow.from, arrow.to)).or_default();
            let mut last: &[Service] = &[];
            for (hop, services) in arrow.by_leg() {
                let via = hop.map(|hop| format!("via {}", drawing.node(hop).name));
                let then = if via.is_some() { "then " } else { "" };
                lines.extend(via.map(|via| (via, arrow.dashed)));
                if std::mem::replace(&mut last, services) != services {
                    let services = services.iter().map(|service| format!("{then}{service}"));
                    lines.extend(services.map(|service| (service, arrow.dashed)));
                }
            }
        }
        Self {
            drawing,
            rows: rows.into_iter().collect(),
            columns: columns.into_iter().collect(),
            cells,
        }
    }

    fn cell(&self, row: usize, column: usize) -> &[Line] {
        self.cells.get(&(row, column)).map_or(&[], Vec::as_slice)
    }

    fn paint(&self) -> String {
        let name = |node: usize| shown(self.drawing.node(node));
        let widest = |texts: &mut dyn Iterator<Item = String>, font| {
            texts.map(|text| width(&text, font)).max().unwrap_or(0)
        };
        // Names are bold, and so a little wider than other text.
        let side = widest(&mut self.rows.iter().map(|row| name(*row)), 13) + 2 * PADDING;
        // Names of columns are slanted: they take 0.71 of their width upwards, and as much to the right.
        let slanted = widest(&mut self.columns.iter().map(|column| name(*column)), 12) * 71 / 100;
        let head = TOP + slanted + 2 * PADDING;
        let left = MARGIN + side;
        let mut canvas = Canvas::new();
        canvas.text("title", (MARGIN, 32), "start", &self.drawing.title);
        let mut x = left;
        let mut edges = vec![x];
        for column in &self.columns {
            let texts = self.rows.iter().flat_map(|row| self.cell(*row, *column));
            let wide = texts.map(|(text, _)| width(text, FONT)).max().unwrap_or(0) + 2 * PADDING;
            canvas.open("g", &[("class", &self.tone(*column))]);
            canvas.tooltip(&about(self.drawing.node(*column)));
            canvas.slanted("zone", (x + wide / 2, head - PADDING), -45, &name(*column));
            canvas.close("g");
            x += wide;
            edges.push(x);
        }
        let mut y = head;
        for row in &self.rows {
            let lines = self.columns.iter().map(|column| self.cell(*row, *column).len()).max();
            let high = lines.unwrap_or(0).max(1) * LINE + 2 * PADDING;
            canvas.open("g", &[("class", &self.tone(*row))]);
            canvas.tooltip(&about(self.drawing.node(*row)));
            canvas.text("zone", (left - PADDING, y + high / 2 + 4), "end", &name(*row));
            canvas.close("g");
            self.cells_of(*row, &edges, (y, high), &mut canvas);
            y += high;
        }
        let mut sentences = Vec::new();
        for arrow in &self.drawing.arrows {
            sentences.push(self.drawing.sentence(arrow));
        }
        if self.drawing.arrows.iter().any(|arrow| arrow.dashed) {
            y += MARGIN;
            let legend = "* not printed in the document: inferred, or a row of your own";
            canvas.text("soft", (MARGIN, y), "start", legend);
        }
        let wide = (x + slanted).max(MARGIN + width(&self.drawing.title, 16)).max(MARGIN + 372);
        canvas.into_svg(
            "grid",
            (wide + MARGIN, y + MARGIN),
            &self.drawing.title,
            &sentences.join("; "),
        )
    }

    fn cells_of(&self, row: usize, edges: &[usize], place: (usize, usize), canvas: &mut Canvas) {
        let (y, high) = place;
        let sides = edges.iter().zip(edges.iter().skip(1));
        for (column, (&from, &to)) in self.columns.iter().zip(sides) {
            let lines = self.cell(row, *column);
            let class = if lines.is_empty() {
                "cell".to_owned()
            } else {
                format!("cell filled {}", self.tone(row))
            };
            canvas.open("g", &[]);
            if !lines.is_empty() {
                let names = [row, *column].map(|node| self.drawing.node(node).name.as_str());
                canvas.tooltip(&names.join(" to "));
            }
            canvas.element(
                "rect",
                &[
                    ("class", &class),
                    ("x", &from),
                    ("y", &y),
                    ("width", &(to - from)),
                    ("height", &high),
                ],
            );
            for (position, (text, dashed)) in lines.iter().enumerate() {
                let at = (from + PADDING, y + PADDING + (position + 1) * LINE - 3);
                let mark = if *dashed { "*" } else { "" };
                canvas.text("port", at, "start", &format!("{text}{mark}"));
            }
            canvas.close("g");
        }
    }

    fn tone(&self, node: usize) -> String {
        tone(self.drawing.zone_of(self.drawing.node(node)).tone)
    }
}

fn shown(node: &Node) -> String {
    some_lines(&node.name, LETTERS, 1).into_iter().next().unwrap_or_default()
}

fn about(node: &Node) -> String {
    if node.about.is_empty() { node.name.clone() } else { format!("{}: {}", node.name, node.about) }
}
