"""The life of an installation on hashicorp/aws: each change with one apply, nothing else touched, no packet refused that was to pass."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import conftest
import life_expectation
import life_steps
from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.ec2_proxy import Ec2Proxy
from harness.life import Installation, Life, Surroundings, interrupted, rule_key
from harness.rules import Rule
from harness.terraform import CommandFailed, Terraform
from harness.workspace import Changes, Workspace
from life_steps import CHAINS, START, TWO, Step

# In seconds, for the slowest calls: what shows an order, and what EC2 takes, of which the fastest take a quarter.
PACE, PACE_OF_EC2 = 0.06, 0.4


@pytest.fixture
def surroundings(localstack, vpc) -> Surroundings:
    """A VPC with a subnet and groups of others, which no Terraform made."""
    client = localstack.ec2()
    vpc_id = client.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    client.create_tags(Resources=[vpc_id], Tags=[{"Key": "Name", "Value": vpc}])
    subnet = client.create_subnet(VpcId=vpc_id, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
    landing = []
    for name in ("landing-1", "landing-2", "landing-3"):
        group = client.create_security_group(GroupName=name, Description="Someone else's", VpcId=vpc_id)["GroupId"]
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        client.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
        landing.append(group)
    return Surroundings(client, vpc_id, subnet, tuple(landing))


@pytest.fixture
def proxy(localstack, surroundings):
    server = Ec2Proxy(localstack, surroundings.vpc, PACE)
    yield server
    server.stop()


def begin(terraform: Terraform, folder: Path, proxy: Ec2Proxy, surroundings: Surroundings, flavour: str, provider: str) -> Life:
    """An installation in a folder, with nothing applied."""
    aws_module.copy(folder)
    workspace = Workspace(terraform, folder)
    workspace.write("emulator_override.tf", provider)
    return Life(workspace, proxy, surroundings, flavour)


@pytest.fixture
def classic(proxy, surroundings, state_override, tmp_path) -> Life:
    """One with the classic module on the older hashicorp/aws."""
    provider = conftest.provider_block(proxy)
    life = begin(terraforms.usable(), tmp_path, proxy, surroundings, "aws-security-groups-classic", provider)
    life.workspace.write("state_override.tf", state_override)
    return life


@pytest.fixture
def current(current_aws, proxy, surroundings, state_override, tmp_path) -> Life:
    """The same on a current hashicorp/aws."""
    provider = conftest.provider_block(proxy, current=True)
    life = begin(current_aws, tmp_path / "life", proxy, surroundings, "aws-security-groups-classic", provider)
    life.workspace.write("state_override.tf", state_override)
    return life


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_of_changes(classic, chain):
    if chain in life_steps.AT_EC2S_PACE or os.environ.get(life_steps.LONG):
        classic.proxy.slowest = PACE_OF_EC2
    live(classic, CHAINS[chain])


def test_a_group_without_room_for_what_changes_is_refused(classic):
    """Three networks on each side need six more rules for a time, and there is room for three: EC2 says so, as the README does."""
    [start, _] = CHAINS["nearly full"]
    live(classic, [start])
    clients, admins = (list(start.now.endpoints[name]["cidrs"]) for name in ("clients", "admins"))
    classic.write(life_steps.exchanged(clients, admins, 3).but(extra_rules=start.now.extra_rules))
    with pytest.raises(CommandFailed, match="RulesPerSecurityGroupLimitExceeded"):
        classic.apply()
    assert {refusal.code for refusal in classic.proxy.refusals} == {"RulesPerSecurityGroupLimitExceeded"}


def test_from_classic_to_a_resource_for_each_rule_and_on(current):
    """As the guide says: the old resources are forgotten, and their rules imported; not one is revoked."""
    live(current, [Step("start", START)])
    held = current.proxy.state().rules
    current.flavour = "aws-security-groups"
    current.workspace.write("removed.tf", REMOVED + "".join(imports(current, START)))
    current.write(START)
    current.workspace.run("init")
    changes = current.apply()
    assert not {"create", "delete", "replace"} & set(changes.values()), changes
    assert {change.action for change in current.proxy.changes} <= {"CreateTags", "ModifySecurityGroupRules"}
    assert current.proxy.state().rules == held
    (current.workspace.folder / "removed.tf").unlink()
    # Of these the first shows that nothing was left to do.
    live(current, life_steps.current(), START)


def test_a_state_of_an_older_module(classic):
    """The older module meets the fault that the driver is to see: a group that an interface has is deleted first. The upgrade ends it."""
    folder = classic.workspace.folder / "modules"
    now = {file: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*/*.tf"))}
    for file, text in now.items():
        file.write_text(older(text), encoding="utf-8")
    live(classic, [Step("start", TWO)])
    classic.write(START)
    with pytest.raises(CommandFailed, match="DependencyViolation"):
        classic.apply()
    assert {refusal.code for refusal in classic.proxy.refusals} == {"DependencyViolation"}
    classic.write(TWO)
    classic.apply()
    names = sorted(classic.proxy.state().groups.values())
    for file, text in now.items():
        file.write_text(text, encoding="utf-8")
    assert classic.apply() == {"module.tachyon.terraform_data.revoke_last[0]": "create"}
    assert sorted(classic.proxy.state().groups.values()) == names
    live(classic, [Step("one group again", START, replaces="tachyon/(in|e)gress/")], TWO)


def test_rules_changed_by_hand(classic):
    """What somebody revoked comes back and nothing else happens; what somebody added stays, as Terraform does not know of it."""
    live(classic, [Step("start", START)])
    client, [server] = classic.surroundings.client, classic.workspace.outputs()["groups"]["tachyon"]
    ec2.revoke(client, server, Rule("ingress", "tcp", 4000, 4000, "ipv4", "10.2.0.0/16"))
    ec2.authorize(client, server, Rule("ingress", "tcp", 22, 22, "ipv4", "10.77.0.0/16"))
    assert classic.apply() == {'module.tachyon.aws_security_group_rule.this["tachyon/ingress/tcp-4000/10.2.0.0/16"]': "create"}
    rules, _ = classic.held(START)
    assert rules["tachyon"] - life_expectation.rules(START)["tachyon"] == {Rule("ingress", "tcp", 22, 22, "ipv4", "10.77.0.0/16")}
    assert rules["tachyon"] >= life_expectation.rules(START)["tachyon"]
    classic.assert_settled()


def test_an_apply_that_is_interrupted_is_resumed(classic):
    """By Ctrl-C: what is under way is finished and kept, and the next apply does the rest."""
    live(classic, [Step("start", START)])
    classic.write(TWO)
    finished = classic.interrupt(after=2)
    assert finished.code == 1, finished
    assert classic.proxy.changes
    classic.apply()
    assert classic.held(TWO)[0] == life_expectation.rules(TWO)
    classic.assert_settled()


REMOVED = """
removed {
  from = module.tachyon.aws_security_group_rule.this

  lifecycle {
    destroy = false
  }
}
"""


IMPORT = """
import {{
  to = module.tachyon.aws_vpc_security_group_{}_rule.this["{}"]
  id = "{}"
}}
"""


def imports(life: Life, now: Installation) -> Iterator[str]:
    """A block for each rule, by the key that the document gives it."""
    owners = {group: name for name, [group] in life.workspace.outputs()["groups"].items()}
    for rule_id, held in life.proxy.state().rules.items():
        if held.group in owners:
            rule = held.rule._replace(source=owners.get(held.rule.source, held.rule.source))
            [key] = [key for key, one in life_expectation.by_key(now)[owners[held.group]].items() if one == rule]
            yield IMPORT.format(rule.direction, key, rule_id)


def older(text: str) -> str:
    """A module's file without what keeps the order of changes."""
    text = re.sub(r'\nresource "terraform_data" "revoke_last" \{.*?\n\}\n', "", text, flags=re.S)
    text = re.sub(r"^ *(?:create_before_destroy|ignore_changes|depends_on) += .*\n", "", text, flags=re.M)
    return re.sub(r'name_prefix( +)= "\$\{substr\((\S+), 0, 99\)\}-"', r"name\1= \2", text)


