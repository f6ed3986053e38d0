"""examples/multi-region on LocalStack in two Regions: groups within a VPC, addresses across, and nothing left to do after one apply."""

import conftest
from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.localstack import ec2_client
from harness.rules import Rule
from harness.workspace import Workspace

REGIONS = {"eu": "eu-west-1", "us": "us-east-1"}
MASTER, SQL_MASTER, RESPONSE = "10.20.1.10/32", "10.20.2.10/32", "10.30.1.10/32"

# What the document asks for, by hand: the name of a group where both are in one VPC, else an address.
EXPECTED = {
    "eu": {
        "tachyon-master": {
            Rule("ingress", "tcp", 443, 443, "ipv4", "10.20.100.0/24"),
            Rule("ingress", "tcp", 80, 80, "ipv4", "10.20.100.0/24"),
            Rule("ingress", "tcp", 3901, 3901, "ipv4", RESPONSE),
            Rule("egress", "tcp", 443, 443, "ipv4", RESPONSE),
            Rule("egress", "tcp", 1433, 1433, "group", "tachyon-sql-master"),
        },
        "tachyon-sql-master": {
            Rule("ingress", "tcp", 1433, 1433, "group", "tachyon-master"),
            Rule("ingress", "tcp", 1433, 1433, "ipv4", RESPONSE),
        },
    },
    "us": {
        "tachyon-response-us": {
            Rule("ingress", "tcp", 443, 443, "ipv4", "10.64.0.0/12"),
            Rule("ingress", "tcp", 4000, 4000, "ipv4", "10.64.0.0/12"),
            Rule("ingress", "tcp", 443, 443, "ipv4", MASTER),
            Rule("egress", "tcp", 3901, 3901, "ipv4", MASTER),
            Rule("egress", "tcp", 1433, 1433, "ipv4", SQL_MASTER),
            Rule("egress", "tcp", 1433, 1433, "group", "tachyon-sql-us"),
        },
        "tachyon-sql-us": {Rule("ingress", "tcp", 1433, 1433, "group", "tachyon-response-us")},
    },
}


def test_two_regions_in_one_apply(localstack, vpc, tmp_path):
    aws_module.copy(tmp_path, "multi-region")
    aws_module.mend_classic(tmp_path)
    folder = tmp_path / "multi-region"
    aws = Workspace(terraforms.usable(), folder)
    aws.write("emulator_override.tf", override(localstack, vpc)).init()
    planned = aws.plan()
    assert set(planned.changes().values()) == {("create",)}
    aws.run("apply", "plan.bin")
    aws.assert_settled()

    for place, region in REGIONS.items():
        client = ec2_client(localstack.endpoint, region)
        found = {name: set(group.rules) for name, group in ec2.groups(client, f"{vpc}-{place}").items()}
        assert found == EXPECTED[place]
    aws.destroy()


def override(localstack, vpc):
    """What turns both providers to LocalStack, and names the VPCs after the test."""
    providers = conftest.provider_block(localstack) + conftest.provider_block(localstack, region=REGIONS["us"], alias="us")
    return providers + "".join(conftest.vpc_block(f"{vpc}-{place}", place) for place in REGIONS)
