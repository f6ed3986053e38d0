//! The facts of the newest document, read a second time: typed by hand from the reconstruction, not taken from the provider.
//!
//! What they say of older documents is that those stay: their answers are goldens of their own (see [`crate::golden`]).

/// The embedded versions, oldest first.
pub(crate) const VERSIONS: [&str; 1] = ["8.1"];

/// The version that these facts are of, which is what a deployment gets that names none.
pub(crate) const VERSION: &str = VERSIONS[VERSIONS.len() - 1];

/// A version that no document will ever have.
pub(crate) const NO_VERSION: &str = "0.1";

/// The roles, in the order of the glossary.
pub(crate) const ROLES: [&str; 15] = [
    "master_stack",
    "response_stack",
    "dmz_server",
    "catalog_server",
    "sql_master",
    "sql_responses",
    "sql_catalog",
    "client",
    "internet_client",
    "browser",
    "cloud_1e",
    "smtp_server",
    "inventory_source",
    "configmgr_provider",
    "crl_distribution_point",
];

/// Where a flow's ports come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ports {
    /// The document leaves no choice.
    Fixed(&'static [(u16, u16)]),
    /// An attribute of the destination's `ports`, and its default.
    Of(&'static str, (u16, u16)),
    /// Each Switch port of the destination and one more.
    Poke,
}

/// What a flow takes to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// Always.
    Base,
    /// A Catalog server that is not the Master.
    RemoteCatalog,
    /// A Response Stack that is not the Master.
    RemoteResponse,
    /// A DMZ server.
    Dmz,
}

/// A flow of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fact {
    pub(crate) flow: &'static str,
    /// The permanent number; Azure's priority band starts at a hundred times it.
    pub(crate) ordinal: u16,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) transport: &'static str,
    pub(crate) application: &'static str,
    pub(crate) ports: Ports,
    pub(crate) overlay: Overlay,
    pub(crate) outgoing: &'static [&'static str],
    pub(crate) incoming: &'static [&'static str],
    /// The flow that this one follows from, where it has no row of its own.
    pub(crate) follows: Option<&'static str>,
}

const HTTPS: Ports = Ports::Of("https", (443, 443));
const HTTP: Ports = Ports::Of("http", (80, 80));
const SWITCHES: Ports = Ports::Of("switches", (4000, 4000));
const COORDINATOR: Ports = Ports::Of("coordinator", (3901, 3901));
const SQL: Ports = Ports::Of("sql", (1433, 1433));
const CLOUD: Ports = Ports::Fixed(&[(443, 443)]);

/// The port of the SQL Browser, over UDP: where a named instance is asked for its own port.
const BROWSER: Ports = Ports::Fixed(&[(1434, 1434)]);

const fn row(
    ordinal: u16,
    (flow, from, to): (&'static str, &'static str, &'static str),
    (application, ports): (&'static str, Ports),
    overlay: Overlay,
    outgoing: &'static [&'static str],
    incoming: &'static [&'static str],
) -> Fact {
    Fact {
        flow,
        ordinal,
        from,
        to,
        transport: "tcp",
        application,
        ports,
        overlay,
        outgoing,
        incoming,
        follows: None,
    }
}

