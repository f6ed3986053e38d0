//! CIDRs as users write them.

use std::borrow::Cow;

use cidrs::Cidr;
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

/// A CIDR in canonical text. Anything else is reported, with the mended form where there is one.
pub(crate) fn canonical_cidr(text: &str, at: &At<'_>, reader: &mut Reader) -> Option<Cidr> {
    match Cidr::parse(text) {
        Ok(cidr) => Some(cidr),
        Err(error) => {
            let mut detail = format!("Found {}: {error}.", quoted(text));
            if let Some(mended) = error.mended() {
                detail.push_str(&format!(" Write {}.", quoted(&mended.to_string())));
            }
            reader.problems.add(at, ReadMistake::UnusableCidr, detail);
            None
        }
    }
}
