"""examples/enterprise on LocalStack, rule by rule: from nothing, through drift and two changes, to nothing."""

import json

import conftest
from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.aws_module import ENTERPRISE
from harness.aws_module_enterprise import DEPLOYMENT, PREFIX_LISTS, SERVERS, answers, expansion, names_by_id
from harness.rules import Rule

RULES = "module.tachyon.aws_security_group_rule.this"
# What sees to it that rules are revoked last changes with them.
LAST = {"module.tachyon.terraform_data.revoke_last[0]": ("update",)}


def test_the_expansion_is_what_the_document_asks_for():
    """By hand, where most rules are: 40 client networks in both families on four ports, over two groups a stack."""
    assert sum(len(DEPLOYMENT["endpoints"][name]["cidrs"]) for name in ("clients-emea", "clients-us")) == 40
    groups = {f"{name}/{number}" for name in SERVERS for number in range(DEPLOYMENT["endpoints"][name]["security_groups"])}
    assert set(expansion()) == groups, "no group is left without a rule"
    for stack, clients, also in (("response-emea", "clients-emea", {"vdi"}), ("response-us", "clients-us", set())):
        ports = (443, 4000, 4002, 4004)
        expected = {
            Rule("ingress", "tcp", port, port, "ipv6" if ":" in cidr else "ipv4", cidr)
            for port in ports for cidr in DEPLOYMENT["endpoints"][clients]["cidrs"]
        }
        expected |= {Rule("ingress", "tcp", port, port, "group", peer) for port in ports for peer in also}
        expected |= {Rule("ingress", "tcp", 443, 443, "group", peer) for peer in ("master", stack.replace("response", "dmz"))}
        held = expansion()[f"{stack}/0"] | expansion()[f"{stack}/1"]
        assert {rule for rule in held if rule.direction == "ingress"} == expected
        assert not expansion()[f"{stack}/0"] & expansion()[f"{stack}/1"]
    assert expansion()["dmz-us/0"] == dmz_us()
    assert {rule.source for rule in expansion()["vdi/0"] if rule.first == 7766} == {"vdi"}, "a group that refers to itself"


def dmz_us():
    """The second DMZ Server, row by row."""
    internet = {
        Rule("ingress", "tcp", port, port, kind, cidr)
        for port in (443, 4000, 4002, 4004) for kind, cidr in (("ipv4", "0.0.0.0/0"), ("ipv6", "::/0"))
    }
    pokes = {Rule("ingress", "tcp", port, port, "group", "response-us") for port in (4001, 4003, 4005)}
    revocation = {Rule("egress", "tcp", 80, 80, "ipv4", "198.51.100.80/32"), Rule("egress", "tcp", 80, 80, "ipv6", "2001:db8:c41::80/128")}
    return frozenset(internet | pokes | revocation | {
        Rule("ingress", "tcp", 443, 443, "group", "master"),
        Rule("egress", "tcp", 443, 443, "group", "response-us"),
        Rule("egress", "tcp", 3901, 3901, "group", "master"),
    })


def test_the_table_of_the_readme_counts_what_the_provider_plans():
    readme = (ENTERPRISE / "README.md").read_text(encoding="utf-8")
    for options, answer in answers().items():
        endpoints = [answer["endpoints"][name] for name in SERVERS]
        total = sum(len(endpoint[direction]) for endpoint in endpoints for direction in ("ingress", "egress"))
        usage = [answer["endpoints"][name]["usage"]["ingress"] for name in ("response-emea", "response-us")]
        counted = " | ".join(f"{of['ipv4']} / {of['ipv6']}" for of in usage)
        assert f"| {options} | {total} | {len(answer['prefix_lists'])} | {counted} |" in readme


def test_rule_by_rule_for_old_providers(localstack, vpc, state_override, tmp_path):
    """Everything comes with one apply, and each later plan does what was asked for and nothing else.

    So each plan also shows that there was nothing left to do before it.
    """
    aws, client = aws_module.classic(terraforms.usable(), tmp_path), localstack.ec2()
    aws.write("state_override.tf", state_override)
    aws.write("emulator_override.tf", conftest.aws_override(localstack, vpc)).init()
    planned = aws.plan()
    assert set(planned.changes().values()) == {("create",)}
    aws.run("apply", "plan.bin")

    groups = ec2.groups(client, vpc)
    expected = {aws_module.group_name(key): rules for key, rules in expansion().items()}
    assert aws_module.read_back(groups) == expected
    outputs = aws.outputs()
    assert aws_module.expansion(outputs["rules"], names_by_id(groups)) == expansion()
    assert aws_module.faults(outputs["rules"], PREFIX_LISTS) == []
    assert outputs["groups"]["response-us"] == [groups[name].id for name in ("tachyon-response-us", "tachyon-response-us/1")]
    assert {one["id"] for one in outputs["warnings"]} == {"switch_port"}
    assert outputs["unresolved"] == []
    assert_descriptions(outputs["rules"], groups)

    repair_drift(aws, client, vpc, expected)
    changed = add_a_switch(aws, client, vpc, expected)
    add_a_site(aws, client, vpc, changed)

    aws.destroy("-refresh=false")
    assert ec2.groups(client, vpc) == {}
    assert aws.run("state", "list").stdout == ""


