"""An installation that changes at random, and what a plan makes of it in numbers."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from harness.workspace import Plan

Deployment = dict[str, Any]
Change = Callable[[Deployment, random.Random], None]

SERVERS = ("tachyon", "sql", "dmz")
# What stands before a server, where something does; it has groups like one.
BALANCER = "balancer"
VIRTUAL_NETWORKS = ("vpc-a", "vpc-b")
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


def between() -> Deployment:
    """The same in two networks, with a balancer and address translation before servers."""
    deployment = first()
    for number, name in enumerate(SERVERS):
        deployment["endpoints"][name] |= {"cidrs": [f"10.20.{number}.0/24"], "network": VIRTUAL_NETWORKS[0]}
    deployment["endpoints"] |= {
        "outside": {"roles": ["internet_client"], "cidrs": ["198.51.100.0/24"]},
        BALANCER: {"forwards_to": ["dmz"], "cidrs": ["10.20.9.0/24"], "network": VIRTUAL_NETWORKS[1]},
        "nat": {"forwards_to": ["tachyon"], "from_roles": ["client"], "hides_destination": False, "cidrs": ["10.20.10.0/24"]},
    }
    return deployment


def changed(deployment: Deployment, draw: random.Random, changes: Sequence[Change]) -> Deployment:
    """One or two changes, each of which a user might make."""
    after = copy.deepcopy(deployment)
    for change in draw.sample(changes, k=draw.choice((1, 2))):
        change(after, draw)
    told = {endpoint.get("network") for endpoint in after["endpoints"].values()}
    if not told.issuperset(VIRTUAL_NETWORKS):
        # Peering is between networks that endpoints are in.
        after["options"].pop("aws", None)
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


def _balancer(after: Deployment, draw: random.Random) -> None:
    if after["endpoints"].pop(BALANCER, None) is None:
        after["endpoints"][BALANCER] = {
            "forwards_to": ["dmz"],
            "cidrs": ["10.20.9.0/24"],
            "network": draw.choice(VIRTUAL_NETWORKS),
            "hides_source": draw.choice((True, False)),
            "ports": draw.choice(({}, {"443": 8443})),
        }


def _what_is_hidden(after: Deployment, draw: random.Random) -> None:
    hops = [endpoint for endpoint in after["endpoints"].values() if "forwards_to" in endpoint]
    if hops:
        hop = draw.choice(hops)
        hop["hides_source"], hop["hides_destination"] = draw.choice(((True, True), (True, False), (False, True)))
        if not hop["hides_destination"]:
            hop.pop("ports", None)


def _translation(after: Deployment, draw: random.Random) -> None:
    if after["endpoints"].pop("nat", None) is None:
        after["endpoints"]["nat"] = {
            "forwards_to": draw.choice((["tachyon"], ["tachyon", "dmz"])),
            "hides_destination": False,
            "cidrs": draw.choice((["10.20.10.0/24"], ["10.20.11.0/24", "10.20.12.0/24"])),
        }


def _network(after: Deployment, draw: random.Random) -> None:
    holders = [name for name in (*SERVERS, BALANCER) if name in after["endpoints"]]
    after["endpoints"][draw.choice(holders)]["network"] = draw.choice((None, *VIRTUAL_NETWORKS))


def _peering(after: Deployment, _: random.Random) -> None:
    if after["options"].pop("aws", None) is None:
        after["options"]["aws"] = {"peered_networks": [list(VIRTUAL_NETWORKS)]}


CHANGES = (_site, _networks, _rename, _ports, _flow, _mail, _merge)
BETWEEN = (_balancer, _what_is_hidden, _translation, _network, _peering, _ports, _networks)


def walk(
    seed: int, steps: int, start: Callable[[], Deployment] = first, changes: Sequence[Change] = CHANGES
) -> Iterator[tuple[Deployment, Deployment]]:
    """Pairs of a deployment and what becomes of it, each beginning where the one before ended."""
    draw, deployment = random.Random(seed), start()
    for _ in range(steps):
        after = changed(deployment, draw, changes)
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
