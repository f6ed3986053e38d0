"""An installation that changes at random, and what a plan makes of it in numbers."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from harness.workspace import Plan

Deployment = dict[str, Any]

SERVERS = ("tachyon", "sql", "dmz")
NETWORKS = [f"10.{number}.0.0/16" for number in range(32, 40)] + ["2001:db8:1::/48", "2001:db8:2::/48"]
SITES = ("clients-a", "clients-b", "offices")


def first() -> Deployment:
    """Servers, each with a group of its own, and what is around them."""
    return {
        "endpoints": {
            "tachyon": {"roles": ["master_stack", "response_stack"], "ports": {"switches": [4000]}},
            "sql": {"roles": ["sql_master", "sql_responses"]},
            "dmz": {"roles": ["dmz_server"]},
            "clients-a": {"roles": ["client"], "cidrs": NETWORKS[:2]},
            "admins": {"roles": ["browser"], "cidrs": ["10.20.100.0/24"]},
        },
        "exclude_flows": [],
        "include_flows": ["client_p2p"],
        "options": {},
    }


def changed(deployment: Deployment, draw: random.Random) -> Deployment:
    """One or two changes, each of which a user might make."""
    after = copy.deepcopy(deployment)
    for change in draw.sample(CHANGES, k=draw.choice((1, 2))):
        change(after, draw)
    return after


def _site(after: Deployment, draw: random.Random) -> None:
    name = draw.choice(SITES)
    if name in after["endpoints"] and sum(site in after["endpoints"] for site in SITES) > 1:
        del after["endpoints"][name]
    else:
        after["endpoints"][name] = {"roles": ["client"], "cidrs": sorted(draw.sample(NETWORKS, k=draw.randint(1, 4)))}


def _networks(after: Deployment, draw: random.Random) -> None:
    present = [site for site in SITES if site in after["endpoints"]]
    after["endpoints"][draw.choice(present)]["cidrs"] = sorted(draw.sample(NETWORKS, k=draw.randint(1, 4)))


def _rename(after: Deployment, draw: random.Random) -> None:
    present = [site for site in SITES if site in after["endpoints"]]
    free = [site for site in SITES if site not in after["endpoints"]]
    if free:
        after["endpoints"][draw.choice(free)] = after["endpoints"].pop(draw.choice(present))


def _ports(after: Deployment, draw: random.Random) -> None:
    after["endpoints"]["tachyon"]["ports"] = {"switches": draw.choice(([4000], [4002], [4000, 4002])), "https": draw.choice((443, 8443))}


def _flow(after: Deployment, draw: random.Random) -> None:
    flow = draw.choice(("browser_to_master_catalog_ui", "client_to_background_channel"))
    after["exclude_flows"] = sorted(set(after["exclude_flows"]) ^ {flow})


def _mail(after: Deployment, _: random.Random) -> None:
    if after["endpoints"].pop("mail", None) is None:
        after["endpoints"]["mail"] = {"roles": ["smtp_server"], "cidrs": ["10.20.3.25/32"]}


def _merge(after: Deployment, _: random.Random) -> None:
    after["options"]["merge_cidrs"] = not after["options"].get("merge_cidrs", False)


CHANGES = (_site, _networks, _rename, _ports, _flow, _mail, _merge)


def walk(seed: int, steps: int) -> Iterator[tuple[Deployment, Deployment]]:
    """Pairs of a deployment and what becomes of it, each beginning where the one before ended."""
    draw, deployment = random.Random(seed), first()
    for _ in range(steps):
        after = changed(deployment, draw)
        yield deployment, after
        deployment = after


def numbers(plan: Plan, is_counted: Any) -> dict[str, int]:
    """What a plan does with the resources that are counted."""
    found = Counter(_name(actions) for address, actions in plan.changes().items() if is_counted(address))
    return {name: found[name] for name in ("added", "removed", "replaced", "updated")}


def _name(actions: tuple[str, ...]) -> str:
    if len(actions) == 2:
        return "replaced"
    return {"create": "added", "delete": "removed", "update": "updated"}[actions[0]]
