//! A deployment as plain Rust, and as Terraform would say it.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::Value;

use crate::facts::{Fact, Ports, ROLES};

/// A valid deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    pub(crate) exclude_flows: BTreeSet<&'static str>,
    /// Rows of the user's own.
    pub(crate) own: Vec<Own>,
    /// A whole document of the user's own, which has the rows and no others.
    pub(crate) document: Option<Value>,
    pub(crate) options: Options,
    /// Whether attributes that are not set are written out as null, as typed variables do.
    pub(crate) nulls: bool,
}

/// A row of the user's own, with what it says besides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own {
    pub(crate) fact: &'static Fact,
    pub(crate) inside_endpoint: bool,
}

/// Of a row of the user's own the name says everything, within one deployment.
impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.fact.flow == other.fact.flow
    }
}

impl Eq for Own {}

/// One endpoint of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) roles: BTreeSet<&'static str>,
    pub(crate) cidrs: Vec<&'static str>,
    pub(crate) security_group_id: Option<String>,
    pub(crate) security_groups: Option<u16>,
    /// Name to id and largest number of entries.
    pub(crate) prefix_lists: BTreeMap<String, (String, u16)>,
    pub(crate) application_security_group_ids: Vec<String>,
    pub(crate) service_tag: Option<&'static str>,
    pub(crate) network: Option<&'static str>,
    pub(crate) ports: Listeners,
    pub(crate) talks_to: BTreeMap<&'static str, BTreeSet<String>>,
    /// What it does with the traffic of others; then it has no roles.
    pub(crate) hop: Option<Hop>,
}

/// A thing between two ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) forwards_to: BTreeSet<String>,
    pub(crate) from_roles: Option<BTreeSet<&'static str>>,
    /// Theirs to its own.
    pub(crate) ports: BTreeMap<(u16, u16), (u16, u16)>,
    pub(crate) hides_source: Option<bool>,
    pub(crate) hides_destination: Option<bool>,
}

/// What an endpoint listens on, where it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listeners {
    /// The attributes that are one port.
    pub(crate) single: BTreeMap<&'static str, u16>,
    pub(crate) switches: Option<Vec<u16>>,
    pub(crate) sql_named_instance: Option<bool>,
    pub(crate) rpc_dynamic: Option<(u16, u16)>,
}

/// What the deployment chooses; none is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) keep_master_catalog_ui: Option<bool>,
    pub(crate) merge_cidrs: Option<bool>,
    /// `rules_per_group`, `groups`, `groups_per_interface`.
    pub(crate) aws: Option<(u16, u16, u16)>,
    /// Two networks whose groups may refer to each other on AWS.
    pub(crate) peered: Option<(&'static str, &'static str)>,
    /// `deny_all` and `allow_azure_load_balancer`.
    pub(crate) azure: Option<(bool, Option<bool>)>,
}

impl Deployment {
    /// Whether groups of one endpoint mean nothing to the rules of another, on AWS or on Azure.
    pub(crate) fn are_apart(&self, one: &str, other: &str, on_aws: bool) -> bool {
        let network = |name: &str| self.endpoints[name].network;
        let (Some(one), Some(other)) = (network(one), network(other)) else { return false };
        let peered = |pair| self.options.peered == Some(pair);
        one != other && !(on_aws && (peered((one, other)) || peered((other, one))))
    }

    /// An endpoint as the rules of another see it: without what means nothing to them.
    pub(crate) fn as_seen(&self, by: &str, peer: &str, on_aws: bool) -> Endpoint {
        let mut endpoint = self.endpoints[peer].clone();
        if self.are_apart(by, peer, on_aws) {
            if on_aws {
                endpoint.security_group_id = None;
            } else {
                endpoint.application_security_group_ids.clear();
            }
        }
        endpoint
    }
}

impl Endpoint {
    pub(crate) fn plays(&self, role: &str) -> bool {
        self.roles.contains(role)
    }
}

