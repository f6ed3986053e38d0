//! How an endpoint is reached on AWS: by a security group, by prefix lists, or by its CIDRs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cidrs::{Cidr, Family};
use portmatrix::bug::bug;
use portmatrix::deployment::{LONGEST_NAME, is_name};
use portmatrix::known::Known;
use portmatrix::path::{At, Path, Step, quoted};
use tfplugin::Value;

use crate::platform::aws::AwsMistake;
use crate::platform::standing::{Name, Standing};
use crate::platform::{Addresses, Id, Reach, ReadAddress};
use crate::reader::{Block, Given, Reader, attribute};

/// The most entries a prefix list has.
/// Source: Amazon VPC quotas, "Entries per prefix list" with "Rules per security group" at its largest.
pub(super) const MOST_ENTRIES: u32 = 1000;

/// The most groups an interface has, with the quota raised as far as it goes.
/// Source: Amazon VPC quotas, "Security groups per network interface".
pub(super) const MOST_GROUPS: u32 = 16;

/// How ids begin.
const SECURITY_GROUP: &str = "sg";
const PREFIX_LIST: &str = "pl";

/// What an endpoint has of AWS.
#[derive(Debug, Clone, Default)]
pub struct Address<'a> {
    /// The id of its security group; of the first, if it has several.
    pub security_group_id: Given<&'a str>,
    /// How many security groups its rules are spread over.
    pub security_groups: Given<u32>,
    /// The prefix lists that hold its addresses, by the user's names; absent if there are none.
    pub prefix_lists: Given<BTreeMap<&'a str, PrefixList<'a>>>,
}

/// A prefix list.
#[derive(Debug, Clone, Copy)]
pub struct PrefixList<'a> {
    /// Its id.
    pub id: Known<&'a str>,
    /// How many rules a reference to it counts for.
    pub max_entries: Known<u32>,
    /// Whether it holds IPv4 or IPv6; where that is not said, a reference counts in both families.
    pub family: Known<Option<Family>>,
}

/// What stands for an endpoint in a rule of its peers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sources<'a> {
    /// Its group.
    Group(Known<&'a str>),
    /// Its prefix lists.
    Lists(&'a BTreeMap<&'a str, PrefixList<'a>>),
    /// Its CIDRs.
    Cidrs(&'a [Block<'a>]),
    /// Which rules there are is not known yet.
    Unknown,
    /// It has no address here.
    None,
}

impl Sources<'_> {
    /// How many rules stand for the endpoint on one port, at most.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Group(_) => 1,
            Self::Lists(lists) => lists.len(),
            Self::Cidrs(cidrs) => cidrs.len(),
            Self::Unknown | Self::None => 0,
        }
    }
}

/// The attributes that are read here.
const ATTRIBUTES: [&str; 3] = ["security_group_id", "security_groups", "prefix_lists"];

impl<'v> ReadAddress<'v> for Address<'v> {
    const ATTRIBUTES: &'static [&'static str] = &ATTRIBUTES;

    fn read(object: &'v BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Self {
        let [id, groups, lists] = ATTRIBUTES;
        Self {
            security_group_id: read_id(
                attribute(object, id),
                (SECURITY_GROUP, "a security group"),
                &at.name(id),
                reader,
            ),
            security_groups: reader.whole(
                attribute(object, groups),
                &at.name(groups),
                1,
                MOST_GROUPS,
            ),
            prefix_lists: prefix_lists(attribute(object, lists), &at.name(lists), reader),
        }
    }

    fn unknown() -> Self {
        Self {
            // Not a group: a group has known keys, and it may be reached by CIDRs.
            security_group_id: None,
            security_groups: Some(Known::Unknown),
            prefix_lists: Some(Known::Unknown),
        }
    }
}

