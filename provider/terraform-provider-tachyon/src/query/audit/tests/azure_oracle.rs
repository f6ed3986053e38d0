//! `audit_network_security_group` against trying every packet, in random deployments with random rules.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tfplugin::Value;

use super::packets::{
    self, MACHINES, NETWORKS, PORTS, PROTOCOLS, Rule, Verdict, atoms, machines, some_texts,
};
use super::{AZURE, audit};
use crate::answer::{Read, call};

pub(super) const GROUP: &str =
    "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/networkSecurityGroups/tachyon";

fn address(
    groups: &'static [&'static str],
    tag: &'static str,
) -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        3 => subsequence(NETWORKS.to_vec(), 1..4).prop_map(|networks| ("cidrs", Value::from(networks))),
        1 => Just(("application_security_group_ids", Value::from(groups.to_vec()))),
        1 => Just(("service_tag", Value::from(tag))),
    ]
}

pub(super) fn deployment() -> impl Strategy<Value = Value> {
    let addresses =
        (address(&["/x/A"], "c"), address(&["/x/b", "/x/d"], "x"), address(&["/x/e"], "F"));
    let own = prop_oneof![
        Just(("cidrs", value!(["10.0.0.2/32"]))),
        Just(("cidrs", value!(["10.0.0.2/31", "2001:db8::1/128"]))),
        Just(("service_tag", value!("nobody"))),
    ];
    (addresses, own, any::<bool>(), select(vec![vec![4], vec![4, 6]])).prop_map(|((clients, admins, sql), own, deny_all, switches)| {
        let peer = |role: &[&str], address: (&str, Value)| Value::from([("roles", role.to_vec().into()), address]);
        let mut server = peer(&["master_stack", "response_stack"], own);
        if let Value::Map(server) = &mut server {
            server.insert("ports".to_owned(), value!({ "https": 2, "http": 3, "switches": (switches) }));
        }
        let mut sql = peer(&["sql_master", "sql_responses"], sql);
        if let Value::Map(sql) = &mut sql {
            sql.insert("ports".to_owned(), value!({ "sql": 5 }));
        }
        value!({
            "endpoints": {
                "server": (server),
                "clients": (peer(&["client", "browser"], clients)),
                "admins": (peer(&["browser"], admins)),
                "sql": (sql),
            },
            "options": { "azure": { "deny_all": deny_all, "allow_azure_load_balancer": false } },
        })
    })
}