/// Collects the attributes of an object.
struct Object {
    attributes: BTreeMap<String, Value>,
    nulls: bool,
}

impl Object {
    fn new(nulls: bool) -> Self {
        Self { attributes: BTreeMap::new(), nulls }
    }

    fn with(mut self, name: &str, value: Option<Value>) -> Self {
        if let Some(value) = value.or(self.nulls.then_some(Value::Null)) {
            self.attributes.insert(name.to_owned(), value);
        }
        self
    }

    fn done(self) -> Value {
        Value::Map(self.attributes)
    }

    /// The object, or nothing if it has no attribute.
    fn unless_empty(self) -> Option<Value> {
        if self.attributes.values().all(Value::is_null) { None } else { Some(self.done()) }
    }
}

/// The list, or nothing if it is empty.
fn list<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Option<Value> {
    let elements: Vec<Value> = elements.into_iter().map(Into::into).collect();
    if elements.is_empty() { None } else { Some(Value::List(elements)) }
}

fn number(number: u16) -> Value {
    i64::from(number).into()
}

impl Deployment {
    /// The argument of the functions.
    pub(crate) fn value(&self) -> Value {
        let endpoints = self
            .endpoints
            .iter()
            .map(|(name, endpoint)| (name.clone(), endpoint.value(self.nulls)));
        Object::new(self.nulls)
            .with("matrix_version", None)
            .with("endpoints", Some(Value::Map(endpoints.collect())))
            .with("exclude_flows", list(self.exclude_flows.iter().copied()))
            .with("additions", self.document.is_none().then(|| additions(&self.own)).flatten())
            .with("matrix", self.document.clone())
            .with("options", self.options.value(self.nulls))
            .done()
    }
}

/// The rows of the user's own, with the roles that the document does not have.
fn additions(own: &[Own]) -> Option<Value> {
    if own.is_empty() {
        return None;
    }
    let names = own.iter().flat_map(|own| [own.fact.from, own.fact.to]);
    let roles = names.filter(|role| !ROLES.contains(role)).map(|role| {
        let title = Value::from(format!("The role {role}"));
        (role.to_owned(), Value::from([("title", title)]))
    });
    let flows = own.iter().zip(0_u16..).map(|(own, place)| {
        let fact = own.fact;
        let (ports, setting) = match fact.ports {
            Ports::Fixed(ports) => (ports.to_vec(), None),
            Ports::Of(setting, port) => (vec![port], Some(Value::from(setting))),
            Ports::Poke => unreachable!("only the document derives ports"),
        };
        let port = |(from, to): (u16, u16)| {
            if from == to { number(from) } else { Value::from(format!("{from}-{to}")) }
        };
        let flow = Object::new(false)
            .with("source", Some(fact.from.into()))
            .with("destination", Some(fact.to.into()))
            .with("protocol", Some(fact.transport.into()))
            .with("ports", Some(Value::List(ports.into_iter().map(port).collect())))
            .with("purpose", Some("Because it is asked for".into()))
            .with("citation", Some(fact.outgoing[0].into()))
            .with("application", Some(fact.application.into()))
            .with("setting", setting)
            .with("inside_endpoint", Some(own.inside_endpoint.into()))
            .with("priority", Some(number(3400 + place * 20)));
        (fact.flow.to_owned(), flow.done())
    });
    let [roles, flows] = [roles.collect(), flows.collect()].map(Value::Map);
    Some(Value::from([("roles", roles), ("flows", flows)]))
}