def assert_descriptions(rules, groups):
    """CIDR rules carry their description to EC2; LocalStack tells no other."""
    told = {
        (rule["security_group_id"], rule["direction"], rule["from_port"], rule["cidr_ipv4"] or rule["cidr_ipv6"]): rule["description"]
        for rule in rules.values() if rule["source"].startswith("cidr")
    }
    found = {
        (group.id, rule.direction, rule.first, rule.source): description
        for group in groups.values() for rule, description in group.descriptions.items() if rule.kind in ("ipv4", "ipv6")
    }
    assert found == told


def repair_drift(aws, client, vpc, expected):
    """A rule removed behind Terraform's back comes back, and nothing else happens."""
    lost = Rule("ingress", "tcp", 4002, 4002, "ipv6", "2001:db8:6402::/48")
    groups = ec2.groups(client, vpc)
    holder = next(name for name, group in groups.items() if lost in group.rules and name.startswith("tachyon-response-us"))
    ec2.revoke(client, groups[holder].id, lost)

    planned = aws.plan()
    assert planned.changes() == {f'{RULES}["response-us/ingress/tcp-4002/2001:db8:6402::/48"]': ("create",)}
    assert planned.changed_outputs() == set()
    aws.run("apply", "plan.bin")
    assert aws_module.read_back(ec2.groups(client, vpc)) == expected


def add_a_switch(aws, client, vpc, expected):
    """One more port of one server: four rules come, at both ends, and no other changes."""
    server = DEPLOYMENT["endpoints"]["dmz-us"] | {"ports": {"switches": [4000, 4002, 4004, 4006]}}
    planned = plan_with(aws, {"dmz-us": server})
    assert planned.changes() == {
        f'{RULES}["{key}"]': ("create",)
        for key in (
            "dmz-us/ingress/tcp-4006/0.0.0.0/0", "dmz-us/ingress/tcp-4006/::/0",
            "dmz-us/ingress/tcp-4007/response-us", "response-us/egress/tcp-4007/dmz-us",
        )
    } | LAST
    aws.run("apply", "plan.bin")
    found = aws_module.read_back(ec2.groups(client, vpc))
    dmz, stack = "tachyon-dmz-us", "tachyon-response-us"
    assert found[dmz] - expected[dmz] == {
        Rule("ingress", "tcp", 4006, 4006, "ipv4", "0.0.0.0/0"), Rule("ingress", "tcp", 4006, 4006, "ipv6", "::/0"),
        Rule("ingress", "tcp", 4007, 4007, "group", "response-us"),
    }
    came = {rule for name in (stack, f"{stack}/1") for rule in found[name] - expected[name]}
    assert came == {Rule("egress", "tcp", 4007, 4007, "group", "dmz-us")}
    assert all(found[name] >= expected[name] for name in expected)
    return found


def add_a_site(aws, client, vpc, expected):
    """An endpoint whose name sorts between the others brings its own rules; none moves, not even to another group."""
    cidrs = ["10.96.0.0/12", "2001:db8:9600::/48"]
    site = {"roles": ["client"], "cidrs": cidrs, "talks_to": {"response_stack": ["response-us"], "client": ["clients-latam"]}}
    server = DEPLOYMENT["endpoints"]["dmz-us"] | {"ports": {"switches": [4000, 4002, 4004, 4006]}}
    planned = plan_with(aws, {"dmz-us": server, "clients-latam": site})
    ports = (443, 4000, 4002, 4004)
    assert planned.changes() == {
        f'{RULES}["response-us/ingress/tcp-{port}/{cidr}"]': ("create",) for port in ports for cidr in cidrs
    } | LAST
    aws.run("apply", "plan.bin")
    found = aws_module.read_back(ec2.groups(client, vpc))
    assert sum(len(rules) for rules in found.values()) == sum(len(rules) for rules in expected.values()) + len(ports) * len(cidrs)
    assert all(found[name] >= expected[name] for name in expected)


def plan_with(aws, endpoints):
    aws.write("terraform.tfvars.json", json.dumps({"endpoints": endpoints}))
    # What EC2 holds was compared just before.
    return aws.plan("-refresh=false")
