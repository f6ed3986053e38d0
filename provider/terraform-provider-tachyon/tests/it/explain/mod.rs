//! `explain`: every reason is reached, and its sentence is one that a person can act on.

mod agreement;
mod between;
mod ends;

use std::fmt::Write;
use std::sync::LazyLock;

use expect_test::expect_file;
use tfplugin::{Type, Value, msgpack};

use crate::answer::{PROVIDER, Read};
use crate::settings;

static RETURNS: LazyLock<Type> =
    LazyLock::new(|| PROVIDER.function("explain").expect("explain").signature().returns.ty());

/// A question: source, destination, protocol, port.
pub(super) type Asked<'q> = (&'q str, &'q str, &'q str, u16);

pub(super) fn ask(deployment: &Value, asked: Asked<'_>) -> Result<Value, String> {
    let (source, destination, protocol, port) = asked;
    let texts = [source, destination, protocol].map(Value::from);
    call(&[std::slice::from_ref(deployment), &texts[..], &[Value::from(i64::from(port))]].concat())
}

pub(super) fn call(arguments: &[Value]) -> Result<Value, String> {
    let answered = PROVIDER.function("explain").expect("explain").answer(arguments);
    let bytes = answered.map_err(|error| error.text)?;
    Ok(msgpack::decode(&bytes, &RETURNS).expect("an answer of the promised type"))
}

pub(super) fn explained(deployment: &Value, asked: Asked<'_>) -> Value {
    ask(deployment, asked).unwrap_or_else(|error| panic!("{asked:?}: {error}"))
}

/// Everything that gives a reason, on both clouds.
pub(super) fn installation() -> Value {
    value!({
        "endpoints": {
            "tachyon": {
                "roles": ["master_stack", "response_stack"],
                "cidrs": ["10.0.1.10/32"],
                "security_group_id": "sg-0tachyon",
                "application_security_group_ids": ["/asg/tachyon"],
            },
            "response-emea": {
                "roles": ["response_stack"],
                "cidrs": ["10.0.1.11/32"],
                "security_group_id": "sg-0emea",
                "application_security_group_ids": ["/asg/emea"],
                "talks_to": { "master_stack": ["tachyon"] },
            },
            "spare": {
                "roles": ["master_stack", "response_stack"],
                "cidrs": ["203.0.113.12/32"],
                "security_group_id": "sg-0spare",
                "application_security_group_ids": ["/asg/spare"],
            },
            "sql": {
                "roles": ["sql_master", "sql_responses"],
                "security_group_id": "sg-0sql",
                "application_security_group_ids": ["/asg/sql"],
            },
            "dmz": {
                "roles": ["dmz_server"],
                "cidrs": ["192.0.2.16/28"],
                "talks_to": { "response_stack": ["response-emea"], "master_stack": ["tachyon"] },
            },
            "crl": { "roles": ["crl_distribution_point"], "cidrs": ["198.51.100.80/32"] },
            "catalog": { "roles": ["catalog_server"], "cidrs": ["10.0.2.20/32", "203.0.113.20/32"] },
            "cloud": { "roles": ["cloud_1e"], "cidrs": ["192.0.2.0/24"] },
            "clients": { "roles": ["client"], "cidrs": ["10.8.0.0/16", "2001:db8:8::/48"] },
            "kiosks": { "roles": ["client"], "cidrs": ["10.1.2.128/25"] },
            "floor": { "roles": ["client"], "cidrs": ["10.1.2.0/23"] },
            "admins": { "roles": ["browser"], "cidrs": ["10.1.2.0/24"] },
            "travellers": { "roles": ["internet_client"], "cidrs": ["203.0.113.0/24"] },
        },
        "exclude_flows": ["client_p2p", "browser_to_master_https"],
        "additions": { "flows": { "browser_to_reports": {
            "source": "browser",
            "destination": "sql_responses",
            "protocol": "tcp",
            "ports": [5555],
            "purpose": "Reports",
            "citation": "site/reports-1",
            "priority": 3400,
        } } },
    })
}

