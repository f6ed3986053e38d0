"""Azure's rules mean what the connections say: over every example and over random deployments, open and closed."""

import json

import pytest

from harness import azure_agreement, azure_deployments, azure_examples, azure_limits, azure_models, azure_module
from harness import terraform as terraforms
from harness.project import EXAMPLES
from harness.workspace import REQUIRE_TACHYON, Workspace

MODULE = EXAMPLES / "modules" / "azure-nsg"
# These are whole configurations; the module is proved through the example that calls it.
# What creates resources needs the cloud's own provider, and has tests of its own.
WHOLE = [folder for folder in azure_examples.folders() if not azure_examples.needs_a_cloud(folder)]
NAMES = [folder.relative_to(EXAMPLES).as_posix() for folder in WHOLE]

# Half of them with deny_all: two hundred deployments.
COUNT = 100
SEED = 81

RANDOM = REQUIRE_TACHYON + """
locals {
  deployments = jsondecode(file("${path.module}/deployments.json"))

  answers = {
    for name, one in local.deployments : name => {
      connections = provider::tachyon::connections(one.open).connections
      open        = provider::tachyon::network_security_rules(one.open)
      closed      = provider::tachyon::network_security_rules(one.closed)
    }
  }
}

output "answers" {
  value = jsonencode(local.answers)
}
"""


def compare(deployment, connections, answer):
    return azure_agreement.compare(
        deployment, connections, answer, azure_deployments.TAGS, azure_deployments.VIRTUAL_NETWORK
    )


def rules_of(answer):
    """The rules of every group that there could be: one for each endpoint, and those that endpoints share."""
    return {
        (kind, name): one["rules"] for kind in ("endpoints", "groups") for name, one in answer[kind].items()
    }


def assert_sound(answer):
    """Every rule is one that Azure takes."""
    for name, rules in rules_of(answer).items():
        plain = {key: azure_limits.only_attributes(rule) for key, rule in rules.items()}
        assert azure_limits.faults(plain) == [], name
        assert [fault for rule in plain.values() for fault in azure_models.faults(rule)] == [], name


def assert_proved(proofs):
    assert proofs
    for proof in proofs:
        assert set(proof["variants"]) == {"open", "closed", "closed_to_probes"}
        for name, variant in proof["variants"].items():
            assert_sound(variant["answer"])
            found = compare(variant["deployment"], proof["connections"], variant["answer"])
            assert found.disagreements == [], name
            assert 0 < found.documented < found.packets


def test_the_examples_are_found():
    assert {"quickstart", "functions/network_security_rules", "data-sources/tachyon_network_security_rules"} <= set(NAMES)


@pytest.mark.parametrize("folder", WHOLE, ids=NAMES)
def test_an_example_admits_what_is_documented_and_nothing_else(workspace: Workspace, folder):
    workspace.copy(folder)
    azure_examples.write_proof(workspace, folder)
    workspace.init().apply()
    assert_proved(azure_examples.proofs(workspace))


def test_the_module_admits_what_is_documented_and_nothing_else(workspace: Workspace):
    root = stand_in(workspace)
    azure_examples.write_proof(workspace, MODULE, "modules/azure-nsg")
    root.write("proof.tf", 'output "proof" {\n  value = module.firewall.proof\n}\n')
    root.init().apply()
    assert_proved(azure_examples.proofs(root))


def stand_in(workspace: Workspace) -> Workspace:
    """The example that calls the module, written over for a Terraform without azurerm."""
    azure_module.write_stand_in(workspace, MODULE, "modules/azure-nsg")
    azure_module.write_stand_in(workspace, EXAMPLES / "azure", "azure")
    return Workspace(workspace.terraform, workspace.folder / "azure")


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Random deployments and what one run of Terraform says of them, by name."""
    made = azure_deployments.deployments(SEED, COUNT)
    asked = {
        name: {"open": one, "closed": azure_deployments.closed(one, probes=number % 2 == 0)}
        for number, (name, one) in enumerate(made.items())
    }
    workspace = Workspace(terraforms.everywhere()[0], tmp_path_factory.mktemp("random"))
    workspace.write("deployments.json", json.dumps(asked)).write("main.tf", RANDOM).init().apply()
    answers = json.loads(workspace.outputs()["answers"])
    assert answers.keys() == asked.keys()
    return {name: (asked[name], answers[name]) for name in asked}


@pytest.mark.parametrize("variant", ["open", "closed"])
def test_random_deployments_admit_what_is_documented_and_nothing_else(answered, variant):
    disagreements, packets, documented = [], 0, 0
    for name, (asked, answer) in answered.items():
        found = compare(asked[variant], answer["connections"], answer[variant])
        disagreements += [f"{name}: {text}" for text in found.disagreements]
        packets += found.packets
        documented += found.documented
    assert disagreements == []
    # Too few of either would prove nothing.
    assert packets > 100_000
    assert documented > 10_000


@pytest.mark.parametrize("variant", ["open", "closed"])
def test_random_deployments_give_rules_that_azure_takes(answered, variant):
    kinds = set()
    for _, answer in answered.values():
        assert_sound(answer[variant])
        kinds |= {key.split("/")[3] for rules in rules_of(answer[variant]).values() for key in rules if key.count("/") > 2}
    assert {"ipv4", "ipv6", "groups", "groups-2", "tag-internet", "tag-virtualnetwork"} <= kinds


def test_closing_a_group_changes_none_of_its_rules(answered):
    for _, answer in answered.values():
        closed = rules_of(answer["closed"])
        for name, rules in rules_of(answer["open"]).items():
            assert {key: closed[name][key] for key in rules} == rules
            added = closed[name].keys() - rules.keys()
            assert added - {"inbound/allow_azure_load_balancer"} == {"inbound/deny_all", "outbound/deny_all"}


def test_a_shared_group_holds_the_rules_of_each_of_its_endpoints(answered):
    shared = 0
    for asked, answer in answered.values():
        for name, group in answer["open"]["groups"].items():
            members = [one for one, endpoint in asked["open"]["endpoints"].items() if endpoint.get("network_security_group") == name]
            assert group["endpoints"] == sorted(members)
            expected = {
                f"{key}/{member}" for member in members for key, rule in answer["open"]["endpoints"][member]["rules"].items()
                if rule["flows"]
            }
            assert {key for key, rule in group["rules"].items() if rule["flows"]} == expected
            shared += len(members) > 1
    # Too few would prove nothing.
    assert shared > 10
