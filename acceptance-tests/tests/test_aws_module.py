"""The AWS modules: one apply from nothing with prefix lists and groups that exist, and what they say to mistakes."""

import json

import pytest

import conftest
import own_rule_mistakes
from harness import aws_module, ec2
from harness.rules import Rule
from harness.workspace import Workspace

FLAVOURS = ("aws-security-group-rules", "aws-security-groups-classic", "aws-security-groups-inline")

REQUIREMENTS = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}
"""

# Groups, lists and rules in one plan: of two groups that exist only the number is known, of the third not even its id.
BRANCH = REQUIREMENTS + """
locals {
  endpoints = {
    admins  = { roles = ["browser"], cidrs = ["10.0.9.0/24"] }
    clients = {
      roles = ["client"]
      cidrs = [
        "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.5.0.0/16", "10.8.0.0/16", "10.9.0.0/16",
        "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:5::/48",
      ]
    }
    kiosks  = { roles = ["client"], security_group_id = aws_security_group.landing_zone["kiosks"].id }
    nobody  = { roles = ["inventory_source"], cidrs = ["192.0.2.0/28", "192.0.2.64/28"] }
    sql     = { roles = ["sql_master", "sql_responses"] }
    tachyon = { roles = ["master_stack", "response_stack"], ports = { switches = [4000, 4002] } }
    agents  = { roles = ["agent"], cidrs = ["10.0.7.0/24"] }
  }
}

variable "create" {
  type    = bool
  default = true
}

resource "aws_vpc" "tachyon" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "landing_zone" {
  for_each    = toset(["kiosks", "sql-1", "sql-2"])
  name        = each.key
  description = "Someone else's"
  vpc_id      = aws_vpc.tachyon.id
}

module "tachyon" {
  source = "./modules/aws-security-groups-classic"

  vpc_id        = aws_vpc.tachyon.id
  endpoints     = local.endpoints
  create        = var.create
  create_for    = ["tachyon"]
  existing      = { sql = [for number in [1, 2] : aws_security_group.landing_zone["sql-${number}"].id] }
  exclude_flows = ["client_p2p", "master_to_inventory_source"]
  options       = { aws = { groups = 2, prefix_lists = true } }
  timeouts      = { create = "5m", delete = "4m" }

  group_descriptions = { tachyon = "Servers of Tachyon" }

  additions = {
    roles = { agent = { title = "Monitoring" } }
    flows = {
      agent_to_master = {
        source = "agent", destination = "master_stack", protocol = "tcp", ports = [9100], purpose = "Monitoring", citation = "site/ops-1"
      }
    }
  }

  extra_rules = {
    tachyon = {
      kiosks = {
        direction = "ingress", ip_protocol = "udp", from_port = 3389, to_port = 3390, group = 1, description = "Remote desktop"
        referenced_security_group_id = aws_security_group.landing_zone["kiosks"].id
      }
      patches = {
        direction = "egress", ip_protocol = "tcp", from_port = 443, to_port = 443, cidr_ipv6 = "2001:db8:9::/48", description = "Patches"
      }
    }
  }
}

output "rules" {
  value = module.tachyon.rules
}

output "usage" {
  value = module.tachyon.usage
}

output "groups" {
  value = module.tachyon.groups
}

output "prefix_lists" {
  value = module.tachyon.prefix_lists
}

output "left_out" {
  value = module.tachyon.left_out
}

output "security_groups" {
  value = module.tachyon.security_groups
}