/// A question for every reason, and for every form that its sentence takes.
const QUESTIONS: [(&str, Asked<'_>); 41] = [
    ("documented", ("clients", "tachyon", "tcp", 4000)),
    ("documented", ("clients", "tachyon", "tcp", 443)),
    ("documented", ("10.8.0.77", "tachyon", "tcp", 4000)),
    ("documented", ("2001:db8:8:1::/64", "tachyon", "tcp", 4000)),
    ("documented", ("10.8.0.77", "10.0.1.10", "tcp", 4000)),
    ("documented", ("10.1.2.200", "catalog", "tcp", 80)),
    ("inferred", ("dmz", "crl", "tcp", 80)),
    ("documented", ("10.1.2.0/24", "tachyon", "tcp", 4000)),
    ("site", ("admins", "sql", "tcp", 5555)),
    ("shared_address", ("spare", "dmz", "tcp", 443)),
    ("documented", ("203.0.113.12", "192.0.2.17", "tcp", 443)),
    ("partial", ("catalog", "dmz", "tcp", 443)),
    ("partial", ("10.0.1.0/24", "192.0.2.0/24", "tcp", 443)),
    ("partial", ("10.1.0.0/16", "catalog", "tcp", 80)),
    ("partial", ("10.8.0.0/15", "tachyon", "tcp", 4000)),
    ("port_differs", ("clients", "tachyon", "tcp", 3901)),
    ("port_differs", ("clients", "tachyon", "tcp", 4001)),
    ("port_differs", ("tachyon", "sql", "tcp", 1434)),
    ("port_differs", ("dmz", "tachyon", "tcp", 443)),
    ("protocol_differs", ("clients", "tachyon", "udp", 4000)),
    ("protocol_differs", ("tachyon", "sql", "udp", 1434)),
    ("reversed", ("sql", "tachyon", "tcp", 1433)),
    ("reversed", ("tachyon", "10.8.9.9", "tcp", 4000)),
    ("excluded", ("clients", "kiosks", "tcp", 7766)),
    ("excluded", ("clients", "clients", "tcp", 7766)),
    ("excluded", ("admins", "spare", "tcp", 443)),
    ("not_bound", ("response-emea", "spare", "tcp", 3901)),
    ("not_bound", ("dmz", "spare", "tcp", 3901)),
    ("replaced", ("admins", "tachyon", "tcp", 80)),
    ("overlay_absent", ("tachyon", "spare", "tcp", 443)),
    ("host_local", ("tachyon", "tachyon", "tcp", 443)),
    ("host_local", ("crl", "tachyon", "tcp", 6002)),
    ("role_missing", ("tachyon", "crl", "tcp", 25)),
    ("role_missing", ("catalog", "sql", "tcp", 1433)),
    ("outside_document", ("crl", "sql", "tcp", 3389)),
    ("outside_document", ("crl", "sql", "tcp", 389)),
    ("outside_document", ("crl", "sql", "udp", 1779)),
    ("unknown_address", ("fd00::9", "tachyon", "tcp", 443)),
    ("unknown_address", ("fd00::/64", "fd01::/64", "tcp", 443)),
    ("not_documented", ("crl", "sql", "tcp", 443)),
    ("not_documented", ("kiosks", "catalog", "tcp", 80)),
];

/// A question and its answer, for a person.
fn written(deployment: &Value, asked: Asked<'_>) -> String {
    let mut text = String::new();
    let told = explained(deployment, asked);
    let (source, destination, protocol, port) = asked;
    _ = writeln!(text, "{source} -> {destination}, {protocol} {port}");
    _ = writeln!(text, "  {}: {}", told.at("reason").text(), told.at("summary").text());
    let flag = |name: &str| told.at(name) == &Value::from(true);
    _ = writeln!(text, "  allowed {}, exact {}", flag("allowed"), flag("exact"));
    for name in ["connections", "via", "citations"] {
        let list = told.at(name).texts();
        if !list.is_empty() {
            _ = writeln!(text, "  {name}: {}", list.join(", "));
        }
    }
    for (platform, rules) in told.at("rules").map() {
        for end in ["egress", "ingress"] {
            let keys =
                rules.at(end).optional().map_or("null".to_owned(), |keys| keys.texts().join(", "));
            if !keys.is_empty() {
                _ = writeln!(text, "  {platform} {end}: {keys}");
            }
        }
    }
    for near in told.at("nearest").list() {
        let differs = near.at("differs").texts().join(", ");
        _ = writeln!(text, "  near ({differs}): {}", near.at("summary").text());
    }
    text.push('\n');
    text
}

#[test]
fn every_reason_has_a_sentence_to_act_on() {
    let deployment = installation();
    let text: String = QUESTIONS.iter().map(|(_, asked)| written(&deployment, *asked)).collect();
    expect_file!["../golden/explain.txt"].assert_eq(&text);
    for (reason, asked) in QUESTIONS {
        assert_eq!(explained(&deployment, asked).at("reason").text(), reason, "{asked:?}");
    }
}

#[test]
fn reasons_are_tried_in_the_order_of_the_page_and_none_is_left_out() {
    let tried: std::collections::BTreeSet<&str> =
        QUESTIONS.iter().map(|(reason, _)| *reason).collect();
    let known = portmatrix::question::Reason::KINDS.iter().map(|kind| kind.id).collect();
    assert_eq!(tried, known);
}

/// The other end of the missing role, which the installation above does not lack.
#[test]
fn a_role_may_be_missing_at_either_end() {
    let deployment = value!({
        "endpoints": {
            "server": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.1.10/32"] },
            "sql": { "roles": ["sql_master"], "cidrs": ["10.0.1.20/32"] },
        },
    });
    let told = explained(&deployment, ("10.7.0.1", "server", "tcp", 4000));
    assert_eq!(told.at("reason").text(), "role_missing");
    assert_eq!(
        told.at("summary").text(),
        "The document asks for tcp 4000 from the role `client` to `server` (client_to_switch; single-server/clients/1, single-server/servers/6), \
         and no endpoint plays the role; if 10.7.0.1 is one, give it the role."
    );
}

#[test]
fn realistic_installations_are_explained() {
    for deployment in [settings::single_server(), settings::remote_stacks()] {
        let connections = crate::answer::answer("connections", &deployment);
        for (key, connection) in connections.at("connections").map() {
            let text = |name: &str| connection.at(name).text();
            for port in connection.at("ports").texts() {
                let first = port.split('-').next().expect("a port").parse().expect("a number");
                let asked = (text("source"), text("destination"), text("protocol"), first);
                let told = explained(&deployment, asked);
                assert_eq!(told.at("exact"), &Value::from(true), "{key}");
                assert!(told.at("connections").texts().contains(&key.as_str()), "{key}");
                assert!(told.at("flows").texts().contains(&text("flow")), "{key}");
                assert!(told.at("nearest").list().is_empty(), "{key}");
            }
        }
    }
}
