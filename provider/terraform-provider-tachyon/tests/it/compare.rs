//! What a change opens and closes, with its causes.

use std::collections::BTreeSet;

use tfplugin::Value;

use crate::answer::{Read, call};
use crate::tree::replaced;

pub(crate) fn compare(before: &Value, after: &Value) -> Value {
    call("compare", &[before.clone(), after.clone()]).unwrap_or_else(|error| panic!("{error}"))
}

/// The keys of one of the lists.
pub(crate) fn keys(told: &Value, list: &str) -> BTreeSet<String> {
    told.at(list).list().iter().map(|one| one.at("connection").text().to_owned()).collect()
}

fn base() -> Value {
    value!({
        "endpoints": {
            "tachyon": { "roles": ["master_stack", "response_stack"], "security_group_id": "sg-1" },
            "sql": { "roles": ["sql_master", "sql_responses"], "security_group_id": "sg-2" },
            "clients": { "roles": ["client"], "cidrs": ["10.32.0.0/12"] },
            "admins": { "roles": ["browser"], "cidrs": ["10.20.100.0/24"] },
        },
        "include_flows": ["client_p2p"],
    })
}

/// The base with an endpoint changed, added, or (null) taken away.
fn with(name: &str, endpoint: Value) -> Value {
    let way = ["endpoints".to_owned()];
    let Value::Map(mut endpoints) = base().at("endpoints").clone() else { unreachable!() };
    endpoints.insert(name.to_owned(), endpoint);
    endpoints.retain(|_, endpoint| !endpoint.is_null());
    replaced(&base(), &way, &Value::Map(endpoints))
}

fn with_attribute(name: &str, value: Value) -> Value {
    let Value::Map(mut deployment) = base() else { unreachable!() };
    deployment.insert(name.to_owned(), value);
    Value::Map(deployment)
}

/// The only connection with this key in a list.
fn one<'v>(told: &'v Value, list: &str, key: &str) -> &'v Value {
    let mut found = told.at(list).list().iter().filter(|one| one.at("connection").text() == key);
    found.next().unwrap_or_else(|| panic!("no {key} in {list}: {told:#?}"))
}

#[test]
fn nothing_differs_from_itself() {
    let told = compare(&base(), &base());
    assert_eq!((told.at("equal"), told.at("widens")), (&value!(true), &value!(false)));
    for list in ["opened", "closed", "changed"] {
        assert_eq!(told.at(list).list(), []);
    }
    for platform in ["aws", "azure"] {
        for number in ["added", "removed", "replaced", "updated"] {
            assert_eq!(told.at("rules").at(platform).at(number).number(), 0);
        }
    }
}

