"""What the guides say of cases in which Terraform decides and the provider can't: each sentence is tried."""

from __future__ import annotations

import re

import pytest

from harness.project import ROOT
from harness.terraform import CommandFailed
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
    """What a command says that must fail, on one line and without the frame."""
    with pytest.raises(CommandFailed) as caught:
        workspace.run(command, *([] if command == "plan" else ["-auto-approve"]))
    return " ".join(re.sub(r"[│╷╵]", " ", caught.value.finished.stderr).split())


def firewall(endpoints: str, options: str = "{}") -> str:
    """A configuration with the rules of these endpoints."""
    return f"""{REQUIRE_TACHYON}
locals {{
  firewall = provider::tachyon::security_group_rules({{
    endpoints = {endpoints}
    options   = {{ aws = {options} }}
  }})
}}
"""


def with_clients(group: str) -> str:
    """A server, and clients with networks and a group that is known later."""
    clients = f'{{ roles = ["client"], cidrs = ["10.1.0.0/16", "10.2.0.0/16"], security_group_id = {group} }}'
    server = '{ roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }'
    return firewall(f"{{ tachyon = {server}, clients = {clients} }}") + RULES


def test_an_id_that_turns_out_null_is_told_by_terraform(workspace):
    said("deployment.md", "An id that is unknown in the plan must not be null in the apply.")
    said("deployment.md", "Terraform says `each.value cannot be used in this context`")
    workspace.write("main.tf", with_clients(ID_LATER.format("null"))).init()
    # The plan can't know.
    planned = workspace.plan()
    assert planned.changes()
    assert "each.value cannot be used in this context" in refused(workspace, "apply")


def test_what_is_null_is_named_where_the_id_is_asked_for(workspace):
    said("deployment.md", "`security_group_id = coalesce(var.group_id)` stops the apply with an error that says what is null.")
    workspace.write("main.tf", with_clients(f"coalesce({ID_LATER.format('null')})")).init()
    workspace.plan()
    error = refused(workspace, "apply")
    assert "security_group_id = coalesce(" in error
    assert "each.value" not in error
    # And nothing stands in the way of one that is there.
    there = ID_LATER.format('"sg-0a11c0ffee0000003"')
    workspace.write("main.tf", with_clients(f"coalesce({there})")).apply()


def test_an_error_may_show_what_is_sensitive(workspace):
    said("deployment.md", "an error may quote a value from the argument, such as a CIDR that is not one.")
    said("deployment.md", "Terraform makes the whole result sensitive, and `for_each` refuses it.")
    clients = '{{ roles = ["client"], cidrs = [sensitive("{}")] }}'
    server = '{ roles = ["response_stack"], security_group_id = "sg-0a11c0ffee0000001" }'
    for cidr, error in (("10.1.0.1/8", 'Found "10.1.0.1/8"'), ("10.0.0.0/8", "Sensitive values, or values derived from sensitive values")):
        workspace.write("main.tf", firewall(f"{{ tachyon = {server}, clients = {clients.format(cidr)} }}") + RULES)
        if cidr == "10.1.0.1/8":
            workspace.init()
        assert error in refused(workspace, "plan")


def test_a_deployment_that_does_not_fit_is_not_destroyed(workspace):
    said("aws-quotas.md", "while a deployment does not fit, `terraform destroy` fails with the same error")
    said("aws-quotas.md", "go back to the deployment that was applied last")
    said("aws-quotas.md", "or set `options.aws.rules_per_group` higher for the time being.")

    def deployment(networks: int, quota: int) -> str:
        cidrs = ", ".join(f'"10.{number}.0.0/16"' for number in range(networks))
        clients = f'{{ roles = ["client"], cidrs = [{cidrs}] }}'
        server = '{ roles = ["response_stack"], security_group_id = "sg-0a11c0ffee0000001" }'
        return firewall(f"{{ tachyon = {server}, clients = {clients} }}", f"{{ rules_per_group = {quota} }}") + RULES

    fits, does_not, higher = deployment(5, 10), deployment(6, 10), deployment(6, 20)
    workspace.write("main.tf", fits).init().apply()
    errors = [refused(workspace.write("main.tf", does_not), command) for command in ("plan", "destroy")]
    for error in errors:
        assert "rules_per_group" in error
    for way_out in (fits, higher):
        workspace.write("main.tf", way_out).destroy()
        workspace.write("main.tf", fits).apply()
