//! The exact place of a mistake, and the other place where two do not agree.

use tfplugin::{Config, FunctionError, Value};

use crate::answer::{PROVIDER, Read, ask};

/// A deployment, the place, the other place if there are two, and what is told there.
type Case = (Value, &'static str, &'static str, &'static str);

fn has(error: &FunctionError, (_, place, other, word): &Case) -> bool {
    error.mistakes.iter().any(|mistake| {
        let found = mistake.other.as_ref().map_or(String::new(), ToString::to_string);
        mistake.path.to_string() == *place && found == *other && mistake.text.contains(word)
    })
}

fn check(function: &str, cases: &[Case]) {
    for case in cases {
        let (deployment, place, other, _) = case;
        let error = ask(function, deployment).expect_err("a mistake");
        assert!(has(&error, case), "nothing at {place} and {other}: {:#?}", error.mistakes);
        let source = PROVIDER.data_source(&format!("tachyon_{function}")).expect("it");
        let told = source.validate(&Config::from_iter(deployment.map().clone()));
        let is_it = |text: &str| {
            text.starts_with(&format!("{place}: "))
                && (other.is_empty() || text.ends_with(&format!(" See also {other}.")))
        };
        assert!(told.iter().any(|one| is_it(&one.detail)), "{place}: {told:#?}");
        assert!(error.text.split("\n\n  - ").any(is_it), "{place}: {error}");
    }
}

/// A server with further attributes, and its clients.
fn server(more: Value) -> Value {
    let Value::Map(mut server) = value!({
        "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.1/32"],
    }) else {
        unreachable!()
    };
    let Value::Map(more) = more else { unreachable!() };
    server.extend(more);
    value!({ "endpoints": {
        "a": (Value::Map(server)), "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16"] },
    } })
}

/// That server with further attributes of the deployment.
fn with(more: Value) -> Value {
    let Value::Map(mut deployment) = server(value!({})) else { unreachable!() };
    let Value::Map(more) = more else { unreachable!() };
    deployment.extend(more);
    Value::Map(deployment)
}

#[test]
fn what_is_listed_twice_is_told_at_both_places() {
    check(
        "connections",
        &[
            (
                server(value!({ "cidrs": ["10.0.0.1/32", "10.0.0.2/32", "10.0.0.1/32"] })),
                "endpoints[\"a\"].cidrs[2]",
                "endpoints[\"a\"].cidrs[0]",
                "given twice",
            ),
            (
                server(value!({ "roles": ["master_stack", "response_stack", "master_stack"] })),
                "endpoints[\"a\"].roles[2]",
                "endpoints[\"a\"].roles[0]",
                "given twice",
            ),
            (
                server(value!({ "talks_to": { "client": ["clients", "clients"] } })),
                "endpoints[\"a\"].talks_to.client[1]",
                "endpoints[\"a\"].talks_to.client[0]",
                "listed twice",
            ),
            (
                server(value!({ "ports": { "switches": [4000, 4002, 4000] } })),
                "endpoints[\"a\"].ports.switches[2]",
                "endpoints[\"a\"].ports.switches[0]",
                "given twice",
            ),
            (
                with(value!({ "exclude_flows": ["client_p2p", "client_p2p"] })),
                "exclude_flows[1]",
                "exclude_flows[0]",
                "listed twice",
            ),
            (
                with(value!({
                    "exclude_flows": ["master_to_smtp", "client_p2p"], "include_flows": ["client_p2p"],
                })),
                "include_flows[0]",
                "exclude_flows[1]",
                "Take it out of one",
            ),
        ],
    );
}

#[test]
fn ports_are_told_where_they_were_set() {
    check(
        "connections",
        &[
            (
                server(value!({ "ports": { "switches": [65535, 4000] } })),
                "endpoints[\"a\"].ports.switches[0]",
                "",
                "is over 65535",
            ),
            (
                server(value!({ "ports": { "https": 8443, "switches": [4000, 8443] } })),
                "endpoints[\"a\"].ports.switches[1]",
                "endpoints[\"a\"].ports.https",
                "both would listen",
            ),
            (
                server(value!({ "ports": { "https": { "response_stack": 4000 } } })),
                "endpoints[\"a\"].ports.https.response_stack",
                "",
                "both would listen",
            ),
        ],
    );
}

#[test]
fn attributes_that_do_not_agree_are_both_told() {
    let hop = value!({
        "forwards_to": ["a"], "cidrs": ["10.2.0.1/32"], "hides_source": false, "hides_destination": false,
    });
    let Value::Map(mut between) = server(value!({})) else { unreachable!() };
    let Value::Map(endpoints) = between.get_mut("endpoints").expect("endpoints") else {
        unreachable!()
    };
    endpoints.insert("hop".to_owned(), hop);
    check(
        "connections",
        &[
            (
                Value::Map(between),
                "endpoints[\"hop\"].hides_destination",
                "endpoints[\"hop\"].hides_source",
                "both false",
            ),
            (
                with(value!({ "matrix_version": "8.1", "matrix": { "version": "1" } })),
                "matrix_version",
                "matrix",
                "Leave one of the two out",
            ),
        ],
    );
}

