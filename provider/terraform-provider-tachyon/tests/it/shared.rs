//! Network security groups that several endpoints share: the union of their rules, each kept apart.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tfplugin::Value;

use crate::answer::{Read, answer, ask};
use crate::cases::cases;
use crate::generate::deployments;

/// What a rule says besides its name and its place.
fn said(rule: &Value) -> Value {
    let Value::Map(mut rule) = rule.clone() else { panic!("a rule is an object") };
    rule.remove("name");
    rule.remove("priority");
    Value::Map(rule)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_shared_group_holds_the_rules_of_its_endpoints(deployment in deployments(), split in any::<bool>()) {
        let Value::Map(mut value) = deployment.value() else { unreachable!() };
        let Some(Value::Map(endpoints)) = value.get_mut("endpoints") else { unreachable!() };
        let mut members: Vec<(String, &str)> = Vec::new();
        for (index, (name, endpoint)) in endpoints.iter_mut().enumerate() {
            // Who has groups of its own can be told from the others in one group.
            let endpoint_of = &deployment.endpoints[name];
            // What sends with the addresses of others can't be told at all.
            let keeps_source = endpoint_of.hop.as_ref().is_some_and(|hop| hop.hides_source == Some(false));
            if keeps_source || endpoint_of.application_security_group_ids.is_empty() {
                continue;
            }
            let Value::Map(endpoint) = endpoint else { unreachable!() };
            let group = if split && index % 2 == 0 { "even" } else { "odd" };
            endpoint.insert("network_security_group".to_owned(), group.into());
            members.push((name.clone(), group));
        }
        let told = answer("network_security_rules", &Value::Map(value));
        let groups = told.at("groups");
        prop_assert_eq!(
            groups.map().keys().map(String::as_str).collect::<BTreeSet<_>>(),
            members.iter().map(|(_, group)| *group).collect::<BTreeSet<_>>()
        );
        for (name, group) in groups.map() {
            let of_group: Vec<&String> = members.iter().filter(|(_, of)| of == name).map(|(member, _)| member).collect();
            prop_assert_eq!(group.at("endpoints").texts(), of_group.clone());
            let mut expected = BTreeSet::new();
            for member in of_group {
                for (key, rule) in told.at("endpoints").at(member).at("rules").map() {
                    let is_added = key.ends_with("/deny_all") || key.ends_with("/allow_azure_load_balancer");
                    let key = if is_added { key.clone() } else { format!("{key}/{member}") };
                    prop_assert_eq!(said(group.at("rules").at(&key)), said(rule));
                    expected.insert(key);
                }
            }
            let rules = group.at("rules").map();
            prop_assert_eq!(rules.keys().cloned().collect::<BTreeSet<_>>(), expected);
            let names: BTreeSet<String> = rules.values().map(|rule| rule.at("name").text().to_lowercase()).collect();
            prop_assert_eq!(names.len(), rules.len());
            let places: BTreeSet<(&str, i64)> =
                rules.values().map(|rule| (rule.at("direction").text(), rule.at("priority").number())).collect();
            prop_assert_eq!(places.len(), rules.len());
            for rule in rules.values() {
                let name = rule.at("name").text();
                prop_assert!(name.len() <= 80, "{}", name);
                prop_assert!(name.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_'), "{}", name);
            }
        }
    }
}

#[test]
fn an_endpoint_that_cannot_be_told_from_the_others_is_refused() {
    let deployment = value!({ "endpoints": {
        "server": { "roles": ["master_stack"], "service_tag": "Internet", "network_security_group": "subnet" },
        "sql": { "roles": ["sql_master"], "cidrs": ["10.0.0.4/32"], "network_security_group": "subnet" }
    } });
    let error = ask("network_security_rules", &deployment).expect_err("a rule for anybody");
    assert!(error.text.contains("endpoints[\"server\"].network_security_group"), "{error}");
    assert!(error.text.contains("outbound/master_to_sql_master/1433/ipv4"), "{error}");
}

#[test]
fn what_keeps_the_source_needs_a_group_of_its_own() {
    let deployment = value!({ "endpoints": {
        "pc": { "roles": ["browser"], "cidrs": ["10.1.0.0/16"] },
        "server": { "roles": ["master_stack"], "cidrs": ["10.0.0.5/32"], "network_security_group": "subnet" },
        "balancer": {
            "forwards_to": ["server"], "hides_source": false, "cidrs": ["10.0.0.4/32"], "network_security_group": "subnet",
        },
    } });
    let error = ask("network_security_rules", &deployment).expect_err("a rule for anybody");
    assert!(error.text.contains("a network security group of its own"), "{error}");
    assert!(error.text.contains("outbound/browser_to_master_https/443/ipv4"), "{error}");
}

/// What the error proposes for a Master Stack with these CIDRs beside peers with these addresses; nothing where there
/// is no error.
fn proposed(cidrs: &[&str], peers: &[&Value]) -> Option<String> {
    let mut endpoints = vec![
        (
            "master".to_owned(),
            value!({ "roles": ["master_stack"], "cidrs": (cidrs.to_vec()), "network_security_group": "subnet" }),
        ),
        (
            "beside".to_owned(),
            value!({ "roles": ["crl_distribution_point"], "cidrs": ["10.9.0.0/24"], "network_security_group": "subnet" }),
        ),
    ];
    for (number, address) in peers.iter().enumerate() {
        let Value::Map(address) = address else { panic!("{address:?}") };
        let mut attributes = address.clone();
        attributes.insert("roles".to_owned(), value!(["browser"]));
        endpoints.push((format!("peer-{number}"), Value::Map(attributes)));
    }
    let endpoints = Value::Map(endpoints.into_iter().collect());
    let deployment = Value::from([("endpoints", endpoints)]);
    let error = ask("network_security_rules", &deployment).err()?;
    let line = error.text.lines().find(|line| line.contains("Give it"))?.to_owned();
    line.split_once("Give it ").map(|(_, help)| help.to_owned())
}

#[test]
fn the_help_for_an_end_that_is_anybody_helps() {
    let groups = value!({ "application_security_group_ids": ["/applicationSecurityGroups/a"] });
    let tag = value!({ "service_tag": "Internet" });
    let ipv4 = value!({ "cidrs": ["10.1.0.0/16"] });
    let ipv6 = value!({ "cidrs": ["2001:db8::/48"] });
    let (v4, v6) = ("10.0.0.1/32", "2001:db8:1::1/128");
    for (own, peers, help, serving) in [
        (&[v4, v6][..], vec![&groups], ", or `cidrs` of one family.", Some(&[v4][..])),
        (&[v4, v6], vec![&tag, &ipv4], ", or `cidrs` of IPv4 alone.", Some(&[v4])),
        (&[v4, v6], vec![&tag, &ipv6], ", or `cidrs` of IPv6 alone.", Some(&[v6])),
        (&[v4], vec![&ipv6], ", or `cidrs` of IPv6.", Some(&[v6])),
        (&[v6], vec![&ipv4], ", or `cidrs` of IPv4.", Some(&[v4])),
        (&[v4], vec![&ipv4, &ipv6], ", or `cidrs` of both families.", Some(&[v4, v6])),
        (&[v4, v6], vec![&ipv4, &ipv6, &groups], ".", None),
    ] {
        let proposal = proposed(own, &peers).expect("an error with help");
        assert_eq!(
            proposal,
            format!("`application_security_group_ids`{help}"),
            "{own:?} {peers:?}"
        );
        if let Some(serving) = serving {
            assert_eq!(proposed(serving, &peers), None, "{serving:?} {peers:?}");
        }
    }
}

/// What is proposed to several is done at once, and then there is no error: the CIDRs of one decide which rules others have.
#[test]
fn the_help_for_several_ends_that_are_anybody_helps_together() {
    let (v4, v6) =
        (|host: &str| format!("10.0.0.{host}/32"), |host: &str| format!("2001:db8::{host}/128"));
    let deployment = |a: &[String], b: &[String], c: &[String]| {
        let of = |role: &str, cidrs: &[String]| {
            let cidrs: Vec<Value> = cidrs.iter().map(|cidr| Value::from(cidr.as_str())).collect();
            value!({ "roles": [role], "cidrs": (Value::List(cidrs)), "network_security_group": "subnet" })
        };
        value!({ "endpoints": {
            "a": (of("response_stack", a)), "b": (of("sql_responses", b)), "c": (of("master_stack", c)),
            "clients": { "roles": ["client"], "service_tag": "Internet" },
        } })
    };
    let told = |deployment: &Value| {
        ask("network_security_rules", deployment).map(|_| ()).map_err(|error| error.text)
    };
    // `a` would need one family, and `b` both while `a` has both: either way one is left.
    let both = [v4("1"), v6("1")];
    let error = told(&deployment(&both, &[v4("2")], &[v4("3")])).expect_err("anybody");
    assert_eq!(error.matches("Give it `application_security_group_ids`.").count(), 3, "{error}");
    // With one family for all, nothing is open.
    assert_eq!(told(&deployment(&[v4("1")], &[v4("2")], &[v4("3")])), Ok(()));
    // Where what is proposed to each goes together, it is proposed.
    let error = told(&deployment(&[v4("1")], &[v6("2")], &[v4("3")])).expect_err("anybody");
    let help = |endpoint: &str| {
        let place = format!("endpoints[\"{endpoint}\"]");
        let line = error.lines().find(|line| line.contains(&place)).unwrap_or_default();
        line.split_once("Give it ").map(|(_, help)| help)
    };
    assert_eq!(help("a"), Some("`application_security_group_ids`."), "{error}");
    assert_eq!(help("b"), Some("`application_security_group_ids`, or `cidrs` of IPv4."), "{error}");
    let Value::Map(mut done) = deployment(&[v4("1")], &[v4("2")], &[v4("3")]) else { panic!() };
    let Some(Value::Map(endpoints)) = done.get_mut("endpoints") else { panic!() };
    let Some(Value::Map(a)) = endpoints.get_mut("a") else { panic!() };
    a.insert("application_security_group_ids".to_owned(), value!(["/asg/a"]));
    assert_eq!(told(&Value::Map(done)), Ok(()));
}

#[test]
fn one_endpoint_alone_in_its_group_needs_no_address() {
    let deployment = value!({ "endpoints": {
        "server": { "roles": ["master_stack"], "service_tag": "Internet", "network_security_group": "subnet" },
        "sql": { "roles": ["sql_master"], "cidrs": ["10.0.0.4/32"] }
    } });
    let told = answer("network_security_rules", &deployment);
    let rules = told.at("groups").at("subnet").at("rules");
    assert_eq!(
        rules.map().keys().collect::<Vec<_>>(),
        ["outbound/master_to_sql_master/1433/ipv4/server"]
    );
}

#[test]
fn platform_services_are_reached_all_the_same() {
    let deployment = value!({
        "endpoints": {
            "server": { "roles": ["master_stack"], "cidrs": ["10.0.0.3/32"] },
            "sql": { "roles": ["sql_master"], "cidrs": ["10.0.0.4/32"] }
        },
        "options": { "azure": { "deny_all": true, "allow_services": ["AzureMonitor", "AzureBackup"] } }
    });
    let told = answer("network_security_rules", &deployment);
    let rules = told.at("endpoints").at("sql").at("rules");
    let expected = [
        "inbound/allow_azure_load_balancer",
        "inbound/deny_all",
        "inbound/master_to_sql_master/1433/ipv4",
        "outbound/allow_service/443/tag-azurebackup",
        "outbound/allow_service/443/tag-azuremonitor",
        "outbound/deny_all",
    ];
    assert_eq!(rules.map().keys().collect::<Vec<_>>(), expected);
    let service = rules.at("outbound/allow_service/443/tag-azuremonitor");
    assert_eq!(service.at("destination_address_prefix").text(), "AzureMonitor");
    assert_eq!(rules.at("outbound/deny_all").at("priority").number(), 4096);
    assert!((3300..3400).contains(&service.at("priority").number()));
}

#[test]
fn a_group_is_not_called_like_an_endpoint_outside_of_it() {
    let deployment = |group: Value| {
        value!({ "endpoints": {
            "server": { "roles": ["master_stack"], "cidrs": ["10.0.0.5/32"], "network_security_group": "sql" },
            "sql": { "roles": ["sql_master"], "cidrs": ["10.0.0.4/32"], "network_security_group": (group) },
        } })
    };
    for outside in [Value::Null, Value::from("other")] {
        let error =
            ask("network_security_rules", &deployment(outside)).expect_err("two of one name");
        let place = r#"endpoints["server"].network_security_group"#;
        assert!(error.text.contains(place), "{error}");
        assert!(error.text.contains("\"sql\", which is the name of an endpoint"), "{error}");
    }
    for inside in [Value::from("sql"), Value::UNKNOWN] {
        answer("network_security_rules", &deployment(inside));
    }
}
