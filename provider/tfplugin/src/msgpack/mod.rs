//! Values to and from MessagePack, as Terraform writes it.
//!
//! Unknown values are extensions, numbers of any size are text, and a value of dynamic type brings its type along.

mod along;
mod decode;
mod encode;
mod error;
mod number;
mod promises;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use decode::{LARGEST_COUNT, LARGEST_DEPTH, decode};
pub(crate) use decode::{decode_attributes, decode_keeping};
pub use encode::encode;
pub use error::WireError;
pub use writer::Writer;
