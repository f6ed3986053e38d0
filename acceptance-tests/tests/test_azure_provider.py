"""With a real azurerm: the module is validated and planned by it, without an account, since Terraform mocks its calls."""

import re

import pytest

from harness import azure_provider
from harness.arm_server import ID, ArmServer
from harness.project import EXAMPLES, Trouble
from harness.workspace import Workspace

# `mock_provider` takes the real provider's schema and validation, and answers in its place; Terraform has it from 1.7 on.
PLANNED = """
mock_provider "azurerm" {}

run "resources" {
  command = plan

  assert {
    condition     = length(output.rules["tachyon"]) > 5 && length(output.rules["sql"]) > 2 && length(output.rules["dmz"]) > 5
    error_message = "The rules are not there."
  }
}

run "inline" {
  command = plan

  variables {
    rules_as = "inline"
  }

  assert {
    condition     = length(output.rules["tachyon"]) > 5
    error_message = "The rules are not there."
  }
}

run "none" {
  command = plan

  variables {
    rules_as = "none"
  }
}
"""


@pytest.fixture
def azurerm(tmp_path):
    """The environment in which Terraform finds the real azurerm."""
    executable = azure_provider.binary()
    if executable is None:
        pytest.skip(f"{azure_provider.VARIABLE} names no azurerm binary, and none can be had offline")
    return {"TF_CLI_CONFIG_FILE": str(azure_provider.write_cli_config(executable, tmp_path / "azurerm"))}


def whole_example(workspace):
    """examples/azure and its module as they are."""
    workspace.copy(EXAMPLES / "modules" / "azure-nsg", "modules/azure-nsg").copy(EXAMPLES / "azure", "azure")
    return Workspace(workspace.terraform, workspace.folder / "azure")


def test_azurerm_validates_and_plans_the_module(workspace: Workspace, azurerm):
    root = whole_example(workspace)
    root.write("proof.tftest.hcl", PLANNED)
    root.run("init", environment=azurerm)
    root.run("validate", environment=azurerm)
    finished = root.run("test", environment=azurerm)
    assert "3 passed, 0 failed" in finished.stdout


SQL = f"/subscriptions/{ID}/resourceGroups/tachyon/providers/Microsoft.Network/networkSecurityGroups/nsg-tachyon-sql"
LIFE = [
    (),
    ("-var", "https_port=8443"),
    ("-var", "https_port=8443", "-var", "location=northeurope"),
]


@pytest.mark.parametrize("hostile", [False, True], ids=["plain", "hostile"])
@pytest.mark.parametrize("rules_as", ["resources", "inline"])
def test_azurerm_makes_changes_and_destroys_an_installation(workspace: Workspace, azurerm, tmp_path, rules_as, hostile):
    server = ArmServer(tmp_path, hostile=hostile)
    server.network.put(f"/subscriptions/{ID}/resourceGroups/tachyon", {"location": "westeurope"})
    root = whole_example(workspace)
    root.write("providers.tf", server.provider())
    # Another location meets the names of the application security groups, so these have the location in them.
    text = (root.folder / "main.tf").read_text(encoding="utf-8")
    assert '"asg-tachyon-${server}"' in text
    root.write("main.tf", text.replace('"asg-tachyon-${server}"', '"asg-${var.location}-${server}"'))
    environment = {**azurerm, "SSL_CERT_FILE": str(server.certificate)}
    try:
        root.run("init", environment=environment)
        for variables in LIFE:
            chosen = ("-var", f"rules_as={rules_as}", *variables)
            root.run("apply", "-auto-approve", *chosen, environment=environment)
            assert root.run("plan", "-detailed-exitcode", *chosen, expect=(0, 1, 2), environment=environment).code == 0
            kept = server.network.get(SQL)["properties"]["securityRules"]
            assert {rule["name"] for rule in kept} == {rule["name"] for rule in root.outputs()["rules"]["sql"].values()}
        root.run("destroy", "-auto-approve", *chosen, environment=environment)
        assert server.network.paths() == [f"/subscriptions/{ID}/resourcegroups/tachyon"]
    finally:
        server.stop()


def test_a_path_that_leads_nowhere_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv(azure_provider.VARIABLE, str(tmp_path / "terraform-provider-azurerm"))
    with pytest.raises(Trouble, match="TACHYON_ACC_AZURERM"):
        azure_provider.binary()


def test_terraform_finds_a_given_binary_beside_the_other_providers(workspace: Workspace, tmp_path):
    # `init` installs and does not run it, so any file will do.
    executable = tmp_path / "terraform-provider-azurerm_v4.40.1_x5"
    executable.write_text("not run", encoding="utf-8")
    config = azure_provider.write_cli_config(executable, tmp_path / "azurerm")
    root = whole_example(workspace)
    root.run("init", environment={"TF_CLI_CONFIG_FILE": str(config)})
    lock = (root.folder / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert re.search(r'hashicorp/azurerm" \{\s+version\s+= "4\.40\.1"', lock)
    assert "tachyon-iac/tachyon" in lock
