//! What stands between two ends: cases that a person can check, and each mistake.

use tfplugin::Value;

use crate::answer::{Read, answer, ask};
use crate::refusals::{refused, refused_anywhere};

/// A DMZ Server with everything around it, and more endpoints.
fn dmz(more: &[(&str, Value)]) -> Value {
    let Value::Map(mut endpoints) = value!({
        "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
        "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.2/32"] },
        "dmz": { "roles": ["dmz_server"], "cidrs": ["192.0.2.16/32"] },
        "internet": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0"] },
        "cloud": { "roles": ["cloud_1e"], "cidrs": ["198.51.100.0/24"] },
    }) else {
        unreachable!()
    };
    endpoints.extend(more.iter().map(|(name, endpoint)| ((*name).to_owned(), endpoint.clone())));
    Value::from([("endpoints", Value::Map(endpoints))])
}

/// The rules of AWS as `<endpoint> <direction> <key>`, of those that name or belong to one of `names`.
fn rules(deployment: &Value, names: &[&str]) -> Vec<String> {
    let told = answer("security_group_rules", deployment);
    let mut found = Vec::new();
    for (name, endpoint) in told.at("endpoints").map() {
        for direction in ["ingress", "egress"] {
            for (key, rule) in endpoint.at(direction).map() {
                if names.contains(&name.as_str()) || names.contains(&rule.at("peer").text()) {
                    found.push(format!("{name} {direction} {key}"));
                }
            }
        }
    }
    found
}

fn via(deployment: &Value, connection: &str) -> Vec<String> {
    let told = answer("connections", deployment);
    let via = told.at("connections").at(connection).at("via").texts();
    via.into_iter().map(str::to_owned).collect()
}

const SWITCH: &str = "internet_client_to_dmz_switch/internet/dmz";

#[test]
fn a_balancer_that_hides_both_ends_is_what_each_of_them_sees() {
    let balancer = value!({
        "forwards_to": ["dmz"], "from_roles": ["internet_client"], "ports": { "443": 8443 }, "cidrs": ["192.0.2.1/32"],
    });
    let deployment = dmz(&[("balancer", balancer)]);
    assert_eq!(
        rules(&deployment, &["balancer", "internet"]),
        [
            "balancer ingress tcp-4000/0.0.0.0/0",
            "balancer ingress tcp-8443/0.0.0.0/0",
            "balancer egress tcp-4000/192.0.2.16/32",
            "balancer egress tcp-443/192.0.2.16/32",
            "dmz ingress tcp-4000/192.0.2.1/32",
            "dmz ingress tcp-443/192.0.2.1/32",
            "internet egress tcp-4000/192.0.2.1/32",
            "internet egress tcp-8443/192.0.2.1/32",
        ]
    );
    assert_eq!(via(&deployment, SWITCH), ["balancer"]);
    // Traffic of other roles goes directly, and what the server behind it initiates does too.
    assert!(via(&deployment, "response_to_dmz_switch_poke/response/dmz").is_empty());
    assert!(via(&deployment, "dmz_to_response_core/dmz/response").is_empty());
    let told = answer("security_group_rules", &deployment);
    let rule = told.at("endpoints").at("balancer").at("egress").at("tcp-4000/192.0.2.16/32");
    assert_eq!(
        rule.at("description").text(),
        "1E Tachyon 8.1: internet_client_to_dmz_switch to dmz via balancer [dmz/12]"
    );
    assert_eq!(rule.at("flows").texts(), ["internet_client_to_dmz_switch"]);
}

#[test]
fn a_balancer_that_keeps_the_source_stands_at_one_end_only() {
    let balancer = value!({
        "forwards_to": ["dmz"], "from_roles": ["internet_client"], "hides_source": false, "cidrs": ["192.0.2.1/32"],
    });
    let found = rules(&dmz(&[("balancer", balancer)]), &["balancer", "internet"]);
    assert_eq!(
        found,
        [
            "balancer ingress tcp-4000/0.0.0.0/0",
            "balancer ingress tcp-443/0.0.0.0/0",
            "balancer egress tcp-4000/192.0.2.16/32",
            "balancer egress tcp-443/192.0.2.16/32",
            "dmz ingress tcp-4000/0.0.0.0/0",
            "dmz ingress tcp-443/0.0.0.0/0",
            "internet egress tcp-4000/192.0.2.1/32",
            "internet egress tcp-443/192.0.2.1/32",
        ]
    );
}

