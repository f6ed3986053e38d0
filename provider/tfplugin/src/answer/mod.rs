//! Answers to what Terraform asks, on bytes and plain data; gRPC is a matter of [`crate::server`].

mod data_source;
mod encoded;
mod function;

#[cfg(test)]
mod tests;

pub(crate) use data_source::{read, validate};
pub(crate) use encoded::Encoded;
pub(crate) use function::{call, check_count};
