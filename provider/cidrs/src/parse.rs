//! Text to blocks: a fast path that takes canonical text only, and a slow one that says what is wrong with the rest.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::display::Text;
use crate::{Cidr, CidrError, Prefix, V4, V6};

pub(crate) fn parse(text: &str) -> Result<Cidr, CidrError> {
    if let Some(prefix) = canonical_ipv4(text) {
        return Ok(Cidr::V4(prefix));
    }
    canonical_ipv6(text).map(Cidr::V6).ok_or_else(|| diagnose(text))
}

fn canonical_ipv4(text: &str) -> Option<V4> {
    let mut rest = text.as_bytes();
    let mut address = 0;
    for end in *b".../" {
        let octet;
        (octet, rest) = leading_number(rest)?;
        rest = rest.split_first().filter(|&(&byte, _)| byte == end)?.1;
        address = address << 8 | u32::from(octet);
    }
    Prefix::new(address, whole_number(rest)?)
}

/// There are many ways to miss the one canonical spelling of an IPv6 address. So the address is read leniently, and
/// the text compared with what it should have been.
fn canonical_ipv6(text: &str) -> Option<V6> {
    let slash = text.bytes().rposition(|byte| byte == b'/')?;
    let (address, length) = text.split_at_checked(slash)?;
    let address =
        groups(address.as_bytes()).or_else(|| address.parse().ok().map(Ipv6Addr::to_bits))?;
    let prefix = Prefix::new(address, whole_number(length.as_bytes().get(1..)?)?)?;
    (Text::of(prefix).as_bytes() == text.as_bytes()).then_some(prefix)
}

/// What groups in lower case stand for if they are canonical, and anything if they are not.
fn groups(text: &[u8]) -> Option<u128> {
    let (head, tail) = match text.windows(2).position(|pair| pair == b"::") {
        Some(zeros) => (text.get(..zeros)?, text.get(zeros + 2..)?),
        None => (text, [].as_slice()),
    };
    let (head, head_bits) = packed(head)?;
    // Nothing before the zeros is nothing to shift, and as far as the processor knows it cannot be done.
    Some(head.checked_shl(u128::BITS.checked_sub(head_bits)?).unwrap_or_default() | packed(tail)?.0)
}

/// Groups side by side at the lower end, and how many bits they have.
fn packed(text: &[u8]) -> Option<(u128, u32)> {
    if text.is_empty() {
        return Some((0, 0));
    }
    let (mut address, mut bits, mut group) = (0, u16::BITS, 0_u16);
    for &byte in text {
        match byte {
            b'0'..=b'9' => group = group << 4 | u16::from(byte - b'0'),
            b'a'..=b'f' => group = group << 4 | u16::from(byte - b'a' + 10),
            b':' if bits < u128::BITS => {
                address = (address | u128::from(group)) << u16::BITS;
                bits += u16::BITS;
                group = 0;
            }
            _ => return None,
        }
    }
    Some((address | u128::from(group), bits))
}

/// Reads a number up to 255 without leading zeros, and returns what follows it.
fn leading_number(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (number, rest) = match *bytes {
        [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', ref rest @ ..] => {
            (u16::from(a - b'0') * 100 + u16::from((b - b'0') * 10 + (c - b'0')), rest)
        }
        [a @ b'1'..=b'9', b @ b'0'..=b'9', ref rest @ ..] => {
            (u16::from((a - b'0') * 10 + (b - b'0')), rest)
        }
        [a @ b'0'..=b'9', ref rest @ ..] => (u16::from(a - b'0'), rest),
        _ => return None,
    };
    Some((u8::try_from(number).ok()?, rest))
}

fn whole_number(bytes: &[u8]) -> Option<u8> {
    leading_number(bytes).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

/// Says why text is not canonical, and what would be.
fn diagnose(text: &str) -> CidrError {
    let text = text.trim();
    let (address, length) = text.split_once('/').unwrap_or((text, ""));
    let Ok(address) = address.parse::<IpAddr>() else { return CidrError::Malformed };
    let most: u8 = if address.is_ipv4() { 32 } else { 128 };
    if length.is_empty() {
        return CidrError::MissingLength { canonical: Cidr::holding(address, most) };
    }
    let Some(length) = any_number(length).or_else(|| netmask(length).filter(|_| address.is_ipv4()))
    else {
        return CidrError::Malformed;
    };
    let Some(fitting) = u8::try_from(length).ok().filter(|&length| length <= most) else {
        return CidrError::Length { found: length, most };
    };
    let canonical = Cidr::holding(address, fitting);
    if canonical.first() == address {
        CidrError::Spelling { canonical }
    } else {
        CidrError::HostBits { canonical }
    }
}

/// Reads decimal digits and nothing else: no sign, which the standard library would take.
fn any_number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The length that a mask such as `255.255.255.0` stands for.
fn netmask(text: &str) -> Option<u64> {
    let mask = text.parse::<Ipv4Addr>().ok()?.to_bits();
    (mask.leading_ones() == mask.count_ones()).then(|| mask.leading_ones().into())
}
