//! What a deployment is warned of, and what barely not; what it leaves out.

use tfplugin::Value;

use crate::answer::{Read, answer};
use crate::refusals::refused_anywhere;

/// An installation of which nothing is to be warned, with more said of it.
fn installation(more: &[(&str, Value)], options: &[(&str, Value)]) -> Value {
    let Value::Map(mut endpoints) = value!({
        "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
        "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.2/32"] },
        "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.0.0.3/32"] },
        "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16"] },
        "admins": { "roles": ["browser"], "cidrs": ["10.2.0.0/24"] },
    }) else {
        unreachable!()
    };
    for (name, endpoint) in more {
        endpoints.insert((*name).to_owned(), endpoint.clone());
    }
    endpoints.retain(|_, endpoint| !endpoint.is_null());
    let mut deployment = vec![("endpoints", Value::Map(endpoints))];
    deployment.push(("include_flows", value!(["client_p2p"])));
    for (name, value) in options {
        deployment.retain(|(known, _)| known != name);
        deployment.push((name, value.clone()));
    }
    Value::Map(deployment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The warnings of a deployment: id and endpoint, with the text.
fn warnings(deployment: &Value) -> Vec<(String, String, String)> {
    let told = answer("connections", deployment);
    let text = |warning: &Value, name: &str| warning.at(name).text().to_owned();
    let warning = |it: &Value| (text(it, "id"), text(it, "endpoint"), text(it, "detail"));
    told.at("warnings").list().iter().map(warning).collect()
}

/// Exactly these warnings, each by id and endpoint; every one of `words` stands in the first.
#[track_caller]
fn warned(deployment: &Value, expected: &[(&str, &str)], words: &[&str]) {
    let found = warnings(deployment);
    let short: Vec<(&str, &str)> =
        found.iter().map(|(id, endpoint, _)| (id.as_str(), endpoint.as_str())).collect();
    assert_eq!(short, expected, "{found:#?}");
    for word in words {
        assert!(found[0].2.contains(word), "{word:?} is missing in {}", found[0].2);
    }
}

#[test]
fn nothing_is_warned_of_where_nothing_is_unusual() {
    warned(&installation(&[], &[]), &[], &[]);
}

#[test]
fn a_named_instance_without_a_port_of_its_own() {
    let sql = |ports: Value| {
        let sql = value!({ "roles": ["sql_master"], "cidrs": ["10.0.0.3/32"], "ports": (ports) });
        let responses = value!({ "roles": ["sql_responses"], "cidrs": ["10.0.0.4/32"] });
        installation(&[("sql", sql), ("responses", responses)], &[])
    };
    let random = sql(value!({ "sql_named_instance": true }));
    warned(&random, &[("named_instance_port", "sql")], &["random", "range"]);
    warned(&sql(value!({ "sql_named_instance": true, "sql": "49152-65535" })), &[], &[]);
    warned(&sql(value!({ "sql_named_instance": true, "sql": 50011 })), &[], &[]);
    warned(&sql(value!({ "sql_named_instance": false })), &[], &[]);
}

#[test]
fn who_uses_one_of_several_says_which() {
    let second = || ("us", value!({ "roles": ["response_stack"], "cidrs": ["10.0.1.2/32"] }));
    let dmz = value!({ "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"] });
    let bound = value!({
        "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"], "talks_to": { "response_stack": ["us"] },
    });
    let clients = value!({
        "roles": ["client"], "cidrs": ["10.1.0.0/16"], "talks_to": { "response_stack": ["us"] },
    });
    let open = installation(&[second(), ("dmz", dmz.clone()), ("clients", clients.clone())], &[]);
    let line = r#"talks_to = { response_stack = ["response"] }"#;
    warned(&open, &[("joined_with_all", "dmz")], &[line, r#""us""#]);
    warned(&installation(&[("dmz", dmz)], &[]), &[], &[]);
    warned(&installation(&[second(), ("dmz", bound), ("clients", clients)], &[]), &[], &[]);
    warned(&installation(&[second()], &[]), &[("joined_with_all", "clients")], &[line]);
    // Two databases for responses, and nothing that says which stack uses which.
    let sql = value!({ "roles": ["sql_responses"], "cidrs": ["10.0.1.3/32"] });
    warned(&installation(&[("sql-us", sql)], &[]), &[("joined_with_all", "response")], &["sql-us"]);
}

#[test]
fn a_flow_that_can_be_read_in_two_ways_stays_on_until_it_is_settled() {
    let open = installation(&[], &[("include_flows", Value::Null)]);
    warned(&open, &[("ambiguous_flow", "clients")], &["include_flows", "exclude_flows"]);
    let told = answer("connections", &open);
    let connection = told.at("connections").at("client_p2p/clients/clients");
    assert_eq!(connection.at("confidence").text(), "medium");
    let options = [("include_flows", Value::Null), ("exclude_flows", value!(["client_p2p"]))];
    warned(&installation(&[], &options), &[], &[]);
    let both = installation(&[], &[("exclude_flows", value!(["client_p2p"]))]);
    refused_anywhere(&both, &["include_flows[0]", "exclude_flows"]);
    let unknown = installation(&[], &[("include_flows", value!(["client_p2q"]))]);
    refused_anywhere(&unknown, &["include_flows[0]", r#""client_p2p""#]);
}

#[test]
fn an_installation_lacks_nobody_it_needs() {
    for (name, word) in
        [("admins", "browser"), ("clients", "internet_client"), ("sql", "sql_master")]
    {
        let deployment = installation(&[(name, Value::Null)], &[]);
        let found = warnings(&deployment);
        let lacking: Vec<_> = found.iter().filter(|(id, ..)| id == "nobody_plays").collect();
        assert_eq!(lacking.len(), 1, "{found:#?}");
        assert!(lacking[0].1 == "master" && lacking[0].2.contains(word), "{found:#?}");
    }
    // A part of an installation that another module completes.
    let part =
        value!({ "endpoints": { "clients": { "roles": ["browser"], "cidrs": ["10.0.0.0/8"] } } });
    warned(&part, &[], &[]);
}

#[test]
fn ports_of_the_host_and_of_other_switches_are_left_to_the_user() {
    let with = |switches: Value| {
        let both = value!({
            "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.1/32"], "ports": { "switches": (switches) },
        });
        installation(&[("master", both), ("response", Value::Null)], &[])
    };
    warned(&with(value!([4000])), &[], &[]);
    let poke = with(value!([4000, 4001]));
    warned(&poke, &[("derived_port_in_list", "master"), ("switch_port", "master")], &["4001"]);
    for port in [3900, 6002, 8081] {
        let own = with(value!([(port)]));
        let expected = [("own_port_of_host", "master"), ("switch_port", "master")];
        warned(&own, &expected, &["only its own host"]);
    }
}

#[test]
fn ports_that_others_must_follow() {
    let catalog = |port: i64| {
        let catalog = value!({
            "roles": ["catalog_server"], "cidrs": ["10.0.0.5/32"], "ports": { "http": (port) },
        });
        installation(&[("catalog", catalog)], &[])
    };
    warned(&catalog(80), &[], &[]);
    warned(&catalog(8080), &[("catalog_port", "catalog")], &["by hand"]);
    let stack = value!({ "roles": ["response_stack"], "cidrs": ["10.0.0.2/32"], "ports": { "switches": 4002 } });
    warned(&installation(&[("response", stack)], &[]), &[("switch_port", "response")], &["client"]);
}

/// What is left out: flow, endpoint or nothing, reason.
fn left_out(deployment: &Value) -> Vec<(String, String, String)> {
    let told = answer("connections", deployment);
    let row = |one: &Value| {
        assert!(!one.at("citations").list().is_empty());
        let endpoint =
            one.at("endpoint").optional().map_or(String::new(), |it| it.text().to_owned());
        (one.at("flow").text().to_owned(), endpoint, one.at("reason").text().to_owned())
    };
    told.at("left_out").list().iter().map(row).collect()
}

fn rows(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let owned =
        |(a, b, c): &(&str, &str, &str)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned());
    rows.iter().map(owned).collect()
}

#[test]
fn what_is_left_out_is_listed_with_the_reason() {
    assert_eq!(left_out(&installation(&[], &[])), rows(&[]));
    let without = installation(&[], &[("exclude_flows", value!(["client_to_switch"]))]);
    assert_eq!(left_out(&without), rows(&[("client_to_switch", "", "excluded")]));
    warned(&without, &[("required_flow_excluded", "response")], &["client_to_switch"]);
    // Nobody could have it: nothing is left out.
    let absent = installation(&[], &[("exclude_flows", value!(["dmz_to_coordinator"]))]);
    assert_eq!(left_out(&absent), rows(&[]));
    let catalog = value!({ "roles": ["catalog_server"], "cidrs": ["10.0.0.5/32"] });
    let replaced = installation(&[("catalog", catalog.clone())], &[]);
    assert_eq!(left_out(&replaced), rows(&[("browser_to_master_catalog_ui", "", "replaced")]));
    warned(&replaced, &[], &[]);
    let keep = value!({ "keep_master_catalog_ui": true });
    assert_eq!(left_out(&installation(&[("catalog", catalog)], &[("options", keep)])), rows(&[]));
}

#[test]
fn an_endpoint_that_is_bound_to_nobody_is_named() {
    let dmz = |bound: Value| {
        let dmz = value!({
            "roles": ["dmz_server"], "cidrs": ["10.9.0.1/32"], "talks_to": { "response_stack": (bound) },
        });
        installation(&[("dmz", dmz)], &[])
    };
    let cut = dmz(value!([]));
    let core: Vec<_> =
        left_out(&cut).into_iter().filter(|(_, _, reason)| reason == "not_bound").collect();
    assert!(
        core.contains(&("dmz_to_response_core".into(), "dmz".into(), "not_bound".into())),
        "{core:?}"
    );
    let found = warnings(&cut);
    assert!(
        found.iter().any(|(id, at, text)| {
            id == "bound_to_nobody" && at == "dmz" && text.contains("dmz_to_response_core")
        }),
        "{found:#?}"
    );
    warned(&dmz(value!(["response"])), &[], &[]);
}