#[test]
fn each_cause_is_told() {
    let sql = |ports: Value| {
        with(
            "sql",
            value!({ "roles": ["sql_master", "sql_responses"], "security_group_id": "sg-2", "ports": (ports) }),
        )
    };
    let clients = |more: Value| {
        let Value::Map(mut endpoint) = value!({ "roles": ["client"], "cidrs": ["10.32.0.0/12"] })
        else {
            unreachable!()
        };
        let Value::Map(more) = more else { unreachable!() };
        endpoint.extend(more);
        with("clients", Value::Map(endpoint))
    };
    let remote = |keep: bool| {
        let mut all =
            with("catalog", value!({ "roles": ["catalog_server"], "security_group_id": "sg-3" }));
        if keep && let Value::Map(deployment) = &mut all {
            deployment.insert("options".to_owned(), value!({ "keep_master_catalog_ui": true }));
        }
        all
    };
    let pages = "browser_to_master_catalog_ui/admins/tachyon";
    let mail = value!({ "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"] });
    for (what, before, after, list, key, causes) in [
        (
            "an endpoint comes",
            base(),
            with("mail", mail),
            "opened",
            "master_to_smtp/tachyon/mail",
            &["endpoint"][..],
        ),
        (
            "an endpoint goes",
            base(),
            with("clients", Value::Null),
            "closed",
            "client_to_switch/clients/tachyon",
            &["endpoint"],
        ),
        (
            "a role comes",
            base(),
            clients(value!({ "roles": ["client", "browser"] })),
            "opened",
            "browser_to_master_https/clients/tachyon",
            &["role"],
        ),
        (
            "networks change",
            base(),
            clients(value!({ "cidrs": ["10.32.0.0/13"] })),
            "changed",
            "client_to_switch/clients/tachyon",
            &["address"],
        ),
        (
            "a port moves",
            base(),
            sql(value!({ "sql": 1533 })),
            "changed",
            "master_to_sql_master/tachyon/sql",
            &["port"],
        ),
        (
            "an instance gets a name",
            base(),
            sql(value!({ "sql_named_instance": true })),
            "opened",
            "sql_browser_master/tachyon/sql",
            &["port"],
        ),
        (
            "bounds",
            base(),
            clients(value!({ "talks_to": { "client": [] } })),
            "closed",
            "client_p2p/clients/clients",
            &["talks_to"],
        ),
        (
            "a flow is excluded",
            base(),
            with_attribute("exclude_flows", value!(["browser_to_master_https"])),
            "closed",
            "browser_to_master_https/admins/tachyon",
            &["exclude_flows"],
        ),
        ("an overlay replaces a flow", base(), remote(false), "closed", pages, &["endpoint"]),
        ("an option keeps it", remote(false), remote(true), "opened", pages, &["option"]),
    ] {
        let told = compare(&before, &after);
        assert_eq!(one(&told, list, key).at("causes").texts(), causes, "{what}");
        assert_eq!(told.at("equal"), &value!(false), "{what}");
        let widens =
            list == "opened" || what == "a port moves" || what == "an overlay replaces a flow";
        assert_eq!(told.at("widens"), &value!(widens), "{what}");
    }
}

/// A DMZ Server, the Internet, and what is between them.
fn between(more: &[(&str, Value)]) -> Value {
    let Value::Map(mut endpoints) = value!({
        "response": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.2/32"] },
        "dmz": { "roles": ["dmz_server"], "cidrs": ["192.0.2.16/32"] },
        "internet": { "roles": ["internet_client"], "cidrs": ["203.0.113.0/24"] },
    }) else {
        unreachable!()
    };
    endpoints.extend(more.iter().map(|(name, endpoint)| ((*name).to_owned(), endpoint.clone())));
    Value::from([("endpoints", Value::Map(endpoints))])
}

const HTTPS: &str = "internet_client_to_dmz_background_channel/internet/dmz";

#[test]
fn what_comes_between_two_ends_is_told() {
    let balancer = |listens: u16, cidr: &str| {
        let listens = i64::from(listens);
        between(&[(
            "balancer",
            value!({
                "forwards_to": ["dmz"], "from_roles": ["internet_client"], "ports": { "443": (listens) }, "cidrs": [cidr],
            }),
        )])
    };
    let (direct, with_balancer) = (between(&[]), balancer(8443, "192.0.2.1/32"));
    let told = compare(&direct, &with_balancer);
    assert_eq!((told.at("equal"), told.at("widens")), (&value!(false), &value!(true)));
    assert_eq!(told.at("opened").list(), []);
    let https = one(&told, "changed", HTTPS);
    assert_eq!(https.at("causes").texts(), ["via"]);
    assert_eq!(https.at("ports_before").texts(), https.at("ports_after").texts());
    assert_eq!(https.at("addresses_opened").texts(), ["192.0.2.1/32"]);
    assert_eq!(https.at("addresses_closed").texts(), Vec::<&str>::new());
    // Taking it away opens what went directly again.
    let told = compare(&with_balancer, &direct);
    let https = one(&told, "changed", HTTPS);
    assert_eq!((https.at("causes").texts(), https.at("widens")), (vec!["via"], &value!(true)));
    assert_eq!(https.at("addresses_closed").texts(), ["192.0.2.1/32"]);
    // It may listen elsewhere, or have another address.
    let told = compare(&with_balancer, &balancer(9443, "192.0.2.1/32"));
    assert_eq!(keys(&told, "changed"), BTreeSet::from([HTTPS.to_owned()]));
    let https = one(&told, "changed", HTTPS);
    assert_eq!((https.at("causes").texts(), https.at("widens")), (vec!["via"], &value!(true)));
    assert_eq!(https.at("addresses_opened").texts(), Vec::<&str>::new());
    let told = compare(&with_balancer, &balancer(8443, "192.0.2.2/32"));
    let https = one(&told, "changed", HTTPS);
    assert_eq!(https.at("causes").texts(), ["address"]);
    assert_eq!(https.at("addresses_opened").texts(), ["192.0.2.2/32"]);
    assert_eq!(https.at("addresses_closed").texts(), ["192.0.2.1/32"]);
}

