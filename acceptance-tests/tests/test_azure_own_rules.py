"""The input extra_rules of the Azure module: what becomes of a rule of one's own, and what is reported of a mistaken one."""

import pytest

from harness import azure_module
from harness.terraform import CommandFailed, words
from test_azure_module import GOOD_ARGUMENTS, RULE, assert_azurerm_would_take, caller, calling, of_kind

DIRECTORY = """{
  direction = "Outbound", protocol = "Tcp", priority = 4000, destination_port_range = "636", description = "Directory by LDAPS"
  source_address_prefix = "*", destination_address_prefixes = ["10.20.3.0/24", "10.20.4.0/24"]
}"""
REMOTE_DESKTOP = """{
  direction = "Inbound", protocol = "Tcp", priority = 4000, destination_port_range = "3389", description = "Remote desktop"
  source_application_security_group_ids = ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/jump"]
  destination_address_prefix = "*"
}"""


def own(rules):
    """The good arguments with own rules for the group of `tachyon`."""
    return f"{GOOD_ARGUMENTS}\n  extra_rules = {{ tachyon = {{ {rules} }} }}\n"


@pytest.mark.parametrize("rules_as", ["resources", "inline"])
def test_own_rules_stand_beside_the_documented_ones(workspace, rules_as):
    arguments = own(f"directory = {DIRECTORY}\n remote-desktop = {REMOTE_DESKTOP}")
    if rules_as == "inline":
        existing = 'existing_network_security_groups = { sql = { name = "nsg-databases", resource_group_name = "databases" } }'
        assert existing in arguments
        arguments = arguments.replace(existing, 'rules_as = "inline"')
    calling(workspace, arguments)
    planned = azure_module.planned(workspace.plan())
    assert_azurerm_would_take(planned)
    if rules_as == "resources":
        assert {"tachyon/outbound/own/directory", "tachyon/inbound/own/remote-desktop"} <= set(of_kind(planned, RULE))
    workspace.apply()
    workspace.assert_settled()
    rules = workspace.outputs()["firewall"]["rules"]["tachyon"]
    directory = rules["outbound/own/directory"]
    assert (directory["name"], directory["description"], directory["access"]) == ("own-directory", "Own rule: Directory by LDAPS", "Allow")
    assert (directory["documented"], directory["flows"]) == (False, [])
    assert len([key for key in rules if "/own/" in key]) == 2
    assert any(rule["documented"] for rule in rules.values())


# Each an edit of the rule `directory`, and what must be said of it.
MISTAKES = {
    "direction": ('"Outbound"', '"egress"', 'direction is "Inbound" or "Outbound"'),
    "access": ('protocol = "Tcp"', 'protocol = "Tcp", access = "allow"', 'access is "Allow" or "Deny"'),
    "protocol": ('"Tcp"', '"tcp"', 'protocol is "Tcp"'),
    "priority": ("4000", "4096", "priority is a whole number from 100 to 4095"),
    "port": ('"636"', '"70000"', "destination_port_range is a port"),
    "ports-reversed": ('"636"', '"637-636"', "destination_port_range is a port"),
    "ports-of-esp": ('"Tcp"', '"Esp"', "Esp has no ports"),
    "no-source": ('source_address_prefix = "*", ', "", "it has exactly one of source_address_prefix"),
    "two-sources": (
        'source_address_prefix = "*"', 'source_address_prefix = "*", source_address_prefixes = ["10.0.0.0/8"]',
        "it has exactly one of source_",
    ),
    "two-families": ('"10.20.4.0/24"', '"2001:db8::/48"', "destination_address_prefixes has prefixes of one family"),
    "no-prefix": ('["10.20.3.0/24", "10.20.4.0/24"]', "[]", "destination_address_prefixes has prefixes of one family"),
    "no-description": ('"Directory by LDAPS"', '""', "description has 1 to 130 characters"),
}


def said_of(workspace, arguments):
    """What Terraform says of a configuration that can't be planned."""
    workspace.write("main.tf", caller(arguments))
    with pytest.raises(CommandFailed) as failure:
        workspace.plan()
    return words(failure.value.finished.stderr)


def test_every_mistake_is_reported(workspace):
    rules: list[str] = []
    for name, (before, after, _) in MISTAKES.items():
        assert before in DIRECTORY
        rules.append(f"{name} = {DIRECTORY.replace(before, after).replace('4000', str(4000 + len(rules)))}")
    calling(workspace, GOOD_ARGUMENTS)
    said = said_of(workspace, own("\n".join(rules)))
    for name, (_, _, told) in MISTAKES.items():
        assert f"The rule tachyon/{name} in extra_rules: {told}" in said
    for arguments, told in [
        (own(f'"a b" = {DIRECTORY}'), "its name has letters"),
        (own(f"a = {DIRECTORY}\n b = {DIRECTORY}"), "outbound/own/a and outbound/own/b"),
        (own(f"a = {DIRECTORY}\n A = {DIRECTORY.replace('4000', '4001')}"), "outbound/own/A and outbound/own/a"),
        (own(f"a = {REMOTE_DESKTOP.replace('4000', '100')}"), "inbound/own/a"),
        (GOOD_ARGUMENTS + f"\n  extra_rules = {{ clients = {{ a = {DIRECTORY} }} }}\n", 'extra_rules has rules for "clients"'),
    ]:
        assert told in said_of(workspace, arguments)
