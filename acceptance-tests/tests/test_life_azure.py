"""The life of an installation on Azure: each change with one apply, nothing else touched, nothing refused, no packet lost between."""

from __future__ import annotations

import re

import pytest

import azure_life_steps
from azure_life_steps import CHAINS, START, Step
from harness import azure_agreement, azure_limits, azure_module
from harness import terraform as terraforms
from harness.arm_network import Refusal
from harness.azure_life import FOREIGN, LANDING, Installation, Life
from harness.workspace import Workspace
from test_azure_semantics import MODULE

VIRTUAL_NETWORK = ["10.0.0.0/8", "fd00::/8"]


@pytest.fixture
def life(tmp_path) -> Life:
    """An installation with nothing applied."""
    workspace = Workspace(terraforms.usable(), tmp_path / "life")
    azure_module.write_stand_in(workspace, MODULE, "modules/azure-nsg")
    return Life(workspace, VIRTUAL_NETWORK)


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_of_changes(life, chain):
    live(life, CHAINS[chain])


def test_a_chain_of_changes_with_inline_rules(life):
    """A group is written at once, whatever changes in it."""
    live(life, [
        step._replace(now=step.now.but(rules_as="inline"), touches="network_security_group_this", replaces="$^", interrupts=False)
        for step in azure_life_steps.CHAINS["networks"]
    ])


def live(life: Life, steps: list[Step]) -> None:
    """Takes an installation through all steps; a failure names the step."""
    before = Installation({})
    for number, step in enumerate(steps):
        try:
            perform(life, before, step, first=number == 0)
        except (AssertionError, Refusal) as error:
            raise AssertionError(f"step {number}, {step.name!r}: {error}") from error
        before = step.now


def perform(life: Life, before: Installation, step: Step, *, first: bool) -> None:
    """One step: plan, apply, second plan, what Azure holds, packets in between."""
    life.write(step.now)
    if first or before.module != step.now.module:
        life.workspace.run("init")
        moved = f"moved {{\n  from = module.{before.module}\n  to   = module.{step.now.module}\n}}\n"
        life.workspace.write("moved.tf", "" if first else moved)
    earlier = life.held()
    changes = life.apply()
    for address, action in changes.items():
        assert re.search(step.touches, address), f"{address}: {action}"
        assert action != "replace" or re.search(step.replaces, address), f"{address} is replaced"
    later = life.held()
    for group, rules in later.items():
        kept = {name: rule["priority"] for name, rule in earlier.get(group, {}).items() if name in rules}
        assert {name: rules[name]["priority"] for name in kept} == kept, "a priority is permanent"
    assert_as_documented(life, step.now)
    if not first:
        assert step.interrupts or life.interrupted(before, step.now) == frozenset(), "refused for a time"
    life.assert_settled()


def assert_as_documented(life: Life, now: Installation) -> None:
    """What Azure holds is what Terraform told, as Azure takes it, and admits what the connections ask for and nothing else."""
    told, held = life.workspace.outputs(), life.held()
    assert held.keys() == {*now.network_security_groups.values(), LANDING}, "no group is left behind"
    assert held[LANDING].pop(FOREIGN)["destination_port_range"] == "22", "what is not the module's own stays"
    assert held[LANDING] == {} or now.existing, "nor a rule"
    guarded: dict[str, dict] = {"endpoints": {}, "groups": {}}
    for holder, name in {**now.network_security_groups, **now.existing}.items():
        assert held[name].keys() == {rule["name"] for rule in told["rules"][holder].values()}
        assert azure_limits.faults(held[name]) == [], name
        of_the_document = {key: rule for key, rule in held[name].items() if not key.startswith("own-")}
        if holder in now.endpoints:
            guarded["endpoints"][holder] = {"rules": of_the_document}
        else:
            members = [endpoint for endpoint, one in now.endpoints.items() if one.get("network_security_group") == holder]
            guarded["groups"][holder] = {"endpoints": members, "rules": of_the_document}
        own = {f"own-{key}": rule["destination_port_range"] for key, rule in now.extra_rules.get(holder, {}).items()}
        assert {key: rule["destination_port_range"] for key, rule in held[name].items() if key.startswith("own-")} == own
    found = azure_agreement.compare(now.deployment(), told["connections"], guarded, {}, VIRTUAL_NETWORK)
    assert found.disagreements == []
    assert 0 < found.documented < found.packets


def test_what_azure_would_refuse_is_refused(life):
    """The driver bites: a rule that takes the priority of one that is still there, and a group that a rule names still."""
    live(life, [Step("start", START.but(application_security_groups={"sql": "asg-sql"}), "")])
    held = life.held()["nsg-tachyon"]
    [name] = [name for name in held if "master_to_sql_master" in name]
    place = "azurerm_network_security_rule"
    given = {**held[name], "network_security_group_name": "nsg-tachyon"}
    with pytest.raises(Refusal, match="SecurityRuleConflict"):
        life.do("create", place, {**given, "name": "another"})
    with pytest.raises(Refusal, match="InUse"):
        life.do("delete", "azurerm_application_security_group", {"name": "asg-sql", "location": "westeurope", "tags": {}})
    with pytest.raises(AssertionError, match="which is there: True"):
        life.do("create", place, given)
