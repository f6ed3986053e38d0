"""Values that Terraform learns only during apply: keys stay known, promises hold."""

import json

from harness.workspace import REQUIRE_TACHYON, Workspace

# `output` of a terraform_data that is to be created is unknown while planning, and its input afterwards.
LATER = REQUIRE_TACHYON + """
resource "terraform_data" "later" {
  input = {
    tachyon = "sg-0a11c0ffee0000001"
    sql     = "sg-0a11c0ffee0000002"
    list    = "pl-0a11c0ffee0000001"
    asg     = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/clients"
    network = "10.32.0.0/12"
  }
}

locals {
  later = terraform_data.later.output
}
"""

LEAVES = LATER + """
locals {
  deployment = {
    endpoints = {
      tachyon = {
        roles             = ["master_stack", "response_stack"]
        security_group_id = local.later.tachyon
        cidrs             = ["10.20.1.10/32"]
      }
      sql = {
        roles             = ["sql_master", "sql_responses"]
        security_group_id = local.later.sql
        cidrs             = ["10.20.2.10/32"]
      }
      clients = {
        roles                          = ["client"]
        prefix_lists                   = { offices = { id = local.later.list, max_entries = 10 } }
        application_security_group_ids = [local.later.asg]
      }
    }
  }
  aws   = provider::tachyon::security_group_rules(local.deployment)
  azure = provider::tachyon::network_security_rules(local.deployment)
}

resource "terraform_data" "ingress" {
  for_each = local.aws.endpoints["tachyon"].ingress
  input    = each.value
}

resource "terraform_data" "egress" {
  for_each = local.aws.endpoints["tachyon"].egress
  input    = each.value
}

resource "terraform_data" "azure" {
  for_each = local.azure.endpoints["tachyon"].rules
  input    = each.value
}
"""

KEYS = {
    "ingress": {"tcp-443/clients/offices", "tcp-4000/clients/offices"},
    "egress": {"tcp-1433/sql"},
    "azure": {
        "inbound/client_to_background_channel/443/groups", "inbound/client_to_switch/4000/groups",
        "outbound/master_to_sql_master/1433/ipv4", "outbound/response_to_sql_responses/1433/ipv4",
    },
}
CARRIED = {
    "ingress": "prefix_list_id", "egress": "referenced_security_group_id", "azure": "source_application_security_group_ids",
}


def test_unknown_leaves_give_known_keys_and_hold_at_apply(workspace: Workspace):
    workspace.write("main.tf", LEAVES).init()
    planned = workspace.plan()
    promised = planned.resources("terraform_data")
    for name, keys in KEYS.items():
        assert {address for address in promised if address.startswith(f"terraform_data.{name}[")} == {
            f'terraform_data.{name}["{key}"]' for key in keys
        }
        for key in keys:
            assert_only_carried_is_unknown(promised[f'terraform_data.{name}["{key}"]'], CARRIED[name], key)

    workspace.run("apply", "plan.bin")
    workspace.assert_settled()
    document = json.loads(workspace.run("show", "-json").stdout)
    applied = {one["address"]: one["values"]["input"] for one in document["values"]["root_module"]["resources"]}
    for address, change in promised.items():
        if "[" in address:
            assert_completes(change["after"].get("input"), change["after_unknown"].get("input"), applied[address])
    assert applied['terraform_data.ingress["tcp-443/clients/offices"]']["prefix_list_id"] == "pl-0a11c0ffee0000001"
    assert applied['terraform_data.egress["tcp-1433/sql"]']["referenced_security_group_id"] == "sg-0a11c0ffee0000002"


def assert_only_carried_is_unknown(change, carried, key):
    unknown = change["after_unknown"]["input"]
    waiting = {name for name, value in unknown.items() if value is True or (isinstance(value, list) and True in value)}
    assert waiting == (set() if key.endswith("/ipv4") else {carried})


def assert_completes(planned, unknown, applied):
    """Whatever the plan told is what came; only what it called unknown may be anything."""
    if unknown is True:
        return
    if isinstance(planned, dict):
        names = set(planned) | (set(unknown) if isinstance(unknown, dict) else set())
        assert names == set(applied)
        for name in names:
            mask = unknown.get(name) if isinstance(unknown, dict) else None
            assert_completes(planned.get(name), mask, applied[name])
    elif isinstance(planned, list) and isinstance(unknown, list) and unknown:
        assert len(planned) == len(applied)
        for one, mask, other in zip(planned, unknown, applied, strict=True):
            assert_completes(one, mask, other)
    else:
        assert planned == applied


WHOLE = LATER + """
locals {
  firewall = provider::tachyon::security_group_rules({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
      clients = { roles = ["client"], cidrs = [local.later.network] }
    }
  })
}

output "is_null" {
  value = local.firewall.endpoints == null
}

output "keys" {
  value = keys(local.firewall.endpoints["tachyon"].ingress)
}
"""


def test_what_decides_keys_makes_the_map_unknown_and_never_an_error(workspace: Workspace):
    workspace.write("main.tf", WHOLE).init()
    assert workspace.validate()["valid"] is True
    planned = workspace.plan()
    assert planned.output("keys")["after_unknown"] is True
    assert planned.output("is_null")["after"] is False, "an unknown map is known not to be null"
    workspace.run("apply", "plan.bin")
    assert workspace.outputs()["keys"] == ["tcp-4000/10.32.0.0/12", "tcp-443/10.32.0.0/12"]
    workspace.assert_settled()


DEFERRED = LATER + """
locals {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], security_group_id = local.later.tachyon }
    sql     = { roles = ["sql_master", "sql_responses"], security_group_id = local.later.sql }
  }
}

data "tachyon_security_group_rules" "this" {
  endpoints = local.endpoints
}

output "data_source" {
  value = data.tachyon_security_group_rules.this.rules
}

output "function" {
  value = provider::tachyon::security_group_rules({ endpoints = local.endpoints }).endpoints
}
"""


def test_a_data_source_waits_for_apply_and_then_agrees_with_the_function(workspace: Workspace):
    workspace.write("main.tf", DEFERRED).init()
    planned = workspace.plan()
    assert planned.resources("tachyon_security_group_rules")["data.tachyon_security_group_rules.this"]["actions"] == ["read"]
    workspace.run("apply", "plan.bin")
    outputs = workspace.outputs()
    assert outputs["data_source"] == outputs["function"]
    assert set(outputs["function"]["tachyon"]["egress"]) == {"tcp-1433/sql"}
    workspace.assert_settled()


ROLES_LATER = REQUIRE_TACHYON + """
variable "endpoints" {
  type = any
}

output "aws" {
  value = provider::tachyon::security_group_rules({ endpoints = var.endpoints }).endpoints
}

data "tachyon_network_security_rules" "this" {
  endpoints = var.endpoints
}
"""


def test_validation_with_unknown_variables_finds_no_fault(workspace: Workspace):
    workspace.write("main.tf", ROLES_LATER).init()
    assert workspace.validate()["diagnostics"] == []
