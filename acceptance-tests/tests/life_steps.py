"""The changes that an installation goes through, chain by chain: each step says what the user writes then, and what may happen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.life import Installation

STACK = {"roles": ["master_stack", "response_stack"]}
SQL = {"roles": ["sql_master", "sql_responses"]}
START = Installation(
    endpoints={
        "tachyon": STACK, "sql": SQL,
        "admins": {"roles": ["browser"], "cidrs": ["10.9.0.0/24"]},
        "clients": {"roles": ["client"], "cidrs": ["10.1.0.0/16", "10.2.0.0/16"]},
    },
    create=("tachyon", "sql"),
    interfaces={"server": "tachyon", "database": "sql"},
    exclude_flows=("client_p2p",),
)
# What has the longer chains run.
LONG = "TACHYON_ACC_LIFE"
REPLACE = '-replace=module.tachyon.module.plan.aws_security_group.this["{}/0"]'


class Step(NamedTuple):
    """A change: what is written then.

    Rules and groups whose keys come and go are created and deleted; everything else is updated in place at most, but for what `replaces`
    matches. `moved` says that the blocks of the module's output of that name are written as well, so that no key comes or goes.
    """

    name: str
    now: Installation
    replaces: str = "$^"
    moved: bool = False
    command: tuple[str, ...] = ()


def _networks() -> list[Step]:
    office = START.but({"clients": None, "offices": START.endpoints["clients"]})
    moved = office.but({
        "admins": {"roles": ["browser"], "cidrs": ["10.9.0.0/24", "10.2.0.0/16"]},
        "offices": {"roles": ["client"], "cidrs": ["10.1.0.0/16"]},
    })
    shared = moved.but({"a-kiosk": {"roles": ["client"], "cidrs": ["10.1.0.0/16"]}})
    alone = shared.but({"a-kiosk": None})
    split = alone.but({"offices": {"roles": ["client"], "cidrs": ["10.1.0.0/17", "10.1.128.0/17"]}})
    v6 = split.but({"offices": {"roles": ["client"], "cidrs": ["10.1.0.0/17", "10.1.128.0/17", "2001:db8:1::/48"]}})
    return [
        Step("start", START),
        Step("a peer with networks is renamed", office),
        Step("a network goes to another peer", moved),
        Step("a network is shared, and the new peer is the first by name", shared),
        Step("the first of two peers with a network goes", alone),
        Step("a network is split", split),
        Step("IPv6 comes", v6),
        Step("networks are merged", v6.but(options={"merge_cidrs": True})),
    ]


def _groups() -> list[Step]:
    two = START.but({"tachyon": {**STACK, "security_groups": 2}})
    renamed = START.but(
        {"sql": None, "database": SQL}, create=("tachyon", "database"), interfaces={"server": "tachyon", "database": "database"},
    )
    kept = renamed.but(
        {"tachyon": None, "stack": STACK}, create=("stack", "database"), interfaces={"server": "stack", "database": "database"},
        renamed={"tachyon": "stack"},
    )
    grouped = kept.but(
        {"clients": {"roles": ["client"]}}, create=("stack", "database", "clients"), interfaces={**kept.interfaces, "desk": "clients"},
    )
    dressed = grouped.but(tags={"owner": "network"}, name_prefix="tachyon-prod-")
    return [
        Step("start", START),
        Step("a second group", two, replaces="tachyon/(in|e)gress/"),
        Step("one group again", START, replaces="tachyon/(in|e)gress/"),
        Step("an endpoint with a group is renamed", renamed),
        Step("another is renamed by moved blocks", kept, moved=True),
        Step("a peer gains a group in place of its networks", grouped),
        Step("tags and the prefix of names change", dressed),
        Step(
            "a group is replaced", dressed, command=(REPLACE.format("database"),),
            replaces=r'aws_security_group.this\["database/0"\]|"database/(in|e)gress/|"stack/egress/tcp-1433/database"',
        ),
        Step("the module is moved", dressed.but(module="firewall"), moved=True),
    ]


def _lists() -> list[Step]:
    def many(number: int) -> dict[str, Mapping[str, Any]]:
        return {"clients": {"roles": ["client"], "cidrs": [f"10.{place}.0.0/16" for place in range(1, number + 1)]}}

    lists = {"aws": {"prefix_lists": True}}
    return [
        Step("start", START.but(many(3))),
        Step("prefix lists on", START.but(many(3), options=lists)),
        Step("a list grows within its size", START.but(many(4), options=lists)),
        # hashicorp/aws 3.39 can't change the size.
        Step("a list outgrows its size", START.but(many(8), options=lists), replaces=r"managed_prefix_list|/clients/ipv4"),
        Step("a list shrinks to nothing", START.but(many(1), options=lists)),
        Step("networks again", START.but(many(3))),
    ]


def _nearly_full() -> list[Step]:
    """57 of a group's 60 rules: what two peers exchange needs two more for a time, since new rules come before old ones go."""
    desktop = {
        "direction": "ingress", "ip_protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_ipv4": "10.20.100.0/24",
        "description": "Desktop",
    }
    # Two ports each.
    clients, admins = [f"10.{place}.0.0/16" for place in range(101, 120)], [f"10.9.{place}.0/24" for place in range(9)]
    full = exchanged(clients, admins, 0).but(extra_rules={"tachyon": {"desktop": desktop}})
    return [Step("start", full), Step("two peers exchange a network", exchanged(clients, admins, 1).but(extra_rules=full.extra_rules))]


