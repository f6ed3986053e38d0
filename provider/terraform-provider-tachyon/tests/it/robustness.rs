//! Whatever is given, there is an answer or an error that says where; never a panic.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tfplugin::{Config, Number, Value};

use crate::answer::{PROVIDER, ask};
use crate::cases::cases;
use crate::facts::{NO_VERSION, VERSION};
use crate::functions::FUNCTIONS;
use crate::generate::deployments;
use crate::tree::{Way, renamed, replaced, ways};

/// Every name that means something somewhere, and some that nearly do.
const NAMES: [&str; 44] = [
    "matrix_version",
    "endpoints",
    "exclude_flows",
    "options",
    "roles",
    "cidrs",
    "security_group_id",
    "security_groups",
    "prefix_lists",
    "id",
    "max_entries",
    "application_security_group_ids",
    "service_tag",
    "ports",
    "talks_to",
    "https",
    "http",
    "switches",
    "coordinator",
    "client_interaction",
    "sql",
    "sql_named_instance",
    "smtp",
    "crl",
    "rpc_dynamic",
    "keep_master_catalog_ui",
    "merge_cidrs",
    "aws",
    "rules_per_group",
    "groups",
    "groups_per_interface",
    "azure",
    "deny_all",
    "allow_azure_load_balancer",
    "priorities",
    "master_stack",
    "response_stack",
    "dmz_server",
    "client",
    "cidr",
    "role",
    "",
    "é\u{1F525}",
    "a\"b\n",
];

const TEXTS: [&str; 20] = [
    "",
    " ",
    VERSION,
    NO_VERSION,
    "master_stack",
    "response_stack",
    "dmz_server",
    "client",
    "sql_master",
    "client_p2p",
    "10.0.0.0/8",
    "10.0.0.1/8",
    "::/0",
    "1.2.3.4",
    "49152-65535",
    "5-1",
    "inbound/client_to_switch/4000/ipv4",
    "Internet",
    "\u{0}\u{7}",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
];

const NUMBERS: [&str; 9] = [
    "-1",
    "0",
    "0.5",
    "65535",
    "65536",
    "99999999999999999999999999",
    "1e400",
    "-0.0",
    "4294967297",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::UNKNOWN),
        any::<bool>().prop_map(Value::from),
        (0..70000i64).prop_map(Value::from),
        select(&NUMBERS[..]).prop_map(|text| Value::Number(Number::parse(text).expect("a number"))),
        select(&TEXTS[..]).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ]
}

fn junk() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            btree_map(select(&NAMES[..]).prop_map(str::to_owned), inner, 0..6).prop_map(Value::Map),
        ]
    })
}

/// Junk that gets past the first door: an object with endpoints.
fn deployment_of_junk() -> impl Strategy<Value = Value> {
    let names = || select(&NAMES[..]).prop_map(str::to_owned);
    let endpoints = btree_map(names(), btree_map(names(), junk(), 0..8).prop_map(Value::Map), 0..4);
    (endpoints, btree_map(names(), junk(), 0..3)).prop_map(|(endpoints, mut rest)| {
        rest.insert("endpoints".to_owned(), Value::Map(endpoints));
        Value::Map(rest)
    })
}

/// Where a text of a function says that a mistake is; every mistake starts with it.
const ROOTS: [&str; 5] = ["deployment", "endpoints", "options", "exclude_flows", "matrix_version"];

fn stands(deployment: &Value) {
    for function in FUNCTIONS.iter().copied() {
        if let Err(error) = ask(function, deployment) {
            assert_eq!(error.argument, Some(0), "{error}");
            let single = !error.text.starts_with("found ");
            let mistakes: Vec<&str> = if single {
                vec![&error.text]
            } else {
                error.text.split("\n\n  - ").skip(1).collect()
            };
            assert!(!mistakes.is_empty(), "nothing is told: {error}");
            for mistake in mistakes {
                let placed = match deployment {
                    Value::Map(attributes) => {
                        let mut names =
                            ROOTS.into_iter().chain(attributes.keys().map(String::as_str));
                        // A name that is odd stands in brackets; one that is empty has no place but its object.
                        names.any(|name| !name.is_empty() && mistake.starts_with(name))
                            || mistake.starts_with("[\"")
                            || mistake.starts_with("There is no attribute \"\"")
                    }
                    // Terraform itself names the parameter, which is all the place that there is.
                    _ => true,
                };
                assert!(placed && mistake.len() > 10, "{function}: no place in {mistake:?}");
            }
        }
        let Value::Map(attributes) = deployment else { continue };
        let source =
            PROVIDER.data_source(&format!("tachyon_{function}")).expect("one of each name");
        let config = Config::from_iter(attributes.clone());
        let mut found = source.validate(&config);
        if deployment.is_wholly_known() {
            let read = source.read(&config);
            assert_eq!(
                read.state.is_none(),
                read.diagnostics.iter().any(tfplugin::Diagnostic::is_error)
            );
            found.extend(read.diagnostics);
        }
        for diagnostic in found {
            assert!(diagnostic.path.is_some(), "no path: {diagnostic:?}");
            assert!(
                !diagnostic.summary.is_empty() && !diagnostic.summary.ends_with('.'),
                "{diagnostic:?}"
            );
            assert!(diagnostic.detail.len() > 10, "{diagnostic:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn junk_is_refused_with_a_place(junk in prop_oneof![1 => junk(), 3 => deployment_of_junk()]) {
        stands(&junk);
    }

    #[test]
    fn a_deployment_with_broken_parts_is_refused_with_a_place(
        deployment in deployments(),
        breaks in vec((any::<Index>(), junk(), any::<bool>(), select(&NAMES[..])), 1..=3),
    ) {
        let mut value = deployment.value();
        for (pick, junk, rename, name) in breaks {
            let all: Vec<(Way, Value)> = ways(&value);
            if all.is_empty() {
                break;
            }
            let (way, _) = &all[pick.index(all.len())];
            value = if rename { renamed(&value, way, name) } else { replaced(&value, way, &junk) };
        }
        stands(&value);
    }
}

#[test]
fn a_deep_value_is_refused() {
    let deep = (0..120).fold(Value::from("bottom"), |value, _| Value::List(vec![value]));
    stands(&value!({ "endpoints": (deep.clone()) }));
    stands(&deep);
}
