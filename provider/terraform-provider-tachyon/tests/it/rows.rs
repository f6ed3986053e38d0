//! What becomes of each row of the newest document: the rule at the right end that cites it, or why there is none.

use std::collections::BTreeSet;
use std::fmt::Write;

use expect_test::expect_file;
use tfplugin::{Config, Value, msgpack};

use crate::answer::{PROVIDER, Read, answer};
use crate::citations::cited;
use crate::clouds::{CLOUDS, Cloud, Rule};
use crate::facts::VERSION;
use crate::settings;

/// What a row comes to.
enum Fate {
    /// Rules on both clouds in the deployment with everything: at an endpoint, with a flow, on these ports.
    Rules(&'static str, Direction, &'static str, &'static [&'static str]),
    /// None, and why.
    Silent(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

use Direction::{In, Out};
use Fate::{Rules, Silent};

const LOCAL: &str = "inside a host, where no firewall stands";

#[rustfmt::skip]
const ROWS: &[(&str, &[Fate])] = &[
    ("single-server/servers/1", &[Rules("master", In, "browser_to_master_https", &["443"])]),
    ("single-server/servers/2", &[Rules("master", In, "browser_to_master_catalog_ui", &["80"])]),
    ("single-server/servers/3", &[Rules("response", In, "client_to_background_channel", &["443"])]),
    ("single-server/servers/4", &[Rules("master", Out, "master_to_cloud", &["443"])]),
    ("single-server/servers/5", &[Silent(LOCAL)]),
    ("single-server/servers/6", &[Rules("response", In, "client_to_switch", &["4000"])]),
    ("single-server/servers/7", &[Rules("master", Out, "master_to_smtp", &["25"])]),
    ("single-server/servers/8", &[Rules("master", Out, "master_to_sql_master", &["1433"])]),
    ("single-server/servers/9", &[Rules("master", Out, "master_to_inventory_source", &["1433"])]),
    ("single-server/servers/10", &[Rules("master", Out, "master_to_configmgr_wmi", &["135", "445"])]),
    ("single-server/servers/11", &[Rules("response", Out, "response_to_sql_responses", &["1433"])]),
    ("single-server/servers/12", &[Rules("sql-master", In, "master_to_sql_master", &["1433"])]),
    ("single-server/servers/13", &[Rules("sql-responses", In, "response_to_sql_responses", &["1433"])]),
    ("single-server/clients/1", &[Rules("client", Out, "client_to_switch", &["4000"])]),
    ("single-server/clients/2", &[Rules("client", Out, "client_to_background_channel", &["443"])]),
    ("single-server/clients/3", &[Rules("client", Out, "client_p2p", &["7766"]), Rules("client", In, "client_p2p", &["7766"])]),
    ("single-server/clients/4", &[Rules("browser", Out, "browser_to_master_https", &["443"])]),
    ("single-server/clients/5", &[Rules("browser", Out, "browser_to_master_catalog_ui", &["80"])]),
    ("remote-catalog/1", &[Rules("master", Out, "master_to_catalog_server", &["80"])]),
    ("remote-catalog/2", &[Rules("catalog", In, "master_to_catalog_server", &["80"]), Rules("catalog", In, "browser_to_catalog_server", &["80"])]),
    ("remote-catalog/3", &[Rules("catalog", Out, "catalog_server_to_cloud", &["443"])]),
    ("remote-catalog/4", &[Rules("catalog", Out, "catalog_server_to_sql_catalog", &["1433"])]),
    ("remote-catalog/5", &[Rules("sql-catalog", In, "catalog_server_to_sql_catalog", &["1433"])]),
    ("remote-catalog/6", &[Rules("browser", Out, "browser_to_catalog_server", &["80"])]),
    ("remote-response-stack/1", &[Rules("master", Out, "master_to_remote_response", &["443"])]),
    ("remote-response-stack/2", &[Rules("response", In, "master_to_remote_response", &["443"])]),
    ("remote-response-stack/3", &[Rules("master", In, "remote_response_to_coordinator", &["3901"])]),
    ("remote-response-stack/4", &[Rules("response", Out, "remote_response_to_coordinator", &["3901"])]),
    ("remote-response-stack/5", &[Rules("sql-master", In, "remote_response_to_sql_master", &["1433"])]),
    ("remote-response-stack/6", &[Rules("response", Out, "remote_response_to_sql_master", &["1433"])]),
    ("dmz/1", &[Rules("dmz", In, "internet_client_to_dmz_background_channel", &["443"]), Rules("dmz", In, "master_to_dmz_background_channel", &["443"])]),
    ("dmz/2", &[Rules("dmz", Out, "dmz_to_response_core", &["443"])]),
    ("dmz/3", &[Rules("dmz", Out, "dmz_to_coordinator", &["3901"])]),
    ("dmz/4", &[Rules("dmz", In, "response_to_dmz_switch_poke", &["4001"])]),
    ("dmz/5", &[Rules("dmz", In, "internet_client_to_dmz_switch", &["4000"])]),
    ("dmz/6", &[Rules("dmz", Out, "dmz_to_crl", &["80"])]),
    ("dmz/7", &[Rules("response", In, "dmz_to_response_core", &["443"])]),
    ("dmz/8", &[Rules("master", Out, "master_to_dmz_background_channel", &["443"])]),
    ("dmz/9", &[Rules("response", Out, "response_to_dmz_switch_poke", &["4001"])]),
    ("dmz/10", &[Rules("master", In, "dmz_to_coordinator", &["3901"])]),
    ("dmz/11", &[Rules("internet-client", Out, "internet_client_to_dmz_background_channel", &["443"])]),
    ("dmz/12", &[Rules("internet-client", Out, "internet_client_to_dmz_switch", &["4000"])]),
    ("internal/1", &[Silent(LOCAL)]),
    ("internal/2", &[Silent(LOCAL)]),
    ("internal/3", &[Silent(LOCAL)]),
    ("internal/4", &[Silent(LOCAL)]),
    ("internal/5", &[Silent(LOCAL)]),
    ("internal/6", &[Silent(LOCAL)]),
    ("internal/7", &[Silent(LOCAL)]),
];

/// The rows that the provider says the document of a version has: their ids, and how sure the reading of each is.
fn documented(version: &str) -> Vec<(String, String)> {
    let source = PROVIDER.data_source("tachyon_matrix").expect("tachyon_matrix");
    let config = Config::from_iter([("matrix_version".to_owned(), Value::from(version))]);
    let state = source.read(&config).state.expect("the matrix of an embedded version");
    let rows = source
        .schema()
        .attributes
        .into_iter()
        .find(|attribute| attribute.name == "rows")
        .expect("rows");
    let rows = msgpack::decode(state.get("rows").expect("rows"), &rows.shape.ty()).expect("rows");
    let row = |row: &Value| {
        (row.at("id").text().to_owned(), row.at("reading").at("confidence").text().to_owned())
    };
    rows.list().iter().map(row).collect()
}

#[test]
fn every_row_says_how_sure_its_reading_is() {
    let rows = documented(VERSION);
    assert_eq!(rows.len(), ROWS.len());
    let mut lines = String::new();
    for (id, how) in &rows {
        writeln!(lines, "{id:<28}{how}").expect("text takes text");
    }
    expect_file!["golden/confidence.txt"].assert_eq(&lines);
}

/// The rules of an endpoint in one direction that carry a flow on one port, with their keys.
fn rules<'a>(
    cloud: &Cloud,
    endpoint: &'a Value,
    direction: Direction,
    flow: &str,
    port: &str,
) -> Vec<Rule<'a>> {
    let is_it = |it: &Rule<'_>| {
        it.is_inbound == (direction == In)
            && (cloud.ports)(it.value) == port
            && it.value.at("flows").texts().contains(&flow)
    };
    cloud.rules(endpoint).filter(is_it).collect()
}

