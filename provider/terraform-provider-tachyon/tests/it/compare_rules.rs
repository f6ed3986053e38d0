//! The numbers of `compare`, by the whole answers of the rule functions for both deployments: every rule of every endpoint, as users
//! see it.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::Value;

use crate::answer::{Read, ask};
use crate::compare::compare;

/// The clouds with their functions, and the attributes that are addresses on one of them alone.
const CLOUDS: [(&str, &str, [&str; 2]); 2] = [
    ("aws", "security_group_rules", ["security_group_id", "prefix_lists"]),
    ("azure", "network_security_rules", ["application_security_group_ids", "service_tag"]),
];

/// What is no argument of a resource.
const NO_ARGUMENTS: [&str; 5] = ["flows", "documented", "peer", "peers", "group"];

/// What an answer says of a resource.
struct Resource {
    /// What forces Terraform to replace it; none while it is not known.
    forcing: Option<String>,
    others: Value,
}

type Resources = BTreeMap<String, Resource>;

/// What is expected of the numbers for one cloud.
#[derive(Debug, PartialEq)]
enum Expected {
    Refused,
    Unknown,
    /// Those that come, go, are replaced and updated; none while it is not known.
    Numbers([Option<i64>; 4]),
}

fn has(endpoint: &Value, attribute: &str) -> bool {
    endpoint.map().get(attribute).is_some_and(|value| !value.is_null())
}

fn some_have(deployment: &Value, attributes: &[&str]) -> bool {
    let mut endpoints = deployment.at("endpoints").map().values();
    endpoints.any(|endpoint| attributes.iter().any(|attribute| has(endpoint, attribute)))
}

/// Whether a deployment is for a cloud: some endpoint has an address of its own there, or none anywhere.
fn is_for(deployment: &Value, attributes: &[&str]) -> bool {
    let anywhere: Vec<&str> = CLOUDS.iter().flat_map(|(_, _, attributes)| *attributes).collect();
    some_have(deployment, attributes) || !some_have(deployment, &anywhere)
}

/// A rule as a resource.
fn resource(rule: &Value, group: Option<&Value>) -> Resource {
    let Value::Map(mut arguments) = rule.clone() else { panic!("a rule is an object") };
    let number = arguments.get("group").cloned();
    let of_forcing = [number.as_ref(), group];
    let is_known = of_forcing.iter().flatten().all(|value| value.is_wholly_known());
    arguments.retain(|name, _| !NO_ARGUMENTS.contains(&name.as_str()));
    Resource { forcing: is_known.then(|| format!("{of_forcing:?}")), others: Value::Map(arguments) }
}

/// The resources of security group rules. None while it is not known which there are.
fn of_aws(deployment: &Value, answer: &Value, of_all: bool) -> Option<Resources> {
    let (mut found, mut lists) = (Resources::new(), BTreeSet::new());
    for (name, rules) in answer.at("endpoints").map() {
        let endpoint = deployment.at("endpoints").at(name);
        if !(of_all || has(endpoint, "security_group_id")) {
            continue;
        }
        let group = endpoint.map().get("security_group_id").filter(|id| !id.is_null());
        for direction in ["ingress", "egress"] {
            let side = rules.at(direction);
            if side.is_unknown() {
                return None;
            }
            for (key, rule) in side.map() {
                let list = rule.at("prefix_list").optional();
                lists.extend(list.map(|list| list.text().to_owned()));
                found.insert(format!("{name}/{direction}/{key}"), resource(rule, group));
            }
        }
    }
    let created = answer.at("prefix_lists");
    if created.is_unknown() {
        return None;
    }
    for (key, list) in created.map().iter().filter(|(key, _)| lists.contains(*key)) {
        let forcing = Some(list.at("address_family").text().to_owned());
        found.insert(format!("list {key}"), Resource { forcing, others: list.clone() });
    }
    Some(found)
}

/// The resources of network security rules. None while it is not known which there are.
fn of_azure(deployment: &Value, answer: &Value, of_all: bool) -> Option<Resources> {
    let mut sets = Vec::new();
    for (name, set) in answer.at("endpoints").map() {
        let endpoint = deployment.at("endpoints").at(name);
        let is_placed = of_all || has(endpoint, "application_security_group_ids");
        if is_placed && !has(endpoint, "network_security_group") {
            sets.push((name, set));
        }
    }
    let shared = answer.at("groups");
    if shared.is_unknown() {
        return None;
    }
    sets.extend(shared.map());
    let mut found = Resources::new();
    for (holder, set) in sets {
        let rules = set.at("rules");
        if rules.is_unknown() {
            return None;
        }
        let of_holder = rules.map().iter();
        found.extend(of_holder.map(|(key, rule)| {
            let forcing = Some(rule.at("name").text().to_owned());
            (format!("{holder}/{key}"), Resource { forcing, ..resource(rule, None) })
        }));
    }
    Some(found)
}

/// Whether two values differ; none while that is not known.
fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> Option<bool> {
    Some(one? != other?)
}

