//! The Terraform provider for 1E Tachyon: its communication matrix expanded into firewall rules.
//!
//! Read [`provider`] first: the list of what is offered. Then [`query`]: the questions, one file each; [`input`]: how
//! a deployment is read; [`platform`]: the clouds, one module each.

pub mod input;
pub mod leaf;
pub mod output;
#[cfg(test)]
mod pages;
pub mod platform;
pub mod provider;
pub mod query;
#[cfg(test)]
mod tidy;

pub use provider::provider;