def live(life: Life, steps: list[Step], before: Installation | None = None) -> None:
    """Takes an installation, which may not be there yet, through all steps; a failure names the step."""
    for number, step in enumerate(steps):
        try:
            perform(life, before or Installation({}), step, first=before is None)
        except AssertionError as error:
            raise AssertionError(f"step {number}, {step.name!r}: {error}") from error
        before = step.now


def perform(life: Life, before: Installation, step: Step, *, first: bool) -> None:
    """One step: plan, apply, second plan, rules read back, packets in between."""
    life.write(step.now)
    if first or before.module != step.now.module:
        life.workspace.run("init")
    if step.moved:
        of_module = f"moved {{\n  from = module.{before.module}\n  to   = module.{step.now.module}\n}}\n"
        life.workspace.write("moved.tf", life.moved_blocks() if step.now.module == before.module else of_module)
    start = life.proxy.state()
    changes = life.apply(*step.command)
    assert_only_what_was_asked(changes, before, step)
    rules, lists = life.held(step.now)
    assert rules == life_expectation.rules(step.now)
    assert lists == life_expectation.lists(step.now)
    hosts = {**before.hosts(), **step.now.hosts()}
    refused = interrupted(start, [change.state for change in life.proxy.changes], hosts)
    assert refused == frozenset(), "refused for a time"
    life.assert_settled()


def assert_only_what_was_asked(changes: Changes, before: Installation, step: Step) -> None:
    """Of the rules just those whose keys come or go are created or deleted, and what is replaced is expected."""
    for address, action in changes.items():
        assert action != "replace" or re.search(step.replaces, address), f"{address} is replaced"
    for action, wanted in (
        ("create", life_expectation.keys(step.now) - life_expectation.keys(before)),
        ("delete", life_expectation.keys(before) - life_expectation.keys(step.now)),
    ):
        found = {rule_key(address) for address, planned in changes.items() if planned == action and rule_key(address)}
        assert found == (set() if step.moved else wanted), f"rules to {action}"
