"""The command line's audit on plans and states of azurerm, as they are shown: what is as documented, and whatever somebody changed by hand.

There is no azurerm here. Real Terraform plans and applies stand-ins of its resources, and what it shows of them is told in azurerm's words.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from harness import azure_module, azure_shown
from harness import terraform as terraforms
from harness.audits import Audit, audited
from harness.azure_life import CONFIGURATION, LANDING, Installation
from harness.azure_schema import RULE as RULE_ATTRIBUTES
from harness.workspace import Workspace
from test_azure_semantics import MODULE, stand_in

RULE, GROUP = "azurerm_network_security_rule", "azurerm_network_security_group"
# What a rule is about, apart from what it is called and where it stands.
WHAT = sorted(RULE_ATTRIBUTES.keys() - {"name", "description", "priority"})
ASKED = """
output "asked" {
  value = jsonencode({ endpoints = var.endpoints, include_flows = var.include_flows, options = var.options })
}
"""
# What examples/azure has not: a shared group, a group that others made, both families, addresses in place of application security groups.
RICH = Installation(
    endpoints={
        "tachyon": {"roles": ["master_stack", "response_stack"], "cidrs": ["10.20.1.10/32", "2001:db8:20::10/128"]},
        "sql": {"roles": ["sql_master"], "cidrs": ["10.20.2.10/32", "2001:db8:20::20/128"], "network_security_group": "data"},
        "responses": {"roles": ["sql_responses"], "cidrs": ["10.20.2.11/32", "2001:db8:20::21/128"], "network_security_group": "data"},
        "dmz": {"roles": ["dmz_server"], "cidrs": ["10.20.9.10/32"]},
        "internet": {"roles": ["internet_client"], "service_tag": "Internet"},
        "admins": {"roles": ["browser"], "cidrs": ["10.9.0.0/24"]},
        "clients": {"roles": ["client"], "cidrs": ["10.1.0.0/16", "10.2.0.0/16", "2001:db8:1::/48"]},
    },
    network_security_groups={"tachyon": "nsg-tachyon", "data": "nsg-data"},
    existing={"dmz": LANDING},
    exclude_flows=("client_p2p",),
    options={"azure": {"deny_all": True}},
)


class Shown(NamedTuple):
    """An installation that was applied: the deployment, and what Terraform shows."""

    deployment: dict[str, Any]
    plan: dict[str, Any]
    state: dict[str, Any]
    settled: dict[str, Any]


@pytest.fixture
def audit(tmp_path):
    """Audits one piece of evidence after another."""

    def run(deployment: dict[str, Any], evidence: dict[str, Any], *arguments: str) -> Audit:
        return audited(tmp_path, deployment, json.dumps(evidence), *arguments)

    return run


def applied(root: Workspace) -> Shown:
    """Plans an installation, applies it, and plans again."""
    plan = root.init().plan().document
    root.run("apply", "plan.bin")
    deployment = json.loads(root.outputs()["asked"])
    return Shown(deployment, plan, json.loads(root.run("show", "-json").stdout), root.plan().document)


@pytest.fixture(scope="module", params=["resources", "inline"])
def example(request, tmp_path_factory):
    """examples/azure, in which rules name application security groups."""
    root = stand_in(Workspace(terraforms.usable(), tmp_path_factory.mktemp("azure")))
    root.write("../modules/azure-nsg/asked.tf", ASKED)
    root.write("asked.tf", 'output "asked" {\n  value = module.firewall.asked\n}\n')
    root.write("terraform.tfvars.json", json.dumps({"rules_as": request.param}))
    return applied(root)


@pytest.fixture(scope="module", params=["resources", "inline"])
def rich(request, tmp_path_factory):
    """The module with what that example has not; inline rules go into no group of others."""
    now = RICH.but(rules_as=request.param)
    if request.param == "inline":
        now = now.but(existing={}, network_security_groups={**RICH.network_security_groups, "dmz": LANDING})
    root = Workspace(terraforms.usable(), tmp_path_factory.mktemp("rich"))
    azure_module.write_stand_in(root, MODULE, "modules/azure-nsg")
    root.write("main.tf", CONFIGURATION.replace("MODULE", now.module))
    asked = {"endpoints": dict(now.endpoints), "exclude_flows": now.exclude_flows, "options": now.options}
    root.write("asked.tf", f'output "asked" {{\n  value = {json.dumps(json.dumps(asked))}\n}}\n')
    values = {name: getattr(now, name) for name in now.__dataclass_fields__ if name != "module"}
    root.write("terraform.tfvars.json", json.dumps({"life": values}))
    return applied(root)


def rules_of(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """The rules as they stand in a state, each once: resources of their own, else those within groups."""
    own = [one["values"] for one in azure_shown.resources(shown, RULE)]
    return own or [rule for one in azure_shown.resources(shown, GROUP) for rule in one["values"]["security_rule"]]


@pytest.mark.parametrize("empty", [False, True], ids=["null", "empty"])
def test_a_state_as_documented_is_compliant(example, audit, empty):
    shown = azure_shown.as_azurerm(example.state, empty=empty)
    found = audit(example.deployment, shown)
    assert (found.status, found.not_judged, found.others) == (0, [], [])
    assert set(found.counts) == {"tachyon", "sql", "dmz"}
    assert all(set(counts) == {"equal"} for counts in found.counts.values())
    assert sum(counts["equal"] for counts in found.counts.values()) == len(rules_of(shown)) > 30


@pytest.mark.parametrize("empty", [False, True], ids=["null", "empty"])
def test_a_state_with_everything_is_compliant(rich, audit, empty):
    shown = azure_shown.as_azurerm(rich.state, empty=empty)
    found = audit(rich.deployment, shown)
    assert (found.status, found.not_judged, found.others) == (0, [], [])
    assert set(found.counts) == {"tachyon", "data", "dmz"}
    assert sum(counts["equal"] for counts in found.counts.values()) == len(rules_of(shown)) > 30


def test_a_plan_that_has_nothing_to_do_is_judged_as_the_state(example, rich, audit):
    for one in (example, rich):
        found = audit(one.deployment, azure_shown.as_azurerm(one.settled))
        assert found == audit(one.deployment, azure_shown.as_azurerm(one.state))


def test_a_plan_that_creates_everything_is_judged_where_it_tells_enough(example, rich, audit):
    # Without application security groups, all that rules say is known.
    found = audit(rich.deployment, azure_shown.as_azurerm(rich.plan))
    assert (found.status, found.not_judged) == (0, [])
    assert set(found.counts) == {"tachyon", "data", "dmz"}
    assert all(set(counts) == {"equal"} for counts in found.counts.values())
    # The ids of groups are known after the apply alone.
    found = audit(example.deployment, azure_shown.as_azurerm(example.plan))
    assert found.status == 1
    assert {one["endpoint"] for one in found.not_judged} == {"tachyon", "sql", "dmz"}


# What somebody does to a rule by hand, and in which list that shows. None where it can't be done to a rule.
type Change = Callable[[dict[str, Any]], None]


def _set(**values: Any) -> Change:
    return lambda rule: rule.update(values)


def _widen(side: str) -> Change:
    names = (f"{side}_address_prefixes", f"{side}_application_security_group_ids")
    return lambda rule: rule.update({f"{side}_address_prefix": "*", **dict.fromkeys(names)})


CHANGES: dict[str, tuple[Change, set[str]]] = {
    "denied": (_set(access="Deny"), {"missing"}),
    "other port": (_set(destination_port_range="9"), {"missing", "extra"}),
    "all ports": (_set(destination_port_range="*"), {"extra"}),
    "another protocol": (_set(protocol="Icmp"), {"missing", "extra"}),
    "from anywhere to anywhere": (lambda rule: (_widen("source")(rule), _widen("destination")(rule), None)[-1], {"extra"}),
    "a source of one's own": (
        _set(source_address_prefix="192.0.2.0/24", source_address_prefixes=None, source_application_security_group_ids=None),
        {"missing", "extra"},
    ),
}


def alone(rules: list[dict[str, Any]]) -> list[int]:
    """The positions of rules that admit something, of which no other admits the same.

    One machine that is two servers asks for the same traffic twice, by two flows.
    """
    what = [json.dumps([rule.get(name) for name in WHAT], sort_keys=True) for rule in rules]
    admit = [rule["access"] == "Allow" and not rule["name"].endswith("allow_azure_load_balancer") for rule in rules]
    return [number for number, one in enumerate(what) if admit[number] and what.count(one) == 1]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_done_to_a_rule_is_found(example, audit, change):
    apply, lists = CHANGES[change]
    whole = azure_shown.as_azurerm(example.state, empty=True)
    chosen = alone(rules_of(whole))
    assert len(chosen) > 15
    for number in chosen:
        shown = copy.deepcopy(whole)
        changed = rules_of(shown)[number]
        apply(changed)
        _same_within_groups(shown, changed)
        found = audit(example.deployment, shown)
        assert found.status == 1, changed["name"]
        [told] = [set(counts) for counts in found.counts.values() if set(counts) != {"equal"}]
        assert lists <= told, (changed["name"], found.counts)


def test_every_rule_that_is_gone_is_missing(example, rich, audit):
    for one in (example, rich):
        whole = azure_shown.as_azurerm(one.state)
        rules = rules_of(whole)
        chosen = alone(rules)
        assert len(chosen) > 15
        for number in chosen:
            rule = rules[number]
            found = audit(one.deployment, without(whole, rule["name"], rule.get("id")))
            [told] = [counts for counts in found.counts.values() if set(counts) != {"equal"}]
            assert (found.status, told["missing"], set(told)) == (1, 1, {"equal", "missing"}), rule["name"]


def test_without_the_last_denial_everything_else_is_admitted(example, rich, audit):
    for one in (example, rich):
        whole = azure_shown.as_azurerm(one.state)
        denials = [rule for rule in rules_of(whole) if rule["access"] == "Deny"]
        assert len(denials) == 6
        for rule in denials:
            found = audit(one.deployment, without(whole, rule["name"], rule.get("id")))
            assert found.status == 1, rule["name"]
            assert sum("missing" in counts for counts in found.counts.values()) >= 1


@pytest.mark.parametrize("name", ["rdp", "Deny-All-Before"])
def test_a_rule_that_was_added_by_hand_is_found(example, audit, tmp_path, name):
    """Remote desktop is extra until it is accepted; a denial before all others leaves nothing of what they admit."""
    shown = azure_shown.as_azurerm(example.state)
    [group] = [one for one in azure_shown.resources(shown, GROUP) if one["index"] == "sql"]
    is_admitted = name == "rdp"
    rule = _by_hand(name, port="3389") if is_admitted else _by_hand(name, port="*", access="Deny", source="*")
    group["values"]["security_rule"].append(rule)
    found = audit(example.deployment, shown)
    assert (found.status, set(found.counts["tachyon"])) == (1, {"equal"})
    if is_admitted:
        assert found.counts["sql"]["extra"] == 1
        accepted = tmp_path / "accepted.json"
        accepted.write_text(json.dumps({"accepted": ["rdp"]}), encoding="utf-8")
        found = audit(example.deployment, shown, "--accepted", str(accepted))
        assert (found.status, found.counts["sql"]["accepted"]) == (0, 1)
    else:
        assert found.counts["sql"].get("missing", 0) + found.counts["sql"].get("shadowed", 0) >= 1, found.counts


def _by_hand(name: str, port: str, access: str = "Allow", source: str = "10.0.0.0/8") -> dict[str, Any]:
    """A rule within a group that nobody documented, before all others."""
    return dict.fromkeys(RULE_ATTRIBUTES) | {
        "name": name, "priority": 100, "direction": "Inbound", "access": access, "protocol": "Tcp", "source_port_range": "*",
        "destination_port_range": port, "source_address_prefix": source, "destination_address_prefix": "*",
    }


def test_a_group_of_another_is_not_one_s_own(example, audit):
    """The ids of application security groups count, in whatever case they are written, and no other group stands for one."""
    shown = azure_shown.as_azurerm(example.state)
    capitals = json.loads(json.dumps(shown).replace("applicationSecurityGroups", "APPLICATIONSECURITYGROUPS"))
    assert audit(example.deployment, capitals).status == 0
    foreign = copy.deepcopy(shown)
    within = [rule for one in azure_shown.resources(foreign, GROUP) for rule in one["values"]["security_rule"]]
    changed = 0
    for rule in [*rules_of(foreign), *within]:
        ids = rule["source_application_security_group_ids"]
        if ids and ids[0].endswith("/asg-tachyon-tachyon"):
            rule["source_application_security_group_ids"] = [ids[0].replace("asg-tachyon", "asg-other")]
            changed += 1
    assert changed > 0
    found = audit(example.deployment, foreign)
    assert found.status == 1
    assert sum(counts.get("missing", 0) for counts in found.counts.values()) > 0, found.counts


def test_associations_change_nothing(example, audit):
    """Which subnets and interfaces have a group, no row of the document says."""
    shown = azure_shown.as_azurerm(example.state)
    before = audit(example.deployment, shown)
    [group] = [one["values"]["id"] for one in azure_shown.resources(shown, GROUP) if one["index"] == "sql"]
    for kind in ("subnet", "network_interface"):
        shown["values"]["root_module"].setdefault("resources", []).append({
            "mode": "managed", "type": f"azurerm_{kind}_network_security_group_association", "name": "sql", "values": {
                "id": f"{group}/association", "network_security_group_id": group, f"{kind}_id": "/subscriptions/0",
            }, "address": f"azurerm_{kind}_network_security_group_association.sql",
        })
    assert audit(example.deployment, shown) == before


def without(whole: dict[str, Any], name: str, of: str | None) -> dict[str, Any]:
    """A state without a rule of a group, wherever it stands: by the rule's id, else everywhere by its name."""
    shown = copy.deepcopy(whole)
    modules = [shown["values"]["root_module"]]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        module["resources"] = [one for one in module.get("resources", []) if not (of and one["values"].get("id") == of)]
    for group in azure_shown.resources(shown, GROUP):
        values = group["values"]
        if of is None or of.startswith(f"{values['id']}/"):
            values["security_rule"] = [rule for rule in values["security_rule"] if rule["name"] != name]
    return shown