impl Endpoint {
    fn value(&self, nulls: bool) -> Value {
        let prefix_lists = self.prefix_lists.iter().map(|(name, (id, entries))| {
            (
                name.clone(),
                Value::from([("id", id.as_str().into()), ("max_entries", number(*entries))]),
            )
        });
        let prefix_lists: BTreeMap<String, Value> = prefix_lists.collect();
        let talks_to = self.talks_to.iter().map(|(role, names)| {
            (
                (*role).to_owned(),
                Value::List(names.iter().map(|name| name.as_str().into()).collect()),
            )
        });
        let talks_to: BTreeMap<String, Value> = talks_to.collect();
        let hop = self.hop.as_ref();
        let hides = |hides: Option<bool>| hides.map(Value::from);
        Object::new(nulls)
            .with(
                "forwards_to",
                hop.and_then(|hop| list(hop.forwards_to.iter().cloned().map(Value::from))),
            )
            .with("from_roles", hop.and_then(|hop| list(hop.from_roles.iter().flatten().copied())))
            .with("hides_source", hop.and_then(|hop| hides(hop.hides_source)))
            .with("hides_destination", hop.and_then(|hop| hides(hop.hides_destination)))
            .with("roles", list(self.roles.iter().copied()))
            .with("cidrs", list(self.cidrs.iter().copied()))
            .with("security_group_id", self.security_group_id.clone().map(Value::from))
            .with("security_groups", self.security_groups.map(number))
            .with("prefix_lists", (!prefix_lists.is_empty()).then_some(Value::Map(prefix_lists)))
            .with(
                "application_security_group_ids",
                list(self.application_security_group_ids.clone()),
            )
            .with("network", self.network.map(Value::from))
            .with("service_tag", self.service_tag.map(Value::from))
            .with("ports", hop.map_or_else(|| self.ports.value(nulls), Hop::ports))
            .with("talks_to", (!talks_to.is_empty()).then_some(Value::Map(talks_to)))
            .done()
    }
}

impl Hop {
    fn ports(&self) -> Option<Value> {
        let written = |(from, to): (u16, u16)| {
            if from == to { from.to_string() } else { format!("{from}-{to}") }
        };
        let own = |(from, to): (u16, u16)| {
            if from == to { number(from) } else { written((from, to)).into() }
        };
        let ports = self.ports.iter().map(|(theirs, its)| (written(*theirs), own(*its)));
        let ports: BTreeMap<String, Value> = ports.collect();
        (!ports.is_empty()).then_some(Value::Map(ports))
    }
}

impl Listeners {
    fn value(&self, nulls: bool) -> Option<Value> {
        let mut object = Object::new(false);
        for (name, port) in &self.single {
            object = object.with(name, Some(number(*port)));
        }
        let range = |(from, to): (u16, u16)| Value::from(format!("{from}-{to}"));
        object.nulls = nulls;
        object
            .with(
                "switches",
                self.switches
                    .as_ref()
                    .map(|ports| Value::List(ports.iter().copied().map(number).collect())),
            )
            .with("sql_named_instance", self.sql_named_instance.map(Value::from))
            .with("rpc_dynamic", self.rpc_dynamic.map(range))
            .unless_empty()
    }
}

impl Options {
    fn value(&self, nulls: bool) -> Option<Value> {
        let quota = |pick: fn((u16, u16, u16)) -> u16| self.aws.map(|quota| number(pick(quota)));
        let peered = self.peered.map(|(one, other)| value!([[(one), (other)]]));
        let aws = Object::new(nulls)
            .with("rules_per_group", quota(|quota| quota.0))
            .with("groups", quota(|quota| quota.1))
            .with("groups_per_interface", quota(|quota| quota.2))
            .with("peered_networks", peered)
            .unless_empty();
        let azure = self.azure.map(|(deny_all, balancer)| {
            Object::new(nulls)
                .with("deny_all", Some(deny_all.into()))
                .with("allow_azure_load_balancer", balancer.map(Value::from))
                .done()
        });
        Object::new(nulls)
            .with("keep_master_catalog_ui", self.keep_master_catalog_ui.map(Value::from))
            .with("merge_cidrs", self.merge_cidrs.map(Value::from))
            .with("aws", aws)
            .with("azure", azure)
            .unless_empty()
    }
}
