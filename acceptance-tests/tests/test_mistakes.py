"""Twenty mistakes in one deployment: each told with its path and a remedy, through both skins, in one go."""

import json
import re
from pathlib import Path

import pytest

from harness.workspace import REQUIRE_TACHYON

BODY = Path(__file__).with_name("configurations").joinpath("mistakes.hcl").read_text(encoding="utf-8")

# The path that must be named, and what the text must offer or say beside it.
MISTAKES = {
    "unknown role": ('endpoints["tachyon"].roles[0]', "master_stack"),
    "host bits": ('endpoints["tachyon"].cidrs[0]', "10.20.1.0/24"),
    "port too high": ('endpoints["tachyon"].ports.https', "70000"),
    "no poke port": ('endpoints["tachyon"].ports.switches[1]', "over 65535"),
    "role twice": ('endpoints["sql"].roles[1]', "sql_master"),
    "port zero": ('endpoints["sql"].ports.sql', "from 1 to 65535"),
    "misspelt port": ('endpoints["sql"].ports.swiches', "switches"),
    "unknown role in talks_to": ('endpoints["catalog"].talks_to.sql_catalogue', "sql_catalog"),
    "misspelt attribute": ('endpoints["clients"].cidr', "cidrs"),
    "no prefix length": ('endpoints["clients"].cidrs[0]', "10.32.0.0/32"),
    "repeated CIDR": ('endpoints["clients"].cidrs[2]', "10.64.0.0/12"),
    "no address": ('endpoints["clients"].cidrs[3]', "10.300.0.0/16"),
    "port of another role": ('endpoints["clients"].ports.sql', "sql_master"),
    "unknown endpoint in talks_to": ('endpoints["clients"].talks_to.response_stack[0]', "tachyon"),
    "endpoint name": ('endpoints["dmz server"]', "letters"),
    "colliding listeners": ('endpoints["dmz server"].ports.https', "8443"),
    "no role": ('endpoints["printer"].roles', "at least one role"),
    "prefix list without size": ('endpoints["mail"].prefix_lists["relays"].max_entries', "entries"),
    "unknown flow": ("exclude_flows[0]", "client_p2p"),
    "misspelt option": ("options.keep_master_catalog", "keep_master_catalog_ui"),
}

# Some are mistakes on one platform alone: EC2 takes a rule from one group once, and a rule needs an address.
FURTHER = {
    "connections": {},
    "security_group_rules": {
        "shared group": ('endpoints["sql"].security_group_id', '"catalog"'),
        "nothing for AWS": ('endpoints["browsers"]', "prefix_lists"),
    },
    "network_security_rules": {
        "nothing for Azure": ('endpoints["catalog"]', "service_tag"),
        "nothing for either": ('endpoints["browsers"]', "service_tag"),
    },
}

FUNCTION = REQUIRE_TACHYON + """
locals {
  deployment = {
%s  }
}

output "this" {
  value = provider::tachyon::%s(local.deployment)
}
"""
DATA_SOURCE = REQUIRE_TACHYON + """
data "tachyon_%s" "this" {
%s}
"""
NAMES = ["connections", "security_group_rules", "network_security_rules"]


def test_there_are_twenty():
    assert len(MISTAKES) == 20


@pytest.mark.parametrize("name", NAMES)
def test_a_function_tells_them_all_in_one_text(workspace, golden, name):
    workspace.write("main.tf", FUNCTION % (indented(BODY), name)).init()
    [diagnostic] = errors(workspace)
    text = diagnostic["detail"]
    assert_each_is_told(name, text.splitlines())
    if name == "security_group_rules":
        golden("mistakes-function.txt", readable([diagnostic]))


@pytest.mark.parametrize("name", NAMES)
def test_a_data_source_tells_each_as_a_diagnostic_of_its_own(workspace, golden, name):
    workspace.write("main.tf", DATA_SOURCE % (name, BODY)).init()
    found = errors(workspace)
    assert len(found) >= len(MISTAKES)
    assert_each_is_told(name, [f"{one['summary']} {one['detail']}".replace("\n", " ") for one in found])
    # The diagnostic points at least at the attribute, and nothing is reported at the block alone.
    for one in found:
        assert one["range"]["start"]["line"] > line_of(DATA_SOURCE % (name, BODY), 'data "tachyon_'), one
    if name == "security_group_rules":
        golden("mistakes-data-source.txt", readable(found))


def errors(workspace):
    answer = workspace.validate()
    assert answer["valid"] is False
    for one in answer["diagnostics"]:
        assert one["severity"] == "error", one
        assert "panic" not in one["detail"].lower()
        assert "rpc error" not in one["detail"].lower()
    return answer["diagnostics"]


def assert_each_is_told(name, lines):
    missing = {
        title: told
        for title, told in (MISTAKES | FURTHER[name]).items()
        if not any(names(line, told[0]) and told[1] in line for line in lines)
    }
    assert not missing, f"not told: {json.dumps(missing, indent=2)}\n\nin:\n" + "\n".join(lines)


def names(line, path):
    """Whether a line names just this path and not merely one that goes on from it."""
    return re.search(re.escape(path) + r"(?![\w.\[])", line) is not None


def readable(diagnostics):
    """Diagnostics as Terraform shows them, as far as a person would read: place, summary, detail."""
    parts = []
    for one in diagnostics:
        start = one["range"]["start"]
        parts.append(f"main.tf:{start['line']}  {one['summary']}\n\n{one['detail']}\n")
    return ("\n" + "-" * 80 + "\n").join(parts)


def line_of(text, needle):
    return next(number for number, line in enumerate(text.splitlines(), start=1) if needle in line)


def indented(text):
    return "".join(f"  {line}\n" for line in text.splitlines())


NO_ADDRESS = """
  endpoints = {
    tachyon = { roles = ["master_stack"], security_group_id = "sg-0a11c0ffee0000001", cidrs = ["10.20.1.10/32"] }
    admins  = { roles = ["browser"] }
  }
"""


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("security_group_rules", ["security_group_id", "prefix_lists", "cidrs"]),
        ("network_security_rules", ["application_security_group_ids", "service_tag", "cidrs"]),
    ],
)
@pytest.mark.parametrize("skin", ["function", "data source"])
def test_an_endpoint_without_an_address_is_named_with_what_would_serve(workspace, skin, name, attributes):
    text = FUNCTION % (NO_ADDRESS, name) if skin == "function" else DATA_SOURCE % (name, NO_ADDRESS)
    workspace.write("main.tf", text).init()
    for one in errors(workspace):
        for word in ['endpoints["admins"]', "browser_to_master", *attributes]:
            assert word in one["detail"], one


def test_connections_need_no_address(workspace):
    workspace.write("main.tf", FUNCTION % (NO_ADDRESS, "connections")).init()
    assert workspace.validate()["valid"] is True


WARNED = REQUIRE_TACHYON + """
data "tachyon_connections" "this" {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], ports = { coordinator = 3902 } }
    dmz     = { roles = ["dmz_server"] }
    sql     = { roles = ["sql_master", "sql_responses"] }
    devices = { roles = ["internet_client", "browser"] }
  }
}
"""


def test_a_data_source_raises_what_the_document_warns_of(workspace):
    workspace.write("main.tf", WARNED).init()
    told = [json.loads(line) for line in workspace.run("plan", "-json").stdout.splitlines()]
    [warning] = [one["diagnostic"] for one in told if one["type"] == "diagnostic"]
    assert warning["severity"] == "warning"
    assert "3901" in warning["summary"] + warning["detail"]
    assert 'endpoints["tachyon"]' in warning["summary"] + warning["detail"]
