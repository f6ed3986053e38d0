"""The commands around a state with data sources in it, once something has been applied."""

import json
import re
import shutil

import pytest

from expectation import VERSION
from harness.terraform import words
from harness.workspace import REQUIRE_TACHYON, Workspace

CONFIGURATION = REQUIRE_TACHYON + """
data "tachyon_connections" "this" {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], ports = { coordinator = 3902 } }
    dmz     = { roles = ["dmz_server"] }
    sql     = { roles = ["sql_master", "sql_responses"] }
    devices = { roles = ["internet_client", "browser"] }
  }
}

data "tachyon_role" "dmz" {
  name = "dmz_server"
}

output "topologies" {
  value = data.tachyon_connections.this.topologies
}

output "version" {
  value = provider::tachyon::connections({ endpoints = { clients = { roles = ["client"] } } }).matrix_version
}
"""
ADDRESSES = ["data.tachyon_connections.this", "data.tachyon_role.dmz"]
WARNING = "Coordinator on another port than documented"


@pytest.fixture(scope="module")
def applied(terraform, tmp_path_factory):
    """A configuration that has been applied; tests may read it, and change a copy."""
    workspace = Workspace(terraform, tmp_path_factory.mktemp("state") / "configuration")
    workspace.write("main.tf", CONFIGURATION).init().apply()
    return workspace


@pytest.fixture
def copy(applied, tmp_path):
    """A copy of the applied configuration, state and all."""
    folder = tmp_path / "copy"
    shutil.copytree(applied.folder, folder, symlinks=True)
    return Workspace(applied.terraform, folder)


def events(finished):
    """What a command with -json tells, by kind."""
    gathered: dict[str, list[dict]] = {}
    for line in finished.stdout.splitlines():
        event = json.loads(line)
        gathered.setdefault(event["type"], []).append(event)
    return gathered


def test_validate_for_people(applied):
    assert applied.run("validate").stdout == "Success! The configuration is valid.\n\n"


def test_plan_tells_by_its_exit_code_whether_there_is_something_to_do(copy):
    copy.run("plan", "-detailed-exitcode")
    copy.write("more.tf", 'output "more" {\n  value = length(data.tachyon_role.dmz.flows)\n}\n')
    finished = copy.run("plan", "-detailed-exitcode", expect=(2,))
    assert re.search(r"^ +\+ more +=", finished.stdout, re.M)
    copy.write("more.tf", 'output "more" {\n  value = provider::tachyon::merge_cidrs(["10.0.0.1/8"])\n}\n')
    assert "10.0.0.0/8" in copy.run("plan", "-detailed-exitcode", expect=(1,)).stderr


def test_plan_as_json_has_the_reads_the_outputs_and_the_warning(copy):
    (copy.folder / "terraform.tfstate").unlink()
    told = events(copy.run("plan", "-json"))
    assert sorted((one["hook"]["action"], one["hook"]["resource"]["addr"]) for one in told["apply_complete"]) == [
        ("read", address) for address in ADDRESSES
    ]
    [summary] = told["change_summary"]
    assert {summary["changes"][name] for name in ("add", "change", "remove")} == {0}
    [outputs] = told["outputs"]
    assert {name: one["action"] for name, one in outputs["outputs"].items()} == {"topologies": "create", "version": "create"}
    [warning] = told["diagnostic"]
    assert (warning["diagnostic"]["severity"], warning["diagnostic"]["summary"]) == ("warning", WARNING)
    assert warning["diagnostic"]["address"] == ADDRESSES[0]


def test_apply_as_json_has_the_values(copy):
    (copy.folder / "terraform.tfstate").unlink()
    told = events(copy.run("apply", "-auto-approve", "-json"))
    assert {one["changes"]["operation"] for one in told["change_summary"]} == {"plan", "apply"}
    last = told["outputs"][-1]["outputs"]
    assert {name: one["value"] for name, one in last.items()} == {"topologies": ["dmz", "single_server"], "version": VERSION}
    assert len(told["diagnostic"]) == 1, "planned and applied, the warning is told once"


def test_refreshing_alone_finds_nothing_new(copy):
    before = copy.outputs()
    # Terraform 1.15 ends with 2 here, whatever data source is in the state; what it says is what counts.
    assert "No changes." in copy.run("plan", "-refresh-only", "-detailed-exitcode", expect=(0, 2)).stdout
    copy.run("apply", "-refresh-only", "-auto-approve")
    assert copy.outputs() == before
    assert copy.run("state", "list").stdout.split() == ADDRESSES