#[test]
fn rows_of_ones_own_are_a_cause() {
    let reports = |source: &str, port: u16| {
        let port = i64::from(port);
        with_attribute(
            "additions",
            value!({ "flows": { "reports": {
                "source": source, "destination": "sql_responses", "protocol": "tcp", "ports": [(port)],
                "purpose": "Reports", "citation": "site/reports-1", "priority": 3400,
            } } }),
        )
    };
    let causes = |before: &Value, after: &Value, list: &str, key: &str| -> Vec<String> {
        let told = compare(before, after);
        let causes = one(&told, list, key).at("causes").texts();
        causes.into_iter().map(str::to_owned).collect()
    };
    let (key, of_clients) = ("reports/admins/sql", "reports/clients/sql");
    let own = reports("browser", 5555);
    assert_eq!(causes(&base(), &own, "opened", key), ["additions"]);
    assert_eq!(causes(&own, &base(), "closed", key), ["additions"]);
    assert_eq!(causes(&own, &reports("browser", 5556), "changed", key), ["additions"]);
    assert_eq!(causes(&own, &reports("client", 5555), "opened", of_clients), ["additions"]);
    assert_eq!(causes(&own, &reports("client", 5555), "closed", key), ["additions"]);
}

/// A row is the same by its name, wherever it stands among the others.
#[test]
fn a_row_stays_where_one_before_it_goes() {
    let row = |port: i64, priority: i64| {
        value!({
            "source": "browser", "destination": "sql_responses", "protocol": "tcp", "ports": [port],
            "purpose": "Reports", "citation": "site/reports-1", "priority": priority,
        })
    };
    let [ledger, reports] = [row(5556, 3420), row(5555, 3400)];
    let reports_alone =
        with_attribute("additions", value!({ "flows": { "reports": (reports.clone()) } }));
    let both =
        with_attribute("additions", value!({ "flows": { "ledger": ledger, "reports": reports } }));
    let of_ledger = BTreeSet::from(["ledger/admins/sql".to_owned()]);
    for (before, after, list) in
        [(&both, &reports_alone, "closed"), (&reports_alone, &both, "opened")]
    {
        let told = compare(before, after);
        for other in ["opened", "closed", "changed"] {
            let expected = if other == list { of_ledger.clone() } else { BTreeSet::new() };
            assert_eq!(keys(&told, other), expected, "{other}");
        }
    }
}

/// Where groups can't be referred to, other addresses count, and the comparison sees it.
#[test]
fn networks_alone_change_what_passes() {
    let deployment = |network: &str, peered: Value| {
        value!({
            "endpoints": {
                "clients": {
                    "roles": ["client"], "security_group_id": "sg-1", "cidrs": ["10.1.0.0/16"], "network": "vpc-a",
                },
                "server": {
                    "roles": ["master_stack", "response_stack"], "security_group_id": "sg-2", "cidrs": ["10.2.0.0/16"],
                    "network": network,
                },
            },
            "options": { "aws": { "peered_networks": (peered) } },
        })
    };
    let key = "client_to_switch/clients/server";
    let (together, apart) = (deployment("vpc-a", Value::Null), deployment("vpc-b", Value::Null));
    let told = compare(&together, &apart);
    let switch = one(&told, "changed", key);
    assert_eq!(
        (switch.at("causes").texts(), switch.at("widens")),
        (vec!["address"], &value!(true))
    );
    assert_eq!(switch.at("addresses_opened").texts(), ["10.1.0.0/16", "10.2.0.0/16"]);
    assert!(told.at("rules").at("aws").at("added").number() > 0);
    let told = compare(&apart, &deployment("vpc-b", value!([["vpc-a", "vpc-b"]])));
    let switch = one(&told, "changed", key);
    assert_eq!(switch.at("causes").texts(), ["option"]);
    assert_eq!(switch.at("addresses_closed").texts(), ["10.1.0.0/16", "10.2.0.0/16"]);
}

