//! The installations that are asked about: 30 endpoints for the functions, and a machine with 40 rules for the data source.

use portmatrix::matrix::Matrix;
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

/// What decides the rows of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The embedded ones, where an endpoint more plays a role of the document.
    Roles,
    /// The same with rows of the user's own, and that endpoint plays their role too.
    Additions,
    /// The embedded ones, by the version of the document.
    Version,
    /// The embedded ones, given as a document.
    Document,
}

/// The version of the document that is given as a whole.
const VERSION: &str = "8.1";

impl Rows {
    /// A deployment with these rows. `variant` is in the name of an endpoint.
    pub fn deployment(self, variant: u64) -> Outcome<Value> {
        let Value::Map(mut parts) = deployment(variant) else { return Err("no object".into()) };
        match self {
            Self::Version => _ = parts.insert("matrix_version".to_owned(), VERSION.into()),
            Self::Document => _ = parts.insert("matrix".to_owned(), document()?),
            Self::Roles | Self::Additions => {
                let Some(Value::Map(endpoints)) = parts.get_mut("endpoints") else {
                    return Err("no endpoints".into());
                };
                let roles: &[&str] = match self {
                    Self::Additions => &["crl_distribution_point", "domain_controller"],
                    _ => &["crl_distribution_point"],
                };
                endpoints.insert("directory".to_owned(), endpoint(roles, own(7)));
                if self == Self::Additions {
                    parts.insert("additions".to_owned(), additions());
                }
            }
        }
        Ok(Value::Map(parts))
    }
}

/// Two roles and five flows that the document leaves out: the directory, revocation lists, Analysis Services.
fn additions() -> Value {
    let role = |title: &str| Value::from([("title", Value::from(title))]);
    let flow = |(id, priority, destination, protocol, ports): (&str, i64, &str, &str, &[i64])| {
        let flow = Value::from([
            ("source", Value::from("master_stack")),
            ("destination", Value::from(destination)),
            ("protocol", Value::from(protocol)),
            ("ports", Value::from(ports.to_vec())),
            ("purpose", Value::from("What the site's handbook asks for")),
            ("citation", Value::from("site/handbook-1")),
            ("priority", Value::from(priority)),
        ]);
        (id.to_owned(), flow)
    };
    let flows = [
        ("master_to_global_catalog", 3400, "domain_controller", "tcp", &[3268, 3269][..]),
        ("master_to_crl", 3420, "crl_distribution_point", "tcp", &[80]),
        ("master_to_analysis", 3440, "analysis_server", "tcp", &[2383]),
        ("master_domain_tcp", 3500, "domain_controller", "tcp", &[53, 88, 135, 389, 445, 464]),
        ("master_domain_udp", 3520, "domain_controller", "udp", &[53, 88, 123, 389, 464]),
    ];
    Value::from([
        (
            "roles",
            Value::from([
                ("domain_controller", role("Domain controller")),
                ("analysis_server", role("Analysis Services")),
            ]),
        ),
        ("flows", Value::Map(flows.map(flow).into())),
    ])
}

/// The embedded document as an object: what the attribute `document` of `tachyon_matrix` has.
fn document() -> Outcome<Value> {
    let text = Matrix::document(VERSION).ok_or("a version that is not embedded")?;
    value(serde_json::from_str(text)?)
}

/// JSON as a value.
fn value(json: Json) -> Outcome<Value> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => flag.into(),
        Json::Number(number) => number.as_i64().ok_or("a number that is not whole")?.into(),
        Json::String(text) => text.into(),
        Json::Array(elements) => {
            Value::List(elements.into_iter().map(value).collect::<Outcome<_>>()?)
        }
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(name, json)| Ok((name, value(json)?)));
            Value::Map(fields.collect::<Outcome<_>>()?)
        }
    })
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
        Value::Null | Value::Unknown(_) | Value::Bool(_) | Value::Number(_) | Value::Shared(_) => {
            Json::Null
        }
    }
}
