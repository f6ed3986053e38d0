//! That help helps: what an error proposes is done, and the deployment fits; what it says would not help is tried, and does not.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use tfplugin::Value;

use crate::advice::{Setting, Told, Useless, done, set, told, way};
use crate::answer::{Read, ask};
use crate::cases::cases;
use crate::crowds::{crowd, networks};
use crate::generate::deployments;

const AWS: &str = "security_group_rules";
const AZURE: &str = "network_security_rules";

/// What is over a limit.
fn over(function: &str, deployment: &Value) -> BTreeMap<String, Told> {
    match ask(function, deployment) {
        Ok(_) => BTreeMap::new(),
        Err(error) => {
            told(&error.text).into_iter().map(|told| (told.about.clone(), told)).collect()
        }
    }
}

fn fail(text: String) -> TestCaseError {
    TestCaseError::fail(text)
}

/// How often each kind of help was met.
type Met = RefCell<BTreeMap<String, usize>>;

fn note(met: &Met, what: &str, settings: &[Setting]) {
    let names: Vec<&str> =
        settings.iter().filter_map(|setting| setting.way.last()).map(String::as_str).collect();
    let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.contains('/')).collect();
    let names: Vec<&str> = names.into_iter().collect();
    *met.borrow_mut().entry(format!("{what} {}", names.join(" + "))).or_default() += 1;
}

/// Holds every word of help against what it says.
fn check(function: &str, deployment: &Value, met: &Met) -> Result<(), TestCaseError> {
    let now = over(function, deployment);
    for told in now.values() {
        for help in &told.helps {
            note(met, "helps:", help);
            let left = over(function, &done(deployment, help));
            if left.contains_key(&told.about) {
                return Err(fail(format!("{help:?} does not help: {}", told.detail)));
            }
            // Out of a shared group, an endpoint's rules have other keys, whose places may be taken: that has help of its own.
            let harms = |about: &str| !now.contains_key(about) && !about.starts_with("priority of");
            if let Some((_, new)) = left.iter().find(|(about, _)| harms(about)) {
                return Err(fail(format!("{help:?} of {told:?} harms: {new:?}")));
            }
        }
        for useless in &told.useless {
            check_useless(function, deployment, told, &now, useless, met)?;
        }
        if told.helps.is_empty() && function == AWS {
            check_groups_alone(deployment, told, met)?;
        }
    }
    check_all(function, deployment, &now, met)
}

fn check_useless(
    function: &str,
    deployment: &Value,
    told: &Told,
    now: &BTreeMap<String, Told>,
    useless: &Useless,
    met: &Met,
) -> Result<(), TestCaseError> {
    match useless {
        Useless::Still(settings, measure) => {
            note(met, "does not:", settings);
            let left = over(function, &done(deployment, settings));
            let still = left.get(&told.about).map(|still| still.detail.clone());
            let number = measure.split(' ').next().unwrap_or_default();
            if !still.as_ref().is_some_and(|still| still.contains(number)) {
                return Err(fail(format!("{settings:?} ({measure}) of {told:?}: {still:?}")));
            }
        }
        Useless::Elsewhere(settings) => {
            note(met, "elsewhere:", settings);
            let left = over(function, &done(deployment, settings));
            if left.keys().all(|about| now.contains_key(about)) {
                return Err(fail(format!("{settings:?} does no harm: {told:?}")));
            }
        }
        Useless::Numbers(way, most) => {
            note(met, "no number:", &[Setting { way: way.clone(), value: String::new() }]);
            for number in 1..=*most {
                let setting = Setting { way: way.clone(), value: number.to_string() };
                if !over(function, &done(deployment, &[setting])).contains_key(&told.about) {
                    return Err(fail(format!("{number} is enough: {told:?}")));
                }
            }
        }
    }
    Ok(())
}