#[test]
fn addresses_are_told_exactly() {
    let after =
        with("clients", value!({ "roles": ["client"], "cidrs": ["10.32.0.0/13", "10.48.0.0/16"] }));
    let told = compare(&base(), &after);
    let clients = one(&told, "changed", "client_to_switch/clients/tachyon");
    assert_eq!(clients.at("addresses_opened").texts(), ["10.48.0.0/16"]);
    assert_eq!(clients.at("addresses_closed").texts(), ["10.40.0.0/13"]);
    assert_eq!(clients.at("widens"), &value!(true));
    let back = compare(&after, &base());
    let clients = one(&back, "changed", "client_to_switch/clients/tachyon");
    assert_eq!(clients.at("addresses_opened").texts(), ["10.40.0.0/13"]);
}

/// Names are nothing to packets: a rename opens nothing, and is told all the same.
#[test]
fn a_rename_opens_nothing() {
    let Value::Map(mut endpoints) = base().at("endpoints").clone() else { unreachable!() };
    let clients = endpoints.remove("clients").expect("clients");
    endpoints.insert("offices".to_owned(), clients);
    let after = replaced(&base(), &["endpoints".to_owned()], &Value::Map(endpoints));
    let told = compare(&base(), &after);
    assert_eq!((told.at("equal"), told.at("widens")), (&value!(false), &value!(false)));
    assert_eq!(keys(&told, "opened").len(), keys(&told, "closed").len());
    assert_eq!(
        one(&told, "opened", "client_to_switch/offices/tachyon").at("widens"),
        &value!(false)
    );
    // A CIDR rule's key names no peer: only descriptions change.
    let aws = told.at("rules").at("aws");
    assert_eq!((aws.at("added").number(), aws.at("removed").number()), (0, 0));
    assert!(aws.at("updated").number() > 0);
}

#[test]
fn unknown_ids_leave_keys_known() {
    let unknown = |name: &str| {
        let way = ["endpoints", name, "security_group_id"].map(str::to_owned);
        replaced(
            &with("mail", value!({ "roles": ["smtp_server"], "cidrs": ["10.3.0.25/32"] })),
            &way,
            &Value::UNKNOWN,
        )
    };
    let told = compare(&base(), &unknown("tachyon"));
    assert_eq!(keys(&told, "opened"), BTreeSet::from(["master_to_smtp/tachyon/mail".to_owned()]));
    assert!(keys(&told, "closed").is_empty());
    let aws = told.at("rules").at("aws");
    assert_eq!((aws.at("added").number(), aws.at("removed").number()), (1, 0));
    assert!(!aws.at("replaced").is_wholly_known());
    assert!(!told.at("changed").is_wholly_known() && !told.at("widens").is_wholly_known());
    assert_eq!(told.at("equal"), &value!(false));
}

#[test]
fn mistakes_say_in_which_deployment_they_are() {
    let wrong = with("clients", value!({ "roles": ["clint"], "cidrs": ["10.0.0.0/8"] }));
    let error = call("compare", &[wrong.clone(), wrong]).expect_err("two mistakes").to_string();
    for place in ["before.endpoints[\"clients\"].roles[0]", "after.endpoints[\"clients\"].roles[0]"]
    {
        assert!(error.contains(place), "{error}");
    }
}
