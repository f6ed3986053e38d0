//! How an endpoint is reached on Azure: by application security groups, by a service tag, or by its CIDRs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;
use portmatrix::path::{At, Step, quoted};
use tfplugin::Value;

use crate::platform::azure::AzureMistake;
use crate::platform::standing::{Name, Standing};
use crate::platform::view::View;
use crate::platform::{Addresses, Id, Reach, ReadAddress};
use crate::reader::{Block, Given, ReadMistake, Reader, attribute};

/// The longest service tag that is taken. Azure's own are far shorter; the bound keeps keys readable.
const LONGEST_TAG: usize = 64;

/// The longest name of a network security group. Source: Azure, "Naming rules and restrictions", Microsoft.Network.
const LONGEST_GROUP_NAME: usize = 80;

/// What an endpoint has of Azure.
#[derive(Debug, Clone, Default)]
pub struct Address<'a> {
    /// The ids of its application security groups; absent if there are none.
    pub groups: Given<Groups<'a>>,
    /// The service tag that stands for its addresses.
    pub service_tag: Given<&'a str>,
    /// The user's name for the network security group that it shares with others.
    pub security_group: Given<&'a str>,
}

/// The ids of application security groups.
#[derive(Debug, Clone)]
pub struct Groups<'a> {
    /// At least one. In a set, some that are unknown may turn out to be one, or to be among the others.
    pub ids: Vec<Known<&'a str>>,
    /// How many different ones there are at least.
    pub least: usize,
}

impl Groups<'_> {
    /// How many there are at most.
    pub(super) fn most(&self) -> usize {
        self.ids.len()
    }

    /// Whether no more than fit at one end of a rule; unknown while that depends on an unknown id.
    pub(super) fn fit(&self, most: usize) -> Known<bool> {
        let [least, all] = [self.least, self.most()].map(|count| count <= most);
        if least == all { Known::Known(all) } else { Known::Unknown }
    }
}

/// The attributes that are read here.
const ATTRIBUTES: [&str; 3] =
    ["application_security_group_ids", "service_tag", "network_security_group"];

impl<'v> ReadAddress<'v> for Address<'v> {
    const ATTRIBUTES: &'static [&'static str] = &ATTRIBUTES;

    fn read(object: &'v BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Self {
        let [groups, tag, security_group] = ATTRIBUTES;
        Self {
            groups: read_groups(attribute(object, groups), &at.name(groups), reader),
            service_tag: read_tag(attribute(object, tag), &at.name(tag), reader),
            security_group: read_group(
                attribute(object, security_group),
                &at.name(security_group),
                reader,
            ),
        }
    }

    fn unknown() -> Self {
        Self {
            groups: Some(Known::Unknown),
            service_tag: Some(Known::Unknown),
            security_group: Some(Known::Unknown),
        }
    }
}

impl<'v> Address<'v> {
    /// The known ids, each with the attribute that it stands in.
    pub(super) fn ids(&self) -> Vec<Id<'v>> {
        let Some(Known::Known(groups)) = &self.groups else { return Vec::new() };
        (groups.ids.iter().enumerate())
            .filter_map(|(index, id)| {
                let place = vec![
                    Step::Name("application_security_group_ids".to_owned()),
                    Step::Index(index),
                ];
                let id = id.value()?;
                let identity = Cow::Owned(identity(id));
                Some(Id { kind: "application security group", id, identity, place })
            })
            .collect()
    }
}

/// What is the same for every spelling of an id: Azure gives back other capitals than it was given.
/// Source: terraform-provider-azurerm issue 29841, azure-rest-api-specs issue 38377.
pub fn identity(id: &str) -> String {
    // Names of resource groups may have any letters.
    id.to_lowercase()
}

/// How an endpoint is reached: by the first kind of address that it has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Means<'a> {
    /// Its application security groups.
    Groups(&'a Groups<'a>),
    /// Its service tag.
    Tag(&'a str),
    /// Its CIDRs.
    Cidrs(&'a [Block<'a>]),
}

impl<'a> Means<'a> {
    /// None if the endpoint has no address that counts where `reach` says that who asks is. Its groups count only within one virtual network, peered or not.
    /// Source: Azure, "Application security groups", the note on one virtual network.
    pub(super) fn of(addresses: &'a Addresses<'a>, reach: Reach) -> Option<Known<Self>> {
        let azure = &addresses.platforms.azure;
        let groups = match (&azure.groups, reach) {
            (Some(_), Reach::Unknown) => return Some(Known::Unknown),
            (Some(_), Reach::Across) => &None,
            (groups, _) => groups,
        };
        match (groups, azure.service_tag, &addresses.cidrs) {
            (Some(groups), _, _) => Some(groups.as_ref().map(Self::Groups)),
            (None, Some(tag), _) => Some(tag.map(Self::Tag)),
            (None, None, Some(blocks)) => Some(blocks.as_ref().map(|blocks| Self::Cidrs(blocks))),
            (None, None, None) => None,
        }
    }
}

