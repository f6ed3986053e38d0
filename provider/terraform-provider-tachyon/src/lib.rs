//! The Terraform provider for 1E Tachyon: its communication matrix expanded into firewall rules.
//!
//! Read [`provider`] first: the list of what is offered. Then [`query`]: the questions, one file each; [`input`]: how
//! a deployment is read; [`platform`]: the clouds, one module each; [`reader`]: how single values are read.

#[cfg(test)]
#[macro_use]
mod literal;

#[cfg(test)]
mod answer;

pub mod input;
pub mod leaf;
pub mod output;
#[cfg(test)]
mod pages;
pub mod platform;
pub mod provider;
pub mod query;
pub mod reader;
#[cfg(test)]
mod tidy;

pub use portmatrix::bug;
pub use provider::provider;