output "managed_prefix_lists" {
  value = module.tachyon.managed_prefix_lists
}
"""

V4 = {f"10.{number}.0.0/16" for number in (1, 2, 3, 5, 8, 9)}
V6 = {f"2001:db8:{number}::/48" for number in (1, 2, 5)}


def test_prefix_lists_and_existing_groups_in_one_apply(workspace: Workspace, localstack, vpc):
    client = localstack.ec2()
    aws_module.copy(workspace.folder)
    aws_module.mend_classic(workspace.folder)
    workspace.write("main.tf", BRANCH).write("emulator_override.tf", conftest.aws_override(localstack, vpc)).init()
    planned = workspace.plan()
    assert set(planned.changes().values()) == {("create",)}
    assert len(planned.resources("aws_ec2_managed_prefix_list")) == 2, "a list that no rule refers to is not created"
    workspace.run("apply", "plan.bin")
    workspace.assert_settled()

    outputs, groups = workspace.outputs(), ec2.groups(client, vpc)
    assert prefix_lists(client, outputs["prefix_lists"]) == {"clients/ipv4": (10, V4), "clients/ipv6": (5, V6)}
    found = aws_module.read_back(groups)
    assert found["tachyon-tachyon"] | found["tachyon-tachyon/1"] == tachyon_rules(outputs["prefix_lists"])
    assert found["sql-1"] | found["sql-2"] == {
        Rule("ingress", "tcp", 1433, 1433, "group", "tachyon"),
    }
    names = {group.id: name.removeprefix(aws_module.PREFIX) for name, group in groups.items()}
    placed = {name: found[aws_module.PREFIX + name if name.startswith("tachyon") else name] for name in names.values()}
    by_rule = aws_module.expansion(outputs["rules"], names)
    keys = {"tachyon/0": "tachyon", "tachyon/1": "tachyon/1", "sql/0": "sql-1", "sql/1": "sql-2"}
    assert {keys[key]: rules for key, rules in by_rule.items()} == {name: rules for name, rules in placed.items() if rules}
    assert outputs["groups"]["sql"] == [groups["sql-1"].id, groups["sql-2"].id]
    weights = {outputs["prefix_lists"]["clients/ipv4"]: 10, outputs["prefix_lists"]["clients/ipv6"]: 5}
    assert aws_module.faults(outputs["rules"], weights) == []
    # Three ports for a list that may grow to ten and for a group, two for the administrators, remote desktop and monitoring.
    usage = outputs["usage"]["tachyon"]["ingress"]
    assert (usage["ipv4"], usage["ipv6"], usage["limit"], usage["headroom"]) == (30 + 3 + 2 + 2, 15 + 3 + 1, 120, 83)
    for family in ("ipv4", "ipv6"):
        assert sum(group[family] for group in usage["groups"]) == usage[family]
    left_out = {flow["flow"]: flow["reason"] for flow in outputs["left_out"]}
    assert left_out == {"client_p2p": "excluded", "master_to_inventory_source": "excluded"}
    # Told apart by key and description, and in the group that was asked for.
    own = {key: (rule["group"], rule["description"]) for key, rule in outputs["rules"].items() if "/own/" in key}
    assert own == {
        "tachyon/ingress/own/kiosks": ("tachyon/1", "Own rule: Remote desktop"),
        "tachyon/egress/own/patches": ("tachyon/0", "Own rule: Patches"),
    }
    assert Rule("ingress", "udp", 3389, 3390, "group", "kiosks") in found["tachyon-tachyon/1"]
    assert_described(client, outputs, groups)
    # Switched off, the module has nothing and says nothing; what is not its own stays.
    workspace.apply("-var", "create=false")
    workspace.assert_settled("-var", "create=false")
    assert {name: len(group.rules) for name, group in ec2.groups(client, vpc).items()} == dict.fromkeys(("kiosks", "sql-1", "sql-2"), 0)
    assert not any(workspace.outputs().values()), workspace.outputs()
    workspace.destroy()
    assert ec2.groups(client, vpc) == {}


def assert_described(client, outputs, groups):
    """Ids, names and ARNs are those that EC2 has, and the groups are described as the module was told."""
    created = {key: groups[aws_module.group_name(key)].id for key in ("tachyon/0", "tachyon/1")}
    told = client.describe_security_groups(GroupIds=list(created.values()))["SecurityGroups"]
    by_id = {one["GroupId"]: one for one in told}
    assert {one["Description"] for one in told} == {"Servers of Tachyon"}
    assert outputs["security_groups"].keys() == created.keys()
    for key, group in outputs["security_groups"].items():
        assert (group["id"], group["name"]) == (created[key], by_id[created[key]]["GroupName"])
        assert group["arn"].endswith(f":security-group/{created[key]}")
    for key, one in outputs["managed_prefix_lists"].items():
        [found] = client.describe_managed_prefix_lists(PrefixListIds=[one["id"]])["PrefixLists"]
        assert (one["id"], one["name"]) == (outputs["prefix_lists"][key], found["PrefixListName"]) == (one["id"], f"tachyon-{key}")
        assert one["arn"] == found["PrefixListArn"]


def tachyon_rules(lists):
    """By hand: clients by list and by group on three ports, administrators on two, SQL behind the first group, and what is the site's."""
    clients = {
        Rule("ingress", "tcp", port, port, kind, source)
        for port in (443, 4000, 4002)
        for kind, source in (("prefix_list", lists["clients/ipv4"]), ("prefix_list", lists["clients/ipv6"]), ("group", "kiosks"))
    }
    admins = {Rule("ingress", "tcp", port, port, "ipv4", "10.0.9.0/24") for port in (80, 443)}
    own = {
        Rule("ingress", "udp", 3389, 3390, "group", "kiosks"),
        Rule("egress", "tcp", 443, 443, "ipv6", "2001:db8:9::/48"),
    }
    own.add(Rule("ingress", "tcp", 9100, 9100, "ipv4", "10.0.7.0/24"))
    return clients | admins | own | {Rule("egress", "tcp", 1433, 1433, "group", "sql-1")}


