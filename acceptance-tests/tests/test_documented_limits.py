"""What the guides say of cases in which Terraform decides and the provider can't: each sentence is tried."""

from __future__ import annotations

import pytest

from harness.project import ROOT
from harness.terraform import CommandFailed, words
from harness.workspace import REQUIRE_TACHYON, Workspace

GUIDES = ROOT / "docs" / "guides"

# An instance for each rule of the server, as the modules have them. `terraform_data` needs no cloud.
RULES = """
resource "terraform_data" "rule" {
  for_each = local.firewall.endpoints["tachyon"].ingress
  input    = each.value.referenced_security_group_id
}
"""

# Not known before it is applied, and then whatever stands behind the colon.
ID_LATER = 'timestamp() == "" ? "sg-0a11c0ffee0000002" : {}'


def said(page: str, sentence: str) -> None:
    """Holds that a guide says this, wherever its lines end."""
    text = " ".join((GUIDES / page).read_text(encoding="utf-8").split())
    assert sentence in text, f"{page} does not say: {sentence}"


def refused(workspace: Workspace, command: str) -> str:
    """What a command says that must fail."""
    with pytest.raises(CommandFailed) as caught:
        workspace.run(command, *([] if command == "plan" else ["-auto-approve"]))
    return words(caught.value.finished.stderr)


def write(workspace: Workspace, clients: str, options: str = "{}") -> Workspace:
    """A configuration with the rules of a server with a group, and of clients that are reached so."""
    return workspace.write("main.tf", f"""{REQUIRE_TACHYON}
locals {{
  firewall = provider::tachyon::security_group_rules({{
    endpoints = {{
      tachyon = {{ roles = ["response_stack"], security_group_id = "sg-0a11c0ffee0000001" }}
      clients = {{ roles = ["client"], {clients} }}
    }}
    options = {{ aws = {options} }}
  }})
}}
{RULES}""")


def with_group(workspace: Workspace, group: str) -> Workspace:
    """Clients with networks, and with a group that is known later."""
    return write(workspace, f'cidrs = ["10.1.0.0/16", "10.2.0.0/16"], security_group_id = {group}')


def test_an_id_that_turns_out_null_is_told_by_terraform(workspace):
    said("deployment.md", "An id that is unknown in the plan must not be null in the apply.")
    said("deployment.md", "Terraform says `each.value cannot be used in this context`")
    with_group(workspace, ID_LATER.format("null")).init()
    # The plan can't know.
    assert workspace.plan().changes()
    assert "each.value cannot be used in this context" in refused(workspace, "apply")


def test_what_is_null_is_named_where_the_id_is_asked_for(workspace):
    said("deployment.md", "`security_group_id = coalesce(var.group_id)` stops the apply with an error that says what is null.")
    with_group(workspace, f"coalesce({ID_LATER.format('null')})").init()
    workspace.plan()
    error = refused(workspace, "apply")
    assert "security_group_id = coalesce(" in error
    assert "each.value" not in error
    # And nothing stands in the way of one that is there.
    there = ID_LATER.format('"sg-0a11c0ffee0000003"')
    with_group(workspace, f"coalesce({there})").apply()


def test_an_error_may_show_what_is_sensitive(workspace):
    said("deployment.md", "an error may quote a value from the argument, such as a CIDR that is not one.")
    said("deployment.md", "Terraform makes the whole result sensitive, and `for_each` refuses it.")
    write(workspace, 'cidrs = [sensitive("10.1.0.1/8")]').init()
    assert 'Found "10.1.0.1/8"' in refused(workspace, "plan")
    write(workspace, 'cidrs = [sensitive("10.0.0.0/8")]')
    assert "Sensitive values, or values derived from sensitive values" in refused(workspace, "plan")


def test_a_deployment_that_does_not_fit_is_not_destroyed(workspace):
    said("aws-quotas.md", "while a deployment does not fit, `terraform destroy` fails with the same error")
    said("aws-quotas.md", "go back to the deployment that was applied last")
    said("aws-quotas.md", "or set `options.aws.rules_per_group` higher for the time being.")

    def deployment(networks: int, quota: int) -> Workspace:
        cidrs = ", ".join(f'"10.{number}.0.0/16"' for number in range(networks))
        return write(workspace, f"cidrs = [{cidrs}]", f"{{ rules_per_group = {quota} }}")

    deployment(5, 10).init().apply()
    for command in ("plan", "destroy"):
        assert "rules_per_group" in refused(deployment(6, 10), command)
    for networks, quota in ((5, 10), (6, 20)):
        deployment(networks, quota).destroy()
        deployment(5, 10).apply()
