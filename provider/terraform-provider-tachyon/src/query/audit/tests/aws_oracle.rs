//! `audit_security_group` against trying every packet, in random deployments with random rules.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tfplugin::Value;

use super::packets::{self, NETWORKS, PORTS, PROTOCOLS, Rule, Verdict, atoms, machines};
use super::{AWS, audit};
use crate::answer::{Read, call};

/// An address of a peer: networks, a group or a prefix list; each peer has ids of its own.
fn address(
    group: &'static str,
    prefix_list: &'static str,
) -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        3 => subsequence(NETWORKS.to_vec(), 1..4).prop_map(|networks| ("cidrs", Value::from(networks))),
        1 => Just(("security_group_id", Value::from(group))),
        1 => Just(("prefix_lists", value!({ "list": { "id": prefix_list, "max_entries": 3 } }))),
    ]
}

pub(super) fn deployment() -> impl Strategy<Value = Value> {
    let addresses =
        (address("sg-a", "pl-d"), address("123456789012/sg-b", "pl-f"), address("sg-c", "pl-e"));
    let ports = (select(vec![vec![4], vec![4, 6], vec![4, 7]]), any::<bool>());
    (addresses, ports).prop_map(|((clients, admins, sql), (switches, named))| {
        let peer = |role: &[&str], address: (&str, Value)| {
            Value::from([("roles", role.to_vec().into()), address])
        };
        let mut sql = peer(&["sql_master", "sql_responses"], sql);
        if let Value::Map(sql) = &mut sql {
            sql.insert("ports".to_owned(), value!({ "sql": 5, "sql_named_instance": named }));
        }
        value!({ "endpoints": {
            "server": {
                "roles": ["master_stack", "response_stack"],
                "security_group_id": "sg-x",
                "ports": { "https": 2, "http": 3, "switches": (switches) },
            },
            "clients": (peer(&["client"], clients)),
            "admins": (peer(&["browser"], admins)),
            "sql": (sql),
        } })
    })
}

/// How an actual rule comes about.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// A documented rule, by its number modulo how many there are, one attribute changed.
    Copy(usize, Option<(&'static str, Value)>),
    Made(Value),
}

fn network() -> impl Strategy<Value = (&'static str, Value)> {
    // With host bits, as some clouds keep them.
    let written =
        select([&NETWORKS[..], &["10.0.0.3/31", "10.0.0.1/30", "2001:db8::1/127"]].concat());
    written.prop_map(|network| {
        (if network.contains(':') { "cidr_ipv6" } else { "cidr_ipv4" }, network.into())
    })
}

fn peer() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        4 => network(),
        1 => select(vec!["sg-a", "9/sg-a", "sg-b", "sg-x"]).prop_map(|id| ("referenced_security_group_id", id.into())),
        1 => select(vec!["pl-d", "pl-f"]).prop_map(|id| ("prefix_list_id", id.into())),
    ]
}

pub(super) fn origin() -> impl Strategy<Value = Origin> {
    let protocol = select(vec!["tcp", "6", "udp", "17", "icmp", "-1", "tcp", "tcp"]);
    let range = prop_oneof![
        3 => (1_i32..9, 0_i32..3).prop_map(|(from, more)| (from, from + more)),
        1 => select(vec![(-1, -1), (0, 65535), (1434, 1434)]),
    ];
    let made = (any::<bool>(), protocol, range, peer()).prop_map(
        |(is_egress, protocol, (from, to), (kind, peer))| {
            let parts = [
                ("is_egress", is_egress.into()),
                ("ip_protocol", protocol.into()),
                ("from_port", from.into()),
            ];
            Origin::Made(Value::Map(
                parts
                    .into_iter()
                    .chain([("to_port", to.into()), (kind, peer)])
                    .map(|(k, v)| (k.to_owned(), v))
                    .collect(),
            ))
        },
    );
    let change = prop_oneof![
        3 => Just(None),
        1 => network().prop_map(Some),
        1 => Just(Some(("ip_protocol", Value::from("-1")))),
        1 => Just(Some(("to_port", Value::from(1434)))),
    ];
    prop_oneof![3 => (0..100_usize, change).prop_map(|(number, change)| Origin::Copy(number, change)), 2 => made]
}