/// How an actual rule comes about, with the priority that it asks for; none asks for the documented one.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// A documented rule, by its number modulo how many there are, some attributes changed.
    Copy(usize, Vec<(&'static str, Value)>, Option<u16>),
    Made(Value, u16),
}

/// An end in one of its forms, and how the others are shown that are not set.
fn end(side: &'static str) -> impl Strategy<Value = Vec<(String, Value)>> {
    let one = select([&NETWORKS[..], &["*", "*", "C", "x", "10.0.0.3/31"]].concat())
        .prop_map(Value::from);
    let several = subsequence(NETWORKS.to_vec(), 1..4).prop_map(Value::from);
    let groups = subsequence(vec!["/x/a", "/x/b", "/X/D"], 1..3).prop_map(Value::from);
    prop_oneof![3 => one.prop_map(|one| (0, one)), 2 => several.prop_map(|all| (1, all)), 1 => groups.prop_map(|all| (2, all))].prop_map(
        move |(form, value)| {
            let forms = ["address_prefix", "address_prefixes", "application_security_group_ids"];
            let shown = |(position, name): (usize, &str)| {
                let unset = if position == 0 { value!("") } else { value!([]) };
                (format!("{side}_{name}"), if position == form { value.clone() } else { unset })
            };
            forms.into_iter().enumerate().map(shown).collect()
        },
    )
}

fn ports() -> impl Strategy<Value = Value> {
    let one = select(vec!["*", "2", "3", "2-4", "1-9", "5"]).prop_map(Value::from);
    let several = subsequence(vec!["2", "3-4", "5", "6"], 1..4).prop_map(Value::from);
    prop_oneof![2 => one, 1 => several]
}

pub(super) fn origin() -> impl Strategy<Value = Origin> {
    let head = (
        any::<bool>(),
        any::<bool>(),
        select(vec!["Tcp", "*", "Udp", "TCP", "Icmp"]),
        100_u16..4096,
    );
    let made =
        (head, ports(), select(vec!["*", "*", "1-3", "5-9"]), end("source"), end("destination"))
            .prop_map(
                |(
                    (inward, allows, protocol, priority),
                    ports,
                    source_port,
                    source,
                    destination,
                )| {
                    let plural = if matches!(ports, Value::List(_)) {
                        "destination_port_ranges"
                    } else {
                        "destination_port_range"
                    };
                    let parts = [
                        ("direction", if inward { "Inbound" } else { "outbound" }.into()),
                        ("access", if allows { "Allow" } else { "Deny" }.into()),
                        ("protocol", protocol.into()),
                        ("source_port_range", source_port.into()),
                        (plural, ports),
                    ];
                    let parts = parts.into_iter().map(|(name, value)| (name.to_owned(), value));
                    Origin::Made(
                        Value::Map(parts.chain(source).chain(destination).collect()),
                        priority,
                    )
                },
            );
    let change = prop_oneof![
        4 => Just(vec![]),
        1 => Just(vec![("protocol", Value::from("*"))]),
        1 => Just(vec![("destination_port_range", Value::from("2-6"))]),
        1 => Just(vec![("access", Value::from("Deny"))]),
    ];
    let copy = (0..100_usize, change, prop::option::of(100_u16..4096));
    prop_oneof![3 => copy.prop_map(|(number, change, priority)| Origin::Copy(number, change, priority)), 2 => made]
}

pub(super) fn documented(deployment: &Value, endpoint: &str) -> BTreeMap<String, Value> {
    let answer = call("network_security_rules", std::slice::from_ref(deployment)).expect("rules");
    let rules = answer.at("endpoints").at(endpoint);
    rules.at("rules").map().clone()
}

/// The actual rules; Azure has each name and, in a direction, each priority once.
pub(super) fn actual(origins: &[Origin], documented: &BTreeMap<String, Value>) -> Vec<Value> {
    let all: Vec<&Value> = documented.values().collect();
    let mut taken = BTreeSet::new();
    let mut rules = Vec::new();
    for (position, origin) in origins.iter().enumerate() {
        let (mut rule, mut priority) = match origin {
            Origin::Made(rule, priority) => (rule.map().clone(), *priority),
            Origin::Copy(..) if all.is_empty() => continue,
            Origin::Copy(copied, change, priority) => {
                let mut rule = (all[copied % all.len()]).map().clone();
                rule.remove("peers");
                rule.remove("documented");
                rule.remove("flows");
                let own = priority_of(&rule);
                rule.extend(change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
                (rule, priority.unwrap_or(own))
            }
        };
        let inward = rule["direction"].text().eq_ignore_ascii_case("inbound");
        while !taken.insert((inward, priority)) {
            priority = if priority >= 4096 { 100 } else { priority + 1 };
        }
        rule.insert("priority".to_owned(), i64::from(priority).into());
        rule.insert("name".to_owned(), format!("rule-{position}").into());
        rules.push(Value::Map(rule));
    }
    rules
}

fn priority_of(rule: &BTreeMap<String, Value>) -> u16 {
    u16::try_from(rule["priority"].number()).expect("a priority")
}

pub(super) fn masks(rule: &Value) -> Rule {
    let rule = rule.map();
    let is = |name: &str, word: &str| rule[name].text().eq_ignore_ascii_case(word);
    let number_of = match rule["protocol"].text().to_lowercase().as_str() {
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        _ => None,
    };
    let ports = |side: &str| {
        let written = ["range", "ranges"]
            .iter()
            .flat_map(|form| some_texts(rule.get(&format!("{side}_port_{form}"))));
        let written: Vec<&str> = written.filter(|text| !text.is_empty()).collect();
        let of = |text: &&str| {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            if *text == "*" || number_of == Some(1) {
                (0, 65535)
            } else {
                (from.parse().expect("a port"), to.parse().expect("a port"))
            }
        };
        written.iter().map(of).fold(0, |mask, (from, to)| mask | packets::ports(from, to))
    };
    let end = |side: &str| {
        let forms = ["address_prefix", "address_prefixes", "application_security_group_ids"];
        machines(forms.iter().flat_map(|form| some_texts(rule.get(&format!("{side}_{form}")))))
    };
    Rule {
        inward: is("direction", "inbound"),
        allows: is("access", "allow"),
        priority: priority_of(rule).into(),
        protocols: atoms(&PROTOCOLS, |protocol| number_of.is_none_or(|number| number == *protocol)),
        source_ports: ports("source"),
        ports: ports("destination"),
        sources: end("source"),
        destinations: end("destination"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_every_packet(
        deployment in deployment(),
        endpoint in select(vec!["server", "server", "sql"]),
        origins in prop::collection::vec(origin(), 0..14),
        whole in any::<bool>(),
    ) {
        let documented = documented(&deployment, endpoint);
        let actual = actual(&origins, &documented);
        let given = if whole { value!({ "id": GROUP, "security_rule": (actual.clone()) }) } else { actual.clone().into() };
        let answer = audit(AZURE, deployment.clone(), endpoint, given);
        if !whole {
            let backwards: Vec<Value> = actual.iter().rev().cloned().collect();
            prop_assert_eq!(&audit(AZURE, deployment, endpoint, backwards.into()), &answer, "the order counts");
        }

        let wanted: Vec<Rule> = documented.values().map(masks).collect();
        let found: Vec<Rule> = actual.iter().map(masks).collect();
        prop_assert!(wanted.len() <= 64 && PORTS.len() <= 64 && MACHINES.len() <= 64);
        let verdict = packets::verdict(&wanted, &found);
        compare(&answer, &documented, &actual, (&wanted, &found), &verdict)?;
        for rule in ["extra", "equal", "tolerated"].iter().flat_map(|kind| answer.at(kind).list()) {
            let rule = rule.map();
            let name = rule.get("actual_name").unwrap_or(&rule["name"]).text();
            let id = if whole { format!("{GROUP}/securityRules/{name}") } else { name.to_owned() };
            prop_assert_eq!(rule["id"].text(), id);
        }
    }
}

fn compare(
    answer: &Value,
    documented: &BTreeMap<String, Value>,
    actual: &[Value],
    (wanted, found): (&[Rule], &[Rule]),
    verdict: &Verdict,
) -> Result<(), TestCaseError> {
    let answer = answer.map();
    let keys: Vec<&str> = documented.keys().map(String::as_str).collect();
    let names: Vec<&str> = actual.iter().map(|rule| rule.at("name").text()).collect();
    let all = |kind: &str, attribute: &str| -> Vec<&str> {
        answer[kind].list().iter().map(|rule| rule.at(attribute).text()).collect()
    };
    let chosen = |names: &[&'_ str], mask: u64| -> BTreeSet<String> {
        names
            .iter()
            .enumerate()
            .filter(|(rule, _)| mask >> rule & 1 == 1)
            .map(|(_, name)| (*name).to_owned())
            .collect()
    };
    let set = |names: &[&str]| -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };

    prop_assert_eq!(set(&all("missing", "key")), chosen(&keys, verdict.missing));
    for rule in answer["missing"].list() {
        prop_assert_eq!(rule.at("rule"), &documented[rule.at("key").text()]);
    }
    prop_assert_eq!(set(&all("extra", "name")), chosen(&names, verdict.extra));

    let mut shadowed = BTreeSet::new();
    for rule in answer["shadowed"].list() {
        let rule = rule.map();
        let position = keys.iter().position(|key| *key == rule["key"].text()).expect("a key");
        shadowed.insert(position);
        prop_assert_eq!(set(&rule["denied_by"].texts()), chosen(&names, verdict.shadows[position]));
        prop_assert_eq!(rule["wholly"].flag(), verdict.admitted >> position & 1 == 0);
    }
    let expected: BTreeSet<usize> =
        (0..keys.len()).filter(|rule| verdict.shadows[*rule] != 0).collect();
    prop_assert_eq!(shadowed, expected);

    let pairs: Vec<(&str, &str)> =
        all("equal", "key").into_iter().zip(all("equal", "actual_name")).collect();
    let paired: BTreeSet<&str> = pairs.iter().map(|(_, name)| *name).collect();
    prop_assert_eq!(paired.len(), pairs.len(), "a name twice");
    for (key, name) in &pairs {
        let one = wanted[keys.iter().position(|other| other == key).expect("a key")];
        let other = found[names.iter().position(|other| other == name).expect("a name")];
        prop_assert_eq!(one.identity(), other.identity());
    }
    let classes: BTreeSet<Rule> = wanted.iter().map(|rule| rule.identity()).collect();
    let count = |rules: &[Rule], class: &Rule| {
        rules.iter().filter(|rule| rule.identity() == *class).count()
    };
    let most: usize =
        classes.iter().map(|class| count(wanted, class).min(count(found, class))).sum();
    prop_assert_eq!(most, pairs.len(), "rules that are the same stay unpaired");

    let extra = set(&all("extra", "name"));
    let rest: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !extra.contains(*name) && !paired.contains(name))
        .collect();
    prop_assert_eq!(set(&all("tolerated", "name")), set(&rest));
    let nothing = verdict.missing == 0
        && verdict.extra == 0
        && verdict.shadows.iter().all(|denies| *denies == 0);
    prop_assert_eq!(answer["compliant"].flag(), nothing);
    Ok(())
}