const fn following(
    ordinal: u16,
    (flow, from, to): (&'static str, &'static str, &'static str),
    follows: &'static str,
    (transport, ports): (&'static str, Ports),
    overlay: Overlay,
) -> Fact {
    let fact = row(ordinal, (flow, from, to), ("", ports), overlay, &[], &[]);
    Fact { transport, follows: Some(follows), ..fact }
}

/// The flows that no row or sentence asks for in so many words: the device of the one cell is lost, or only another product's
/// page tells that they are needed.
pub(crate) const INFERRED: &[&str] = &[
    "master_to_cloud",
    "master_to_configmgr_wmi",
    "dmz_to_crl",
    "sql_browser_catalog",
    "sql_browser_inventory",
    "configmgr_rpc_dynamic",
];

use Overlay::{Base, Dmz, RemoteCatalog, RemoteResponse};

/// Every flow that may cross a wire: those of the tables that are not inside a host, and those that the prose adds.
#[rustfmt::skip]
pub(crate) const FACTS: &[Fact] = &[
    row(1, ("client_to_switch", "client", "response_stack"), ("wss", SWITCHES), Base, &["single-server/clients/1"], &["single-server/servers/6"]),
    row(2, ("client_to_background_channel", "client", "response_stack"), ("https", HTTPS), Base, &["single-server/clients/2"], &["single-server/servers/3"]),
    row(3, ("client_p2p", "client", "client"), ("https", Ports::Of("client_interaction", (7766, 7766))), Base, &["single-server/clients/3"], &["single-server/clients/3"]),
    row(4, ("browser_to_master_https", "browser", "master_stack"), ("https", HTTPS), Base, &["single-server/clients/4"], &["single-server/servers/1"]),
    row(5, ("browser_to_master_catalog_ui", "browser", "master_stack"), ("http", HTTP), Base, &["single-server/clients/5"], &["single-server/servers/2"]),
    row(6, ("master_to_cloud", "master_stack", "cloud_1e"), ("https", CLOUD), Base, &["single-server/servers/4"], &[]),
    row(8, ("master_to_smtp", "master_stack", "smtp_server"), ("smtp", Ports::Of("smtp", (25, 25))), Base, &["single-server/servers/7"], &[]),
    row(9, ("master_to_sql_master", "master_stack", "sql_master"), ("tds", SQL), Base, &["single-server/servers/8"], &["single-server/servers/12"]),
    row(10, ("master_to_inventory_source", "master_stack", "inventory_source"), ("tds", SQL), Base, &["single-server/servers/9"], &[]),
    row(11, ("master_to_configmgr_wmi", "master_stack", "configmgr_provider"), ("wmi-dcom", Ports::Fixed(&[(135, 135), (445, 445)])), Base, &["single-server/servers/10"], &[]),
    row(12, ("response_to_sql_responses", "response_stack", "sql_responses"), ("tds", SQL), Base, &["single-server/servers/11"], &["single-server/servers/13"]),
    row(13, ("master_to_catalog_server", "master_stack", "catalog_server"), ("http", HTTP), RemoteCatalog, &["remote-catalog/1"], &["remote-catalog/2"]),
    row(14, ("browser_to_catalog_server", "browser", "catalog_server"), ("http", HTTP), RemoteCatalog, &["remote-catalog/6"], &["remote-catalog/2"]),
    row(15, ("catalog_server_to_cloud", "catalog_server", "cloud_1e"), ("https", CLOUD), RemoteCatalog, &["remote-catalog/3"], &[]),
    row(16, ("catalog_server_to_sql_catalog", "catalog_server", "sql_catalog"), ("tds", SQL), RemoteCatalog, &["remote-catalog/4"], &["remote-catalog/5"]),
    row(17, ("master_to_remote_response", "master_stack", "response_stack"), ("https", HTTPS), RemoteResponse, &["remote-response-stack/1"], &["remote-response-stack/2"]),
    row(18, ("remote_response_to_coordinator", "response_stack", "master_stack"), ("ws", COORDINATOR), RemoteResponse, &["remote-response-stack/4"], &["remote-response-stack/3"]),
    row(19, ("remote_response_to_sql_master", "response_stack", "sql_master"), ("tds", SQL), RemoteResponse, &["remote-response-stack/6"], &["remote-response-stack/5"]),
    row(20, ("internet_client_to_dmz_background_channel", "internet_client", "dmz_server"), ("https", HTTPS), Dmz, &["dmz/11"], &["dmz/1"]),
    row(21, ("internet_client_to_dmz_switch", "internet_client", "dmz_server"), ("wss", SWITCHES), Dmz, &["dmz/12"], &["dmz/5"]),
    row(22, ("dmz_to_response_core", "dmz_server", "response_stack"), ("https", HTTPS), Dmz, &["dmz/2"], &["dmz/7"]),
    row(23, ("dmz_to_coordinator", "dmz_server", "master_stack"), ("ws", COORDINATOR), Dmz, &["dmz/3"], &["dmz/10"]),
    row(24, ("response_to_dmz_switch_poke", "response_stack", "dmz_server"), ("tcp", Ports::Poke), Dmz, &["dmz/9"], &["dmz/4"]),
    row(25, ("master_to_dmz_background_channel", "master_stack", "dmz_server"), ("https", HTTPS), Dmz, &["dmz/8"], &["dmz/1"]),
    row(26, ("dmz_to_crl", "dmz_server", "crl_distribution_point"), ("http", Ports::Of("crl", (80, 80))), Dmz, &["dmz/6"], &[]),
    following(27, ("sql_browser_master", "master_stack", "sql_master"), "master_to_sql_master", ("udp", BROWSER), Base),
    following(28, ("sql_browser_responses", "response_stack", "sql_responses"), "response_to_sql_responses", ("udp", BROWSER), Base),
    following(29, ("sql_browser_master_from_remote_response", "response_stack", "sql_master"), "remote_response_to_sql_master", ("udp", BROWSER), RemoteResponse),
    following(30, ("sql_browser_catalog", "catalog_server", "sql_catalog"), "catalog_server_to_sql_catalog", ("udp", BROWSER), RemoteCatalog),
    following(31, ("sql_browser_inventory", "master_stack", "inventory_source"), "master_to_inventory_source", ("udp", BROWSER), Base),
    following(32, ("configmgr_rpc_dynamic", "master_stack", "configmgr_provider"), "master_to_configmgr_wmi", ("tcp", Ports::Of("rpc_dynamic", (49152, 65535))), Base),
];

impl Fact {
    /// The rows that a rule at one end should cite: the row of that end where the document has one. What has no row of
    /// its own cites those of the flow that it follows from.
    pub(crate) fn cited_at(&self, inbound: bool) -> Vec<&'static str> {
        match self.follows.map(fact) {
            Some(fact) => fact.outgoing.iter().chain(fact.incoming).copied().collect(),
            None if inbound && !self.incoming.is_empty() => self.incoming.to_vec(),
            None => self.outgoing.to_vec(),
        }
    }
}

/// The fact of a flow.
pub(crate) fn fact(flow: &str) -> &'static Fact {
    FACTS
        .iter()
        .find(|fact| fact.flow == flow)
        .unwrap_or_else(|| panic!("`{flow}` is no flow that crosses a wire"))
}

/// Which `ports` attributes an endpoint with this role may set.
pub(crate) fn listens(role: &str) -> &'static [&'static str] {
    match role {
        "master_stack" => &["https", "http", "coordinator"],
        "response_stack" | "dmz_server" => &["https", "switches"],
        "catalog_server" => &["http"],
        "sql_master" | "sql_responses" | "sql_catalog" | "inventory_source" => {
            &["sql", "sql_named_instance"]
        }
        "client" => &["client_interaction"],
        "smtp_server" => &["smtp"],
        "crl_distribution_point" => &["crl"],
        "configmgr_provider" => &["rpc_dynamic"],
        _ => &[],
    }
}