/// The documented rules of an endpoint by direction and key, as the other function gives them.
pub(super) fn documented(
    deployment: &Value,
    endpoint: &str,
) -> BTreeMap<(&'static str, String), Value> {
    let answer = call("security_group_rules", std::slice::from_ref(deployment)).expect("rules");
    let rules = answer.at("endpoints").at(endpoint);
    let of = |direction: &'static str| {
        rules
            .at(direction)
            .map()
            .iter()
            .map(move |(key, rule)| ((direction, key.clone()), rule.clone()))
    };
    of("ingress").chain(of("egress")).collect()
}

/// A rule's attributes in the small world.
pub(super) fn masks(inward: bool, rule: &Value) -> Rule {
    let rule = rule.map();
    let protocol = rule["ip_protocol"].text();
    let number = match protocol {
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        "-1" => None,
        number => Some(number.parse().expect("a number")),
    };
    let limit = |name| match &rule[name] {
        Value::Number(number) => number.as_i64().expect("a port"),
        other => panic!("a port, not {other:?}"),
    };
    let all_ports = limit("from_port") == -1 || !matches!(number, Some(6 | 17));
    let port = |name| u16::try_from(limit(name)).expect("a port");
    let all = atoms(&PORTS, |_| true);
    let kinds = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
    let peer =
        machines(kinds.iter().filter_map(|kind| rule.get(*kind)?.optional()).map(Read::text));
    let own = machines(["*"]);
    Rule {
        inward,
        allows: true,
        priority: 0,
        protocols: atoms(&PROTOCOLS, |protocol| number.is_none_or(|number| number == *protocol)),
        source_ports: all,
        ports: if all_ports { all } else { packets::ports(port("from_port"), port("to_port")) },
        sources: if inward { peer } else { own },
        destinations: if inward { own } else { peer },
    }
}

/// The actual rules with ids, in the words of Terraform or of the API.
pub(super) fn actual(
    origins: &[Origin],
    documented: &BTreeMap<(&'static str, String), Value>,
) -> Vec<Value> {
    const KEPT: [&str; 7] = [
        "ip_protocol",
        "from_port",
        "to_port",
        "cidr_ipv4",
        "cidr_ipv6",
        "prefix_list_id",
        "referenced_security_group_id",
    ];
    let all: Vec<_> = documented.iter().collect();
    let mut rules = Vec::new();
    for (position, origin) in origins.iter().enumerate() {
        let mut rule = match origin {
            Origin::Made(rule) => rule.map().clone(),
            Origin::Copy(..) if all.is_empty() => continue,
            Origin::Copy(number, change) => {
                let ((direction, _), rule) = all[number % all.len()];
                let mut rule: BTreeMap<String, Value> = rule.map().clone();
                rule.retain(|name, _| KEPT.contains(&name.as_str()));
                if let Some((name, value)) = change {
                    if name.starts_with("cidr") {
                        KEPT[3..].iter().for_each(|kind| drop(rule.remove(*kind)));
                    }
                    rule.insert((*name).to_owned(), value.clone());
                }
                rule.insert("is_egress".to_owned(), (*direction == "egress").into());
                rule
            }
        };
        rule.insert("id".to_owned(), format!("sgr-{position:02}").into());
        rules.push(Value::Map(rule));
    }
    rules
}

/// The same rule in the words of EC2's API.
pub(super) fn in_api(rule: &Value) -> Value {
    let words = rule.map().iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        match name.as_str() {
            "id" => ("SecurityGroupRuleId".to_owned(), value.clone()),
            "referenced_security_group_id" => (
                "ReferencedGroupInfo".to_owned(),
                value!({ "GroupId": (value.clone()), "UserId": "9" }),
            ),
            name => {
                let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
                (name.split('_').map(capital).collect(), value.clone())
            }
        }
    });
    Value::Map(words.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_every_packet(
        deployment in deployment(),
        endpoint in select(vec!["server", "server", "sql"]),
        origins in prop::collection::vec(origin(), 0..14),
        api in any::<bool>(),
    ) {
        let documented = documented(&deployment, endpoint);
        let actual = actual(&origins, &documented);
        let given = if api { value!({ "SecurityGroupRules": (actual.iter().map(in_api).collect::<Vec<_>>()) }) } else { actual.clone().into() };
        let answer = audit(AWS, deployment.clone(), endpoint, given);
        let backwards: Vec<Value> = actual.iter().rev().cloned().collect();
        prop_assert_eq!(&audit(AWS, deployment, endpoint, backwards.into()), &answer, "the order counts");

        let wanted: Vec<Rule> = documented.iter().map(|((direction, _), rule)| masks(*direction == "ingress", rule)).collect();
        let found: Vec<Rule> = actual.iter().map(|rule| masks(!rule.at("is_egress").flag(), rule)).collect();
        let verdict = packets::verdict(&wanted, &found);
        compare(&answer, &documented, &actual, (&wanted, &found), &verdict)?;
    }
}

