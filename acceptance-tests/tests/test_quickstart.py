"""examples/quickstart: its rules against the page as read by hand, its text as people see it."""

import json
import os
import re
import subprocess
import sys

import pytest

import expectation
from harness import offline_aws, rules
from harness.project import ACCEPTANCE, EXAMPLES
from harness.workspace import Workspace

QUICKSTART = EXAMPLES / "quickstart"
GROUPS = {
    "tachyon-tachyon": "sg-0a11c0ffee0000001", "tachyon-sql": "sg-0a11c0ffee0000002", "tachyon-dmz": "sg-0a11c0ffee0000003",
}
STRUCTURED = """
output "structured" {
  value = { matrix = local.matrix, aws = local.aws, azure = local.azure }
}
"""
VARIANTS = [
    ((), expectation.quickstart()),
    (
        ("-var", "switch_ports=[4000,4002]", "-var", 'client_networks={apac=["10.96.0.0/12"]}'),
        expectation.quickstart({"apac": ("10.96.0.0/12",)}, (4000, 4002)),
    ),
]


@pytest.fixture
def quickstart(workspace: Workspace) -> Workspace:
    return workspace.copy(QUICKSTART).write("structured.tf", STRUCTURED).init()


@pytest.mark.parametrize(("arguments", "endpoints"), VARIANTS, ids=["default", "changed"])
def test_the_rules_are_those_of_the_page(quickstart, arguments, endpoints):
    quickstart.apply(*arguments)
    answer = quickstart.outputs()["structured"]

    assert_connections(answer["matrix"], endpoints)
    assert_aws(answer["aws"]["endpoints"], endpoints)
    assert_azure(answer["azure"]["endpoints"], endpoints)
    for part in answer.values():
        assert part["matrix_version"] == expectation.VERSION
        assert {flow["flow"] for flow in part["unresolved"]} == expectation.UNRESOLVED
        # A Switch on another port than 4000: its clients must be told, and the page says so.
        assert {one["id"] for one in part["warnings"]} == ({"switch_port"} if arguments else set())
    quickstart.assert_settled(*arguments)


def assert_connections(matrix, endpoints):
    assert matrix["topologies"] == ["dmz", "single_server"]
    expected: dict[str, tuple] = {}
    for flow, source, destination, port in expectation.connections(endpoints):
        _, ports = expected.setdefault(f"{flow.name}/{source}/{destination}", (flow.rows, []))
        ports.append(str(port))
    told = {key: (tuple(sorted(one["citations"])), one["ports"]) for key, one in matrix["connections"].items()}
    assert told == expected


def assert_aws(told, endpoints):
    expected = expectation.security_group_rules(endpoints)
    assert told.keys() == expected.keys()
    owners = {cidr: name for name, endpoint in endpoints.items() for cidr in endpoint.cidrs}
    for name, rules_of_endpoint in expected.items():
        wanted = {key: rule._replace(source=GROUPS.get(rule.source, rule.source)) for key, (rule, _) in rules_of_endpoint.items()}
        assert rules.expanded(told[name]) == wanted, name
        for direction in ("ingress", "egress"):
            assert offline_aws.faults(direction, told[name][direction]) == []
            for key, rule in told[name][direction].items():
                assert rule["flows"] == sorted(rules_of_endpoint[f"{direction}/{key}"][1]), key
                behind = key.split("/", 1)[1]
                assert rule["peer"] == owners.get(behind, behind)
                assert rule["group"] == 0
            used = offline_aws.usage(told[name][direction], {})
            counted = told[name]["usage"][direction]
            assert (counted["ipv4"], counted["ipv6"], counted["limit"]) == (used["ipv4"], used["ipv6"], 60)


def assert_azure(told, endpoints):
    expected = expectation.network_security_rules(endpoints)
    assert told.keys() == expected.keys()
    for name, wanted in expected.items():
        found = told[name]["rules"]
        assert found.keys() == wanted.keys(), name
        taken = [(rule["direction"], rule["priority"]) for rule in found.values()]
        assert len(set(taken)) == len(taken), f"{name}: a priority is taken twice"
        assert len({rule["name"].lower() for rule in found.values()}) == len(found)
        for key, rule in found.items():
            assert_azure_rule(rule, wanted[key])


def assert_azure_rule(rule, wanted):
    assert rule["priority"] // 100 == wanted.band
    assert rule["direction"] == wanted.direction
    assert rule["access"] == "Allow"
    assert rule["protocol"] == "Tcp"
    assert rule["source_port_range"] == "*"
    assert rule["destination_port_range"] == wanted.port
    assert addresses(rule, "source") == wanted.source
    assert addresses(rule, "destination") == wanted.destination
    assert rule["peers"] == sorted(wanted.peers)
    assert re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?", rule["name"])
    assert 1 <= len(rule["description"]) <= 140


def addresses(rule, side):
    one = rule[f"{side}_address_prefix"]
    many = rule[f"{side}_address_prefixes"]
    assert rule[f"{side}_application_security_group_ids"] is None
    assert (one is None) != (many is None), "per side exactly one form"
    if one is not None:
        return frozenset([one])
    assert len(many) > 1
    assert many == sorted(many)
    assert "*" not in many
    return frozenset(many)


def test_the_text_is_what_people_were_shown(quickstart, golden):
    quickstart.apply()
    outputs = quickstart.outputs()
    del outputs["structured"]
    golden("quickstart.json", json.dumps(outputs, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


# With the provider that is tested: the script would build a release, and put it in its place.
LAUNCH = """
import runpy, sys
from harness import installation, project
project.build_provider = installation.installed_provider
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run_script(*arguments):
    return subprocess.run(
        [sys.executable, "-c", LAUNCH, str(QUICKSTART / "run.py"), *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ACCEPTANCE)},
    )


def test_the_script_prints_the_rules_within_ten_seconds():
    before = sorted(QUICKSTART.iterdir())
    finished = run_script()
    assert finished.returncode == 0, finished.stderr
    assert re.search(r"^    in   tcp  4000 +from  clients-us +10\.64\.0\.0/12 .*single-server/servers/6$", finished.stdout, re.M)
    assert re.search(r"^    in +\d{4} +tcp 4001 .*10\.20\.1\.10/32 +-> 10\.20\.9\.10/32 +dmz/9, dmz/4$", finished.stdout, re.M)
    [seconds] = re.findall(r"took ([0-9.]+) s", finished.stdout)
    assert float(seconds) < 10
    assert sorted(QUICKSTART.iterdir()) == before, "the script left something in its folder"


def test_the_script_passes_a_mistake_on_without_a_traceback():
    finished = run_script("-var", "switch_ports=[4000,65535]")
    assert finished.returncode == 1
    assert "65535" in finished.stderr
    assert "Traceback" not in finished.stderr
