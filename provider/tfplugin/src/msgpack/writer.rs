//! Appending MessagePack to bytes.

use rmp::Marker;

use super::promises;
use crate::number::Number;
use crate::refinement::Refinement;

/// Writes values one after the other; who calls it sees to it that a map or an array gets as many elements as it said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// One that has written nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that has written nothing and has room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity) }
    }

    /// Makes room for `more` bytes.
    pub fn reserve(&mut self, more: usize) {
        self.bytes.reserve(more);
    }

    /// Everything written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Starts a map or an object; `length` times a key by [`Writer::str`] and a value must follow.
    pub fn map(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short @ 0..=15) => self.marker(Marker::FixMap(short)),
            _ => self.length(length, None, Marker::Map16, Marker::Map32),
        }
    }

    /// Starts a list, a set or a tuple; `length` values must follow.
    pub fn array(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short @ 0..=15) => self.marker(Marker::FixArray(short)),
            _ => self.length(length, None, Marker::Array16, Marker::Array32),
        }
    }

    /// A string, or the key of a map.
    pub fn str(&mut self, text: &str) {
        match u8::try_from(text.len()) {
            Ok(short @ 0..=31) => self.marker(Marker::FixStr(short)),
            _ => self.length(text.len(), Some(Marker::Str8), Marker::Str16, Marker::Str32),
        }
        self.append(text.as_bytes());
    }

    /// Bytes: only the type beside a dynamic value is such.
    pub fn bin(&mut self, bytes: &[u8]) {
        self.length(bytes.len(), Some(Marker::Bin8), Marker::Bin16, Marker::Bin32);
        self.append(bytes);
    }

    /// Null.
    pub fn nil(&mut self) {
        self.marker(Marker::Null);
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.marker(if value { Marker::True } else { Marker::False });
    }

    /// A whole number that is not negative.
    pub fn u64(&mut self, value: u64) {
        if let Ok(short @ 0..=0x7f) = u8::try_from(value) {
            self.marker(Marker::FixPos(short));
        } else if let Ok(short) = u8::try_from(value) {
            self.marker(Marker::U8);
            self.append(&[short]);
        } else if let Ok(short) = u16::try_from(value) {
            self.marker(Marker::U16);
            self.append(&short.to_be_bytes());
        } else if let Ok(short) = u32::try_from(value) {
            self.marker(Marker::U32);
            self.append(&short.to_be_bytes());
        } else {
            self.marker(Marker::U64);
            self.append(&value.to_be_bytes());
        }
    }

    /// A whole number.
    pub fn i64(&mut self, value: i64) {
        if let Ok(positive) = u64::try_from(value) {
            self.u64(positive);
        } else if let Ok(short @ -32..=-1) = i8::try_from(value) {
            self.marker(Marker::FixNeg(short));
        } else if let Ok(short) = i8::try_from(value) {
            self.marker(Marker::I8);
            self.append(&short.to_be_bytes());
        } else if let Ok(short) = i16::try_from(value) {
            self.marker(Marker::I16);
            self.append(&short.to_be_bytes());
        } else if let Ok(short) = i32::try_from(value) {
            self.marker(Marker::I32);
            self.append(&short.to_be_bytes());
        } else {
            self.marker(Marker::I64);
            self.append(&value.to_be_bytes());
        }
    }

    /// A float; NaN, which Terraform has no value for and would crash on, becomes null.
    pub fn f64(&mut self, value: f64) {
        if value.is_nan() {
            return self.nil();
        }
        self.marker(Marker::F64);
        self.append(&value.to_be_bytes());
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
        self.append(&[Marker::FixExt1.to_u8(), 0, 0]);
    }

    /// A value that only apply will know, but that will not be null.
    pub fn unknown_not_null(&mut self) {
        self.unknown_with(&Refinement::not_null());
    }

    /// A value that only apply will know, and what is promised of it.
    pub fn unknown_with(&mut self, refinement: &Refinement) {
        let body = promises::write(refinement);
        match u8::try_from(body.len()) {
            _ if refinement.is_none() => return self.unknown(),
            Ok(1) => self.marker(Marker::FixExt1),
            Ok(2) => self.marker(Marker::FixExt2),
            Ok(4) => self.marker(Marker::FixExt4),
            Ok(8) => self.marker(Marker::FixExt8),
            Ok(16) => self.marker(Marker::FixExt16),
            _ => self.length(body.len(), Some(Marker::Ext8), Marker::Ext16, Marker::Ext32),
        }
        self.append(&promises::EXTENSION.to_be_bytes());
        self.append(&body);
    }

    /// Bytes that are MessagePack already.
    pub fn append(&mut self, encoded: &[u8]) {
        self.bytes.extend_from_slice(encoded);
    }

    fn marker(&mut self, marker: Marker) {
        self.bytes.push(marker.to_u8());
    }

    /// A marker with the length that follows it, in the fewest bytes that there is a marker for.
    fn length(
        &mut self,
        length: usize,
        byte: Option<Marker>,
        two_bytes: Marker,
        four_bytes: Marker,
    ) {
        match (byte, u8::try_from(length), u16::try_from(length)) {
            (Some(marker), Ok(short), _) => {
                self.marker(marker);
                self.append(&[short]);
            }
            (_, _, Ok(short)) => {
                self.marker(two_bytes);
                self.append(&short.to_be_bytes());
            }
            _ => {
                self.marker(four_bytes);
                // Over 4 GiB no message could carry it anyway: the server refuses at 256 MiB.
                self.append(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
            }
        }
    }
}
