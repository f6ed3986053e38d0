//! Appending MessagePack to bytes.

use rmp::encode::{self, ByteBuf};

use super::promises;
use crate::number::Number;
use crate::refinement::Refinement;

/// Writes values one after the other, each in the fewest bytes; who calls it sees to it that a map or an array gets as many
/// elements as it said. Writing to memory can't fail, and the type of the errors has no value: hence every `let Ok(_)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writer {
    bytes: ByteBuf,
}

impl Writer {
    /// One that has written nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that has written nothing and has room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: ByteBuf::with_capacity(capacity) }
    }

    /// Makes room for `more` bytes.
    pub fn reserve(&mut self, more: usize) {
        self.bytes.as_mut_vec().reserve(more);
    }

    /// Everything written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_vec()
    }

    /// Starts a map or an object; `length` times a key by [`Writer::str`] and a value must follow.
    pub fn map(&mut self, length: usize) {
        let Ok(_) = encode::write_map_len(&mut self.bytes, as_sent(length));
    }

    /// Starts a list, a set or a tuple; `length` values must follow.
    pub fn array(&mut self, length: usize) {
        let Ok(_) = encode::write_array_len(&mut self.bytes, as_sent(length));
    }

    /// A string, or the key of a map.
    pub fn str(&mut self, text: &str) {
        let Ok(()) = encode::write_str(&mut self.bytes, text);
    }

    /// Bytes: only the type beside a dynamic value is such.
    pub fn bin(&mut self, bytes: &[u8]) {
        let Ok(()) = encode::write_bin(&mut self.bytes, bytes);
    }

    /// Null.
    pub fn nil(&mut self) {
        let Ok(()) = encode::write_nil(&mut self.bytes);
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        let Ok(()) = encode::write_bool(&mut self.bytes, value);
    }

    /// A whole number that is not negative.
    pub fn u64(&mut self, value: u64) {
        let Ok(_) = encode::write_uint(&mut self.bytes, value);
    }

    /// A whole number.
    pub fn i64(&mut self, value: i64) {
        let Ok(_) = encode::write_sint(&mut self.bytes, value);
    }

    /// A float; NaN, which Terraform has no value for and would crash on, becomes null.
    pub fn f64(&mut self, value: f64) {
        if value.is_nan() {
            return self.nil();
        }
        let Ok(()) = encode::write_f64(&mut self.bytes, value);
    }

    /// A number, exact.
    pub fn number(&mut self, number: &Number) {
        match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => self.i64(integer),
            (None, Some(integer)) => self.u64(integer),
            (None, None) => self.str(&number.to_string()),
        }
    }

    /// A value that only apply will know.
    pub fn unknown(&mut self) {
        self.append(&promises::UNKNOWN);
    }

    /// A value that only apply will know, but that will not be null.
    pub fn unknown_not_null(&mut self) {
        self.append(&promises::UNKNOWN_NOT_NULL);
    }

    /// A value that only apply will know, and what is promised of it.
    pub fn unknown_with(&mut self, refinement: &Refinement) {
        if refinement.is_none() {
            return self.unknown();
        }
        let body = promises::write(refinement);
        let Ok(_) =
            encode::write_ext_meta(&mut self.bytes, as_sent(body.len()), promises::EXTENSION);
        self.append(&body);
    }

    /// Bytes that are MessagePack already.
    pub fn append(&mut self, encoded: &[u8]) {
        self.bytes.as_mut_vec().extend_from_slice(encoded);
    }
}

/// A length as MessagePack has it. Over 4 GiB no message could carry it anyway: the server refuses at 256 MiB.
fn as_sent(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
