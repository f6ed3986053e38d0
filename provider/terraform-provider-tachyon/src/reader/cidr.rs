//! CIDRs as users write them.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use cidrs::{Cidr, CidrError};
use portmatrix::path::{At, quoted};

use super::{ReadMistake, Reader};

/// A network: what is computed with, and its text, which every rule for it says again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block<'a> {
    /// The block of addresses.
    pub cidr: Cidr,
    /// The same in canonical text.
    pub text: Cow<'a, str>,
}

impl From<Cidr> for Block<'_> {
    fn from(cidr: Cidr) -> Self {
        Self { cidr, text: Cow::Owned(cidr.to_string()) }
    }
}

impl<'a> Block<'a> {
    /// The network that `text` names, in canonical text.
    pub(crate) fn read(text: &'a str, at: &At<'_>, reader: &mut Reader) -> Option<Self> {
        match Cidr::parse(text) {
            // Nearly always the user wrote the canonical text, and then nothing is allocated.
            Ok(cidr) => Some(Self { cidr, text: Cow::Borrowed(text) }),
            Err(error) => other_spelling(text, &error, at, reader).map(Self::from),
        }
    }
}

/// A CIDR without host bits; IPv6 in any spelling. Anything else is reported, with the corrected form where there is one.
pub(crate) fn canonical_cidr(text: &str, at: &At<'_>, reader: &mut Reader) -> Option<Cidr> {
    Cidr::parse(text).map_or_else(|error| other_spelling(text, &error, at, reader), Some)
}

/// The CIDR that text without a canonical form means, if that is IPv6 in upper case or longer than it need be: vendors'
/// lists have such, and there is nothing to get wrong about it. Else the error is reported.
fn other_spelling(text: &str, error: &CidrError, at: &At<'_>, reader: &mut Reader) -> Option<Cidr> {
    if let CidrError::Spelling { canonical } = error
        && let Some((address, length)) = text.split_once('/')
        && address.parse::<Ipv6Addr>().is_ok()
        && length == canonical.length().to_string()
    {
        return Some(*canonical);
    }
    let mut detail = format!("Found {}: {error}.", quoted(text));
    if let Some(mended) = error.mended() {
        detail.push_str(&format!(" Write {}.", quoted(&mended.to_string())));
    }
    reader.problems.add(at, ReadMistake::UnusableCidr, detail);
    None
}
