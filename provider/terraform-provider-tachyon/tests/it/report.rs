//! The firewall request: what it asks for is the traffic of the deployment, in every format, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect_file;
use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, call};
use crate::cases::cases;
use crate::diagram::enterprise;
use crate::generate::deployments;
use crate::model::{Deployment, Endpoint};

pub(crate) fn report(deployment: &Value, format: &str, details: &[Value]) -> Result<Value, String> {
    let mut arguments = vec![deployment.clone(), Value::from(format)];
    arguments.extend_from_slice(details);
    call("report", &arguments).map_err(|error| error.text)
}

pub(crate) fn written(deployment: &Value, format: &str, details: &[Value]) -> String {
    report(deployment, format, details).expect(format).text().to_owned()
}

/// Rows of cells, read as RFC 4180 says.
pub(crate) fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut letters = csv.chars().peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(!is_quoted && cell.is_empty() && row.is_empty(), "the last row ends");
    rows
}

/// What a cell says: an apostrophe before the sign of a formula is none of it.
fn said(cell: &str) -> String {
    let bare =
        cell.strip_prefix('\'').filter(|bare| bare.starts_with(['=', '+', '-', '@', '\t', '\r']));
    bare.unwrap_or(cell).to_owned()
}

/// The rows of a table by the names of its columns.
pub(crate) fn records(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = cells(csv).into_iter();
    let header = rows.next().expect("a header");
    let of_row = |row: Vec<String>| {
        assert_eq!(row.len(), header.len(), "{row:?}");
        header.iter().cloned().zip(row).collect()
    };
    rows.map(of_row).collect()
}

fn details() -> Value {
    value!({
        "title": "Tachyon 8.1 for the group", "requester": "Workplace team", "ticket": "CHG-1", "approver": "Network security",
        "expires": "2027-12-31", "review_by": "2027-06-30",
    })
}

#[test]
fn reports_of_the_enterprise_are_those_of_the_documentation() {
    let deployment = enterprise();
    let of = |format| written(&deployment, format, &[details()]);
    expect_file!["../../../../examples/enterprise/report.md"].assert_eq(&of("markdown"));
    expect_file!["../../../../examples/enterprise/report.html"].assert_eq(&of("html"));
    expect_file!["../../../../examples/enterprise/report.csv"].assert_eq(&of("csv"));
    let only =
        value!({ "title": "Tachyon", "requester": "Workplace team", "only_across_zones": true });
    let of = |format| written(&deployment, format, std::slice::from_ref(&only));
    expect_file!["golden/report-tufin.csv"].assert_eq(&of("csv-tufin"));
    expect_file!["golden/report-algosec.csv"].assert_eq(&of("csv-algosec"));
}

/// How a firewall knows an endpoint: its networks by whether they are IPv6, else its names.
fn known_by(endpoint: &Endpoint) -> Vec<(Option<bool>, BTreeSet<String>)> {
    let of = |is_v6| {
        let own = endpoint.cidrs.iter().filter(|cidr| cidr.contains(':') == is_v6);
        (Some(is_v6), own.map(|cidr| (*cidr).to_owned()).collect::<BTreeSet<_>>())
    };
    if !endpoint.cidrs.is_empty() {
        return [of(false), of(true)].into_iter().filter(|(_, all)| !all.is_empty()).collect();
    }
    // On each cloud the first kind counts.
    let mut names: BTreeSet<String> = endpoint.security_group_id.iter().cloned().collect();
    if names.is_empty() {
        names.extend(endpoint.prefix_lists.values().map(|(id, _)| id.clone()));
    }
    let groups = &endpoint.application_security_group_ids;
    let tag = endpoint.service_tag.filter(|_| groups.is_empty());
    names.extend(groups.iter().cloned().chain(tag.map(str::to_owned)));
    if names.is_empty() { Vec::new() } else { vec![(None, names)] }
}

/// Flow, whose address it comes from and goes to, protocol, port, the addresses of the source, the one of the destination, and
/// whether it can be opened.
type Asked = (String, [String; 2], String, String, BTreeSet<String>, String, bool);

