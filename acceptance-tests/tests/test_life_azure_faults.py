"""An installation on Azure that is changed by hand, and one whose applies end before their time: the next apply makes it whole."""

from __future__ import annotations

import re

import pytest

from azure_life_steps import CHAINS, START, Step
from harness import azure_faults
from harness.arm_network import Refusal
from harness.azure_faults import Cut
from harness.azure_life import Installation, Life, path
from harness.workspace import Changes
from test_life_azure import assert_as_documented, life, live, perform

__all__ = ["life"]

GROUPED = START.but(application_security_groups={"tachyon": "asg-tachyon", "sql": "asg-sql"})
INLINE = GROUPED.but(rules_as="inline")
SERVER = path("azurerm_network_security_group", "nsg-tachyon")
BY_HAND = {
    "protocol": "Tcp", "access": "Allow", "priority": 4080, "direction": "Inbound", "sourcePortRange": "*", "destinationPortRange": "22",
    "sourceAddressPrefix": "10.77.0.0/16", "destinationAddressPrefix": "*",
}


def rule(life: Life, flow: str) -> str:
    """The name of the one rule of the server for a flow."""
    [name] = [name for name in life.held()["nsg-tachyon"] if f"-{flow}-" in name]
    return name


def place(name: str) -> str:
    """Where a rule of the server is."""
    return f"{SERVER}/securityRules/{name}"


def repaired(life: Life, now: Installation) -> Changes:
    """What the next apply changes; afterwards all is as it was written."""
    life.refresh()
    changes = life.apply()
    assert_as_documented(life, now)
    life.assert_settled()
    return changes


def test_a_rule_that_was_removed_comes_back(life):
    live(life, [Step("start", GROUPED, "")])
    life.network.delete(place(rule(life, "client_to_switch")))
    [(address, action)] = repaired(life, GROUPED).items()
    assert address.endswith('["tachyon/inbound/client_to_switch/4000/ipv4"]')
    assert action == "create"


@pytest.mark.parametrize("changed", [
    {"destinationPortRange": "4000-4010"}, {"access": "Deny"}, {"priority": 4070}, {"description": "by hand"},
    {"sourceAddressPrefixes": None, "sourceAddressPrefix": "*"},
])
def test_a_rule_that_was_changed_is_changed_back(life, changed):
    live(life, [Step("start", GROUPED, "")])
    name = rule(life, "client_to_switch")
    found = life.network.get(place(name))["properties"]
    life.network.put(place(name), {"properties": {key: value for key, value in {**found, **changed}.items() if value is not None}})
    [(address, action)] = repaired(life, GROUPED).items()
    assert address.endswith('["tachyon/inbound/client_to_switch/4000/ipv4"]')
    assert action == "update"


def test_a_rule_that_was_added_stays_beside_resources_and_goes_where_rules_are_inline(life):
    live(life, [Step("start", GROUPED, "")])
    life.network.put(place("by-hand"), {"properties": BY_HAND})
    life.refresh()
    assert life.apply() == {}
    assert life.held()["nsg-tachyon"]["by-hand"]["destination_port_range"] == "22"
    # By way of "none", which empties the groups.
    for rules_as in ("none", "inline"):
        life.write(GROUPED.but(rules_as=rules_as))
        life.apply()
    life.network.put(place("by-hand"), {"properties": BY_HAND})
    [(address, action)] = repaired(life, INLINE).items()
    assert address.endswith('network_security_group_this["tachyon"]')
    assert action == "update"


def test_an_inline_rule_that_was_changed_or_removed_is_written_again(life):
    live(life, [Step("start", INLINE, "")])
    name = rule(life, "client_to_switch")
    life.network.delete(place(rule(life, "browser_to_master_https")))
    found = life.network.get(place(name))["properties"]
    life.network.put(place(name), {"properties": {**found, "destinationPortRange": "*"}})
    [(address, action)] = repaired(life, INLINE).items()
    assert address.endswith('network_security_group_this["tachyon"]')
    assert action == "update"


def test_a_group_that_was_removed_comes_back_with_all_its_rules(life):
    live(life, [Step("start", GROUPED, "")])
    rules = len(life.held()["nsg-tachyon"])
    life.network.delete(SERVER)
    changes = repaired(life, GROUPED)
    assert set(changes.values()) == {"create"}
    assert len([address for address in changes if '_rule_this["tachyon/' in address]) == rules
    assert len(changes) == rules + 1


def test_a_rule_in_the_place_of_another_is_refused_until_it_goes(life):
    """What Azure says then is all there is to see: a plan knows nothing of rules that are nobody's."""
    live(life, [Step("start", GROUPED, "")])
    name = rule(life, "client_to_switch")
    taken = life.network.get(place(name))["properties"]["priority"]
    life.network.delete(place(name))
    life.network.put(place("by-hand"), {"properties": {**BY_HAND, "priority": taken}})
    life.refresh()
    before = azure_faults.read(life.workspace)
    with pytest.raises(Refusal, match="SecurityRuleConflict"):
        life.apply()
    life.network.delete(place("by-hand"))
    # Azure refused, so nothing was created.
    life.restore(before)
    [(address, action)] = repaired(life, GROUPED).items()
    assert address.endswith('["tachyon/inbound/client_to_switch/4000/ipv4"]')
    assert action == "create"