def _same_within_groups(shown: dict[str, Any], changed: dict[str, Any]) -> None:
    """What is changed in a rule with a resource of its own is read back within its group too."""
    for group in azure_shown.resources(shown, GROUP):
        values = group["values"]
        if changed.get("id", "").startswith(f"{values['id']}/"):
            values["security_rule"] = [
                {name: changed.get(name) for name in rule} if rule["name"] == changed["name"] else rule for rule in values["security_rule"]
            ]


def test_a_plan_that_changes_a_rule_is_judged_by_what_it_will_be(tmp_path_factory, audit):
    """The group still shows the rule as it is: what the plan replaces or removes counts no more, and what was added by hand does."""
    root = stand_in(Workspace(terraforms.usable(), tmp_path_factory.mktemp("changed")))
    root.write("../modules/azure-nsg/asked.tf", ASKED)
    root.write("asked.tf", 'output "asked" {\n  value = module.firewall.asked\n}\n')
    before = applied(root)
    root.write("terraform.tfvars.json", json.dumps({"https_port": 8443, "client_networks": {"emea": ["10.32.0.0/13"]}}))
    planned = root.plan().document
    shown = azure_shown.as_azurerm(planned)
    assert len(root.plan().changes()) > 3
    asked = json.loads(planned["planned_values"]["outputs"]["asked"]["value"])
    groups = azure_shown.as_azurerm(before.state)
    for group in azure_shown.planned(shown, GROUP):
        [known] = [one for one in azure_shown.resources(groups, GROUP) if one["index"] == group["index"]]
        group["values"]["security_rule"] = known["values"]["security_rule"]
    found = audit(asked, shown)
    assert (found.status, found.not_judged) == (0, []), found.counts
    assert audit(before.deployment, shown).status == 1
    by_hand = copy.deepcopy(shown)
    [group] = [one for one in azure_shown.planned(by_hand, GROUP) if one["index"] == "sql"]
    rule = _by_hand("ssh", port="22")
    group["values"]["security_rule"].append(rule)
    assert audit(asked, by_hand).status == 1