/// The number that is told for groups alone is what EC2 would count.
fn check_groups_alone(deployment: &Value, told: &Told, met: &Met) -> Result<(), TestCaseError> {
    let Some((_, rest)) = told.detail.split_once("they would count ") else { return Ok(()) };
    let number: i64 = rest.split(' ').next().and_then(|text| text.parse().ok()).expect("a number");
    let wide = value!({ "rules_per_group": 1000, "groups_per_interface": 1 });
    let mut wide = set(deployment.clone(), &way("options.aws"), &|_| wide.clone());
    for (number, name) in deployment.at("endpoints").map().keys().enumerate() {
        let at = [String::from("endpoints"), name.clone()];
        let id = Value::from(format!("sg-{number}"));
        let step = |last: &str| [&at[..], &[last.to_owned()]].concat();
        wide = set(wide, &step("security_group_id"), &|_| id.clone());
        wide = set(wide, &step("security_groups"), &|_| Value::Null);
    }
    let name = told.detail.split('"').nth(1).expect("the endpoint");
    let answer = ask(AWS, &wide).map_err(|error| fail(error.text))?;
    let usage = answer.at("endpoints").at(name).at("usage");
    let most = ["ingress", "egress"].map(|side| usage.at(side).at("ipv4").number());
    note(met, "groups alone", &[]);
    if most.iter().max() != Some(&number) {
        return Err(fail(format!("{most:?} instead of {number}: {}", told.detail)));
    }
    Ok(())
}

/// What is proposed for each limit by itself is done for all of them together, and then the call fits. Pins come last: some of
/// the rules may be gone by then.
fn check_all(
    function: &str,
    deployment: &Value,
    now: &BTreeMap<String, Told>,
    met: &Met,
) -> Result<(), TestCaseError> {
    let is_pin = |setting: &Setting| setting.way.contains(&"priorities".to_owned());
    let of_its_own =
        |settings: &Vec<Setting>| settings.iter().all(|setting| setting.way[0] == "endpoints");
    let mut fixed = deployment.clone();
    for round in 0..2 {
        let left = if round == 0 { now.clone() } else { over(function, &fixed) };
        let firsts: Vec<&Vec<Setting>> =
            left.values().filter_map(|told| told.helps.first()).collect();
        let all_own = firsts.iter().all(|first| of_its_own(first) || first.iter().all(is_pin));
        if firsts.len() < left.len() || !all_own {
            return Ok(());
        }
        let mut settings: Vec<Setting> = firsts.into_iter().flatten().cloned().collect();
        if round == 0 {
            settings.retain(|setting| !is_pin(setting));
        }
        // The smallest summary of an endpoint is one for every rule.
        settings.sort_by_key(|setting| std::cmp::Reverse(setting.value.len()));
        fixed = done(&fixed, &settings);
    }
    let left = over(function, &fixed);
    if left.is_empty() {
        note(met, "all at once", &[]);
        return Ok(());
    }
    Err(fail(format!("all was done, and there is still {left:?}")))
}

fn run<S: Strategy>(few: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    if let Err(error) = TestRunner::new(cases(few)).run(&strategy, test) {
        panic!("{error}");
    }
}

#[track_caller]
fn were_met(met: &Met, expected: &[&str]) {
    let met = met.borrow();
    let missing: Vec<&&str> = expected.iter().filter(|what| !met.contains_key(**what)).collect();
    assert!(missing.is_empty(), "never met: {missing:?} among {met:?}");
}

#[test]
fn help_over_the_quota_of_security_groups_helps() {
    let met = Met::default();
    let quota = (1..=14_i64, option::of(1..=3_i64), 1..=5_i64, option::of(any::<bool>()));
    run(300, (deployments(), quota), |(deployment, (rules, groups, interface, lists))| {
        let mut deployment = deployment;
        for endpoint in deployment.endpoints.values_mut() {
            endpoint.security_groups =
                endpoint.security_groups.filter(|own| i64::from(*own) <= interface);
        }
        let mut aws = BTreeMap::from([
            ("rules_per_group".to_owned(), rules.into()),
            ("groups_per_interface".to_owned(), interface.into()),
        ]);
        aws.extend(groups.map(|groups| ("groups".to_owned(), groups.min(interface).into())));
        aws.extend(lists.map(|lists| ("prefix_lists".to_owned(), lists.into())));
        let value = set(deployment.value(), &way("options.aws"), &|_| Value::Map(aws.clone()));
        check(AWS, &value, &met)
    });
    were_met(
        &met,
        &[
            "helps: security_groups",
            "helps: merge_cidrs",
            "helps: prefix_lists",
            "helps: merge_cidrs + security_groups",
            "does not: merge_cidrs",
            "does not: prefix_lists",
            "no number: security_groups",
            "groups alone ",
            "all at once ",
        ],
    );
}

