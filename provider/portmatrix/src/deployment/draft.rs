//! A deployment as the user wrote it: names are text, nothing is checked, anything may be unknown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::known::Known;

/// A list of names, unknown as a whole or in part.
pub type Names<'a> = Known<Vec<Known<&'a str>>>;

/// What the user wrote, apart from addresses, which are the platforms' matter.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The endpoints by name.
    pub endpoints: Known<BTreeMap<&'a str, Known<EndpointDraft<'a>>>>,
    /// Ids of flows that are not wanted.
    pub exclude_flows: Names<'a>,
    /// Ids of flows that are wanted on purpose, though the document leaves them in doubt.
    pub include_flows: Names<'a>,
    /// Options that keep a flow which an overlay would replace, by name.
    pub keep: Known<BTreeMap<&'a str, Known<bool>>>,
}

/// One endpoint as the user wrote it.
#[derive(Debug, Clone)]
pub struct EndpointDraft<'a> {
    /// Ids of the roles it plays.
    pub roles: Names<'a>,
    /// What it listens on where that is not the documented default, by attribute.
    /// Nothing under a name is as if it were not there, but the name must be one.
    pub ports: Known<BTreeMap<&'a str, Option<Known<Setting<'a>>>>>,
    /// Names of the endpoints it talks to, by role id, where that is not every endpoint of that role.
    /// Nothing under a role bounds nothing, but the role must be one.
    pub talks_to: Known<BTreeMap<&'a str, Option<Names<'a>>>>,
    /// What it does with the traffic of others, where it is no end of any: it then has no roles, and its `ports` are where
    /// it listens by where what is behind it does.
    pub forwards: Option<Forwarding<'a>>,
}

/// What an endpoint without roles does with the traffic of others.
#[derive(Debug, Clone)]
pub struct Forwarding<'a> {
    /// Names of the endpoints behind it.
    pub to: Names<'a>,
    /// Ids of the roles whose traffic comes this way, where that is not all.
    pub from_roles: Option<Names<'a>>,
    /// Whether who is behind it sees it instead of who asked.
    pub hides_source: Known<bool>,
    /// Whether who asks addresses it instead of who is behind it.
    pub hides_destination: Known<bool>,
}

/// The value of one attribute of `ports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting<'a> {
    /// A number, in decimal notation.
    Number(Cow<'a, str>),
    /// Text.
    Text(&'a str),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Known<Setting<'a>>>),
    /// Settings by role id, for an endpoint that plays several which share the attribute.
    /// Nothing under a role is as if it were not there, but the role must be one.
    ByRole(BTreeMap<&'a str, Option<Known<Setting<'a>>>>),
    /// Something that no attribute of `ports` can be, named: `an object`.
    Other(&'static str),
}
