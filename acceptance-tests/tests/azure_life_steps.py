"""The changes that an installation on Azure goes through: those of AWS as far as they apply, and Azure's own."""

from __future__ import annotations

from typing import NamedTuple

from harness.azure_life import LANDING, Installation

STACK = {"roles": ["master_stack", "response_stack"], "cidrs": ["10.20.1.10/32"]}
SQL = {"roles": ["sql_master", "sql_responses"], "cidrs": ["10.20.2.10/32"]}
START = Installation(
    endpoints={
        "tachyon": STACK, "sql": SQL,
        "admins": {"roles": ["browser"], "cidrs": ["10.9.0.0/24"]},
        "clients": {"roles": ["client"], "cidrs": ["10.1.0.0/16", "10.2.0.0/16"]},
    },
    network_security_groups={"tachyon": "nsg-tachyon", "sql": "nsg-sql"},
    exclude_flows=("client_p2p",),
    options={"azure": {"deny_all": True}},
)


class Step(NamedTuple):
    """A change: what is written then, which addresses it may touch at all, and which of them it may replace."""

    name: str
    now: Installation
    touches: str
    replaces: str = "$^"
    # What the module's README says of rules as resources: several that change together do so in no order, and a group that is replaced
    # takes its rules along. So packets may be refused in between.
    interrupts: bool = False


def _networks() -> list[Step]:
    office = START.but({"clients": None, "offices": START.endpoints["clients"]})
    moved = office.but({
        "admins": {"roles": ["browser"], "cidrs": ["10.2.0.0/16", "10.9.0.0/24"]},
        "offices": {"roles": ["client"], "cidrs": ["10.1.0.0/16"]},
    })
    swapped = office.but({
        "admins": {"roles": ["browser"], "cidrs": ["10.1.0.0/16"]},
        "offices": {"roles": ["client"], "cidrs": ["10.2.0.0/16", "10.9.0.0/24"]},
    })
    v6 = swapped.but({"offices": {"roles": ["client"], "cidrs": ["10.2.0.0/17", "10.2.128.0/17", "2001:db8:1::/48"]}})
    clients = '"tachyon/inbound/client_to_'
    return [
        Step("start", START, ""),
        Step("a peer with networks is renamed", office, "$^"),
        Step("a network goes to another peer", moved, f'{clients}|"tachyon/inbound/browser_', interrupts=True),
        Step("peers exchange networks", swapped, f'{clients}|"tachyon/inbound/browser_', interrupts=True),
        Step("a network is split, and IPv6 comes", v6, clients),
        Step("networks are merged", v6.but(options={"merge_cidrs": True, **START.options}), clients),
    ]


def _groups() -> list[Step]:
    grouped = START.but(application_security_groups={"tachyon": "asg-tachyon", "sql": "asg-sql"})
    named = grouped.but(application_security_groups={"tachyon": "asg-tachyon", "sql": "asg-databases"})
    # Both groups get other names with their endpoint: a name can't be in two resources at once.
    renamed = named.but(
        {"sql": None, "database": SQL},
        application_security_groups={"tachyon": "asg-tachyon", "database": "asg-database"},
        network_security_groups={"tachyon": "nsg-tachyon", "database": "nsg-database"},
    )
    alone = renamed.but(application_security_groups={})
    shared = {name: {**one, "network_security_group": "servers"} for name, one in {"tachyon": STACK, "database": SQL}.items()}
    together = alone.but(shared, network_security_groups={"servers": "nsg-servers"})
    return [
        Step("start", START, ""),
        Step("endpoints gain groups", grouped, "", interrupts=True),
        Step("a group gets another name", named, "sql", replaces=r'application_security_group_this\["sql"\]'),
        Step("an endpoint with groups is renamed", renamed, '"sql|"database|master_to_sql|response_to_sql', interrupts=True),
        Step("groups go", alone, "", interrupts=True),
        Step("tags", alone.but(tags={"owner": "network"}), "network_security_group_this"),
        Step("a network security group is renamed", alone.but(
            network_security_groups={"tachyon": "nsg-server", "database": "nsg-database"}, tags={"owner": "network"},
        ), '"tachyon', replaces='"tachyon', interrupts=True),
        Step("endpoints share a group", together, "", interrupts=True),
        Step("and part again", alone, "", interrupts=True),
    ]