fn compare(
    answer: &Value,
    documented: &BTreeMap<(&'static str, String), Value>,
    actual: &[Value],
    (wanted, found): (&[Rule], &[Rule]),
    verdict: &Verdict,
) -> Result<(), TestCaseError> {
    let answer = answer.map();
    let keys: Vec<(&str, &str)> =
        documented.keys().map(|(direction, key)| (*direction, key.as_str())).collect();
    let ids: Vec<&str> = actual.iter().map(|rule| rule.at("id").text()).collect();
    let key_of =
        |rule: &Value| (rule.at("direction").text().to_owned(), rule.at("key").text().to_owned());
    let id_of = |rule: &Value| rule.at("id").text().to_owned();

    let missing: BTreeSet<(String, String)> = answer["missing"].list().iter().map(key_of).collect();
    let expected = keys.iter().enumerate().filter(|(rule, _)| verdict.missing >> rule & 1 == 1);
    prop_assert_eq!(
        &missing,
        &expected.map(|(_, (a, b))| ((*a).to_owned(), (*b).to_owned())).collect()
    );
    for rule in answer["missing"].list() {
        let (direction, key) = key_of(rule);
        let (_, whole) = documented
            .iter()
            .find(|((a, b), _)| **a == direction && *b == key)
            .expect("a documented rule");
        prop_assert_eq!(rule.at("rule"), whole);
        rule.at("rule").at("from_port").number();
    }

    let extra: BTreeSet<String> = answer["extra"].list().iter().map(id_of).collect();
    let expected = ids.iter().enumerate().filter(|(rule, _)| verdict.extra >> rule & 1 == 1);
    prop_assert_eq!(&extra, &expected.map(|(_, id)| (*id).to_owned()).collect());

    let equal: Vec<((String, String), String)> =
        answer["equal"].list().iter().map(|pair| (key_of(pair), id_of(pair))).collect();
    let paired: BTreeSet<&String> = equal.iter().map(|(_, id)| id).collect();
    prop_assert_eq!(paired.len(), equal.len(), "an id twice");
    for ((direction, key), id) in &equal {
        let one = wanted[keys.iter().position(|(a, b)| a == direction && b == key).expect("a key")];
        prop_assert_eq!(one, found[ids.iter().position(|other| other == id).expect("an id")]);
    }
    let classes: BTreeSet<Rule> = wanted.iter().copied().collect();
    let count = |rules: &[Rule], class: &Rule| rules.iter().filter(|rule| *rule == class).count();
    let pairs: usize =
        classes.iter().map(|class| count(wanted, class).min(count(found, class))).sum();
    prop_assert_eq!(pairs, equal.len(), "rules that are the same stay unpaired");

    let tolerated: BTreeSet<String> = answer["tolerated"].list().iter().map(id_of).collect();
    let rest =
        ids.iter().filter(|id| !extra.contains(**id) && !paired.contains(&(**id).to_owned()));
    prop_assert_eq!(&tolerated, &rest.map(|id| (*id).to_owned()).collect());
    prop_assert_eq!(answer["compliant"].flag(), missing.is_empty() && extra.is_empty());

    for rule in answer["extra"].list().iter().chain(answer["tolerated"].list()) {
        let mine = found[ids.iter().position(|id| *id == id_of(rule)).expect("an id")];
        let expected = keys
            .iter()
            .zip(wanted)
            .filter(|(_, other)| meet(mine, **other))
            .map(|((_, key), _)| *key);
        prop_assert_eq!(
            rule.at("overlaps").texts().into_iter().collect::<BTreeSet<_>>(),
            expected.collect()
        );
    }
    Ok(())
}

fn meet(a: Rule, b: Rule) -> bool {
    a.inward == b.inward
        && a.protocols & b.protocols != 0
        && a.ports & b.ports != 0
        && a.sources & b.sources != 0
        && a.destinations & b.destinations != 0
}
