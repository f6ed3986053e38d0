//! What can be chosen for AWS: the quotas of the account, and how many groups an endpoint gets.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::Value;

use super::address::MOST_GROUPS;
use crate::platform::aws::AwsMistake;
use crate::platform::view::View;
use crate::platform::{ReadOptions, Remarks, is_same_network};
use crate::reader::{Reader, attribute};

/// EC2's default for rules a group, a direction and an address family.
/// Source: Amazon VPC quotas, "Inbound or outbound rules per security group".
const RULES_PER_GROUP: u32 = 60;
/// EC2's default for groups an interface. Source: Amazon VPC quotas, "Security groups per network interface".
const GROUPS_PER_INTERFACE: u32 = 5;
/// What the two may come to together. Source: Amazon VPC quotas, the note on the same row.
const MOST_RULES_PER_INTERFACE: u32 = 1000;

/// The attribute for networks whose groups may refer to each other.
pub(super) const PEERED: &str = "peered_networks";

/// The options of AWS.
#[derive(Debug, Clone)]
pub struct Options {
    /// Rules a group holds, for each direction and family.
    pub rules_per_group: Known<u32>,
    /// Groups that an endpoint gets, unless it says so itself.
    pub groups: Known<u32>,
    /// Groups that an interface can have.
    pub groups_per_interface: Known<u32>,
    /// Whether several CIDRs of a peer become a prefix list, to be created by the user.
    pub prefix_lists: Known<bool>,
    /// Networks whose groups may refer to each other, by the names that endpoints give; each with its index in the user's list.
    pub peered_networks: Known<Vec<BTreeMap<String, usize>>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules_per_group: Known::Known(RULES_PER_GROUP),
            groups: Known::Known(1),
            groups_per_interface: Known::Known(GROUPS_PER_INTERFACE),
            prefix_lists: Known::Known(false),
            peered_networks: Known::Known(Vec::new()),
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
            peered_networks: Known::Unknown,
        }
    }

    fn read(value: &Value, at: &At<'_>, reader: &mut Reader) -> Self {
        const NAMES: [&str; 5] =
            ["rules_per_group", "groups", "groups_per_interface", "prefix_lists", PEERED];
        let object = match reader.object(value, at, &NAMES) {
            None => return Self::default(),
            Some(Known::Unknown) => return Self::unknown(),
            Some(Known::Known(object)) => object,
        };
        let lists_at = at.name("prefix_lists");
        let prefix_lists = reader.flag(attribute(object, "prefix_lists"), &lists_at);
        let peered_networks = peered(attribute(object, PEERED), &at.name(PEERED), reader);
        let mut number = |name, default, most| {
            let given = reader.whole(attribute(object, name), &at.name(name), 1, most);
            given.unwrap_or(Known::Known(default))
        };
        let options = Self {
            rules_per_group: number("rules_per_group", RULES_PER_GROUP, MOST_RULES_PER_INTERFACE),
            groups: number("groups", 1, MOST_GROUPS),
            groups_per_interface: number("groups_per_interface", GROUPS_PER_INTERFACE, MOST_GROUPS),
            prefix_lists: prefix_lists.unwrap_or(Known::Known(false)),
            peered_networks,
        };
        options.check(object, at, reader);
        options
    }
}

/// Reads lists of networks, each of at least two.
fn peered(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<Vec<BTreeMap<String, usize>>> {
    let lists = match reader.list(value, at, "a list of lists of networks") {
        None => return Known::Known(Vec::new()),
        Some(Known::Unknown) => return Known::Unknown,
        Some(Known::Known(lists)) => lists,
    };
    let mut read = Known::Known(Vec::with_capacity(lists.len()));
    for (index, list) in lists.iter().enumerate() {
        let at = at.index(index);
        let names = reader.texts(list, &at);
        let names = names.unwrap_or_else(|| reader.missing(&at, "a list of networks"));
        let names = names.value().and_then(|names| {
            names
                .into_iter()
                .enumerate()
                .map(|(index, name)| Some((name.value()?.to_owned(), index)))
                .collect::<Option<BTreeMap<_, _>>>()
        });
        let Some(names) = names else {
            read = Known::Unknown;
            continue;
        };
        if names.len() < 2 {
            let detail = format!("Found {} networks. Two or more are peered.", names.len());
            reader.problems.add(&at, AwsMistake::PeeredWithNobody, detail);
        }
        read = read.map(|mut all| {
            all.push(names);
            all
        });
    }
    read
}

impl Options {
    /// Whether groups of one network may refer to groups of the other.
    pub(super) fn is_peered(&self, one: &str, other: &str) -> Known<bool> {
        let has = |names: &BTreeMap<String, usize>, name| {
            names.keys().any(|it| is_same_network(it, name))
        };
        self.peered_networks
            .as_ref()
            .map(|lists| lists.iter().any(|names| has(names, one) && has(names, other)))
    }

    fn check(&self, object: &BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) {
        let Known::Known(interface) = self.groups_per_interface else { return };
        if let Known::Known(rules) = self.rules_per_group
            && rules * interface > MOST_RULES_PER_INTERFACE
        {
            let detail = format!(
                "{rules} rules a group times {interface} groups an interface are {}; EC2 allows at most {MOST_RULES_PER_INTERFACE}.",
                rules * interface
            );
            let mistake = AwsMistake::QuotasThatEc2DoesNotGrantTogether;
            // However many groups there are, the default of rules fits: theirs was given.
            let of_group = at.name("rules_per_group");
            let of_interface = at.name("groups_per_interface");
            if attribute(object, "groups_per_interface").is_null() {
                reader.problems.add(&of_group, mistake, detail);
            } else {
                reader.problems.add_between((&of_group, &of_interface), mistake, detail);
            }
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

/// Reports peered networks that no endpoint tells, once all are known.
pub(super) fn check_peered(view: &View<'_>, remarks: &mut Remarks) {
    let Known::Known(lists) = &view.input.options.aws.peered_networks else { return };
    let Known::Known(told) = view.networks() else { return };
    let root = At::ROOT;
    let options = root.name("options");
    let aws = options.name("aws");
    let at = aws.name(PEERED);
    for (index, names) in lists.iter().enumerate() {
        let at = at.index(index);
        let is_told = |name: &str| told.iter().any(|it| is_same_network(it, name));
        for (name, place) in names.iter().filter(|(name, _)| !is_told(name)) {
            let at = at.index(*place);
            let told = told.iter().copied();
            let mistake = AwsMistake::UnknownNetwork;
            remarks.problems.add_unknown_name(&at, mistake, "network of an endpoint", name, told);
        }
    }
}