#[test]
fn help_for_lists_that_ec2_does_not_create_helps() {
    let met = Met::default();
    run(40, (101..=160_usize, any::<bool>(), 40..=200_i64), |(count, apart, rules)| {
        let deployment = value!({
            "endpoints": {
                "clients": { "roles": ["client"], "cidrs": (networks(count, 0, apart)) },
                "server": { "roles": ["response_stack"], "security_group_id": "sg-1" }
            },
            "options": { "aws": { "prefix_lists": true, "rules_per_group": (Value::from(rules)) } }
        });
        check(AWS, &deployment, &met)
    });
    were_met(&met, &["helps: cidrs", "helps: merge_cidrs", "does not: merge_cidrs"]);
}

#[test]
fn help_for_rules_with_too_many_prefixes_helps() {
    let met = Met::default();
    // Neighbours, which merging joins; networks apart from each other, which it does not; and some of both.
    for apart in [Just(false).boxed(), Just(true).boxed(), any::<bool>().boxed()] {
        let clients = vec((2100..=2600_usize, apart), 2..=4);
        run(4, (clients, 0..=4200_usize), |(clients, own)| {
            let mut endpoints = BTreeMap::new();
            for (number, (count, apart)) in clients.into_iter().enumerate() {
                let start = u8::try_from(number * 8).expect("a byte");
                let cidrs = networks(count, start, apart);
                endpoints.insert(
                    format!("clients-{number}"),
                    value!({ "roles": ["client"], "cidrs": (cidrs) }),
                );
            }
            let cidrs = networks(own.max(1), 200, true);
            endpoints.insert(
                "servers".to_owned(),
                value!({ "roles": ["response_stack"], "cidrs": (cidrs) }),
            );
            check(AZURE, &value!({ "endpoints": (Value::Map(endpoints)) }), &met)
        });
    }
    were_met(
        &met,
        &["helps: cidrs", "helps: merge_cidrs", "does not: merge_cidrs", "all at once "],
    );
}

#[test]
fn help_over_the_limits_of_network_security_groups_helps() {
    let met = Met::default();
    let servers = vec((0..4_usize, 0..2_usize, prop::bool::weighted(0.8)), 4..=24);
    run(24, (servers, 1..=12_usize, 0..=9_usize), |(servers, switches, asgs)| {
        check(AZURE, &crowd(&servers, switches, asgs), &met)
    });
    were_met(&met, &["helps: network_security_group", "helps: ", "all at once "]);
}

/// The number behind some words.
fn number(text: &str, lead: &str) -> Option<usize> {
    let (_, rest) = text.split_once(lead)?;
    rest.split(['.', ' ']).next()?.parse().ok()
}

