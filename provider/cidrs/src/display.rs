//! Canonical text: dotted IPv4, RFC 5952 IPv6 (with IPv4-mapped addresses dotted, as its section 5 asks).

use std::fmt;
use std::fmt::{Display, Formatter};

use crate::{Address, Cidr, Prefix};

/// The longest text, eight groups of four digits, seven colons, and `/128`; and a byte more, as digits are written by
/// fours.
const ROOM: usize = 8 * 4 + 7 + 4 + 1;
/// The upper 96 bits of IPv4-mapped addresses, `::ffff:0:0/96` (RFC 4291, 2.5.5.2).
const IPV4_MAPPED: u128 = 0xffff;

/// The canonical text of one block, built in place so that writing and comparing allocate nothing.
pub struct Text {
    bytes: [u8; ROOM],
    length: usize,
}

impl Text {
    pub(crate) fn of<A: Address>(prefix: Prefix<A>) -> Text {
        let mut text = Text { bytes: [0; ROOM], length: 0 };
        prefix.address().write_to(&mut text);
        text.push(b'/');
        text.push_decimal(prefix.length());
        text
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.pad(str::from_utf8(self.as_bytes()).map_err(|_| fmt::Error)?)
    }

    pub(crate) fn push_ipv4(&mut self, address: u32) {
        let [first, rest @ ..] = address.to_be_bytes();
        self.push_decimal(first);
        for octet in rest {
            self.push(b'.');
            self.push_decimal(octet);
        }
    }

    pub(crate) fn push_ipv6(&mut self, address: u128) {
        if address >> 32 == IPV4_MAPPED {
            self.push_all(b"::ffff:");
            #[expect(clippy::cast_possible_truncation, reason = "what lies above was looked at")]
            return self.push_ipv4(address as u32);
        }
        let (zeros_start, zeros_end) = longest_zeros(address);
        for index in (0..zeros_start).chain(zeros_end..8) {
            if index == zeros_end && zeros_end > 0 {
                self.push_all(b"::");
            } else if index > 0 {
                self.push(b':');
            }
            self.push_hexadecimal(group(address, index));
        }
        if zeros_end == 8 {
            self.push_all(b"::");
        }
    }

    fn push_decimal(&mut self, number: u8) {
        let digits = [number / 100, number / 10 % 10, number % 10].map(|digit| b'0' + digit);
        let leading_zeros = u32::from(number < 100) + u32::from(number < 10);
        let [hundreds, tens, ones] = digits;
        self.push_digits([hundreds, tens, ones, 0], leading_zeros, 3);
    }

    fn push_hexadecimal(&mut self, number: u16) {
        let digits = [number >> 12, number >> 8 & 0xf, number >> 4 & 0xf, number & 0xf];
        #[expect(clippy::cast_possible_truncation, reason = "a digit is four bits")]
        let digits = digits.map(|digit| digit as u8 + if digit < 10 { b'0' } else { b'a' - 10 });
        self.push_digits(digits, (number | 1).leading_zeros() / 4, 4);
    }

    /// Appends the first `width` digits without the leading zeros; how many those are is too random to branch on.
    fn push_digits(&mut self, digits: [u8; 4], leading_zeros: u32, width: usize) {
        let kept = u32::from_be_bytes(digits) << (leading_zeros * 8);
        if let Some(room) = self.bytes.get_mut(self.length..).and_then(<[u8]>::first_chunk_mut) {
            *room = kept.to_be_bytes();
            self.length += width - leading_zeros as usize;
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
            self.length += 1;
        }
    }

    fn push_all(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.push(byte);
        }
    }
}

/// One of the eight groups of 16 bits, from the left.
#[expect(clippy::cast_possible_truncation, reason = "a group is 16 of the 128 bits")]
fn group(address: u128, index: u32) -> u16 {
    (address >> (112 - index * 16)) as u16
}

/// From where to where the longest run of at least two zero groups goes, the first of equal ones; `(0, 0)` if there
/// is none.
fn longest_zeros(address: u128) -> (u32, u32) {
    let mut longest = (0, 0);
    let mut start = 0;
    for index in 0..8 {
        if group(address, index) != 0 {
            start = index + 1;
        } else if index + 1 - start > (longest.1 - longest.0).max(1) {
            longest = (start, index + 1);
        }
    }
    longest
}

impl Display for Cidr {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Cidr::V4(prefix) => prefix.fmt(formatter),
            Cidr::V6(prefix) => prefix.fmt(formatter),
        }
    }
}

impl<A: Address> Display for Prefix<A> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        Text::of(*self).fmt(formatter)
    }
}