#[test]
fn source_address_translation_has_no_rules_and_is_what_the_destination_sees() {
    let nat = value!({
        "forwards_to": ["dmz"], "from_roles": ["internet_client"], "hides_destination": false, "cidrs": ["192.0.2.9/32"],
    });
    let found = rules(&dmz(&[("nat", nat)]), &["nat", "internet"]);
    assert_eq!(
        found,
        [
            "dmz ingress tcp-4000/192.0.2.9/32",
            "dmz ingress tcp-443/192.0.2.9/32",
            "internet egress tcp-4000/192.0.2.16/32",
            "internet egress tcp-443/192.0.2.16/32",
        ]
    );
}

#[test]
fn a_forward_proxy_and_a_firewall_that_translates_behind_it() {
    let proxy = value!({
        "forwards_to": ["firewall"], "ports": { "443": 3128 }, "cidrs": ["10.0.9.1/32"],
    });
    let firewall = value!({
        "forwards_to": ["cloud"], "from_roles": ["master_stack"], "hides_destination": false, "cidrs": ["203.0.113.7/32"],
    });
    let deployment = dmz(&[("proxy", proxy), ("firewall", firewall)]);
    assert_eq!(
        rules(&deployment, &["proxy", "firewall", "cloud"]),
        [
            "cloud ingress tcp-443/203.0.113.7/32",
            "master egress tcp-3128/10.0.9.1/32",
            "proxy ingress tcp-3128/10.0.0.1/32",
            "proxy egress tcp-443/198.51.100.0/24",
        ]
    );
    assert_eq!(via(&deployment, "master_to_cloud/master/cloud"), ["proxy", "firewall"]);
    let told = answer("network_security_rules", &deployment);
    let rules = told.at("endpoints").at("proxy").at("rules").map();
    let described = rules.values().map(|rule| rule.at("description").text()).collect::<Vec<_>>();
    assert_eq!(
        described,
        ["1E Tachyon 8.1, inferred: master_to_cloud via proxy then firewall [single-server/servers/4]";
            2]
    );
}

#[test]
fn two_that_stand_side_by_side_are_two_ways_and_warned_of() {
    let balancer = |address: &str| value!({ "forwards_to": ["dmz"], "from_roles": ["internet_client"], "cidrs": [(address)] });
    let deployment = dmz(&[("b", balancer("192.0.2.2/32")), ("a", balancer("192.0.2.1/32"))]);
    assert_eq!(via(&deployment, SWITCH), ["a", "b"]);
    let found = rules(&deployment, &["internet"]);
    for address in ["192.0.2.1/32", "192.0.2.2/32"] {
        assert!(found.contains(&format!("internet egress tcp-4000/{address}")), "{found:?}");
    }
    let told = answer("connections", &deployment);
    let warnings = told.at("warnings").list().iter();
    let of_ways: Vec<&str> = warnings
        .filter(|warning| warning.at("id").text() == "several_ways")
        .map(|warning| warning.at("detail").text())
        .collect();
    assert_eq!(
        of_ways,
        [
            r#"Traffic of "internet_client" reaches "dmz" in 2 ways, and each has the rules for all of it: through "a", "b"."#
        ]
    );
    // Each with roles of its own is one way each.
    let apart = dmz(&[
        ("a", balancer("192.0.2.1/32")),
        (
            "b",
            value!({ "forwards_to": ["dmz"], "from_roles": ["response_stack"], "cidrs": ["192.0.2.2/32"] }),
        ),
    ]);
    let told = answer("connections", &apart);
    assert!(told.at("warnings").list().iter().all(|it| it.at("id").text() != "several_ways"));
}

