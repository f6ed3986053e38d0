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

const PAGES: [&str; 2] = ["markdown", "html"];
const TABLES: [&str; 3] = ["csv", "csv-tufin", "csv-algosec"];

fn report(deployment: &Value, format: &str, details: &[Value]) -> Result<Value, String> {
    let mut arguments = vec![deployment.clone(), Value::from(format)];
    arguments.extend_from_slice(details);
    call("report", &arguments).map_err(|error| error.text)
}

fn written(deployment: &Value, format: &str, details: &[Value]) -> String {
    report(deployment, format, details).expect(format).text().to_owned()
}

/// Rows of cells, read as RFC 4180 says.
fn cells(csv: &str) -> Vec<Vec<String>> {
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
fn records(csv: &str) -> Vec<BTreeMap<String, String>> {
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
                                destinations.iter().for_each(|it| add(sources, it, true));
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
                        destinations.iter().for_each(|it| add(&all(&sources), it, false));
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

/// A single server whose clients come through a balancer that listens elsewhere.
fn balanced() -> Value {
    value!({
        "endpoints": {
            "dmz": { "roles": ["dmz_server"], "cidrs": ["192.0.2.16/32"], "ports": { "https": 8443 } },
            "balancer": {
                "forwards_to": ["dmz"], "from_roles": ["internet_client"], "ports": { "8443": 443 }, "cidrs": ["192.0.2.1/32"],
            },
            "internet": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0", "::/0"] },
        },
    })
}

#[test]
fn a_step_has_the_addresses_and_the_port_of_its_own() {
    let steps = |hides: &str| {
        let Value::Map(mut deployment) = balanced() else { unreachable!() };
        if let Some(Value::Map(endpoints)) = deployment.get_mut("endpoints")
            && let Some(Value::Map(balancer)) = endpoints.get_mut("balancer")
            && !hides.is_empty()
        {
            balancer.insert(hides.to_owned(), Value::Bool(false));
            if hides == "hides_destination" {
                balancer.remove("ports");
            }
        }
        let records = records(&written(&Value::Map(deployment), "csv", &[]));
        let of_flow = records
            .into_iter()
            .filter(|record| record["id"].starts_with("internet_client_to_dmz_background_channel"));
        of_flow
            .map(|record| {
                ["source", "destination", "port"].map(|name| record[name].clone()).join(" ")
            })
            .collect::<Vec<_>>()
    };
    let flows = records(&written(&balanced(), "csv", &[]));
    let ids: Vec<&str> = flows.iter().map(|record| record["id"].as_str()).collect();
    assert_eq!(
        steps(""),
        ["0.0.0.0/0 192.0.2.1/32 443", "192.0.2.1/32 192.0.2.16/32 8443"],
        "{ids:?}"
    );
    assert_eq!(
        steps("hides_source"),
        ["0.0.0.0/0 192.0.2.1/32 443", "0.0.0.0/0 192.0.2.16/32 8443"]
    );
    assert_eq!(
        steps("hides_destination"),
        ["0.0.0.0/0 192.0.2.16/32 8443", "192.0.2.1/32 192.0.2.16/32 8443"]
    );
    let justification = &flows[0]["justification"];
    assert!(justification.ends_with("A step on the way from internet to dmz."), "{justification}");
}

#[test]
fn what_cannot_be_opened_is_told_and_not_left_out() {
    let deployment = |browser: Value| {
        value!({
            "endpoints": {
                "app": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
                "pc": (browser),
            },
        })
    };
    for (browser, words) in [
        (
            value!({ "roles": ["browser"], "cidrs": ["2001:db8::/64"] }),
            "no address family in common",
        ),
        (value!({ "roles": ["browser"] }), "an end has no address"),
    ] {
        let deployment = deployment(browser);
        let records = records(&written(&deployment, "csv", &[]));
        assert!(!records.is_empty());
        for record in &records {
            assert_eq!(record["action"], "review");
            assert!(record["justification"].contains(words), "{record:?}");
        }
        let tufin = self::records(&written(&deployment, "csv-tufin", &[]));
        assert!(tufin.iter().all(|record| record["Comment"].contains(words)), "{tufin:?}");
        let algosec = self::records(&written(&deployment, "csv-algosec", &[]));
        assert!(algosec.iter().all(|record| record["Subject"].ends_with("(to settle first)")));
    }
}

const HOSTILE: &str =
    "=cmd|'/c calc'!A0 \"</style></title><script>alert(1)</script> [x](javascript:1) `<b>` \n# h";

#[test]
fn hostile_texts_stay_text() {
    let texts = ["title", "requester", "ticket", "approver", "expires", "review_by"];
    let details: BTreeMap<String, Value> =
        texts.map(|name| (name.to_owned(), Value::from(HOSTILE))).into();
    let zone: String = HOSTILE.chars().take(60).collect();
    let deployment = value!({
        "endpoints": {
            "app": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
            "pc": { "roles": ["browser"], "cidrs": ["10.1.0.0/16"], "zone": (zone.as_str()) },
        },
    });
    let details = [Value::Map(details)];
    let html = written(&deployment, "html", &details);
    assert_eq!(html.matches("<script>").count(), 1, "the page's own");
    assert_eq!(html.matches("</title>").count(), html.matches("<title").count());
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let markdown = written(&deployment, "markdown", &details);
    for bad in ["<script", "[x](", "`<b>`", "\n# h"] {
        assert!(!markdown.contains(bad), "{bad:?} in {markdown}");
    }
    for format in TABLES {
        for row in cells(&written(&deployment, format, &details)).iter().flatten() {
            assert!(!row.starts_with(['=', '+', '-', '@', '\t', '\r']), "{row} in {format}");
        }
    }
    let records = records(&written(&deployment, "csv", &details));
    assert_eq!(records[0]["ticket"], format!("'{HOSTILE}"));
}

#[test]
fn only_what_crosses_zones_can_be_asked_for() {
    let all = records(&written(&enterprise(), "csv", &[]));
    let across = records(&written(&enterprise(), "csv", &[value!({ "only_across_zones": true })]));
    let is_across =
        |record: &&BTreeMap<String, String>| record["source_zone"] != record["destination_zone"];
    let expected: Vec<_> = all.iter().filter(is_across).cloned().collect();
    assert!(expected.len() < all.len());
    assert_eq!(across, expected);
}

#[test]
fn mistakes_in_all_arguments_are_reported_together() {
    let deployment =
        value!({ "endpoints": { "app": { "roles": ["master_stak"], "cidrs": ["10.0.0.1/32"] } } });
    let one = value!({ "tiket": "CHG-1", "only_across_zones": "maybe", "title": ["x"] });
    let error = report(&deployment, "csv-tuffin", &[one, value!({})]).expect_err("six mistakes");
    for part in [
        "endpoints[\"app\"].roles[0]",
        "Did you mean \"csv-tufin\"?",
        "details.tiket",
        "Did you mean \"ticket\"?",
        "details.only_across_zones",
        "details.title",
        "details[1]",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
}

#[test]
fn what_is_shown_and_unknown_leaves_the_report_unknown() {
    let with = |name: &str, value: Value| {
        let Value::Map(mut browser) = value!({ "roles": ["browser"], "cidrs": ["10.1.0.0/16"] })
        else {
            unreachable!()
        };
        browser.insert(name.to_owned(), value);
        value!({
            "endpoints": {
                "app": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
                "pc": (Value::Map(browser)),
            },
        })
    };
    let is_unknown = |deployment: &Value, format: &str, details: &[Value]| {
        report(deployment, format, details).expect("no mistake").is_unknown()
    };
    let known = with("zone", Value::from("offices"));
    for format in PAGES.into_iter().chain(TABLES) {
        assert!(!is_unknown(&known, format, &[]), "{format}");
        assert!(is_unknown(&known, format, &[value!({ "ticket": (Value::UNKNOWN) })]), "{format}");
        for name in ["zone", "cidrs"] {
            assert!(is_unknown(&with(name, Value::UNKNOWN), format, &[]), "{name} in {format}");
        }
    }
    // The id of what has CIDRs is shown nowhere in a table.
    assert!(!is_unknown(&with("security_group_id", Value::UNKNOWN), "csv", &[]));
    let Value::Map(mut parts) = with("security_group_id", Value::UNKNOWN) else { unreachable!() };
    if let Some(Value::Map(endpoints)) = parts.get_mut("endpoints")
        && let Some(Value::Map(browser)) = endpoints.get_mut("pc")
    {
        browser.remove("cidrs");
    }
    assert!(is_unknown(&Value::Map(parts), "csv", &[]));
}

#[test]
fn a_report_that_nobody_could_use_is_refused() {
    let cidrs = |second: u32| {
        let all = (0..2000_u32)
            .map(|number| Value::from(format!("10.{second}.{}.{}/32", number / 256, number % 256)));
        Value::List(all.collect())
    };
    let deployment = value!({
        "endpoints": {
            "clients": { "roles": ["client"], "cidrs": (cidrs(1)) },
            "app": { "roles": ["response_stack"], "cidrs": (cidrs(2)) },
        },
    });
    for format in TABLES {
        let error = report(&deployment, format, &[]).expect_err("too long");
        assert!(error.contains("32 is the most"), "{error}");
    }
    assert!(written(&deployment, "html", &[]).len() < 1 << 20);
}
