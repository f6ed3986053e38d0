//! Addresses that cannot be, or that are missing where a rule needs one: each refused with what would serve.

use tfplugin::Value;

use crate::answer::{Read, ask};
use crate::functions::of_platforms;
use crate::refusals::{alone, refused, refused_anywhere};

/// A Master at 10.0.0.1 and an endpoint `a`.
fn beside_a_master(endpoint: Value) -> Value {
    value!({ "endpoints": { "a": (endpoint), "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] } } })
}

#[test]
fn prefixes_must_be_canonical() {
    for (cidr, mended) in [
        ("10.1.2.3/16", "10.1.0.0/16"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("2001:DB8::1/32", "2001:db8::/32"),
    ] {
        let deployment = alone(value!({ "roles": ["client"], "cidrs": ["10.9.0.0/16", cidr] }));
        refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[1]"#, cidr, mended]);
    }
    for cidr in [
        "10.0.0.0/33",
        "300.0.0.0/8",
        "",
        "zzz/32",
        "10.0.0.0/08",
        "::/129",
        "10.0.0.0/8/8",
        " 10.0.0.0/8",
    ] {
        let deployment = alone(value!({ "roles": ["client"], "cidrs": [cidr] }));
        refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[0]"#]);
    }
}

#[test]
fn a_spelling_is_not_a_mistake() {
    for (cidr, canonical) in [
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2001:0db8:0000:0000:0000:0000:0000:0000/32", "2001:db8::/32"),
        ("2A01:7E00::f03c:0:0:0/80", "2a01:7e00:0:0:f03c::/80"),
        ("0::0/0", "::/0"),
    ] {
        let deployment = |cidr: &str| {
            beside_a_master(value!({ "roles": ["browser"], "cidrs": ["10.9.0.0/16", cidr] }))
        };
        for function in of_platforms() {
            let told = ask(function, &deployment(cidr)).expect(cidr);
            assert_eq!(told, ask(function, &deployment(canonical)).expect(canonical), "{cidr}");
        }
        let twice = alone(value!({ "roles": ["client"], "cidrs": [cidr, canonical] }));
        refused_anywhere(&twice, &[r#"endpoints["a"].cidrs[1]"#, canonical]);
    }
}

#[test]
fn a_prefix_must_not_be_repeated() {
    let deployment =
        alone(value!({ "roles": ["client"], "cidrs": ["10.9.0.0/16", "::/0", "10.9.0.0/16"] }));
    refused_anywhere(&deployment, &[r#"endpoints["a"].cidrs[2]"#, "10.9.0.0/16"]);
}

#[test]
fn an_endpoint_in_use_needs_an_address_of_the_platform() {
    let group = value!({ "roles": ["browser"], "security_group_id": "sg-1" });
    assert!(ask("security_group_rules", &beside_a_master(group.clone())).is_ok());
    refused(
        "network_security_rules",
        &beside_a_master(group),
        &[
            r#"endpoints["a"]"#,
            "browser_to_master",
            "application_security_group_ids",
            "service_tag",
            "cidrs",
        ],
    );
    let tag = value!({ "roles": ["browser"], "service_tag": "Internet" });
    assert!(ask("network_security_rules", &beside_a_master(tag.clone())).is_ok());
    refused(
        "security_group_rules",
        &beside_a_master(tag.clone()),
        &[r#"endpoints["a"]"#, "browser_to_master", "security_group_id", "prefix_lists", "cidrs"],
    );
    assert!(ask("connections", &beside_a_master(tag)).is_ok(), "connections need no address");
    // Who talks to nobody needs none either.
    assert!(ask("security_group_rules", &alone(value!({ "roles": ["browser"] }))).is_ok());
}

#[test]
fn two_endpoints_must_not_share_a_group_or_a_list() {
    let two = |one: Value, other: Value| value!({ "endpoints": { "a": (one), "b": (other) } });
    let group = || value!({ "roles": ["client"], "security_group_id": "sg-1" });
    refused("security_group_rules", &two(group(), group()), &["endpoints[", "sg-1", r#""a""#]);
    let list = || value!({ "roles": ["client"], "prefix_lists": { "x": { "id": "pl-1", "max_entries": 2 } } });
    refused("security_group_rules", &two(list(), list()), &["endpoints[", "pl-1", r#""a""#]);
}

/// A server and a database, each with these attributes.
fn two(server: Value, database: Value) -> Value {
    let with = |role: &str, attributes: Value| {
        let Value::Map(mut attributes) = attributes else { panic!("{attributes:?}") };
        attributes.insert("roles".to_owned(), value!([role]));
        Value::Map(attributes)
    };
    value!({ "endpoints": { "a": (with("master_stack", server)), "b": (with("sql_master", database)) } })
}

#[test]
fn an_id_in_two_spellings_is_one_id() {
    let groups = |ids: &[&str]| value!({ "application_security_group_ids": (ids.to_vec()) });
    let (lower, upper) = ("/subscriptions/1/asg-a", "/SUBSCRIPTIONS/1/ASG-A");
    refused(
        "network_security_rules",
        &two(groups(&[lower]), groups(&[upper])),
        &[r#"endpoints["b"].application_security_group_ids[0]"#, lower, upper, "Join the two"],
    );
    refused(
        "network_security_rules",
        &two(groups(&[lower, upper]), groups(&["/subscriptions/1/asg-b"])),
        &[r#"endpoints["a"].application_security_group_ids[1]"#, "given twice", lower],
    );
    let (short, long) = ("sg-0a11c0ffee0000001", "123456789012/sg-0a11c0ffee0000001");
    let group = |id: &str| value!({ "security_group_id": (id) });
    refused(
        "security_group_rules",
        &two(group(short), group(long)),
        &[r#"endpoints["b"].security_group_id"#, short, long, "Join the two"],
    );
}

#[test]
fn what_is_no_id_of_its_kind_is_refused() {
    let database = value!({ "cidrs": ["10.0.0.2/32"] });
    for id in [
        "pl-0a11c0ffee0000001",
        "vpc-12345678",
        "sgr-0a11c0ffee0000001",
        "123456789012/subnet-12345678",
        // Names of groups: none begins with `sg-`.
        "my group",
        "web-servers",
        "web",
        "default",
        "securitygroupofservers",
        "launch-wizard-1",
        "Web_Servers",
        "sg_0a11c0ffee0000001",
        // Nor is it an id with something around it, or several, or one that EC2 would not know.
        " sg-",
        "sg-",
        "/sg-",
        "sg-0a11c0ffee0000001/",
        "sg-0a11c0ffee0000001,sg-0a11c0ffee0000002",
        "sg-0A11C0FFEE0000001",
        "SG-0a11c0ffee0000001",
    ] {
        let server = value!({ "security_group_id": (id), "cidrs": ["10.0.0.1/32"] });
        let accepted = "the id of a security group, such as \"sg-";
        let words = [r#"endpoints["a"].security_group_id"#, id, accepted];
        refused_anywhere(&two(server, database.clone()), &words);
    }
    let list = value!({
        "prefix_lists": { "office": { "id": "sg-0a11c0ffee0000001", "max_entries": 5 } },
        "cidrs": ["10.0.0.1/32"]
    });
    let words = [r#"endpoints["a"].prefix_lists["office"].id"#, "the id of a prefix list"];
    refused_anywhere(&two(list, database.clone()), &words);
    // An id with something around it is shown as it is written.
    for id in [
        "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a11c0ffee0000001",
        "123/sg-0a11c0ffee0000001",
        "/sg-0a11c0ffee0000001",
        " sg-0a11c0ffee0000001",
        "sg-0a11c0ffee0000001\n",
    ] {
        let server = value!({ "security_group_id": (id), "cidrs": ["10.0.0.1/32"] });
        let words = [r#"endpoints["a"].security_group_id"#, "write \"sg-0a11c0ffee0000001\"."];
        refused_anywhere(&two(server, database.clone()), &words);
    }
    // What Terraform's mocks and stand-ins make for an id.
    for id in [
        "x7g2k1a9",
        "Xk2f",
        "0b5a4f0e-7a39-4b0a-9d37-0b5a4f0e7a39",
        "sg-0a11c0ffee0000001",
        "123456789012/sg-0a11c0ffee0000001",
        "sg-test",
    ] {
        let server = value!({ "security_group_id": (id) });
        ask("security_group_rules", &two(server, database.clone())).expect(id);
    }
}

#[test]
fn what_is_no_id_of_an_application_security_group_is_refused() {
    const GROUP: &str = "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/applicationSecurityGroups/asg";
    let database = value!({ "cidrs": ["10.0.0.2/32"] });
    let server =
        |id: &str| value!({ "application_security_group_ids": [id], "cidrs": ["10.0.0.1/32"] });
    for id in [
        GROUP.replace("applicationSecurity", "networkSecurity"),
        GROUP.replace("Microsoft.Network", "Microsoft.Compute"),
        format!("{GROUP}/"),
        format!(" {GROUP}"),
        format!("{GROUP}\t"),
        GROUP.replace("/net/", "//net/"),
        GROUP.replace("/asg", "/asg/subnets/a"),
        GROUP.trim_start_matches('/').to_owned(),
        format!("https://management.azure.com{GROUP}"),
        "my group".to_owned(),
    ] {
        let words = [
            r#"endpoints["a"].application_security_group_ids[0]"#,
            "the id of an application security group",
        ];
        refused_anywhere(&two(server(&id), database.clone()), &words);
    }
    for id in [GROUP, &GROUP.to_uppercase(), "/asg/a", "x7g2k1a9"] {
        ask("network_security_rules", &two(server(id), database.clone())).expect(id);
    }
}

#[test]
fn one_object_is_one_in_whatever_letters() {
    let groups = |id: &str| value!({ "application_security_group_ids": [id] });
    let of = |group: &str| {
        format!(
            "/subscriptions/1/resourceGroups/{group}/providers/Microsoft.Network/applicationSecurityGroups/asg"
        )
    };
    refused(
        "network_security_rules",
        &two(groups(&of("Größe-Ä")), groups(&of("GRÖßE-ä"))),
        &[r#"endpoints["b"].application_security_group_ids[0]"#, "Join the two"],
    );
}

/// The id of a virtual network is one in any case, so groups in it are within reach.
#[test]
fn a_network_is_one_in_any_case() {
    const NETWORK: &str =
        "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/eu";
    let server = |id: &str, asg: &str, network: &str, cidr: &str| value!({ "security_group_id": id, "application_security_group_ids": [asg], "network": network, "cidrs": [cidr] });
    let deployment = |network: &str| {
        two(
            server("sg-1", "/asg/a", NETWORK, "10.0.0.1/32"),
            server("sg-2", "/asg/b", network, "10.0.0.2/32"),
        )
    };
    let upper = NETWORK.to_uppercase();
    for function in of_platforms() {
        let same = ask(function, &deployment(NETWORK)).expect("one network");
        assert_eq!(ask(function, &deployment(&upper)).expect("the same"), same, "{function}");
        let apart = ask(function, &deployment("other")).expect("two networks");
        assert_ne!(apart, same, "{function}");
    }
    // Nor does case count where networks are peered.
    let peered = |network: &str| {
        let Value::Map(mut peered) = deployment("US") else { unreachable!() };
        let networks = value!([[network, "us"]]);
        peered.insert("options".to_owned(), value!({ "aws": { "peered_networks": (networks) } }));
        Value::Map(peered)
    };
    let told = ask("security_group_rules", &peered(&upper)).expect("peered");
    assert!(told.at("endpoints").at("a").at("egress").map().contains_key("tcp-1433/b"));
}

#[test]
fn names_of_groups_that_azure_does_not_tell_apart_are_refused() {
    let of = |name: &str, cidr: &str| value!({ "cidrs": [cidr], "network_security_group": name });
    refused(
        "network_security_rules",
        &two(of("nsg-servers", "10.0.0.1/32"), of("NSG-Servers", "10.0.0.2/32")),
        &[
            r#"endpoints["b"].network_security_group"#,
            "nsg-servers",
            "NSG-Servers",
            "Write one of them",
        ],
    );
}

/// Whether the two are in one rule or in two, and whatever else is in it.
#[test]
fn service_tags_that_azure_does_not_tell_apart_are_refused() {
    let of = |role: &str, tag: &str| value!({ "roles": [role], "service_tag": tag });
    for (role, more) in
        [("browser", "browser"), ("browser", "internet_client"), ("client", "client")]
    {
        let deployment = value!({ "endpoints": {
            "a": (of(role, "VirtualNetwork")), "b": (of(more, "virtualnetwork")), "c": (of(role, "Internet")),
            "server": { "roles": ["master_stack", "response_stack", "dmz_server"], "cidrs": ["10.0.0.1/32"], "network_security_group": "nsg" },
        }});
        let words =
            [r#"endpoints["b"].service_tag"#, "VirtualNetwork", "virtualnetwork", "Write one"];
        refused("network_security_rules", &deployment, &words);
    }
}

/// What the error advises can be done: it is done, and there is no error.
#[test]
fn what_is_advised_for_one_group_of_two_endpoints_can_be_done() {
    let server = value!({ "roles": ["master_stack"], "security_group_id": "sg-2" });
    let stack = |port: i64| value!({ "roles": ["response_stack"], "security_group_id": "sg-1", "ports": { "switches": [(Value::from(port))] } });
    let twice = value!({ "endpoints": { "one": (stack(4000)), "other": (stack(4002)), "server": (server.clone()) } });
    let advice = "list them: `ports = { SETTING = [PORT, PORT] }`";
    refused("security_group_rules", &twice, &["with the roles of both", advice]);
    let error = ask("security_group_rules", &twice).expect_err("one group").text;
    assert!(!error.contains("by role"), "one role can't be told apart by roles: {error}");
    let joined = value!({ "endpoints": { "server": (server.clone()), "both": {
        "roles": ["response_stack"], "security_group_id": "sg-1", "ports": { "switches": [4000, 4002] },
    }}});
    ask("security_group_rules", &joined).expect("the advice fits");

    // What has no roles has none to give.
    let balanced = |balancer: Value| {
        let Value::Map(mut balancer) = balancer else { unreachable!() };
        balancer.insert("forwards_to".to_owned(), value!(["stack"]));
        value!({ "endpoints": {
            "balancer": (Value::Map(balancer)), "server": (server.clone()), "stack": (stack(4000)),
            "clients": { "roles": ["client"], "cidrs": ["10.9.0.0/16"] },
        }})
    };
    let words =
        [r#"endpoints["stack"].security_group_id"#, "a security group of its own", "`cidrs`"];
    refused("security_group_rules", &balanced(value!({ "security_group_id": "sg-1" })), &words);
    let error = ask("security_group_rules", &balanced(value!({ "security_group_id": "sg-1" })));
    assert!(!error.expect_err("one group").text.contains("Join"));
    for given in [value!({ "security_group_id": "sg-3" }), value!({ "cidrs": ["10.0.0.9/32"] })] {
        ask("security_group_rules", &balanced(given)).expect("the advice fits");
    }
}

/// Two named instances on one host, each with a port of its own, behind one group: what the error advises is done.
#[test]
fn two_endpoints_with_one_group_are_joined_as_the_error_says() {
    let instance = |role: &str, port: i64| value!({ "roles": [(role)], "security_group_id": "sg-1", "ports": { "sql": (Value::from(port)) } });
    let server =
        value!({ "roles": ["master_stack", "response_stack"], "security_group_id": "sg-2" });
    let apart = value!({ "endpoints": {
        "server": (server.clone()),
        "sql-1": (instance("sql_master", 50011)),
        "sql-2": (instance("sql_responses", 50012)),
    }});
    let advice =
        ["one endpoint with the roles of both", "by role: `ports = { SETTING = { ROLE = PORT } }`"];
    crate::refusals::refused("security_group_rules", &apart, &advice);
    let joined = value!({ "endpoints": { "server": (server), "sql": {
        "roles": ["sql_master", "sql_responses"], "security_group_id": "sg-1",
        "ports": { "sql": { "sql_master": 50011, "sql_responses": 50012 } },
    }}});
    let told = ask("security_group_rules", &joined).expect("the advice fits");
    let keys: Vec<&String> = told.at("endpoints").at("sql").at("ingress").map().keys().collect();
    assert_eq!(keys, ["tcp-50011/server", "tcp-50012/server"]);
}

#[test]
fn too_many_rules_are_refused_with_what_would_help() {
    let cidrs =
        Value::List((0..70).map(|number| Value::from(format!("10.{number}.0.0/17"))).collect());
    let browsers = value!({ "roles": ["browser"], "cidrs": (cidrs) });
    let master = value!({ "roles": ["master_stack"], "security_group_id": "sg-1" });
    let words = ["140", "60", r#""a""#];
    let deployment = value!({ "endpoints": { "a": (browsers.clone()), "master": (master) } });
    let error = ask("security_group_rules", &deployment).expect_err("140 rules in one group of 60");
    assert!(words.iter().all(|word| error.text.contains(word)), "{}", error.text);
    assert!(error.text.contains(r#"endpoints["master"]"#), "{}", error.text);
    // A network without a group is only warned of.
    let told = ask("security_group_rules", &beside_a_master(browsers)).expect("no group, no limit");
    let warned = told
        .at("warnings")
        .list()
        .iter()
        .find(|warning| warning.at("id").text() == "rules_over_limit");
    let detail = warned.expect("a warning").at("detail").text();
    assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
}