/// Whether a rule of an endpoint may refer to the groups of a peer: in one virtual network alone.
pub(super) fn reach(view: &View<'_>, endpoint: EndpointId, peer: EndpointId) -> Reach {
    view.addresses(endpoint).reach(view.addresses(peer), |_, _| Known::Known(false))
}

/// What stands for an endpoint in rules of which `reach` says whether they may refer to its groups.
pub(super) fn standing<'a>(addresses: &'a Addresses<'a>, reach: Reach) -> Standing<'a> {
    let name = |text: &'a str| Name { identity: Cow::Owned(identity(text)), text };
    match Means::of(addresses, reach) {
        Some(Known::Known(Means::Groups(groups))) => {
            Standing::Names(groups.ids.iter().map(|id| id.map(name)).collect())
        }
        Some(Known::Known(Means::Tag(tag))) => Standing::Names(vec![Known::Known(name(tag))]),
        Some(Known::Known(Means::Cidrs(cidrs))) => Standing::Cidrs(cidrs),
        Some(Known::Unknown) => Standing::Unknown,
        None => Standing::Nothing,
    }
}

/// An id as Azure writes it.
const SHAPE_OF_ID: &str = "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Network/applicationSecurityGroups/NAME";

/// Whether a text may be the id of an application security group. Text that names no provider may be one: Terraform's mocks and
/// stand-ins make ids of any shape.
fn may_be_id(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    let parts: Vec<&str> = text.split('/').collect();
    if !parts.iter().any(|part| part.eq_ignore_ascii_case("providers")) {
        return true;
    }
    let shape: Vec<&str> = SHAPE_OF_ID.split('/').collect();
    let is_like = |(part, shape): (&&str, &&str)| match *shape {
        "ID" | "NAME" => !part.is_empty(),
        word => part.eq_ignore_ascii_case(word),
    };
    parts.len() == shape.len() && parts.iter().zip(&shape).all(is_like)
}

fn read_groups<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<Groups<'v>> {
    let Known::Known(ids) = reader.texts(value, at)? else { return Some(Known::Unknown) };
    if ids.is_empty() {
        return None;
    }
    for (index, id) in ids.iter().enumerate() {
        let Known::Known(id) = id else { continue };
        let at = at.index(index);
        if id.is_empty() {
            let detail = "Found an empty string. Give the id, or leave it out.";
            reader.problems.add(&at, ReadMistake::EmptyId, detail);
        } else if !may_be_id(id) {
            let detail = format!(
                "Found {}. Accepted is the id of an application security group: \"{SHAPE_OF_ID}\".",
                quoted(id)
            );
            reader.problems.add(&at, AzureMistake::UnusableGroupId, detail);
        }
    }
    let least = match value {
        Value::Set(_) => ids.iter().filter(|id| id.is_known()).count().max(1),
        _ => ids.len(),
    };
    Some(Known::Known(Groups { ids, least }))
}

/// The name of a network security group, which may be no longer than Azure lets it be.
fn read_group<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<&'v str> {
    let name = reader.id(value, at)?;
    if let Known::Known(text) = name
        && text.chars().count() > LONGEST_GROUP_NAME
    {
        let detail =
            format!("Found {}. A name has at most {LONGEST_GROUP_NAME} characters.", quoted(text));
        reader.problems.add(at, AzureMistake::NameTooLong, detail);
        return Some(Known::Unknown);
    }
    Some(name)
}

fn read_tag<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader) -> Given<&'v str> {
    let tag = reader.text(value, at)?;
    Some(match tag {
        Known::Known(text) => known_tag(text, at, reader).map_or(Known::Unknown, Known::Known),
        Known::Unknown => Known::Unknown,
    })
}

/// A service tag as it was given, unless it can't be one, which is reported.
pub(super) fn known_tag<'v>(text: &'v str, at: &At<'_>, reader: &mut Reader) -> Option<&'v str> {
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
    let begins_well = text.starts_with(|first: char| first.is_ascii_alphabetic());
    if begins_well && text.len() <= LONGEST_TAG && plain {
        return Some(text);
    }
    let detail = format!(
        "Found {}. A service tag begins with a letter and has letters, digits and `.` only, such as \"Internet\" or \"Storage.WestEurope\".",
        quoted(text)
    );
    reader.problems.add(at, AzureMistake::UnusableServiceTag, detail);
    None
}
