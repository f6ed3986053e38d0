//! Slips in real names, and words that are none of them.

use super::name;

const ROLES: [&str; 15] = [
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

const FLOWS: [&str; 12] = [
    "client_to_switch",
    "client_to_background_channel",
    "client_p2p",
    "browser_to_master_https",
    "browser_to_master_catalog_ui",
    "master_to_smtp",
    "master_to_sql_master",
    "master_to_catalog_server",
    "browser_to_catalog_server",
    "remote_response_to_sql_master",
    "internet_client_to_dmz_switch",
    "dmz_to_crl",
];

const PORTS: [&str; 10] = [
    "client_interaction",
    "coordinator",
    "crl",
    "http",
    "https",
    "rpc_dynamic",
    "smtp",
    "sql",
    "sql_named_instance",
    "switches",
];

const ATTRIBUTES: [&str; 11] = [
    "roles",
    "cidrs",
    "ports",
    "talks_to",
    "zone",
    "security_group_id",
    "security_groups",
    "prefix_lists",
    "application_security_group_ids",
    "service_tag",
    "network_security_group",
];

const OPTIONS: [&str; 8] = [
    "keep_master_catalog_ui",
    "merge_cidrs",
    "aws",
    "azure",
    "rules_per_group",
    "deny_all",
    "allow_services",
    "priorities",
];

const INPUT: [&str; 5] =
    ["matrix_version", "endpoints", "exclude_flows", "include_flows", "options"];

const PROTOCOLS: [&str; 6] = ["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"];

#[test]
fn a_slip_finds_its_name() {
    let slips: [(&[&str], &str, &str); 41] = [
        (&ROLES, "master_stak", "master_stack"),
        (&ROLES, "mastr_stac", "master_stack"),
        (&ROLES, "masterstack", "master_stack"),
        (&ROLES, "Master-Stack", "master_stack"),
        (&ROLES, "master stack", "master_stack"),
        (&ROLES, "response_stacks", "response_stack"),
        (&ROLES, "reponse_satck", "response_stack"),
        (&ROLES, "dmz_sever", "dmz_server"),
        (&ROLES, "dzm_server", "dmz_server"),
        (&ROLES, "catalogue_server", "catalog_server"),
        (&ROLES, "sql_catalogue", "sql_catalog"),
        (&ROLES, "sql_response", "sql_responses"),
        (&ROLES, "sqlmaster", "sql_master"),
        (&ROLES, "clients", "client"),
        (&ROLES, "cleint", "client"),
        (&ROLES, "internet_clients", "internet_client"),
        (&ROLES, "broswer", "browser"),
        (&ROLES, "browsers", "browser"),
        (&ROLES, "cloud_e1", "cloud_1e"),
        (&ROLES, "stmp_server", "smtp_server"),
        (&ROLES, "inventory_sources", "inventory_source"),
        (&ROLES, "crl_distributionpoint", "crl_distribution_point"),
        (&FLOWS, "client_p2q", "client_p2p"),
        (&FLOWS, "client_to_swich", "client_to_switch"),
        (&FLOWS, "clients_to_switches", "client_to_switch"),
        (&FLOWS, "browser_to_master_http", "browser_to_master_https"),
        (&FLOWS, "remote_respone_to_sql_mster", "remote_response_to_sql_master"),
        (&PORTS, "htps", "https"),
        (&PORTS, "htp", "http"),
        (&PORTS, "slq", "sql"),
        (&PORTS, "clr", "crl"),
        (&PORTS, "switch", "switches"),
        (&ATTRIBUTES, "cidr", "cidrs"),
        (&ATTRIBUTES, "role", "roles"),
        (&ATTRIBUTES, "security_group", "security_groups"),
        (&ATTRIBUTES, "security_group_ids", "security_group_id"),
        (&OPTIONS, "deny_al", "deny_all"),
        (&OPTIONS, "keep_master_catalog", "keep_master_catalog_ui"),
        (&INPUT, "endpont", "endpoints"),
        (&INPUT, "exlude_flow", "exclude_flows"),
        (&PROTOCOLS, "TPC", "Tcp"),
    ];
    for (known, found, meant) in slips {
        assert_eq!(name(found, known.iter().copied()), Some(meant), "{found}");
    }
}

#[test]
fn the_beginning_of_one_name_is_short_for_it() {
    let short: [(&[&str], &str, Option<&str>); 10] = [
        (&ROLES, "master", Some("master_stack")),
        (&ROLES, "response", Some("response_stack")),
        (&ROLES, "dmz", Some("dmz_server")),
        (&ROLES, "SMTP", Some("smtp_server")),
        (&ROLES, "configmgr", Some("configmgr_provider")),
        (&OPTIONS, "keep_master", Some("keep_master_catalog_ui")),
        // Three databases, and clients of two kinds.
        (&ROLES, "sql", None),
        (&FLOWS, "client_to", None),
        (&ROLES, "m", None),
        (&ROLES, "", None),
    ];
    for (known, found, meant) in short {
        assert_eq!(name(found, known.iter().copied()), meant, "{found}");
    }
}

#[test]
fn another_word_finds_nothing() {
    let others = [
        "web_server",
        "file_server",
        "server",
        "servers",
        "database",
        "db",
        "gateway",
        "proxy",
        "load_balancer",
        "bastion",
        "firewall",
        "router",
        "agent",
        "broker",
        "worker",
        "dns",
        "ldap",
        "domain_controller",
        "consumer",
        "tachyon",
        "frontend",
        "kerberos",
        "workstation",
        "foo",
        "x",
        "vpc_id",
        "subnet",
        "name",
        "tags",
        "description",
        "hosts",
        "addresses",
        "gre",
        "sctp_over_udp",
    ];
    let known = [&ROLES[..], &FLOWS, &PORTS, &ATTRIBUTES, &OPTIONS, &INPUT, &PROTOCOLS];
    for known in known {
        for other in others {
            assert_eq!(name(other, known.iter().copied()), None, "{other}");
        }
    }
    // Terraform's own words for other things, and other protocols.
    assert_eq!(name("aws_instance", ["tachyon_matrix", "tachyon_role"]), None);
    assert_eq!(name("Sctp", PROTOCOLS), None);
}

#[test]
fn short_names_are_no_slips_of_each_other() {
    assert_eq!(name("ip", ["id"]), None);
    assert_eq!(name("x", ["*"]), None);
    assert_eq!(name("b", ["a", "c"]), None);
}

#[test]
fn of_names_as_near_the_first_is_taken() {
    assert_eq!(name("dmz/4", ["dmz/2", "dmz/1", "dmz/11"]), Some("dmz/1"));
    assert_eq!(name("a", [] as [&str; 0]), None);
}

#[test]
fn names_that_nobody_types_are_not_compared() {
    let long = "dmz_server".repeat(7);
    assert_eq!(name(&long, [long.as_str()]), None);
    assert_eq!(name("dmz_server", [long.as_str()]), None);
    let letters = "é".repeat(30);
    assert_eq!(
        name(&letters, [format!("{letters}e").as_str()]),
        Some(format!("{letters}e").as_str())
    );
}