#[test]
fn nothing_stands_inside_one_endpoint() {
    let deployment = value!({ "endpoints": {
        "clients": { "roles": ["client"], "cidrs": ["10.8.0.0/16"] },
        "others": { "roles": ["client"], "cidrs": ["10.9.0.0/16"] },
        "nat": { "forwards_to": ["clients"], "hides_destination": false, "cidrs": ["10.7.0.1/32"] },
    } });
    assert!(via(&deployment, "client_p2p/clients/clients").is_empty());
    assert_eq!(via(&deployment, "client_p2p/others/clients"), ["nat"]);
}

#[test]
fn a_rule_tells_of_the_ways_to_its_own_peers_alone() {
    let deployment = value!({ "endpoints": {
        "clients": { "roles": ["client"], "cidrs": ["10.8.0.0/16"] },
        "others": { "roles": ["client"], "cidrs": ["10.9.0.0/16"] },
        "nat": { "forwards_to": ["clients"], "cidrs": ["2001:db8::1/128"] },
    } });
    let told = answer("network_security_rules", &deployment);
    let rules = told.at("endpoints").at("clients").at("rules");
    let direct = "1E Tachyon 8.1: client_p2p [single-server/clients/3]";
    let through = "1E Tachyon 8.1: client_p2p via nat [single-server/clients/3]";
    for (key, peer, description) in [
        ("inbound/client_p2p/7766/ipv4", "clients", direct),
        ("inbound/client_p2p/7766/ipv6", "nat", through),
    ] {
        let rule = rules.at(key);
        assert_eq!(rule.at("peers").texts(), [peer]);
        assert_eq!(rule.at("description").text(), description);
    }
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let with = |hop: Value| {
        let Value::Map(mut hop) = hop else { unreachable!() };
        hop.insert("cidrs".to_owned(), value!(["192.0.2.1/32"]));
        dmz(&[("hop", Value::Map(hop))])
    };
    let place = |rest: &str| format!(r#"endpoints["hop"]{rest}"#);
    for (hop, rest, words) in [
        (value!({ "forwards_to": [] }), ".forwards_to", vec!["at least one"]),
        (value!({ "forwards_to": ["dmzz"] }), ".forwards_to[0]", vec!["dmzz", "\"dmz\""]),
        (value!({ "forwards_to": ["dmz", "dmz"] }), ".forwards_to[1]", vec!["twice"]),
        (value!({ "forwards_to": ["hop"] }), ".forwards_to[0]", vec!["\"hop\" to \"hop\""]),
        (value!({ "forwards_to": ["dmz"], "roles": ["client"] }), ".roles", vec!["two endpoints"]),
        (
            value!({ "forwards_to": ["dmz"], "talks_to": { "client": [] } }),
            ".talks_to",
            vec!["forwards_to"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "hides_source": false, "hides_destination": false }),
            "",
            vec!["no rule would see it"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "from_roles": ["internet_clint"] }),
            ".from_roles[0]",
            vec!["internet_client"],
        ),
        (value!({ "forwards_to": ["dmz"], "from_roles": [] }), ".from_roles", vec!["at least one"]),
        (
            value!({ "forwards_to": ["dmz"], "from_roles": ["internet_client", "browser"] }),
            ".from_roles[1]",
            vec!["no \"browser\" reaches", "\"internet_client\""],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "https": 8443 } }),
            r#".ports["https"]"#,
            vec!["{ \"443\" = 8443 }"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "443": 70000 } }),
            r#".ports["443"]"#,
            vec!["70000"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "443": [1] } }),
            r#".ports["443"]"#,
            vec!["no port"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "443": "1-2" } }),
            r#".ports["443"]"#,
            vec!["not as many"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "443": 8443, "443-443": 9443 } }),
            r#".ports["443-443"]"#,
            vec!["443 has its port already"],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "444": 8443 } }),
            r#".ports["444"]"#,
            vec!["listens on 444", "\"443\""],
        ),
        (
            value!({ "forwards_to": ["dmz"], "ports": { "443": 8443 }, "hides_destination": false }),
            ".ports",
            vec!["hides_destination"],
        ),
        (
            value!({ "roles": ["client"], "hides_source": true }),
            ".hides_source",
            vec!["forwards_to"],
        ),
        (
            value!({ "roles": ["client"], "from_roles": ["client"] }),
            ".from_roles",
            vec!["forwards_to"],
        ),
        (value!({ "forwards_to": "dmz" }), ".forwards_to", vec!["list of strings"]),
        (
            value!({ "forwards_to": ["dmz"], "hides_source": 1 }),
            ".hides_source",
            vec!["true or false"],
        ),
    ] {
        let place = place(rest);
        refused_anywhere(&with(hop), &[&[place.as_str()][..], &words].concat());
    }
}

