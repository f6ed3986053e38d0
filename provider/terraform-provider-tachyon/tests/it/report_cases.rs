//! The firewall request: cases that a person can check, hostile texts, mistakes, and what is not known yet.

use std::collections::BTreeMap;

use tfplugin::Value;

use crate::diagram::enterprise;
use crate::report::{cells, records, report, written};

const PAGES: [&str; 2] = ["markdown", "html"];
const TABLES: [&str; 3] = ["csv", "csv-tufin", "csv-algosec"];

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
        let plain = records(&written(&deployment, "csv", &[]));
        assert!(!plain.is_empty());
        for record in &plain {
            assert_eq!(record["action"], "review");
            assert!(record["justification"].contains(words), "{record:?}");
        }
        let tufin = records(&written(&deployment, "csv-tufin", &[]));
        assert!(tufin.iter().all(|record| record["Comment"].contains(words)), "{tufin:?}");
        let algosec = records(&written(&deployment, "csv-algosec", &[]));
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