#[test]
fn the_first_document_has_49_rows() {
    assert_eq!(documented("8.1").len(), 49);
}

#[test]
fn every_row_is_accounted_for() {
    let listed: BTreeSet<String> = ROWS.iter().map(|(row, _)| (*row).to_owned()).collect();
    assert_eq!(listed.len(), ROWS.len(), "a row is listed twice");
    let ids: BTreeSet<String> = documented(VERSION).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, listed);
    let silent: Vec<&str> = ROWS
        .iter()
        .filter(|(_, fates)| matches!(fates, [Silent(_)]))
        .map(|(row, _)| *row)
        .collect();
    let inside = |row: &&str| row.starts_with("internal/") || *row == "single-server/servers/5";
    assert_eq!(silent, ROWS.iter().map(|(row, _)| *row).filter(inside).collect::<Vec<_>>());
}

#[test]
fn every_row_has_its_rule_at_the_right_end() {
    let deployment = settings::everything(VERSION);
    let mut table = String::new();
    for cloud in &CLOUDS {
        let told = answer(cloud.function, &deployment);
        let title = cloud.title;
        writeln!(table, "{title}").expect("a string takes everything");
        for (row, fates) in ROWS {
            for fate in *fates {
                let (endpoint, direction, flow, ports) = match fate {
                    Silent(why) => {
                        writeln!(table, "  {row:27} silent: {why}")
                            .expect("a string takes everything");
                        continue;
                    }
                    Rules(endpoint, direction, flow, ports) => (endpoint, *direction, flow, ports),
                };
                for port in *ports {
                    let own = told.at("endpoints").at(endpoint);
                    let found = rules(cloud, own, direction, flow, port);
                    assert!(!found.is_empty(), "{title}: no rule for {row} at {endpoint}");
                    for Rule { key, value: rule, .. } in found {
                        let description = rule.at("description").text();
                        assert!(
                            cited(description).contains(*row),
                            "{title}: {row} is not cited: {description}"
                        );
                        writeln!(
                            table,
                            "  {row:27} {endpoint:16} {direction:?} {key}\n{:31}{description}",
                            ""
                        )
                        .expect("a string takes everything");
                    }
                }
            }
        }
    }
    expect_file!["golden/rows.txt"].assert_eq(&table);
}

#[test]
fn no_rule_cites_a_silent_row() {
    let silent: BTreeSet<String> = ROWS
        .iter()
        .filter(|(_, fates)| matches!(fates, [Silent(_)]))
        .map(|(row, _)| (*row).to_owned())
        .collect();
    for deployment in settings::all() {
        let connections = answer("connections", &deployment);
        for connection in connections.at("connections").map().values() {
            assert!(
                connection.at("citations").texts().iter().all(|row| !silent.contains(*row)),
                "{connection:?}"
            );
        }
        for cloud in &CLOUDS {
            let told = answer(cloud.function, &deployment);
            for endpoint in told.at("endpoints").map().values() {
                for Rule { value: rule, .. } in cloud.rules(endpoint) {
                    assert!(cited(rule.at("description").text()).is_disjoint(&silent), "{rule:?}");
                }
            }
        }
    }
}
