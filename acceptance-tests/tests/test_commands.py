"""The commands that people use around plan and apply."""

import json

import pytest

from harness.project import EXAMPLES
from harness.workspace import REQUIRE_TACHYON

# Each has its example.
FUNCTIONS = {folder.name for folder in (EXAMPLES / "functions").iterdir()}
DATA_SOURCES = {folder.name for folder in (EXAMPLES / "data-sources").iterdir()}


@pytest.fixture
def quickstart(workspace):
    return workspace.copy(EXAMPLES / "quickstart").init()


def test_init_from_a_mirror_locks_the_provider(quickstart):
    lock = quickstart.folder / ".terraform.lock.hcl"
    first = lock.read_text(encoding="utf-8")
    assert '/tachyon-iac/tachyon"' in first
    assert "h1:" in first
    quickstart.run("init", "-lockfile=readonly")
    assert lock.read_text(encoding="utf-8") == first


def test_providers_schema_lists_everything_with_descriptions(quickstart):
    document = json.loads(quickstart.run("providers", "schema", "-json").stdout)
    [provider] = [one for address, one in document["provider_schemas"].items() if address.endswith("/tachyon-iac/tachyon")]
    assert set(provider["functions"]) == FUNCTIONS
    assert set(provider["data_source_schemas"]) == DATA_SOURCES
    assert provider.get("resource_schemas", {}) == {}
    for name, function in provider["functions"].items():
        assert function["summary"].strip(), name
        assert function["description"].strip(), name
        for parameter in function.get("parameters", []):
            assert parameter["description"].strip(), (name, parameter["name"])
    for name, schema in provider["data_source_schemas"].items():
        assert schema["block"]["description"].strip(), name
        assert_described(schema["block"]["attributes"], name)


def assert_described(attributes, path):
    for name, attribute in attributes.items():
        assert attribute.get("description", "").strip(), f"{path}.{name}"
        if "nested_type" in attribute:
            assert_described(attribute["nested_type"]["attributes"], f"{path}.{name}")


def test_functions_return_what_the_contract_of_each_cloud_names(quickstart):
    """Types are static, so that unknown parts stay typed."""
    document = json.loads(quickstart.run("providers", "schema", "-json").stdout)
    [provider] = [one for address, one in document["provider_schemas"].items() if address.endswith("/tachyon-iac/tachyon")]
    kind, attributes = provider["functions"]["security_group_rules"]["return_type"]
    assert kind == "object"
    rule = attributes["endpoints"][1][1]["ingress"][1][1]
    assert rule == {
        "ip_protocol": "string", "from_port": "number", "to_port": "number", "cidr_ipv4": "string", "cidr_ipv6": "string",
        "prefix_list_id": "string", "referenced_security_group_id": "string", "description": "string", "peer": "string",
        "flows": ["list", "string"], "group": "number", "documented": "bool",
        # The key of a list that is yet to be created, with options.aws.prefix_lists.
        "prefix_list": "string",
    }


def test_validate(quickstart):
    assert quickstart.validate()["diagnostics"] == []


def test_console(workspace):
    workspace.write("main.tf", REQUIRE_TACHYON).init()
    question = (
        'keys(provider::tachyon::connections({ endpoints = { m = { roles = ["master_stack"] },'
        ' b = { roles = ["browser"] } } }).connections)\n'
    )
    answer = workspace.run("console", stdin=question).stdout
    assert '"browser_to_master_catalog_ui/b/m"' in answer
    assert '"browser_to_master_https/b/m"' in answer


SENSITIVE = REQUIRE_TACHYON + """
variable "network" {
  type      = string
  sensitive = true
  default   = "10.32.0.0/12"
}

locals {
  firewall = provider::tachyon::security_group_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
      clients = { roles = ["client"], cidrs = [var.network] }
    }
  })
}

output "keys" {
  value = keys(%s.endpoints["tachyon"].ingress)
}
"""


def test_sensitive_arguments_make_the_whole_result_sensitive(workspace):
    workspace.write("main.tf", SENSITIVE % "local.firewall").init()
    finished = workspace.run("plan", expect=(1,))
    assert "sensitive" in finished.stderr
    assert "10.32.0.0" not in finished.stdout + finished.stderr

    workspace.write("main.tf", SENSITIVE % "nonsensitive(local.firewall)")
    workspace.apply()
    assert workspace.outputs()["keys"] == ["tcp-4000/10.32.0.0/12", "tcp-443/10.32.0.0/12"]