def prefix_lists(client, ids):
    """Size and CIDRs of each list as EC2 holds them."""
    answer = {}
    for key, list_id in ids.items():
        found = client.describe_managed_prefix_lists(PrefixListIds=[list_id])["PrefixLists"][0]
        entries = client.get_managed_prefix_list_entries(PrefixListId=list_id)["Entries"]
        assert {entry["Description"] for entry in entries} == {"1E Tachyon endpoint clients"}
        answer[key] = (found["MaxEntries"], {entry["Cidr"] for entry in entries})
    return answer


CALL = """
module "{name}" {{
  source      = "./modules/aws-security-groups-{flavour}"
  name_prefix = "{prefix}"
  vpc_id      = {vpc}
  endpoints   = {{
    tachyon = {{ roles = ["master_stack", "response_stack"], cidrs = ["10.0.1.10/32"] }}
    clients = {{ roles = ["client"], cidrs = ["10.1.0.0/16"] }}
    {endpoints}
  }}
  {arguments}
}}
"""

MISTAKES = own_rule_mistakes.CALLS | {
    "described-nobody": ({"arguments": 'group_descriptions = { tachion = "x" }'}, 'groups of "tachion", for which none are created'),
    "description-of-a-group": ({"arguments": 'group_descriptions = { tachyon = "caf\u00e9" }'}, "The description of a group has 1 to 255"),
    "two-documents": ({"arguments": 'matrix_version = "8.1"\n matrix = {}'}, "matrix_version"),
    "stranger": ({"arguments": 'create_for = ["tachion"]'}, 'No endpoint has the name "tachion"'),
    "placed-twice": (
        {"arguments": 'create_for = ["tachyon"]\n existing = { tachyon = ["sg-0a11c0ffee0000001"] }'},
        "Leave it out of create_for or out of existing",
    ),
    "addressed-twice": (
        {
            "endpoints": 'sql = { roles = ["sql_master"], security_group_id = "sg-0a11c0ffee0000001" }',
            "arguments": 'create_for = ["sql"]',
        },
        '"sql" has a security_group_id of its own',
    ),
    "miscounted": (
        {
            "endpoints": 'sql = { roles = ["sql_master"], security_groups = 2 }',
            "arguments": 'existing = { sql = ["sg-0a11c0ffee0000001"] }',
        },
        '"sql" asks for 2 security_groups and has 1 ids in existing',
    ),
    "same-new-name": (
        {"arguments": 'renamed = { server = "tachyon", stack = "tachyon" }'}, "Two endpoints of renamed have the same new name",
    ),
    "renamed-to-nobody": ({"arguments": 'renamed = { server = "tachion" }'}, '"tachion" is the name of no endpoint'),
    "renamed-and-there": ({"arguments": 'renamed = { clients = "tachyon" }'}, '"clients" is the name of an endpoint still'),
    "reserved": ({"prefix": "sg-", "arguments": 'create_for = ["tachyon"]'}, 'begins with "sg-"'),
    "no-vpc": ({"vpc": "null", "arguments": 'create_for = ["tachyon"]'}, "vpc_id is null"),
    "alphabet": ({"prefix": "caf\u00e9-", "arguments": ""}, "EC2 takes letters"),
    "too-long": ({"prefix": "x" * 181, "arguments": ""}, "181 characters"),
    "empty": ({"arguments": "existing = { tachyon = [] }"}, 'No ids are given for "tachyon"'),
    "null": ({"arguments": "existing = { tachyon = [null] }"}, 'Ids in existing are null, for "tachyon"'),
    "crowded": (
        {"flavour": "inline", "arguments": 'create_for = ["tachyon"]\n options = { aws = { groups = 5 } }'},
        "comes to 6 groups; an interface has at most 5",
    ),
    "misspelt": (
        {"endpoints": 'sql = { roles = ["sql_master"], security_group = 2 }', "arguments": 'create_for = ["tachyon"]'},
        "Did you mean",
    ),
    "too-many": (
        {"endpoints": 'sql = { roles = ["sql_master"], security_groups = 17 }', "arguments": 'create_for = ["sql"]'}, "from 1 to 16",
    ),
}
DEFAULTS = {"flavour": "classic", "prefix": "tachyon-", "vpc": '"vpc-0a11c0ffee0000001"', "endpoints": ""}


