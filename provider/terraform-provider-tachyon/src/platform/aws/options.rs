//! What can be chosen for AWS: the quotas of the account, and how many groups an endpoint gets.

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::address::MOST_GROUPS;
use crate::platform::ReadOptions;
use crate::platform::aws::AwsMistake;
use crate::reader::{Reader, attribute};

/// EC2's default for rules a group, a direction and an address family.
/// Source: Amazon VPC quotas, "Inbound or outbound rules per security group".
const RULES_PER_GROUP: u32 = 60;
/// EC2's default for groups an interface. Source: Amazon VPC quotas, "Security groups per network interface".
const GROUPS_PER_INTERFACE: u32 = 5;
/// What the two may come to together. Source: Amazon VPC quotas, the note on the same row.
const MOST_RULES_PER_INTERFACE: u32 = 1000;

/// The options of AWS.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Rules a group holds, for each direction and family.
    pub rules_per_group: Known<u32>,
    /// Groups that an endpoint gets, unless it says so itself.
    pub groups: Known<u32>,
    /// Groups that an interface can have.
    pub groups_per_interface: Known<u32>,
    /// Whether several CIDRs of a peer become a prefix list, to be created by the user.
    pub prefix_lists: Known<bool>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules_per_group: Known::Known(RULES_PER_GROUP),
            groups: Known::Known(1),
            groups_per_interface: Known::Known(GROUPS_PER_INTERFACE),
            prefix_lists: Known::Known(false),
        }
    }
}

impl ReadOptions for Options {
    fn unknown() -> Self {
        Self {
            rules_per_group: Known::Unknown,
            groups: Known::Unknown,
            groups_per_interface: Known::Unknown,
            prefix_lists: Known::Unknown,
        }
    }

    fn read(value: &Value, at: &At<'_>, reader: &mut Reader) -> Self {
        const NAMES: [&str; 4] =
            ["rules_per_group", "groups", "groups_per_interface", "prefix_lists"];
        let object = match reader.object(value, at, &NAMES) {
            None => return Self::default(),
            Some(Known::Unknown) => return Self::unknown(),
            Some(Known::Known(object)) => object,
        };
        let lists_at = at.name("prefix_lists");
        let prefix_lists = reader.flag(attribute(object, "prefix_lists"), &lists_at);
        let mut number = |name, default, most| {
            let given = reader.whole(attribute(object, name), &at.name(name), 1, most);
            given.unwrap_or(Known::Known(default))
        };
        let options = Self {
            rules_per_group: number("rules_per_group", RULES_PER_GROUP, MOST_RULES_PER_INTERFACE),
            groups: number("groups", 1, MOST_GROUPS),
            groups_per_interface: number("groups_per_interface", GROUPS_PER_INTERFACE, MOST_GROUPS),
            prefix_lists: prefix_lists.unwrap_or(Known::Known(false)),
        };
        options.check(at, reader);
        options
    }
}

impl Options {
    fn check(&self, at: &At<'_>, reader: &mut Reader) {
        let Known::Known(interface) = self.groups_per_interface else { return };
        if let Known::Known(rules) = self.rules_per_group
            && rules * interface > MOST_RULES_PER_INTERFACE
        {
            let detail = format!(
                "{rules} rules a group times {interface} groups an interface are {}; EC2 allows at most {MOST_RULES_PER_INTERFACE}.",
                rules * interface
            );
            reader.problems.add(at, AwsMistake::QuotasThatEc2DoesNotGrantTogether, detail);
        }
        if let Known::Known(groups) = self.groups
            && groups > interface
        {
            let detail = format!(
                "Found {groups}, but an interface has at most {interface} groups (`groups_per_interface`)."
            );
            reader.problems.add(
                &at.name("groups"),
                AwsMistake::MoreGroupsThanAnInterfaceHas,
                detail,
            );
        }
    }
}
