//! MessagePack, one marker at a time; nothing is copied, and nothing is believed before it is there.

use rmp::Marker;

use super::error::WireError;

/// Bytes that are being read. Running out of them is an error, never a panic.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The next marker, which stays unread.
    pub(super) fn peek(&self) -> Result<Marker, WireError> {
        self.bytes.get(self.position).copied().map(Marker::from_u8).ok_or_else(ended)
    }

    pub(super) fn marker(&mut self) -> Result<Marker, WireError> {
        let marker = self.peek()?;
        self.position += 1;
        Ok(marker)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let rest = self.bytes.get(self.position..).ok_or_else(ended)?;
        let taken = rest.get(..length).ok_or_else(ended)?;
        self.position += length;
        Ok(taken)
    }

    /// The next bytes as a big-endian whole number, for the caller to convert.
    pub(super) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], WireError> {
        self.take(LENGTH)?.try_into().map_err(|_| ended())
    }

    /// A length in one, two or four bytes.
    fn length<const WIDTH: usize>(&mut self) -> Result<usize, WireError> {
        Ok(self
            .array::<WIDTH>()?
            .into_iter()
            .fold(0, |length, byte| length << 8 | usize::from(byte)))
    }

    /// The length of an array, if the marker begins one.
    pub(super) fn array_length(&mut self, marker: Marker) -> Result<Option<usize>, WireError> {
        Ok(Some(match marker {
            Marker::FixArray(length) => usize::from(length),
            Marker::Array16 => self.length::<2>()?,
            Marker::Array32 => self.length::<4>()?,
            _ => return Ok(None),
        }))
    }

    /// The length of a map, if the marker begins one.
    pub(super) fn map_length(&mut self, marker: Marker) -> Result<Option<usize>, WireError> {
        Ok(Some(match marker {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => self.length::<2>()?,
            Marker::Map32 => self.length::<4>()?,
            _ => return Ok(None),
        }))
    }

    /// The text, if the marker begins one.
    pub(super) fn str(&mut self, marker: Marker) -> Result<Option<&'a str>, WireError> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 => self.length::<1>()?,
            Marker::Str16 => self.length::<2>()?,
            Marker::Str32 => self.length::<4>()?,
            _ => return Ok(None),
        };
        let text = std::str::from_utf8(self.take(length)?);
        text.map(Some).map_err(|_| WireError::new("found text that is not UTF-8"))
    }

    /// The bytes, if the marker begins some.
    pub(super) fn bin(&mut self, marker: Marker) -> Result<Option<&'a [u8]>, WireError> {
        let length = match marker {
            Marker::Bin8 => self.length::<1>()?,
            Marker::Bin16 => self.length::<2>()?,
            Marker::Bin32 => self.length::<4>()?,
            _ => return Ok(None),
        };
        self.take(length).map(Some)
    }

    /// The type that stands beside a dynamic value, in JSON.
    pub(super) fn json(&mut self) -> Result<&'a [u8], WireError> {
        let marker = self.marker()?;
        if let Some(json) = self.bin(marker)? {
            return Ok(json);
        }
        let text = self.str(marker)?;
        text.map(str::as_bytes).ok_or_else(|| WireError::mismatch("a type", kind(marker)))
    }

    /// The code and the body of an extension, if the marker begins one.
    pub(super) fn extension(
        &mut self,
        marker: Marker,
    ) -> Result<Option<(i8, &'a [u8])>, WireError> {
        let length = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.length::<1>()?,
            Marker::Ext16 => self.length::<2>()?,
            Marker::Ext32 => self.length::<4>()?,
            _ => return Ok(None),
        };
        let [code] = self.array()?;
        Ok(Some((i8::from_be_bytes([code]), self.take(length)?)))
    }
}

fn ended() -> WireError {
    WireError::new("the message ends in the middle of a value")
}

/// What a marker begins, for a message.
pub(super) fn kind(marker: Marker) -> &'static str {
    match marker {
        Marker::Null => "null",
        Marker::True | Marker::False => "a boolean",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "a string",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "an array",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        Marker::FixExt1
        | Marker::FixExt2
        | Marker::FixExt4
        | Marker::FixExt8
        | Marker::FixExt16
        | Marker::Ext8
        | Marker::Ext16
        | Marker::Ext32 => "an unknown value",
        Marker::Reserved => "a byte that MessagePack has no meaning for",
        _ => "a number",
    }
}
