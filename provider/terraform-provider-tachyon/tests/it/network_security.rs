//! What every rule of a network security group must be, and which rules there must be.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tfplugin::Value;

use crate::address::{Prefix, merge};
use crate::answer::{Read, answer};
use crate::cases::cases;
use crate::citations::cited;
use crate::facts::{INFERRED, fact};
use crate::generate::deployments;
use crate::model::Deployment;
use crate::walk::Opening;

/// The peers of each rule that must be there, by key. Groups are told apart by their number only when read.
fn expected(
    deployment: &Deployment,
    openings: &BTreeSet<Opening>,
    name: &str,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Opening { inbound, peer, flow, ports: (from, to), .. } in
        openings.iter().filter(|opening| opening.at == name)
    {
        let direction = if *inbound { "inbound" } else { "outbound" };
        let ports = if from == to { from.to_string() } else { format!("{from}-{to}") };
        for part in parts(deployment, name, peer) {
            let key = format!("{direction}/{flow}/{ports}/{part}");
            expected.entry(key).or_default().insert(peer.clone());
        }
    }
    if let Some((true, balancer)) = deployment.options.azure {
        let more = ["inbound/deny_all", "outbound/deny_all"].into_iter();
        let more =
            more.chain((balancer != Some(false)).then_some("inbound/allow_azure_load_balancer"));
        expected.extend(more.map(|key| (key.to_owned(), BTreeSet::new())));
    }
    expected
}

/// The kinds of rules that a peer's address comes to.
fn parts(deployment: &Deployment, by: &str, peer: &str) -> BTreeSet<String> {
    let endpoint = deployment.as_seen(by, peer, false);
    if !endpoint.application_security_group_ids.is_empty() {
        BTreeSet::from(["groups".to_owned()])
    } else if let Some(tag) = endpoint.service_tag {
        BTreeSet::from([format!("tag-{}", tag.to_lowercase())])
    } else {
        endpoint.prefixes().into_iter().map(|prefix| format!("ipv{}", prefix.family())).collect()
    }
}

/// The key without the number of a further rule of groups, and that number; the first has none and is 1.
fn numbered(key: &str) -> (String, usize) {
    match key.split_once("/groups-") {
        Some((start, number)) => {
            (format!("{start}/groups"), number.parse().expect("a number of groups"))
        }
        None => (key.to_owned(), 1),
    }
}

/// What a rule of the provider's own has instead of a flow.
fn is_own(key: &str) -> bool {
    key.ends_with("/deny_all") || key.ends_with("/allow_azure_load_balancer")
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn rules_are_those_of_the_second_reading(deployment in deployments()) {
        let told = answer("network_security_rules", &deployment.value());
        let openings = deployment.openings();
        prop_assert_eq!(
            told.at("endpoints").map().keys().collect::<Vec<_>>(),
            deployment.endpoints.keys().collect::<Vec<_>>()
        );
        for (name, rules) in told.at("endpoints").map() {
            let rules = rules.at("rules").map();
            let mut peers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut numbers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
            for (key, rule) in rules {
                let (key, number) = numbered(key);
                peers.entry(key.clone()).or_default().extend(rule.at("peers").texts().into_iter().map(str::to_owned));
                numbers.entry(key).or_default().insert(number);
            }
            prop_assert_eq!(&peers, &expected(&deployment, &openings, name), "{}", name);
            for (key, numbers) in numbers {
                prop_assert!(numbers.iter().copied().eq(1..=numbers.len()), "{} has gaps: {:?}", key, numbers);
                let groups: usize = peers[&key].iter().map(|peer| deployment.endpoints[peer].application_security_group_ids.len()).sum();
                prop_assert!(numbers.len() == 1 || groups > 10, "{} needs one rule only for {} groups", key, groups);
            }
        }
    }

    #[test]
    fn rules_are_such_as_azure_takes(deployment in deployments()) {
        let told = answer("network_security_rules", &deployment.value());
        for (name, rules) in told.at("endpoints").map() {
            let rules = rules.at("rules").map();
            let lower = |rule: &Value| rule.at("name").text().to_ascii_lowercase();
            let names: BTreeSet<String> = rules.values().map(lower).collect();
            prop_assert_eq!(names.len(), rules.len(), "names of {} are not unique", name);
            let slot = |rule: &Value| (rule.at("direction").text().to_owned(), rule.at("priority").number());
            let slots: BTreeSet<(String, i64)> = rules.values().map(slot).collect();
            prop_assert_eq!(slots.len(), rules.len(), "priorities of {} are not unique", name);
            for (key, rule) in rules {
                check_rule(key, rule);
                check_own_end(&deployment, name, key, rule);
            }
        }
    }
}

/// Whether Azure takes it for the name of a rule.
fn nameable(name: &str) -> bool {
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    (1..=80).contains(&name.len())
        && name.chars().all(|character| word(character) || ".-".contains(character))
        && name.starts_with(word)
        && name.ends_with(word)
}