#[test]
fn a_mistyped_forwards_to_is_the_only_mistake() {
    let endpoint = value!({ "roles": ["client"], "forwards_to": "dmz", "hides_source": true, "cidrs": ["192.0.2.1/32"] });
    let told = ask("connections", &dmz(&[("hop", endpoint)])).expect_err("a mistyped list");
    assert!(told.text.contains(r#"endpoints["hop"].forwards_to"#), "{told}");
    assert!(!told.text.contains("without `forwards_to`"), "{told}");
}

#[test]
fn a_circle_is_told_once_and_what_leads_into_it_is_not() {
    let to = |name: &str| value!({ "forwards_to": [(name)], "cidrs": ["10.0.9.1/32"] });
    let deployment = dmz(&[("into", to("y")), ("x", to("y")), ("y", to("z")), ("z", to("x"))]);
    refused_anywhere(
        &deployment,
        &[r#"endpoints["x"].forwards_to[0]"#, r#""x" to "y" to "z" to "x""#],
    );
}

#[test]
fn a_thing_without_an_address_is_told_by_what_needs_it() {
    let deployment =
        dmz(&[("balancer", value!({ "forwards_to": ["dmz"], "from_roles": ["internet_client"] }))]);
    for function in ["security_group_rules", "network_security_rules"] {
        refused(
            function,
            &deployment,
            &[r#"endpoints["balancer"]"#, "internet_client_to_dmz_switch"],
        );
    }
    assert!(ask("connections", &deployment).is_ok());
}

#[test]
fn more_than_sixteen_ways_are_refused() {
    let hops = |count: usize| {
        let hop = || value!({ "forwards_to": ["dmz"], "cidrs": ["10.0.9.1/32"] });
        let names: Vec<String> = (0..count).map(|number| format!("hop-{number}")).collect();
        dmz(&names.iter().map(|name| (name.as_str(), hop())).collect::<Vec<_>>())
    };
    assert!(ask("connections", &hops(16)).is_ok());
    refused_anywhere(&hops(17), &[r#"endpoints["dmz"]"#, "16"]);
}

#[test]
fn ids_of_things_between_may_be_unknown_and_whatever_decides_the_way_too() {
    let balancer = |attribute: &str| {
        let Value::Map(mut endpoint) = value!({
            "forwards_to": ["dmz"], "from_roles": ["internet_client"], "security_group_id": "sg-1", "ports": { "443": 8443 },
        }) else {
            unreachable!()
        };
        endpoint.insert(attribute.to_owned(), Value::UNKNOWN);
        dmz(&[("balancer", Value::Map(endpoint))])
    };
    let told = answer("security_group_rules", &balancer("security_group_id"));
    let rule = told.at("endpoints").at("dmz").at("ingress").at("tcp-443/balancer");
    assert!(rule.at("referenced_security_group_id").is_unknown());
    for attribute in ["forwards_to", "from_roles", "hides_source", "hides_destination"] {
        let told = answer("security_group_rules", &balancer(attribute));
        for endpoint in ["dmz", "balancer"] {
            assert!(told.at("endpoints").at(endpoint).at("ingress").is_unknown(), "{attribute}");
        }
    }
    let told = answer("security_group_rules", &balancer("ports"));
    assert!(told.at("endpoints").at("balancer").at("ingress").is_unknown());
    // Where the server listens is known all the same.
    assert!(!told.at("endpoints").at("dmz").at("ingress").is_unknown());
    let told = answer("connections", &balancer("forwards_to"));
    assert!(told.at("connections").at(SWITCH).at("via").is_unknown());
}
