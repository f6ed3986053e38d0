//! What the vendor's communication matrix says, and which connections a deployment needs.
//!
//! Read [`matrix`] first, then `deployment`, then `connection`.

pub mod matrix;
pub mod page;