def pinned(now: Installation, pins: dict[str, int]) -> Installation:
    """The same with these priorities."""
    return now.but(options={"azure": {"deny_all": True, "priorities": pins}})


def test_two_rules_exchange_their_priorities_in_three_applies(life):
    """As the guide to priorities says; at once, each would be written while the other still has its number."""
    one, other = "inbound/client_to_switch/4000/ipv4", "inbound/browser_to_master_https/443/ipv4"
    start = pinned(GROUPED, {one: 4001, other: 4002})
    touched = "client_to_switch|browser_to_master_https"
    live(life, [Step("start", start, "")])
    life.write(pinned(GROUPED, {one: 4002, other: 4001}))
    before = azure_faults.read(life.workspace)
    with pytest.raises(Refusal, match="SecurityRuleConflict"):
        life.apply()
    life.restore(before)
    for pins in ({one: 4003, other: 4002}, {one: 4003, other: 4001}, {one: 4002, other: 4001}):
        life.write(pinned(GROUPED, pins))
        [(address, action)] = life.apply().items()
        assert re.search(touched, address)
        assert action == "update"
        assert_as_documented(life, pinned(GROUPED, pins))
    life.assert_settled()


def test_a_port_moves_and_keeps_its_place_by_way_of_a_free_number(life):
    """8443 and 8080 have one place, so without a pin the new rule may be written while the old one is there."""
    served = GROUPED.but({"tachyon": {**GROUPED.endpoints["tachyon"], "ports": {"https": 8443}}})
    moved = served.but({"tachyon": {**served.endpoints["tachyon"], "ports": {"https": 8080}}})
    live(life, [Step("start", served, "")])
    rules = life.workspace.outputs()["rules"]["tachyon"]
    keys = [key.replace("/8443/", "/8080/") for key in rules if "/8443/" in key]
    assert keys
    live_on(life, served, [
        Step("a pin", pinned(moved, {key: 4000 + number for number, key in enumerate(keys)}), "8443|8080", interrupts=True),
        Step("and none", moved, "8080"),
    ])
    told = life.workspace.outputs()["rules"]["tachyon"]
    assert all(told[key]["priority"] == rules[key.replace("/8080/", "/8443/")]["priority"] for key in keys)


def live_on(life: Life, before: Installation, steps: list[Step]) -> None:
    """Takes an installation that is there through further steps."""
    for step in steps:
        life.write(step.now)
        changes = life.apply()
        assert all(re.search(step.touches, address) for address in changes), changes
        assert_as_documented(life, step.now)
        assert step.interrupts or life.interrupted(before, step.now) == frozenset(), "refused for a time"
        life.assert_settled()
        before = step.now


def resumed(life: Life, step: Step, cut: Cut) -> bool:
    """Cuts the apply of a step and applies again. Whether there was anything left to do."""
    life.write(step.now)
    life.apply(cut)
    left = life.apply()
    assert_as_documented(life, step.now)
    life.assert_settled()
    for address, action in left.items():
        assert re.search(step.touches, address), f"{address}: {action}"
    return bool(left)


@pytest.mark.parametrize("cut", [Cut(1), Cut(3), Cut(9, refused=True)])
def test_a_first_apply_that_was_cut_is_resumed(life, cut):
    life.write(GROUPED)
    life.workspace.run("init")
    assert resumed(life, Step("start", GROUPED, ""), cut)


@pytest.mark.parametrize(
    ("chain", "cut"), [("networks", Cut(1)), ("groups", Cut(2)), ("groups", Cut(5, refused=True)), ("flows", Cut(2, refused=True))],
)
def test_a_change_that_was_cut_is_resumed(life, chain, cut):
    """Each step of a chain; most have more changes than were done."""
    [start, *steps] = [step for step in CHAINS[chain] if step.now.module == START.module]
    live(life, [start])
    cuts = 0
    for step in steps:
        try:
            cuts += resumed(life, step, cut)
        except (AssertionError, Refusal) as error:
            raise AssertionError(f"{step.name!r}, cut {cut}: {error}") from error
    assert cuts > 1


def test_a_cut_bites(life):
    """Without the apply that resumes it, what was cut is not there."""
    life.write(GROUPED)
    life.workspace.run("init")
    life.apply(Cut(3))
    assert 0 < sum(map(len, life.held().values())) + len(life.network.paths()) < 30
    with pytest.raises(AssertionError):
        assert_as_documented(life, GROUPED)
    perform(life, START, Step("resumed", GROUPED, "", interrupts=True), first=False)
