//! What the vendor's communication matrix says, and which connections a deployment needs.
//!
//! Read [`matrix`] first: the document as data. Then [`deployment`]: what the user has. Then [`connection`]: the one
//! seen through the other. [`additions`] are rows of the user's own, on top of a document. The crate knows neither who asks nor a cloud, and does no I/O; equal input gives equal output.

pub mod additions;
pub mod bug;
pub mod connection;
pub mod deployment;
pub mod kind;
pub mod known;
pub mod matrix;
pub mod mistake;
pub mod page;
pub mod path;
pub mod problem;
pub mod question;
