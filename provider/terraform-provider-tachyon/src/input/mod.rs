//! The user's deployment, read strictly: every name and type is checked, every mistake is reported with its place.
//!
//! Terraform drops attribute names that an object type does not have. So a deployment arrives as a value of dynamic
//! type, and is read here.

mod deployment;
mod endpoint;
mod mistake;
mod read;

pub(crate) use deployment::known_matrix;
pub use deployment::{Input, Reading, Source};
pub(crate) use endpoint::canonical_cidr;
pub use endpoint::{Addresses, Block};
pub use mistake::ReadMistake;
pub(crate) use read::{Given, Reader, attribute};