def exchanged(clients: list[str], admins: list[str], number: int) -> Installation:
    """The installation with networks of clients and administrators, of which each has the first ones of the other."""
    return START.but({
        "clients": {"roles": ["client"], "cidrs": admins[:number] + clients[number:]},
        "admins": {"roles": ["browser"], "cidrs": clients[:number] + admins[number:]},
    })


def _of_others() -> list[Step]:
    """Groups that exist, and everything that decides which rules there are."""
    start = START.but(
        {"kiosks": {"roles": ["client"]}}, create=("tachyon",), existing={"sql": 1}, addressed=("kiosks",),
        interfaces={"server": "tachyon", "database": "sql"},
    )
    renamed = start.but(
        {"sql": None, "database": SQL, "kiosks": None, "shops": {"roles": ["client"]}}, existing={"database": 1}, addressed=("shops",),
        interfaces={"server": "tachyon", "database": "database"}, renamed={"sql": "database", "kiosks": "shops"},
    )
    second = renamed.but(existing={"database": 2}, renamed={})
    overlay = second.but({
        "dmz": {"roles": ["dmz_server"], "cidrs": ["10.20.9.10/32"]}, "internet": {"roles": ["internet_client"], "cidrs": ["0.0.0.0/0"]},
        "crl": {"roles": ["crl_distribution_point"], "cidrs": ["198.51.100.80/32"]},
    })
    bound = overlay.but({"clients": {**START.endpoints["clients"], "talks_to": {"response_stack": []}}})
    ported = bound.but({"tachyon": {**STACK, "ports": {"https": 8443, "switches": [4000, 4002]}}})
    fewer = ported.but(
        {"dmz": None, "internet": None, "crl": None, "clients": START.endpoints["clients"]},
        exclude_flows=("client_p2p", "browser_to_master_catalog_ui"),
    )
    patches = {
        "direction": "egress", "ip_protocol": "tcp", "from_port": 636, "to_port": 636, "cidr_ipv4": "10.20.3.0/24",
        "description": "Directory",
    }
    own = fewer.but(extra_rules={"database": {"directory": patches}})
    return [
        Step("start", start),
        Step("endpoints whose groups stay are renamed by moved blocks", renamed, moved=True),
        Step("a second group that exists", second, replaces="database/(in|e)gress/"),
        Step("a DMZ Server comes, and whom it needs", overlay),
        Step("clients are bound to nobody", bound),
        Step("ports change", ported),
        Step("the overlay goes, and a flow", fewer),
        Step("a rule of one's own", own),
    ]


CHAINS = {
    "networks": _networks(), "groups": _groups(), "lists": _lists(), "nearly full": _nearly_full(), "of others": _of_others(),
}
# Where changes of several rules could meet: at the pace of EC2. With `LONG` in the environment all of them.
AT_EC2S_PACE = {"networks"}

TWO = START.but({"tachyon": {**STACK, "security_groups": 2}})


def current() -> list[Step]:
    """For the flavour with a resource for each rule, after the classic one.

    With `LONG` in the environment all of them, as such a provider takes seconds for each command. No group is replaced: the rule of a
    peer then gets another group in place, to which the emulator says yes and does nothing.
    """
    lists = START.but(options={"aws": {"prefix_lists": True}})
    grown = lists.but({"clients": {"roles": ["client"], "cidrs": [f"10.{place}.0.0/16" for place in range(1, 9)]}})
    renamed = TWO.but(
        {"sql": None, "database": SQL, "clients": None, "offices": START.endpoints["clients"]}, create=("tachyon", "database"),
        interfaces={"server": "tachyon", "database": "database"}, renamed={"sql": "database"}, tags={"owner": "network"},
    )
    more = [Step("prefix lists on", lists), Step("a list outgrows its size", grown)]
    some = [
        Step("a second group, and whatever else has changed", TWO, replaces="tachyon/(in|e)gress/"),
        Step("endpoints are renamed, one by moved blocks", renamed, moved=True),
    ]
    rest = [Step("one group again", renamed.but({"tachyon": STACK}, renamed={}), replaces="tachyon/(in|e)gress/")]
    return [*more, *some, *rest] if os.environ.get(LONG) else some