impl<'v> Address<'v> {
    /// The known ids, each with the attribute that it stands in.
    pub(super) fn ids(&self) -> Vec<Id<'v>> {
        let mut ids = Vec::new();
        if let Some(Known::Known(id)) = self.security_group_id {
            ids.push(Id {
                kind: "security group",
                id,
                identity: Cow::Borrowed(identity(id)),
                place: vec![Step::Name("security_group_id".to_owned())],
            });
        }
        if let Some(Known::Known(lists)) = &self.prefix_lists {
            for (name, list) in lists {
                if let Known::Known(id) = list.id {
                    let place = ["prefix_lists", "id"].map(|name| Step::Name(name.to_owned()));
                    let [lists, id_step] = place;
                    ids.push(Id {
                        kind: "prefix list",
                        id,
                        identity: Cow::Borrowed(identity(id)),
                        place: vec![lists, Step::Key((*name).to_owned()), id_step],
                    });
                }
            }
        }
        ids
    }
}

/// What is the same for every spelling of an id: ids are unique in a Region, and where the object belongs to another
/// account, that account's may stand before it.
pub fn identity(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, id)| id)
}

/// Reads an id of a kind, by its prefix and in words. What can't be one is reported: a name, an ARN, an id of another kind.
fn read_id<'v>(
    value: &'v Value,
    (prefix, kind): (&str, &str),
    at: &At<'_>,
    reader: &mut Reader,
) -> Given<&'v str> {
    let id = reader.id(value, at)?;
    let Known::Known(text) = id else { return Some(id) };
    if may_be_id(text, prefix) {
        return Some(id);
    }
    // An ARN ends in the id.
    let inside = identity(text.trim());
    let instead = if is_id(inside, prefix) {
        format!(": write {}", quoted(inside))
    } else {
        format!(", such as \"{prefix}-0123456789abcdef0\"")
    };
    let detail = format!("Found {}. Accepted is the id of {kind}{instead}.", quoted(text));
    reader.problems.add(at, AwsMistake::UnusableId, detail);
    Some(Known::Unknown)
}

/// Whether a text may be an id with this prefix: one of EC2's, behind the account that has it where that is another, or what
/// stands for one where nothing is created: Terraform's mocks make ids of 8 letters and digits, OpenTofu's of 4 to 15, and
/// `terraform_data` a UUID. So a name of one such word may be an id, but for the one that a group of every VPC has.
fn may_be_id(text: &str, prefix: &str) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit());
    match text.split_once('/') {
        Some((account, id)) => is_account(account) && is_id(id, prefix),
        None => is_id(text, prefix) || is_made_up(text),
    }
}

/// Whether it is an id as EC2 makes them: the prefix, a dash, lower case and digits. How many is not asked, so that ids in tests
/// can be read; no security group has a name that begins so. Source: Amazon EC2 API, CreateSecurityGroup, "GroupName".
fn is_id(text: &str, prefix: &str) -> bool {
    let rest = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_plain))
}

fn is_made_up(text: &str) -> bool {
    const NAME_IN_EVERY_VPC: &str = "default";
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(|part| is_plain(part))
        && matches!(*lengths, [4..=15] | [8, 4, 4, 4, 12])
        && text != NAME_IN_EVERY_VPC
}

/// What stands for the endpoint: the first kind of address it has.
///
/// `reach` says whether rules of the one that asks may refer to its group; of what is unknown nobody can say which kind counts.
pub(super) fn sources<'a>(addresses: &'a Addresses<'a>, reach: Reach) -> Sources<'a> {
    let address = &addresses.platforms.aws;
    match (address.security_group_id, reach) {
        (Some(id), Reach::Within) => return Sources::Group(id),
        (Some(_), Reach::Unknown) => return Sources::Unknown,
        (Some(_), Reach::Across) | (None, _) => {}
    }
    match (&address.prefix_lists, &addresses.cidrs) {
        (Some(Known::Known(lists)), _) => Sources::Lists(lists),
        (None, Some(Known::Known(cidrs))) => Sources::Cidrs(cidrs),
        (Some(Known::Unknown), _) | (None, Some(Known::Unknown)) => Sources::Unknown,
        (None, None) => Sources::None,
    }
}

