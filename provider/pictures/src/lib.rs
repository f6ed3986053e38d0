//! Who talks to whom, as a picture: SVG drawn here, a grid, and text for Mermaid and Graphviz.
//!
//! Read [`drawing`] first: what is drawn. Every format is a function from a [`Drawing`] to text; equal drawings give
//! equal bytes. Nothing here knows what the nodes are.

mod dot;
pub mod drawing;
mod grid;
mod ladder;
mod mermaid;
mod rows;
mod summary;
mod svg;
mod wrap;

#[cfg(test)]
mod tests;

pub use dot::dot;
pub use drawing::{Arrow, Drawing, InvalidDrawing, Node, Service, Zone};
pub use grid::grid;
pub use ladder::ladder;
pub use mermaid::mermaid;
pub use summary::{MOST_NODES, summarized};
pub use svg::escaped;