/// Every endpoint with these addresses and no others; `address` gives the attribute and its value.
fn readdressed(
    deployment: &Value,
    address: impl Fn(&str, usize) -> (&'static str, Value),
) -> Value {
    let names = deployment.at("endpoints").map().keys().enumerate();
    names.fold(deployment.clone(), |value, (number, name)| {
        let at = |last: &str| ["endpoints", name, last].map(str::to_owned);
        let gone = ["application_security_group_ids", "service_tag", "cidrs"];
        let value = gone.iter().fold(value, |value, last| set(value, &at(last), &|_| Value::Null));
        let (attribute, given) = address(name, number);
        set(value, &at(attribute), &|_| given.clone())
    })
}

#[test]
fn what_is_said_of_one_group_for_each_endpoint_is_so() {
    let crowded = crowd(&[(0, 0, false), (1, 0, false), (2, 0, false)], 3, 60);
    let over = over(AZURE, &crowded);
    let told = &over["groups of server-0"];
    let single = readdressed(&crowded, |name, _| match name {
        "clients" | "tagged" => ("cidrs", value!(["10.0.0.0/8"])),
        _ => ("application_security_group_ids", value!([(Value::from(format!("/asg/{name}")))])),
    });
    let answer = crate::answer::answer(AZURE, &single);
    let rules = answer.at("endpoints").at("server-0").at("rules").map();
    let ends = ["source", "destination"].map(|end| format!("{end}_application_security_group_ids"));
    let ids = rules.values().flat_map(|rule| ends.iter().map(|end| rule.at(end)));
    let ids: BTreeSet<&str> = ids.filter_map(Read::optional).flat_map(Read::texts).collect();
    assert_eq!(number(&told.detail, "they would name "), Some(ids.len()), "{}", told.detail);
}

#[test]
fn what_is_said_of_one_kind_of_address_is_so() {
    // Rules of many kinds of address: two dozen tags, CIDRs of both families.
    let servers: Vec<_> = (0..4).map(|role| (role, 0, true)).collect();
    let mut crowded = crowd(&[servers.clone(), servers].concat(), 12, 1);
    for number in 0..24 {
        let tagged = value!({ "roles": ["client", "browser"], "service_tag": (Value::from(format!("Tag{number}"))) });
        let at = ["endpoints".to_owned(), format!("tagged-{number}")];
        crowded = set(crowded, &at, &|_| tagged.clone());
    }
    // One endpoint plays all, so that there is none to take out.
    let mut endpoints = crowded.at("endpoints").map().clone();
    endpoints.retain(|name, _| !name.starts_with("server-"));
    let all = ["master_stack", "response_stack", "dmz_server", "catalog_server"].map(Value::from);
    let switches: Vec<Value> = (0..60).map(|port| Value::from(4000 + 2 * port)).collect();
    let all = value!({ "roles": (Value::List(all.to_vec())), "cidrs": ["192.0.2.1/32"], "ports": { "switches": (Value::List(switches)) } });
    endpoints.insert("all".to_owned(), all);
    let crowded = value!({ "endpoints": (Value::Map(endpoints)) });
    let over_now = over(AZURE, &crowded);
    let told = &over_now["rules of all"];
    assert!(told.helps.is_empty(), "{told:?}");
    let single = readdressed(&crowded, |_, number| {
        ("cidrs", value!([(Value::from(format!("192.0.2.{number}/32")))]))
    });
    let answer = crate::answer::answer(AZURE, &single);
    let rules = answer.at("endpoints").at("all").at("rules").map().len();
    assert_eq!(number(&told.detail, "it would need "), Some(rules), "{}", told.detail);
}

/// The example that was reported: 3 networks of IPv4 and 10 of IPv6 where three rules fit.
#[test]
fn rules_of_one_family_take_no_room_from_the_other() {
    let mut cidrs: Vec<Value> = (0..3).map(|number| format!("10.{number}.0.0/16").into()).collect();
    cidrs.extend((0..10).map(|number| Value::from(format!("2001:db8:{:x}::/48", number + 1))));
    let deployment = value!({
        "endpoints": {
            "browsers": { "roles": ["browser"], "cidrs": (Value::List(cidrs)) },
            "master": { "roles": ["master_stack"], "security_group_id": "sg-1" }
        },
        "exclude_flows": ["browser_to_master_catalog_ui"],
        "options": { "aws": { "rules_per_group": 3 } }
    });
    let error = ask(AWS, &deployment).expect_err("ten rules of IPv6 where three fit");
    assert!(error.text.contains("7 of them found no room"), "{}", error.text);
}

/// What does not help is told by the side that does not fit: three lists with room for five in groups of eight. The other side
/// fits, and counts more.
#[test]
fn what_does_not_help_is_told_of_the_side_that_does_not_fit() {
    let mut endpoints = BTreeMap::from([(
        "master".to_owned(),
        value!({ "roles": ["master_stack"], "security_group_id": "sg-1", "security_groups": 2 }),
    )]);
    for number in 0..3 {
        let browsers = value!({ "roles": ["browser"], "cidrs": (networks(3, number, true)) });
        endpoints.insert(format!("browsers-{number}"), browsers);
    }
    for number in 2..18 {
        let id = format!("sg-{number}");
        let sql = value!({ "roles": ["sql_master"], "security_group_id": (Value::from(id)) });
        endpoints.insert(format!("sql-{number}"), sql);
    }
    let deployment = value!({
        "endpoints": (Value::Map(endpoints)),
        "exclude_flows": ["browser_to_master_catalog_ui"],
        "options": { "aws": { "rules_per_group": 8, "prefix_lists": true } }
    });
    let error = ask(AWS, &deployment).expect_err("a list of five where three rules fit");
    let told = "`options.merge_cidrs = true` (then 15 of 16, but 1 of the rules found no room)";
    assert!(error.text.contains(told), "{}", error.text);
    check(AWS, &deployment, &Met::default()).expect("what is told is so");
}