#[test]
fn objects_of_the_cloud_that_meet_are_told_at_both_endpoints() {
    let two = |attribute: &str, one: Value, other: Value| {
        let endpoint = |role: &str, network: &str, value: Value| {
            Value::from([
                ("roles", Value::from(vec![role])),
                ("cidrs", Value::from(vec![network])),
                (attribute, value),
            ])
        };
        value!({ "endpoints": {
            "a": (endpoint("master_stack", "10.0.0.1/32", one)),
            "b": (endpoint("sql_master", "10.0.0.2/32", other)),
        } })
    };
    check(
        "security_group_rules",
        &[(
            two("security_group_id", "sg-1".into(), "sg-1".into()),
            "endpoints[\"b\"].security_group_id",
            "endpoints[\"a\"].security_group_id",
            "is that of the endpoint",
        )],
    );
    check(
        "network_security_rules",
        &[
            (
                two("network_security_group", "nsg".into(), "NSG".into()),
                "endpoints[\"b\"].network_security_group",
                "endpoints[\"a\"].network_security_group",
                "Write one of them",
            ),
            (
                two("network_security_group", "b".into(), Value::Null),
                "endpoints[\"a\"].network_security_group",
                "endpoints[\"b\"]",
                "Choose another name",
            ),
        ],
    );
}

#[test]
fn options_are_told_one_by_one() {
    let aws = |options: Value| with(value!({ "options": { "aws": (options) } }));
    check(
        "security_group_rules",
        &[
            (
                aws(value!({ "rules_per_group": 300 })),
                "options.aws.rules_per_group",
                "",
                "EC2 allows at most",
            ),
            (
                aws(value!({ "rules_per_group": 200, "groups_per_interface": 10 })),
                "options.aws.rules_per_group",
                "options.aws.groups_per_interface",
                "EC2 allows at most",
            ),
        ],
    );
    let mut peered = aws(value!({ "peered_networks": [["vpc-a", "vpc-x"]] }));
    let Value::Map(parts) = &mut peered else { unreachable!() };
    let Some(Value::Map(endpoints)) = parts.get_mut("endpoints") else { unreachable!() };
    for endpoint in endpoints.values_mut() {
        let Value::Map(endpoint) = endpoint else { unreachable!() };
        endpoint.insert("network".to_owned(), "vpc-a".into());
    }
    let error = ask("security_group_rules", &peered).expect_err("an unknown network");
    let case = (peered, "options.aws.peered_networks[0][1]", "", "vpc-a");
    assert!(has(&error, &case), "{:#?}", error.mistakes);
    let azure = with(
        value!({ "options": { "azure": { "allow_services": ["Storage", "Sql", "storage"] } } }),
    );
    check(
        "network_security_rules",
        &[(
            azure,
            "options.azure.allow_services[2]",
            "options.azure.allow_services[0]",
            "does not tell capitals apart",
        )],
    );
}

#[test]
fn rows_of_ones_own_that_do_not_agree_are_both_told() {
    let flow = |ports: u16, priority: u16| {
        value!({
            "source": "master_stack", "destination": "directory", "protocol": "tcp", "ports": (i64::from(ports)),
            "purpose": "Look-ups", "citation": "site/ad-1", "setting": "ldap", "priority": (i64::from(priority)),
        })
    };
    let additions = |one: Value, other: Value| {
        with(value!({ "additions": {
            "roles": { "directory": { "title": "Directory" } }, "flows": { "one": (one), "other": (other) },
        } }))
    };
    check(
        "connections",
        &[
            (
                additions(flow(389, 3400), flow(636, 3440)),
                "additions.flows[\"other\"].ports",
                "additions.flows[\"one\"].ports",
                "A setting has one default",
            ),
            (
                additions(flow(389, 3400), flow(389, 3410)),
                "additions.flows[\"other\"].priority",
                "additions.flows[\"one\"].priority",
                "meet those of",
            ),
        ],
    );
}

/// Whether a mistake is about a name or about what stands under it.
#[test]
fn names_are_told_apart_from_what_stands_under_them() {
    let of_names = |deployment: &Value| {
        let error = ask("connections", deployment).expect_err("mistakes");
        let told = error.mistakes.iter();
        told.map(|it| (it.path.to_string(), it.is_of_name)).collect::<Vec<_>>()
    };
    let told = of_names(&server(value!({
        "talks_to": { "clint": ["clients"], "client": ["clint"] },
        "ports": { "htps": 443, "https": { "respons_stack": 443 } },
        "cidr": [],
    })));
    let expected = [
        ("endpoints[\"a\"].cidr", true),
        ("endpoints[\"a\"].ports.htps", true),
        ("endpoints[\"a\"].ports.https.respons_stack", true),
        ("endpoints[\"a\"].talks_to.client[0]", false),
        ("endpoints[\"a\"].talks_to.clint", true),
    ];
    let expected: Vec<(String, bool)> =
        expected.iter().map(|(place, of_name)| ((*place).to_owned(), *of_name)).collect();
    assert_eq!(told, expected);
}
