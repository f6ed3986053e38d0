"""Changes of an installation that examples/modules/azure-nsg has made: what Azure would refuse or lose is planned in the right order."""

import re

import pytest

from harness import azure_module
from harness.terraform import CommandFailed, words
from harness.workspace import Workspace
from test_azure_module import ASG, GROUP, RULE, calling, key_of
from test_azure_semantics import stand_in

GROUPS = """
  application_security_groups = { sql = "asg-sql" }
  network_security_groups     = { tachyon = "nsg-tachyon", sql = "nsg-sql" }
"""
MOVED = 'location            = "northeurope"'


@pytest.fixture
def applied(workspace: Workspace):
    """A tachyon server and its database, each with a group, and applied."""
    calling(workspace, GROUPS).apply()
    return workspace


def changed(workspace, before, after):
    """The configuration with one text replaced by another."""
    text = (workspace.folder / "main.tf").read_text(encoding="utf-8")
    assert before in text
    return workspace.write("main.tf", text.replace(before, after))


def actions(plan, kind):
    """What is planned for one azurerm type, by the key of the instance."""
    return {key_of(address): one for address, one in plan.changes().items() if azure_module.kind_of(address) == kind}


def test_a_group_goes_after_the_rules_that_named_it(applied):
    changed(applied, 'application_security_groups = { sql = "asg-sql" }', "application_security_groups = {}")
    changed(applied, 'roles = ["sql_master", "sql_responses"]', 'roles = ["sql_master", "sql_responses"], cidrs = ["10.20.1.20/32"]')
    plan = applied.plan()
    assert actions(plan, ASG) == {"sql": ("delete",)}
    finished = applied.run("apply", "plan.bin").stdout
    destroyed = re.search(r"^module.firewall.terraform_data.azurerm_application_security_group_this.*: Destroying", finished, re.M)
    rules = re.finditer(r"azurerm_network_security_rule_this.*: (?:Destruction|Creation|Modifications) complete", finished)
    assert destroyed is not None
    assert max(found.end() for found in rules) < destroyed.start()
    applied.assert_settled()


def test_a_renamed_group_is_created_first(applied):
    changed(applied, '"asg-sql"', '"asg-databases"')
    plan = applied.plan()
    assert actions(plan, ASG) == {"sql": ("create", "delete")}
    assert set(actions(plan, RULE).values()) == {("update",)}
    applied.run("apply", "plan.bin")
    applied.assert_settled()


def test_a_replaced_group_takes_its_rules_with_it(applied):
    rules = set(applied.outputs()["firewall"]["rules"]["tachyon"])
    changed(applied, 'network_security_groups     = { tachyon = "nsg-tachyon"', 'network_security_groups     = { tachyon = "nsg-server"')
    plan = applied.plan()
    assert actions(plan, GROUP) == {"tachyon": ("delete", "create")}
    assert actions(plan, RULE) == {f"tachyon/{key}": ("delete", "create") for key in rules}


@pytest.mark.parametrize("how", ["location", "-replace"])
def test_so_does_one_that_keeps_its_name(applied, how):
    told = applied.outputs()["firewall"]["rules"]
    if how == "location":
        changed(applied, 'location            = "westeurope"', MOVED)
        plan, replaced = applied.plan(), {"tachyon", "sql"}
    else:
        address = "module.firewall.terraform_data.azurerm_network_security_group_this"
        plan, replaced = applied.plan(f'-replace={address}["tachyon"]'), {"tachyon"}
    assert actions(plan, GROUP) == dict.fromkeys(replaced, ("delete", "create"))
    assert actions(plan, RULE) == {f"{holder}/{key}": ("delete", "create") for holder in replaced for key in told[holder]}
    applied.run("apply", "plan.bin")
    applied.assert_settled()


def test_tags_leave_the_rules_alone(applied):
    changed(applied, GROUPS, f'{GROUPS}  tags = {{ owner = "security" }}\n')
    plan = applied.plan()
    assert actions(plan, RULE) == {}
    assert set(actions(plan, GROUP).values()) == {("update",)}


@pytest.mark.parametrize(("before", "after"), [("resources", "inline"), ("inline", "resources")])
def test_none_may_not_be_left_out(workspace, before, after):
    example = stand_in(workspace).init()
    example.apply("-var", f"rules_as={before}")
    example.assert_settled("-var", f"rules_as={before}")
    for _ in range(2):
        with pytest.raises(CommandFailed) as failure:
            example.plan("-var", f"rules_as={after}")
        said = words(failure.value.finished.stderr)
        assert f'written with rules_as = "{before}", and rules_as is "{after}" now. Apply once with rules_as = "none"' in said
    example.apply("-var", "rules_as=none")
    example.assert_settled("-var", "rules_as=none")
    example.apply("-var", f"rules_as={after}")
    example.assert_settled("-var", f"rules_as={after}")


def test_the_memory_goes_after_the_last_rule(workspace):
    example = stand_in(workspace).init()
    example.apply()
    finished = example.apply("-var", "rules_as=none").stdout
    memory = re.search(r"^module.firewall.terraform_data.rules_as\[0\]: Destroying", finished, re.M)
    assert memory is not None
    assert max(found.end() for found in re.finditer(r"security_rule_this.*: Destruction complete", finished)) < memory.start()


def test_an_installation_that_is_refused_can_be_destroyed(workspace):
    example = stand_in(workspace).init()
    example.apply()
    example.destroy("-var", "rules_as=inline")
    assert example.run("state", "list").stdout == ""
