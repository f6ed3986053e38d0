//! The installations that are asked about: 30 endpoints for the functions, and a machine with 40 rules for the data source.

use serde::Serialize;
use serde_json::Value as Json;
use tfplugin::{Type, Value, msgpack};

use crate::{Outcome, Trouble};

/// How many endpoints the functions are asked about.
pub const ENDPOINTS: usize = 30;

/// The role of the machine with 40 rules, and the platforms that it has them for.
pub const ROLE: &str = "response_stack";
/// See [`ROLE`].
pub const PLATFORMS: [&str; 1] = ["aws"];

/// The networks of the clients of the machine with 40 rules: two rules each, and four besides.
const NETWORKS: usize = 18;

/// The endpoint whose name says nothing, so that another name gives another question of the same size.
const RENAMED: &str = "mail";

fn endpoint(roles: &[&str], cidrs: Vec<String>) -> Value {
    Value::from([("roles", Value::from(roles.to_vec())), ("cidrs", Value::from(cidrs))])
}

fn own(number: usize) -> Vec<String> {
    vec![format!("10.255.0.{number}/32")]
}

/// One of everything, and clients and Response Stacks up to 30 endpoints. `variant` is in the name of one of them.
pub fn deployment(variant: u64) -> Value {
    let mut endpoints = vec![
        ("master".to_owned(), endpoint(&["master_stack"], own(1))),
        ("sql".to_owned(), endpoint(&["sql_master", "sql_responses"], own(2))),
        ("dmz".to_owned(), endpoint(&["dmz_server"], own(3))),
        ("internet".to_owned(), endpoint(&["internet_client"], vec!["0.0.0.0/0".to_owned()])),
        ("admins".to_owned(), endpoint(&["browser"], own(4))),
        ("cloud".to_owned(), endpoint(&["cloud_1e"], own(5))),
        (format!("{RENAMED}-{variant:08}"), endpoint(&["smtp_server"], own(6))),
    ];
    for number in 0..ENDPOINTS - endpoints.len() {
        let (name, role) = if number % 8 == 0 {
            (format!("response-{number}"), "response_stack")
        } else {
            (format!("clients-{number}"), "client")
        };
        endpoints.push((name, endpoint(&[role], vec![format!("10.{number}.0.0/16")])));
    }
    Value::from([("endpoints", Value::Map(endpoints.into_iter().collect()))])
}

/// The peers of a Response Stack that then has 40 rules.
pub fn peers() -> Value {
    let networks = (0..NETWORKS).map(|number| format!("10.{number}.0.0/16")).collect();
    Value::from([
        ("clients", endpoint(&["client"], networks)),
        ("master", endpoint(&["master_stack"], own(1))),
        ("sql", endpoint(&["sql_master", "sql_responses"], own(2))),
    ])
}

/// The bytes of a value, as Terraform sends it.
pub fn encoded(value: &Value, ty: &Type) -> Outcome<Vec<u8>> {
    msgpack::encode(value, ty).map_err(|error| Trouble::from(format!("{error:?}")))
}

/// What Terraform's configurations hold, so that they ask what the requests ask.
#[derive(Debug, Serialize)]
pub struct Configuration {
    /// The role of the machine with 40 rules.
    pub role: &'static str,
    /// The platforms that it asks for.
    pub platforms: Vec<&'static str>,
    /// Its peers.
    pub peers: Json,
    /// The argument of the functions.
    pub deployment: Json,
}

/// The installations as JSON, which is an expression of Terraform's language too.
pub fn configuration() -> Configuration {
    Configuration {
        role: ROLE,
        platforms: PLATFORMS.to_vec(),
        peers: json(&peers()),
        deployment: json(&deployment(0)),
    }
}

/// The JSON of a value that consists of texts.
fn json(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::from(text.as_str()),
        Value::List(elements) | Value::Set(elements) => elements.iter().map(json).collect(),
        Value::Map(elements) => {
            elements.iter().map(|(name, value)| (name.clone(), json(value))).collect()
        }
        Value::Null | Value::Unknown(_) | Value::Bool(_) | Value::Number(_) => Json::Null,
    }
}
