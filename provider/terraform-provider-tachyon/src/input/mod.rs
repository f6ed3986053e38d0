//! The user's deployment, read strictly: every name and type is checked, every mistake is reported with its place.
//!
//! Terraform drops attribute names that an object type does not have. So a deployment arrives as a value of dynamic
//! type, and is read here.

mod additions;
mod deployment;
mod endpoint;
mod matrix;

pub use deployment::{Parsed, Parts};
pub(crate) use matrix::MatrixParts;
