//! Deployments that are too large for a limit.

use std::collections::BTreeMap;

use tfplugin::Value;

/// So many networks, some of which are halves of one.
pub(crate) fn networks(count: usize, start: u8, apart: bool) -> Value {
    let step = if apart { 2 } else { 1 };
    let number = |index: usize| index * step;
    let network = |index: usize| {
        let number = number(index);
        format!(
            "10.{}.{}.{}/28",
            usize::from(start) + number / 4096,
            number / 16 % 256,
            number % 16 * 16
        )
    };
    Value::List((0..count).map(|index| network(index).into()).collect())
}

/// Servers of every kind, which share groups, among clients of every kind of address.
pub(crate) fn crowd(servers: &[(usize, usize, bool)], switches: usize, asgs: usize) -> Value {
    const ROLES: [&[&str]; 4] = [
        &["master_stack", "response_stack"],
        &["response_stack"],
        &["dmz_server"],
        &["catalog_server", "sql_catalog"],
    ];
    let mut endpoints = BTreeMap::new();
    let ids = |name: &str, count: usize| -> Value {
        Value::List((0..count).map(|id| Value::from(format!("/asg/{name}/{id}"))).collect())
    };
    for (number, (role, group, shared)) in servers.iter().enumerate() {
        let name = format!("server-{number}");
        let roles = Value::List(ROLES[*role].iter().map(|role| Value::from(*role)).collect());
        let ports: Vec<Value> = (0..switches)
            .map(|index| i64::try_from(4000 + 2 * index).expect("a port").into())
            .collect();
        let mut server = BTreeMap::from([
            ("roles".to_owned(), roles),
            ("application_security_group_ids".to_owned(), ids(&name, asgs.max(1))),
        ]);
        if *role < 2 {
            server.insert("ports".to_owned(), value!({ "switches": (Value::List(ports)) }));
        }
        if *shared {
            server.insert("network_security_group".to_owned(), format!("nsg-{group}").into());
        }
        endpoints.insert(name, Value::Map(server));
    }
    let clients =
        value!({ "roles": ["client", "browser"], "cidrs": ["10.0.0.0/8", "2001:db8::/32"] });
    endpoints.insert("clients".to_owned(), clients);
    let tagged = value!({ "roles": ["client", "browser"], "service_tag": "Internet" });
    endpoints.insert("tagged".to_owned(), tagged);
    Value::Map(BTreeMap::from([("endpoints".to_owned(), Value::Map(endpoints))]))
}