def _flows() -> list[Step]:
    overlay = START.but({
        "dmz": {"roles": ["dmz_server"], "cidrs": ["10.20.9.10/32"]}, "internet": {"roles": ["internet_client"], "service_tag": "Internet"},
        "crl": {"roles": ["crl_distribution_point"], "cidrs": ["198.51.100.80/32"]},
    }, network_security_groups={**START.network_security_groups, "dmz": "nsg-dmz"})
    spelt = overlay.but({"internet": {"roles": ["internet_client"], "service_tag": "internet"}})
    bound = spelt.but({"clients": {**START.endpoints["clients"], "talks_to": {"response_stack": []}}})
    ported = bound.but({"tachyon": {**STACK, "ports": {"https": [443, 8443]}}})
    moved = bound.but({"tachyon": {**STACK, "ports": {"https": 8443}}})
    fewer = moved.but(
        {"dmz": None, "internet": None, "crl": None, "clients": START.endpoints["clients"]},
        exclude_flows=("client_p2p", "browser_to_master_catalog_ui"), network_security_groups=START.network_security_groups,
    )
    directory = {
        "direction": "Outbound", "protocol": "Tcp", "priority": 4000, "destination_port_range": "636", "source_address_prefix": "*",
        "destination_address_prefix": "10.20.3.0/24", "description": "Directory",
    }
    own = fewer.but(extra_rules={"sql": {"directory": directory}})
    rows = own.but(additions={"flows": {"admins_to_sql": {
        "source": "browser", "destination": "sql_master", "protocol": "tcp", "ports": [1433], "purpose": "Reports",
        "citation": "site/bi-2", "priority": 3400,
    }}})
    opened = rows.but(options={})
    return [
        Step("start", START, ""),
        Step("a DMZ Server comes, and whom it needs", overlay, "dmz|internet_|crl"),
        Step("a tag is spelt otherwise", spelt, "internet_client"),
        Step("clients are bound to nobody", bound, '"tachyon/inbound/client_to_'),
        Step("a port is open beside another", ported, "443"),
        Step("and stays alone", moved, "443"),
        Step("the overlay goes, and a flow", fewer, ""),
        Step("a rule of one's own", own, '"sql/outbound/own/directory"'),
        Step("a row of one's own", rows, "admins_to_sql"),
        Step("what is not documented is no longer denied", opened, "deny_all|azure_load_balancer"),
        Step("the module is moved", opened.but(module="security"), "$^"),
    ]


def _of_others() -> list[Step]:
    """A group that exists takes the rules of one endpoint, then of another, and keeps its own.

    Not at once: rules of both have one name or priority, and those that go and come do so in no order.
    """
    start = START.but(network_security_groups={"tachyon": "nsg-tachyon"}, existing={"sql": LANDING})
    other = START.but(network_security_groups={"sql": "nsg-sql"}, existing={"tachyon": LANDING})
    return [
        Step("start", start, ""),
        Step("a network of clients comes", start.but(
            {"clients": {"roles": ["client"], "cidrs": ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]}},
        ), '"tachyon/inbound/client_to_'),
        Step("the endpoint gets one of its own", START, '"sql|client_to_', replaces='"sql/', interrupts=True),
        Step("another endpoint gets that which exists", other, '"tachyon', replaces='"tachyon/', interrupts=True),
    ]


CHAINS = {"networks": _networks(), "groups": _groups(), "flows": _flows(), "of others": _of_others()}