/// What the second reading asks for.
fn asked_for(deployment: &Deployment) -> BTreeSet<Asked> {
    let mut asked = BTreeSet::new();
    for connection in deployment.connections().values() {
        for chain in deployment.chains_of(connection) {
            for ports in &connection.ports {
                for leg in deployment.legs(connection, &chain, *ports) {
                    let (from, to) = leg.ports;
                    let port = if from == to { from.to_string() } else { format!("{from}-{to}") };
                    let ends = [leg.sees, leg.addressed];
                    let fact = connection.fact;
                    let mut add = |sources: &BTreeSet<String>, destination: &str, can| {
                        let (flow, protocol) = (fact.flow.to_owned(), fact.transport.to_owned());
                        let (sources, destination) = (sources.clone(), destination.to_owned());
                        asked.insert((
                            flow,
                            ends.clone(),
                            protocol,
                            port.clone(),
                            sources,
                            destination,
                            can,
                        ));
                    };
                    let [sources, destinations] =
                        [0, 1].map(|end| known_by(&deployment.endpoints[&ends[end]]));
                    let mut meet = false;
                    for (of_source, sources) in &sources {
                        for (of_destination, destinations) in &destinations {
                            if of_source.is_none()
                                || of_destination.is_none()
                                || of_source == of_destination
                            {
                                meet = true;
                                for it in destinations {
                                    add(sources, it, true);
                                }
                            }
                        }
                    }
                    if !meet {
                        let all = |known: &[(Option<bool>, BTreeSet<String>)]| -> BTreeSet<String> {
                            known.iter().flat_map(|(_, all)| all.clone()).collect()
                        };
                        let mut destinations = all(&destinations);
                        if destinations.is_empty() {
                            destinations.insert(String::new());
                        }
                        for it in &destinations {
                            add(&all(&sources), it, false);
                        }
                    }
                }
            }
        }
    }
    asked
}

fn texts(list: &str) -> BTreeSet<String> {
    list.split(", ").filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn rows_are_the_traffic_and_nothing_else(deployment in deployments()) {
        let mut deployment = deployment;
        // Networks as the user wrote them: how they merge is tested where they are merged.
        deployment.options.merge_cidrs = None;
        let value = deployment.value();
        let records = records(&written(&value, "csv", &[]));
        let asked = asked_for(&deployment);
        let mut ids = BTreeSet::new();
        let mut found = BTreeSet::new();
        for record in &records {
            prop_assert!(ids.insert(record["id"].clone()), "{} stands twice", record["id"]);
            let flow = record["id"].split('/').next().unwrap_or_default().to_owned();
            let ends = [said(&record["source_name"]), said(&record["destination_name"])];
            let (protocol, port) = (record["protocol"].clone(), record["port"].clone());
            let (sources, can) = (texts(&record["source"]), record["action"] == "allow");
            found.insert((flow, ends, protocol, port, sources, record["destination"].clone(), can));
        }
        prop_assert_eq!(found.len(), records.len());
        prop_assert_eq!(&found, &asked);
        // The importers' files hold the same.
        let pairs = |sources: &BTreeSet<String>| if sources.is_empty() { BTreeSet::from([String::new()]) } else { sources.clone() };
        let expected: BTreeSet<[String; 4]> = asked.iter().flat_map(|(_, _, protocol, port, sources, destination, _)| {
            pairs(sources).into_iter().map(|source| [source, destination.clone(), port.clone(), protocol.clone()])
        }).collect();
        let tufin = self::records(&written(&value, "csv-tufin", &[]));
        let mut of_tufin = BTreeSet::new();
        let mut is_at_the_end = false;
        for record in &tufin {
            let is_refused = |address: &str| address.split_once('/').is_none_or(|(base, length)| {
                base.parse::<std::net::Ipv4Addr>().is_err() || length.parse::<u8>().is_ok_and(|bits| bits <= 8)
            });
            let refused = is_refused(&record["Source"]) || is_refused(&record["Destination"]);
            prop_assert_eq!(!record["Comment"].is_empty(), refused, "{:?}", record);
            prop_assert!(refused || !is_at_the_end, "{:?}", record);
            is_at_the_end |= refused;
            of_tufin.insert(["Source", "Destination", "Port", "Protocol"].map(|name| record[name].clone()));
        }
        prop_assert_eq!(of_tufin, expected);
        let algosec = self::records(&written(&value, "csv-algosec", &[]));
        prop_assert_eq!(algosec.len(), records.len());
        let mut families: BTreeMap<String, bool> = BTreeMap::new();
        for record in algosec.iter().filter(|record| !record["Subject"].ends_with("(to settle first)")) {
            for address in texts(&record["Source"]).iter().chain([&record["Destination"]]) {
                let Some((base, _)) = address.split_once('/') else { continue };
                if let Ok(address) = base.parse::<std::net::IpAddr>() {
                    let other = families.insert(record["Subject"].clone(), address.is_ipv6());
                    prop_assert!(other.is_none_or(|other| other == address.is_ipv6()), "{:?}", record);
                }
            }
        }
    }
}
