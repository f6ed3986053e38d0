//! What the provider answers: each question once, offered as a function, as a data source, or as both.

pub(crate) mod arguments;
pub mod audit;
pub mod cidrs;
pub mod compare;
pub mod connections;
pub mod deployment;
pub mod diagram;
pub mod explain;
pub mod failure;
pub mod flow;
mod format;
mod lanes;
pub mod lint;
pub mod matrix;
pub mod mistake;
pub mod report;
pub mod role;
pub mod rules;

pub use mistake::QueryMistake;