/// The same for whoever asks what is let pass.
pub(super) fn standing<'a>(addresses: &'a Addresses<'a>, reach: Reach) -> Standing<'a> {
    let name =
        |id: Known<&'a str>| id.map(|text| Name { identity: Cow::Borrowed(identity(text)), text });
    match sources(addresses, reach) {
        Sources::Group(id) => Standing::Names(vec![name(id)]),
        Sources::Lists(lists) => {
            Standing::Names(lists.values().map(|list| name(list.id)).collect())
        }
        Sources::Cidrs(cidrs) => Standing::Cidrs(cidrs),
        Sources::Unknown => Standing::Unknown,
        Sources::None => Standing::Nothing,
    }
}

fn prefix_lists<'v>(
    value: &'v Value,
    at: &At<'_>,
    reader: &mut Reader,
) -> Given<BTreeMap<&'v str, PrefixList<'v>>> {
    let Known::Known(lists) = reader.map(value, at, "an object of prefix lists by name")? else {
        return Some(Known::Unknown);
    };
    if lists.is_empty() {
        return None;
    }
    let mut read = BTreeMap::new();
    for (name, value) in lists {
        let at = at.key(name);
        if !is_name(name) {
            let detail = format!(
                "Found the name {}. It has 1 to {LONGEST_NAME} letters (a-z, A-Z), digits, `-`, `_` or `.`.",
                quoted(name)
            );
            reader.problems.add(&at.its_name(), AwsMistake::UnusablePrefixListName, detail);
        }
        check_list_name(name, &at, reader);
        read.insert(name.as_str(), prefix_list(value, &at, reader));
    }
    Some(Known::Known(read))
}

/// The list `16` of an endpoint `10.0.0.0` would share its rules' keys with the CIDR `10.0.0.0/16`.
fn check_list_name(name: &str, at: &At<'_>, reader: &mut Reader) {
    let Path(steps) = at.path();
    let [.., Step::Key(endpoint), Step::Name(_), Step::Key(_)] = steps.as_slice() else {
        bug("a prefix list of no endpoint");
    };
    if Cidr::parse(&format!("{endpoint}/{name}")).is_ok() {
        let detail = format!(
            "Found the list {} of the endpoint {}: the keys of its rules would read as if for a CIDR. Give it a name that is no number.",
            quoted(name),
            quoted(endpoint)
        );
        reader.problems.add(&at.its_name(), AwsMistake::UnusablePrefixListName, detail);
    }
}

fn prefix_list<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> PrefixList<'v> {
    const UNKNOWN: PrefixList<'static> =
        PrefixList { id: Known::Unknown, max_entries: Known::Unknown, family: Known::Unknown };
    let object = match reader.object(value, at, &["id", "max_entries", "address_family"]) {
        None => {
            reader.missing::<()>(at, "an object with `id` and `max_entries`");
            return UNKNOWN;
        }
        Some(Known::Unknown) => return UNKNOWN,
        Some(Known::Known(object)) => object,
    };
    let id_at = at.name("id");
    let id = read_id(attribute(object, "id"), (PREFIX_LIST, "a prefix list"), &id_at, reader);
    let entries_at = at.name("max_entries");
    let max_entries = reader.whole(attribute(object, "max_entries"), &entries_at, 1, MOST_ENTRIES);
    let family_at = at.name("address_family");
    let family = match reader.text(attribute(object, "address_family"), &family_at) {
        None => Known::Known(None),
        Some(Known::Unknown) => Known::Unknown,
        Some(Known::Known("IPv4")) => Known::Known(Some(Family::V4)),
        Some(Known::Known("IPv6")) => Known::Known(Some(Family::V6)),
        Some(Known::Known(other)) => {
            let known = ["IPv4", "IPv6"];
            reader.problems.add_unknown_name(
                &family_at,
                AwsMistake::UnknownAddressFamily,
                "address family",
                other,
                known,
            );
            Known::Unknown
        }
    };
    PrefixList {
        id: id.unwrap_or_else(|| reader.missing(&id_at, "the id of the list")),
        max_entries: max_entries
            .unwrap_or_else(|| reader.missing(&entries_at, "how many entries the list may have")),
        family,
    }
}