def test_output_in_each_form(applied):
    assert applied.run("output", "version").stdout == f'"{VERSION}"\n'
    assert applied.run("output", "-raw", "version").stdout == VERSION
    assert json.loads(applied.run("output", "-json", "topologies").stdout) == ["dmz", "single_server"]


def test_console_sees_the_state(applied):
    assert applied.run("console", stdin="data.tachyon_connections.this.topologies[0]\n").stdout == '"dmz"\n'


def test_console_tells_a_mistake(applied):
    question = 'provider::tachyon::connections({ endpoints = { clients = { roles = ["clint"] } } })\n'
    finished = applied.run("console", stdin=question, expect=(0, 1))
    said = words(finished.stdout + finished.stderr)
    assert 'endpoints["clients"].roles[0]' in said
    assert '"client"' in said


def test_graph_has_the_data_sources(applied):
    drawn = applied.run("graph").stdout
    assert all(f'"{address}"' in drawn for address in ADDRESSES)


def test_show_for_people_and_as_json(applied):
    shown = applied.run("show").stdout
    assert all(f"# {address}:" in shown for address in ADDRESSES)
    document = json.loads(applied.run("show", "-json").stdout)
    values = {one["address"]: one["values"] for one in document["values"]["root_module"]["resources"]}
    assert sorted(values) == ADDRESSES
    assert "dmz_to_coordinator/dmz/tachyon" in values[ADDRESSES[0]]["connections"]
    assert values[ADDRESSES[1]]["security_group_rules"] is None, "without peers there are none"


def test_state_list_show_and_pull(applied):
    assert applied.run("state", "list").stdout.split() == ADDRESSES
    shown = applied.run("state", "show", ADDRESSES[0]).stdout
    assert '"dmz_to_coordinator/dmz/tachyon" = {' in shown
    state = json.loads(applied.run("state", "pull").stdout)
    assert [(one["mode"], one["type"], one["name"]) for one in state["resources"]] == [
        ("data", "tachyon_connections", "this"), ("data", "tachyon_role", "dmz"),
    ]
    for resource in state["resources"]:
        assert resource["provider"].endswith('/tachyon-iac/tachyon"]')
        [instance] = resource["instances"]
        assert instance["schema_version"] == 0


def test_what_is_moved_or_removed_in_the_state_is_read_again(copy):
    before = copy.outputs()
    copy.run("state", "mv", ADDRESSES[0], "data.tachyon_connections.other")
    copy.run("state", "rm", ADDRESSES[1])
    assert copy.run("state", "list").stdout.split() == ["data.tachyon_connections.other"]
    # Data sources are no changes: there is nothing to do, and yet the state is put right.
    copy.run("plan", "-detailed-exitcode")
    copy.apply()
    assert copy.run("state", "list").stdout.split() == ADDRESSES
    assert copy.outputs() == before


def test_destroy_leaves_nothing(copy):
    finished = copy.destroy()
    assert "Resources: 0 destroyed" in finished.stdout
    assert copy.run("state", "list").stdout == ""
    assert copy.outputs() == {}
    copy.apply()
    assert copy.outputs()["version"] == VERSION


MISTAKES = REQUIRE_TACHYON + """
output "cidrs" {
  value = provider::tachyon::merge_cidrs(["10.0.0.0/8", "10.1.2.3/16"])
}

data "tachyon_role" "this" {
  name  = "dmz_server"
  ports = { swiches = [4000] }
}
"""


def test_errors_of_a_plan_as_json_stand_where_the_mistake_is(workspace):
    workspace.write("main.tf", MISTAKES).init()
    told = [one["diagnostic"] for one in events(workspace.run("plan", "-json", expect=(1,)))["diagnostic"]]
    errors = {one["range"]["start"]["line"]: one for one in told}
    lines = MISTAKES.splitlines()
    function, attribute = (next(n for n, line in enumerate(lines, start=1) if text in line) for text in ("merge_cidrs", "swiches"))
    assert set(errors) == {function, attribute}
    assert {one["severity"] for one in told} == {"error"}
    assert {one["range"]["filename"] for one in told} == {"main.tf"}

    assert errors[function]["summary"] == "Invalid function argument"
    assert "10.1.0.0/16" in errors[function]["detail"]
    column = errors[function]["range"]["start"]["column"]
    assert lines[function - 1][column - 1:].startswith('["10.0.0.0/8"'), "at the argument"

    assert errors[attribute]["summary"] == "Unknown port attribute"
    assert "switches" in errors[attribute]["detail"]
    assert errors[attribute]["address"] == "data.tachyon_role.this"
    assert errors[attribute]["snippet"]["code"].strip() == lines[attribute - 1].strip()
