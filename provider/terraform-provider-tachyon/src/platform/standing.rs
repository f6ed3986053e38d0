//! What stands for an endpoint in the rules of its peers, whatever the cloud.

use std::borrow::Cow;

use portmatrix::known::Known;

use crate::reader::Block;

/// What stands for an endpoint on one platform: the first kind of address that it has there.
#[derive(Debug)]
pub enum Standing<'a> {
    /// Groups, lists or a tag.
    Names(Vec<Known<Name<'a>>>),
    /// CIDRs.
    Cidrs(&'a [Block<'a>]),
    /// What it is depends on something unknown.
    Unknown,
    /// It has no address there.
    Nothing,
}

/// A name of something in the cloud that has members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'a> {
    /// The same for every spelling.
    pub identity: Cow<'a, str>,
    /// As the user wrote it.
    pub text: &'a str,
}