fn check_rule(key: &str, rule: &Value) {
    let text = |name: &str| rule.at(name).text();
    assert!(nameable(text("name")), "{key}: Azure would refuse the name {:?}", text("name"));
    assert!(
        (1..=140).contains(&text("description").chars().count()),
        "{key}: {:?}",
        text("description")
    );
    let inbound = text("direction") == "Inbound";
    assert!(
        key.starts_with(if inbound { "inbound/" } else { "outbound/" }),
        "{key} is {}",
        text("direction")
    );
    let priority = rule.at("priority").number();
    check_values(key, rule);
    if is_own(key) {
        // The deny stands last, and what it must not hide before it.
        assert!(
            if key.ends_with("deny_all") { priority == 4096 } else { priority < 4096 },
            "{key} at {priority}"
        );
        return;
    }
    let split: Vec<&str> = key.split('/').collect();
    let [_, flow, ports, part] = split[..] else { panic!("{key} has not four parts") };
    assert_eq!(rule.at("flows").texts(), [flow], "{key}");
    assert_eq!(text("destination_port_range"), ports, "{key}");
    assert_eq!(text("access"), "Allow", "{key}");
    let fact = fact(flow);
    assert_eq!(text("protocol"), if fact.transport == "tcp" { "Tcp" } else { "Udp" }, "{key}");
    let band = i64::from(fact.ordinal) * 100;
    assert!((band..band + 100).contains(&priority), "{key} at {priority}, outside of its band");
    let inferred = INFERRED.contains(&flow);
    assert_eq!(rule.at("documented").flag(), !inferred, "{key}");
    assert_eq!(text("description").contains(", inferred: "), inferred, "{key}");
    let rows = cited(text("description"));
    let cites = fact.cited_at(inbound).iter().any(|row| rows.contains(*row));
    assert!(cites, "{key} does not cite its row: {}", text("description"));
    let peer = if inbound { "source" } else { "destination" };
    let is = |form: &str| rule.at(&format!("{peer}_{form}")).optional().is_some();
    assert_eq!(is("application_security_group_ids"), part.starts_with("groups"), "{key}");
    if let Some(tag) = part.strip_prefix("tag-") {
        assert_eq!(text(&format!("{peer}_address_prefix")).to_lowercase(), tag);
    }
}

/// Families apart, no tag or `*` among several, plural values sorted and different.
fn check_values(key: &str, rule: &Value) {
    let mut families = BTreeSet::new();
    for side in ["source", "destination"] {
        if let Some(prefixes) = rule.at(&format!("{side}_address_prefixes")).optional() {
            let prefixes = prefixes.texts();
            let different: BTreeSet<&str> = prefixes.iter().copied().collect();
            assert_eq!(different.len(), prefixes.len(), "{key} repeats a prefix");
            let parsed: Vec<Prefix> = prefixes.iter().map(|prefix| Prefix::parse(prefix)).collect();
            let as_text = prefixes.is_sorted();
            assert!(as_text || parsed.is_sorted(), "{key} is not sorted: {prefixes:?}");
            families.extend(parsed.into_iter().map(Prefix::family));
        }
        let single = rule.at(&format!("{side}_address_prefix")).optional().map(Read::text);
        if let Some(prefix) = single.filter(|text| text.contains('/')) {
            families.insert(Prefix::parse(prefix).family());
        }
        if let Some(groups) = rule.at(&format!("{side}_application_security_group_ids")).optional()
        {
            let groups = groups.texts();
            assert!(groups.is_sorted(), "{key} is not sorted: {groups:?}");
            assert!((1..=10).contains(&groups.len()), "{key} has {} groups", groups.len());
        }
    }
    assert!(families.len() <= 1, "{key} mixes families");
}

/// The endpoint's own address stands at its own end: its groups, else its prefixes of the part's family.
fn check_own_end(deployment: &Deployment, name: &str, key: &str, rule: &Value) {
    if is_own(key) {
        return;
    }
    let side = if key.starts_with("inbound/") { "destination" } else { "source" };
    let form = |form: &str| rule.at(&format!("{side}_{form}")).optional();
    let endpoint = &deployment.endpoints[name];
    // What keeps the source sends what others sent.
    let keeps_source = endpoint.hop.as_ref().is_some_and(|hop| hop.hides_source == Some(false));
    if keeps_source && side == "source" {
        assert_eq!(form("address_prefix").map(Read::text), Some("*"), "{key} of {name}");
        return;
    }
    let groups: BTreeSet<&str> =
        endpoint.application_security_group_ids.iter().map(String::as_str).collect();
    if !groups.is_empty() {
        let stands = form("application_security_group_ids").map(Read::texts).unwrap_or_default();
        assert_eq!(stands.into_iter().collect::<BTreeSet<_>>(), groups, "{key} of {name}");
        return;
    }
    let family = match key.rsplit_once('/') {
        Some((_, "ipv4")) => 4,
        Some((_, "ipv6")) => 6,
        _ => return,
    };
    let own: Vec<Prefix> =
        endpoint.prefixes().into_iter().filter(|prefix| prefix.family() == family).collect();
    let own = if deployment.options.merge_cidrs == Some(true) {
        merge(&own)
    } else {
        own.into_iter().collect()
    };
    let single = form("address_prefix").map(|value| vec![value.text()]);
    let stands = single.or(form("address_prefixes").map(Read::texts)).unwrap_or_default();
    let expected: BTreeSet<String> = if own.is_empty() {
        BTreeSet::from(["*".to_owned()])
    } else {
        own.iter().map(Prefix::to_string).collect()
    };
    assert_eq!(
        stands.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        expected,
        "{key} of {name}"
    );
}
