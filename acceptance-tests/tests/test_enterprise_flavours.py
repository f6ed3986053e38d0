"""The other flavours of the enterprise's rules: inside groups, and for a hashicorp/aws newer than the one at hand."""

import json

import conftest
from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.aws_module_enterprise import PREFIX_LISTS, SERVERS, expansion, names_by_id
from harness.aws_module_schema import faults_of_values
from harness.rules import Rule


def test_rules_inside_groups(localstack, vpc, state_override, tmp_path):
    """The same rules in blocks, groups that refer to each other included, in one go; drift is repaired."""
    aws, client = aws_module.inline(terraforms.usable(), tmp_path), localstack.ec2()
    aws.write("state_override.tf", state_override)
    aws.write("emulator_override.tf", conftest.aws_override(localstack, vpc)).init()
    planned = aws.plan()
    assert set(planned.changes().values()) == {("create",)}
    aws.run("apply", "plan.bin")

    expected = {aws_module.rules_name(key): rules for key, rules in expansion().items()}
    expected |= {f"{aws_module.PREFIX}{name}": frozenset() for name in SERVERS}
    assert aws_module.read_back(ec2.groups(client, vpc)) == expected

    lost = Rule("ingress", "tcp", 4000, 4000, "ipv4", "0.0.0.0/0")
    ec2.revoke(client, ec2.groups(client, vpc)["tachyon-dmz-emea/rules"].id, lost)
    planned = aws.plan()
    # Of everything else the apply has left nothing to do.
    assert planned.changes() == {'module.tachyon.aws_security_group.rules["dmz-emea/0"]': ("update",)}
    assert planned.changed_outputs() == set()
    aws.run("apply", "plan.bin")
    assert aws_module.read_back(ec2.groups(client, vpc)) == expected

    aws.destroy("-refresh=false")
    assert ec2.groups(client, vpc) == {}


def test_rule_by_rule_for_current_providers(localstack, vpc, state_override, tmp_path):
    """hashicorp/aws 3.39 has no per-rule resources: their arguments, as Terraform evaluates them, are what is compared.

    Nothing is destroyed, as a destroy would only forget stand-ins; the emulator's memory ends with the tests.
    """
    aws, client = aws_module.per_rule_as_data(terraforms.usable(), tmp_path), localstack.ec2()
    aws.write("state_override.tf", state_override)
    aws.write("emulator_override.tf", conftest.aws_override(localstack, vpc)).init()
    planned = aws.plan()
    assert set(planned.changes().values()) == {("create",)}
    aws.run("apply", "plan.bin")

    document = json.loads(aws.run("show", "-json").stdout)
    passed = arguments(document["values"]["root_module"])
    assert [fault for kind, _, values in passed for fault in faults_of_values(kind, values)] == []

    groups = ec2.groups(client, vpc)
    names, keys = names_by_id(groups), {groups[aws_module.group_name(key)].id: key for key in expansion()}
    rules = {
        f"{kind}/{key}": values | {
            "direction": kind.removeprefix("aws_vpc_security_group_").removesuffix("_rule"), "group": keys[values["security_group_id"]],
        }
        for kind, key, values in passed if kind != "aws_vpc_security_group_rules_exclusive"
    }
    assert aws_module.expansion(rules, names) == expansion()
    assert aws_module.faults(rules, PREFIX_LISTS) == []
    assert {values["tags"]["application"] for values in rules.values()} == {"tachyon"}
    assert_each_group_owns_its_rules(passed, keys)


def arguments(module):
    """Type, key and arguments of each resource that stands for one of a newer provider."""
    own = [
        (one["name"], one["index"], one["values"]["input"])
        for one in module.get("resources", []) if one["type"] == "terraform_data" and one["name"].startswith("aws_")
    ]
    return own + [passed for child in module.get("child_modules", []) for passed in arguments(child)]


def assert_each_group_owns_its_rules(passed, keys):
    """Exclusive ownership names every rule of a group, each once, and none of another's."""
    owned = {keys[values["security_group_id"]]: values for kind, _, values in passed if kind.endswith("_exclusive")}
    assert owned.keys() == expansion().keys()
    for key, values in owned.items():
        for direction in ("ingress", "egress"):
            assert len(values[f"{direction}_rule_ids"]) == sum(rule.direction == direction for rule in expansion()[key])
    every = [own for values in owned.values() for direction in ("ingress", "egress") for own in values[f"{direction}_rule_ids"]]
    assert len(set(every)) == len(every) == sum(len(rules) for rules in expansion().values())