def test_every_mistake_is_told_in_its_own_words(workspace: Workspace, localstack):
    """One plan finds all of them."""
    aws_module.copy(workspace.folder)
    calls = "".join(CALL.format(**DEFAULTS | given | {"name": name}) for name, (given, _) in MISTAKES.items())
    workspace.write("main.tf", REQUIREMENTS + calls + conftest.provider_block(localstack)).init()
    said = workspace.run("plan", "-json", expect=(1,)).stdout
    diagnostics = [one["diagnostic"] for one in map(json.loads, said.splitlines()) if "diagnostic" in one]
    told = [f"{one['summary']}\n{one.get('detail', '')}" for one in diagnostics if one["severity"] == "error"]
    for name, (_, text) in MISTAKES.items():
        assert any(text in one for one in told), f"{name}: {text!r} is not in {told}"
    strays = [one for one in told if not any(text in one for _, text in MISTAKES.values())]
    assert strays == [], "a mistake brings errors that do not tell it"


def test_names_in_create_are_told_where_they_belong(workspace: Workspace, localstack):
    """As older configurations have them: one error a call, at the call. Terraform looks no further then."""
    aws_module.copy(workspace.folder)
    calls = "".join(
        CALL.format(**DEFAULTS | {"name": f"old{number}", "flavour": flavour, "arguments": 'create = ["tachyon"]'})
        for number, flavour in enumerate(("classic", "inline"))
    )
    workspace.write("main.tf", REQUIREMENTS + calls + conftest.provider_block(localstack)).init()
    errors = [one for one in workspace.validate()["diagnostics"] if one["severity"] == "error"]
    assert [one["range"]["filename"] for one in errors] == ["main.tf", "main.tf"]
    assert all("for which groups are created stand in create_for" in one["detail"] for one in errors), errors


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_flavour_is_valid_by_itself(workspace: Workspace, flavour):
    aws_module.copy(workspace.folder)
    module = Workspace(workspace.terraform, workspace.folder / "modules" / flavour).init()
    assert module.validate()["diagnostics"] == []
