//! Realistic installations, written as a user would.

use tfplugin::Value;

use crate::facts::VERSION;

/// Master and Response Stack on one server, with everything around it that the base tables name.
pub(crate) fn single_server() -> Value {
    value!({
        "endpoints": {
            "server": {
                "roles": ["master_stack", "response_stack"],
                "security_group_id": "sg-0server",
                "application_security_group_ids": ["/asg/server"],
            },
            "sql": {
                "roles": ["sql_master", "sql_responses"],
                "security_group_id": "sg-0sql",
                "application_security_group_ids": ["/asg/sql"],
            },
            "clients-emea": { "roles": ["client"], "cidrs": ["10.8.0.0/16", "2001:db8:8::/48"] },
            "clients-us": { "roles": ["client"], "cidrs": ["10.9.0.0/16"] },
            "admins": { "roles": ["browser"], "cidrs": ["10.1.2.0/24"] },
            "cloud": { "roles": ["cloud_1e"], "cidrs": ["0.0.0.0/0"], "service_tag": "Internet" },
            "mail": { "roles": ["smtp_server"], "cidrs": ["10.1.0.25/32"] },
            "configmgr": {
                "roles": ["configmgr_provider", "inventory_source"],
                "cidrs": ["10.1.0.40/32"],
                "ports": { "rpc_dynamic": "50000-50100" },
            },
        },
    })
}

/// Two Response Stacks away from the Master, each with a DMZ server of its own.
pub(crate) fn remote_stacks() -> Value {
    value!({
        "endpoints": {
            "master": {
                "roles": ["master_stack"],
                "security_group_id": "sg-0master",
                "application_security_group_ids": ["/asg/master"],
            },
            "response-emea": {
                "roles": ["response_stack"],
                "security_group_id": "sg-0emea",
                "application_security_group_ids": ["/asg/emea"],
                "ports": { "switches": [4000, 4002] },
            },
            "response-us": {
                "roles": ["response_stack"],
                "security_group_id": "sg-0us",
                "application_security_group_ids": ["/asg/us"],
            },
            "dmz-emea": {
                "roles": ["dmz_server"],
                "cidrs": ["192.0.2.16/28"],
                "ports": { "switches": [4000, 4010] },
                "talks_to": { "response_stack": ["response-emea"] },
            },
            "dmz-us": {
                "roles": ["dmz_server"],
                "cidrs": ["192.0.2.32/28"],
                "ports": { "https": 8443 },
                "talks_to": { "response_stack": ["response-us"] },
            },
            "clients-emea": {
                "roles": ["client"],
                "cidrs": ["10.8.0.0/16"],
                "talks_to": { "response_stack": ["response-emea"] },
            },
            "clients-us": {
                "roles": ["client"],
                "cidrs": ["10.9.0.0/16"],
                "talks_to": { "response_stack": ["response-us"] },
            },
            "internet": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0", "::/0"], "service_tag": "Internet" },
            "admins": { "roles": ["browser"], "cidrs": ["10.1.2.0/24"] },
            "pki": { "roles": ["crl_distribution_point"], "cidrs": ["10.1.0.80/32"] },
            "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.1.0.33/32"] },
        },
        "exclude_flows": ["client_p2p"],
    })
}

/// The Catalog on a server of its own, and SQL instances with names.
pub(crate) fn remote_catalog() -> Value {
    value!({
        "endpoints": {
            "server": {
                "roles": ["master_stack", "response_stack"],
                "security_group_id": "sg-0server",
                "application_security_group_ids": ["/asg/server"],
                "ports": { "https": 8443 },
            },
            "catalog": { "roles": ["catalog_server"], "cidrs": ["10.1.0.90/32"] },
            "sql": {
                "roles": ["sql_master", "sql_responses"],
                "cidrs": ["10.1.0.33/32"],
                "ports": { "sql": 21433, "sql_named_instance": true },
            },
            "sql-catalog": {
                "roles": ["sql_catalog"],
                "prefix_lists": { "databases": { "id": "pl-0databases", "max_entries": 4 } },
                "cidrs": ["10.1.0.34/32"],
                "ports": { "sql_named_instance": true },
            },
            "admins": { "roles": ["browser"], "cidrs": ["10.1.2.0/24", "10.1.3.0/24"] },
            "cloud": { "roles": ["cloud_1e"], "cidrs": ["0.0.0.0/0"], "service_tag": "Internet" },
        },
    })
}

/// An endpoint for each role but the Master's two, each known by prefixes alone, and all options that close what Azure
/// leaves open.
pub(crate) fn everything(version: &str) -> Value {
    value!({
        "matrix_version": version,
        "endpoints": {
            "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
            "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.2/32", "2001:db8::2/128"] },
            "dmz": { "roles": ["dmz_server"], "cidrs": ["192.0.2.0/24"] },
            "catalog": { "roles": ["catalog_server"], "cidrs": ["10.0.0.4/32"] },
            "sql-master": { "roles": ["sql_master"], "cidrs": ["10.0.0.5/32"], "ports": { "sql_named_instance": true } },
            "sql-responses": {
                "roles": ["sql_responses"],
                "cidrs": ["10.0.0.6/32"],
                "ports": { "sql_named_instance": true },
            },
            "sql-catalog": {
                "roles": ["sql_catalog"],
                "cidrs": ["10.0.0.7/32"],
                "ports": { "sql_named_instance": true },
            },
            "client": { "roles": ["client"], "cidrs": ["10.8.0.0/16", "10.9.0.0/16"] },
            "internet-client": { "roles": ["internet_client"], "cidrs": ["0.0.0.0/0"] },
            "browser": { "roles": ["browser"], "cidrs": ["10.8.0.0/16"] },
            "cloud": { "roles": ["cloud_1e"], "cidrs": ["198.51.100.0/24"] },
            "smtp": { "roles": ["smtp_server"], "cidrs": ["10.0.0.25/32"] },
            "inventory": {
                "roles": ["inventory_source"],
                "cidrs": ["10.0.0.13/32"],
                "ports": { "sql_named_instance": true },
            },
            "configmgr": { "roles": ["configmgr_provider"], "cidrs": ["10.0.0.14/32"] },
            "crl": { "roles": ["crl_distribution_point"], "cidrs": ["10.0.0.15/32"] },
        },
        "options": {
            "keep_master_catalog_ui": true,
            "merge_cidrs": true,
            "azure": { "deny_all": true },
        },
    })
}

/// All of them.
pub(crate) fn all() -> [Value; 4] {
    [single_server(), remote_stacks(), remote_catalog(), everything(VERSION)]
}
