"""examples/beyond-the-document on LocalStack and examples/another-product, against what is expected of them by hand; and in the modules."""

import json

import pytest

import conftest
from harness import aws_module, azure_module, ec2
from harness import terraform as terraforms
from harness.project import EXAMPLES
from harness.rules import Rule
from harness.workspace import Workspace
from test_aws_module import REQUIREMENTS
from test_azure_semantics import MODULE

DIRECTORY = "10.20.4.0/28"
MEMBER_TCP = ((53, 53), (88, 88), (135, 135), (389, 389), (445, 445), (464, 464), (49152, 65535))
MEMBER_UDP = (53, 88, 123, 389, 464)


@pytest.fixture(params=["aws-security-groups-classic", "aws-security-groups"])
def beyond(request, localstack, vpc, tmp_path):
    """The example for LocalStack in a VPC of its own: as its README says for hashicorp/aws 3.39, and as it is for a current one."""
    is_current = request.param == "aws-security-groups"
    terraform = request.getfixturevalue("current_aws") if is_current else terraforms.usable()
    aws_module.copy(tmp_path, "beyond-the-document")
    folder = tmp_path / "beyond-the-document"
    if not is_current:
        aws_module.replace(folder / "main.tf", '/aws-security-groups"', f'/{request.param}"')
        aws_module.replace(folder / "versions.tf", '">= 5.0.0"', '">= 3.39.0"')
    return Workspace(terraform, folder).write("emulator_override.tf", conftest.aws_override(localstack, vpc, current=is_current))


def towards_the_directory():
    """What a member of the domain needs towards it, by hand."""
    rules = {Rule("egress", "tcp", first, last, "ipv4", DIRECTORY) for first, last in MEMBER_TCP}
    return rules | {Rule("egress", "udp", port, port, "ipv4", DIRECTORY) for port in MEMBER_UDP}


def test_rows_of_the_sites_own_become_rules(beyond, localstack, vpc):
    client = localstack.ec2()
    beyond.init()
    beyond.apply()
    changes = beyond.plan().changes()
    # The emulator does not tell a current provider the description of a rule that refers to a group. Else nothing is left to do.
    assert set(changes.values()) <= {("update",)}
    assert all("aws_vpc_security_group_" in address and "/tcp-1433/" in address for address in changes), changes
    groups = ec2.groups(client, vpc)

    sql, tachyon = (groups[f"tachyon-{name}"].rules for name in ("sql", "tachyon"))
    assert {rule for rule in sql if rule.direction == "egress"} == towards_the_directory()
    further = {(3268, DIRECTORY), (3269, DIRECTORY), (80, "10.20.5.80/32"), (2383, "10.20.2.20/32")}
    own = towards_the_directory() | {Rule("egress", "tcp", port, port, "ipv4", to) for port, to in further}
    documented = {Rule("egress", "tcp", 443, 443, "ipv4", "203.0.113.0/24"), Rule("egress", "tcp", 25, 25, "ipv4", "10.20.3.25/32")}
    by_cidr = {rule for rule in tachyon if rule.direction == "egress" and rule.kind != "group"}
    assert by_cidr == own | documented

    outputs = beyond.outputs()
    assert all("(site/" in text for text in outputs["own"].values())
    assert outputs["own"]["nomad_copy/clients/clients"] == "Nomad: devices copy content from each other (site/nomad-2)"
    for rules in outputs["own_azure_rules"].values():
        assert rules
        assert len(set(rules.values())) == len(rules)
    assert outputs["unresolved"] == ["inventory_source", "configmgr_provider"]
    beyond.destroy()
    assert ec2.groups(client, vpc) == {}


def test_another_product_has_its_own_rules(workspace, golden):
    example = EXAMPLES / "another-product"
    workspace.copy(example).init()
    assert workspace.validate()["diagnostics"] == []
    workspace.apply()
    workspace.assert_settled()
    outputs = workspace.outputs()
    text = json.dumps(outputs, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert "Tachyon" not in text
    rules = {name: (sorted(rules["ingress"]), sorted(rules["egress"])) for name, rules in outputs["aws_rules"].items()}
    assert rules == {
        "bank": (["tcp-443/10.1.0.10/32"], []),
        "database": (["tcp-5432/10.1.0.10/32"], []),
        "shop": (["tcp-9443/10.2.0.0/16"], ["tcp-443/203.0.113.0/24", "tcp-5432/10.1.1.10/32"]),
        "tills": ([], ["tcp-9443/10.1.0.10/32"]),
    }
    golden("examples/another-product.json", text)


CALL = """
module "orders" {
  source = "./modules/FLAVOUR"

  matrix = yamldecode(file("${path.module}/orders.yaml"))
  endpoints = {
    shop     = { roles = ["order_server"], cidrs = ["10.1.0.10/32"], ports = { https = 9443 } }
    database = { roles = ["order_database"], cidrs = ["10.1.1.10/32"] }
    tills    = { roles = ["till"], cidrs = ["10.2.0.0/16"] }
  }
  ARGUMENTS
}

output "rules" {
  value = keys(module.orders.rules)
}

output "version" {
  value = module.orders.matrix_version
}
"""


def test_a_document_of_ones_own_reaches_the_modules_for_aws(workspace, localstack):
    aws_module.copy(workspace.folder)
    workspace.copy(EXAMPLES / "another-product", without=("main.tf",))
    arguments = 'vpc_id = "vpc-0a11c0ffee0000001"\n  create_for = ["shop"]'
    call = CALL.replace("FLAVOUR", "aws-security-groups-classic").replace("ARGUMENTS", arguments)
    workspace.write("main.tf", REQUIREMENTS + call + conftest.provider_block(localstack)).init()
    told = workspace.plan().document["planned_values"]["outputs"]
    assert told["version"]["value"] == "3.2"
    assert told["rules"]["value"] == ["shop/egress/tcp-5432/10.1.1.10/32", "shop/ingress/tcp-9443/10.2.0.0/16"]


def test_a_document_of_ones_own_reaches_the_module_for_azure(workspace):
    azure_module.write_stand_in(workspace, MODULE, "modules/azure-nsg")
    workspace.copy(EXAMPLES / "another-product", without=("main.tf",))
    arguments = 'resource_group_name = "shop"\n  location = "westeurope"\n  network_security_groups = { shop = "nsg-shop" }'
    workspace.write("main.tf", CALL.replace("FLAVOUR", "azure-nsg").replace("ARGUMENTS", arguments)).init()
    planned = workspace.plan()
    assert planned.document["planned_values"]["outputs"]["version"]["value"] == "3.2"
    rules = {address.split('"')[1] for address, (kind, _) in azure_module.planned(planned).items() if kind.endswith("_rule")}
    assert rules == {"shop/inbound/till_to_server/9443/ipv4", "shop/outbound/server_to_database/5432/ipv4"}
