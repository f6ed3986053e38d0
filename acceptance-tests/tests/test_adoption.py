"""The guide to adopting an estate, as it stands, with a current hashicorp/aws on LocalStack: groups that were made by hand."""

from __future__ import annotations

import pytest

import conftest
from harness import aws_module, ec2, pages, walk
from harness.project import ROOT
from harness.rules import Rule
from harness.workspace import Workspace

GUIDE = ROOT / "docs" / "guides" / "adopting-an-estate.md"
MODULES = f"git::{walk.REPOSITORY}//examples/"
# What the guide calls the two groups.
PRINTED = {"tachyon": "sg-0a11c0ffee0000001", "sql": "sg-0a11c0ffee0000002"}


@pytest.fixture
def by_hand(localstack, vpc):
    """Both groups in a VPC: documented rules, a wide one, remote desktop, and the egress that EC2 gives every group."""
    client = localstack.ec2()
    made = client.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    client.create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": vpc}])
    ids = {name: client.create_security_group(GroupName=name, Description="by hand", VpcId=made)["GroupId"] for name in PRINTED}
    for port, cidr in ((4000, "10.32.0.0/12"), (443, "10.0.0.0/8"), (3389, "10.20.100.0/24")):
        ec2.authorize(client, ids["tachyon"], Rule("ingress", "tcp", port, port, "ipv4", cidr))
    ec2.authorize(client, ids["sql"], Rule("ingress", "tcp", 1433, 1433, "group", ids["tachyon"]))
    yield ids
    for name in reversed(PRINTED):
        client.delete_security_group(GroupId=ids[name])
    client.delete_vpc(VpcId=made)


def test_an_estate_is_adopted_without_a_rule_destroyed(current_aws, localstack, vpc, tmp_path, by_hand):
    [section] = [one for one in pages.sections(GUIDE) if one.title == "Import the rules"]
    aws = Workspace(current_aws, tmp_path / "configuration")
    aws_module.copy(aws.folder)
    for block in section.blocks:
        if block.language == "terraform":
            text = block.text.replace(MODULES, "./").replace("?ref=v0.1.0", "")
            for name, printed in PRINTED.items():
                text = text.replace(printed, by_hand[name])
            aws.write(block.file, text)
    aws.write("emulator_override.tf", conftest.provider_block(localstack, current=True))
    client = localstack.ec2()
    before = {name: group.rules for name, group in ec2.groups(client, vpc).items()}

    planned = aws.init().plan()
    imported = {
        one["address"].split('"')[1] for one in planned.document["resource_changes"] if one["change"].get("importing") is not None
    }
    # Of the rules that were there, the two that the document has; the description is written in place.
    assert imported == {"tachyon/ingress/tcp-4000/10.32.0.0/12", "sql/ingress/tcp-1433/tachyon"}
    assert set(planned.changes().values()) == {("create",), ("update",)}
    aws.run("apply", "plan.bin")

    after = {name: group.rules for name, group in ec2.groups(client, vpc).items()}
    assert all(before[name] <= after[name] for name in before)
    assert after["sql"] == before["sql"]
    assert after["tachyon"] - before["tachyon"] == {
        Rule("ingress", "tcp", 443, 443, "ipv4", "10.32.0.0/12"), Rule("ingress", "tcp", 443, 443, "ipv4", "10.20.100.0/24"),
        Rule("ingress", "tcp", 80, 80, "ipv4", "10.20.100.0/24"), Rule("egress", "tcp", 1433, 1433, "group", "sql"),
    }
    assert sorted(aws.outputs()["extra"]["tachyon"].values()) == [
        "all traffic to 0.0.0.0/0", "tcp 3389 from 10.20.100.0/24", "tcp 443 from 10.0.0.0/8",
    ]
    aws.destroy()