fn numbers(before: &Resources, after: &Resources) -> [Option<i64>; 4] {
    let count = |count: usize| Some(i64::try_from(count).expect("few"));
    let kept: Vec<(&Resource, &Resource)> =
        after.iter().filter_map(|(key, is)| Some((before.get(key)?, is))).collect();
    let (mut replaced, mut updated) = (Some(0), Some(0));
    for (was, is) in &kept {
        let known = |it: &Resource| it.others.is_wholly_known();
        match differ(was.forcing.as_ref(), is.forcing.as_ref()) {
            None => (replaced, updated) = (None, None),
            Some(true) => replaced = replaced.map(|count| count + 1),
            Some(false) if !(known(was) && known(is)) => updated = None,
            Some(false) => {
                updated = updated.map(|count| count + i64::from(was.others != is.others));
            }
        }
    }
    [count(after.len() - kept.len()), count(before.len() - kept.len()), replaced, updated]
}

fn expected(place: usize, both: [&Value; 2]) -> Expected {
    let (platform, function, attributes) = CLOUDS[place];
    if !both.iter().any(|deployment| is_for(deployment, &attributes)) {
        return Expected::Numbers([Some(0); 4]);
    }
    let of_all = CLOUDS
        .iter()
        .all(|(_, _, attributes)| !both.iter().any(|deployment| some_have(deployment, attributes)));
    let resources = if platform == "aws" { of_aws } else { of_azure };
    let mut found = Vec::new();
    for deployment in both {
        let Ok(answer) = ask(function, deployment) else { return Expected::Refused };
        found.push(resources(deployment, &answer, of_all));
    }
    match found.as_slice() {
        [Some(before), Some(after)] => Expected::Numbers(numbers(before, after)),
        _ => Expected::Unknown,
    }
}

/// Holds the numbers against the answers of the functions, and returns them.
pub(crate) fn check(before: &Value, after: &Value) -> [Option<[Option<i64>; 4]>; 2] {
    let told = compare(before, after);
    [0, 1].map(|place| {
        let (platform, ..) = CLOUDS[place];
        let of_cloud = told.at("rules").at(platform);
        let known = |number: &Value| number.is_wholly_known().then(|| number.number());
        let found = if of_cloud.is_unknown() {
            Expected::Unknown
        } else if of_cloud.is_null() {
            Expected::Refused
        } else {
            let names = ["added", "removed", "replaced", "updated"];
            Expected::Numbers(names.map(|name| known(of_cloud.at(name))))
        };
        assert_eq!(found, expected(place, [before, after]), "{platform}");
        if let Expected::Numbers(numbers) = found { Some(numbers) } else { None }
    })
}

/// A row of the user's own.
pub(crate) fn own(citation: &str) -> Value {
    value!({ "reports": {
        "source": "browser", "destination": "sql_responses", "protocol": "tcp", "ports": [5555],
        "purpose": "Reports", "citation": citation, "priority": 3400,
    } })
}

/// A list of the user's and one that is created have one key, where the user called his by the family.
#[test]
fn a_list_may_take_the_place_of_another_under_one_key() {
    let deployment = |clients: Value, lists: bool| {
        value!({
            "endpoints": {
                "clients": (clients),
                "server": { "roles": ["master_stack", "response_stack"], "security_group_id": "sg-1" },
            },
            "options": { "aws": { "prefix_lists": lists } },
        })
    };
    let given = value!({ "roles": ["client"], "prefix_lists": { "ipv4": { "id": "pl-1", "max_entries": 5 } } });
    let created = value!({ "roles": ["client"], "cidrs": ["10.1.0.0/16", "10.3.0.0/16"] });
    let [given, created] = [deployment(given, false), deployment(created, true)];
    let [Some(aws), azure] = check(&given, &created) else { panic!("refused") };
    // The list comes, and every rule changes in place.
    assert_eq!((aws[0], aws[1], aws[2], azure), (Some(1), Some(0), Some(0), Some([Some(0); 4])));
    assert!(aws[3] > Some(0), "{aws:?}");
    let [Some(back), _] = check(&created, &given) else { panic!("refused") };
    assert_eq!(back, [Some(0), Some(1), Some(0), aws[3]]);
}

/// Rules change at endpoints of which every connection is what it was.
#[test]
fn rules_of_others_are_counted() {
    let deployment = |clients: &str, citation: &str| {
        value!({
            "endpoints": {
                "admins": { "roles": ["browser"], "cidrs": ["10.1.0.0/24"] },
                (clients): { "roles": ["client"], "cidrs": ["10.2.0.0/16"] },
                "server": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.4/32"] },
                "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.0.0.5/32"] },
            },
            "additions": { "flows": (own(citation)) },
        })
    };
    let before = deployment("clients", "site/reports-1");
    let none = Some([Some(0); 4]);
    assert_eq!(check(&before, &before), [none, none]);
    // The row is cited at either end of one connection.
    let cited = check(&before, &deployment("clients", "site/reports-2"));
    assert_eq!(cited, [Some([Some(0), Some(0), Some(0), Some(2)]); 2]);
    // On AWS descriptions name the peer: the server's are updated, and only the endpoint of another name has other resources.
    let [Some(aws), Some(azure)] = check(&before, &deployment("pcs", "site/reports-1")) else {
        panic!("refused")
    };
    assert!(aws[3] > Some(0) && aws[0] == aws[1], "{aws:?}");
    assert!(azure[3] == Some(0) && azure[0] == azure[1] && azure[0] > Some(0), "{azure:?}");
}
