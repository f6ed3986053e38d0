"""examples/aws on LocalStack with hashicorp/aws 3.39, as its README says for it: from nothing, through changes and drift, to nothing."""

import expectation
from harness import ec2, offline_aws
from harness.rules import Rule

RESOURCE = "aws_security_group_rule"


def test_the_life_of_an_installation(aws, localstack, vpc):
    """Each step's plan tells its own changes and no other, so it also shows that the step before had settled."""
    client = localstack.ec2()
    aws.init()

    planned = aws.plan()
    assert_plan_is_offline_clean(planned)
    assert set(planned.resources(RESOURCE)) == addresses(expectation.quickstart())
    aws.run("apply", "plan.bin")
    aws.assert_settled()
    assert read_back(client, vpc) == by_hand(expectation.quickstart())
    assert_descriptions(planned, ec2.groups(client, vpc))

    repair_drift(aws, client, vpc)
    change_a_port(aws, client, vpc)
    add_a_site(aws, client, vpc)

    aws.destroy()
    assert ec2.groups(client, vpc) == {}
    assert aws.run("state", "list").stdout == ""


def repair_drift(aws, client, vpc):
    """A rule removed behind Terraform's back comes back, and nothing else happens."""
    lost = Rule("ingress", "tcp", 4000, 4000, "ipv4", "10.32.0.0/12")
    ec2.revoke(client, ec2.groups(client, vpc)["tachyon-tachyon"].id, lost)
    assert lost not in read_back(client, vpc)["tachyon-tachyon"]

    planned = aws.plan()
    assert planned.changes() == {address("tachyon/ingress/tcp-4000/10.32.0.0/12"): ("create",)}
    # The output that lists what was made.
    assert planned.changed_outputs() == {"rules"}
    aws.run("apply", "plan.bin")
    assert read_back(client, vpc) == by_hand(expectation.quickstart())


def change_a_port(aws, client, vpc):
    """A second Switch adds its port from each client network, and touches no other rule."""
    ports = ("-var", "switch_ports=[4000,4002]")
    planned = aws.plan(*ports)
    assert planned.changes() == {
        address(f"tachyon/ingress/tcp-4002/{network}"): ("create",)
        for network in ("10.32.0.0/12", "10.64.0.0/12", "2001:db8:64::/48")
    }
    aws.run("apply", "plan.bin")
    assert read_back(client, vpc) == by_hand(expectation.quickstart(switches=(4000, 4002)))

    back = aws.plan()
    assert set(back.changes()) == set(planned.changes())
    assert set(back.changes().values()) == {("delete",)}
    aws.run("apply", "plan.bin")


def add_a_site(aws, client, vpc):
    """A site whose name sorts between the others brings its own rules and moves none of theirs."""
    sites = {"emea": ("10.32.0.0/12",), "latam": ("10.96.0.0/12",), "us": ("10.64.0.0/12", "2001:db8:64::/48")}
    text = 'client_networks={emea=["10.32.0.0/12"],latam=["10.96.0.0/12"],us=["10.64.0.0/12","2001:db8:64::/48"]}'
    planned = aws.plan("-var", text)
    assert planned.changes() == {
        address(f"tachyon/ingress/tcp-{port}/10.96.0.0/12"): ("create",) for port in (443, 4000)
    }
    aws.run("apply", "plan.bin")
    aws.assert_settled("-var", text)
    assert read_back(client, vpc) == by_hand(expectation.quickstart(sites))


def by_hand(endpoints):
    """The rules of the three groups as the page asks for them."""
    computed = expectation.security_group_rules(endpoints)
    return {
        f"tachyon-{server}": frozenset(rule for rule, _ in computed[server].values()) for server in ("dmz", "sql", "tachyon")
    }


def read_back(client, vpc):
    return {name: group.rules for name, group in ec2.groups(client, vpc).items()}


def addresses(endpoints):
    computed = expectation.security_group_rules(endpoints)
    return {address(f"{server}/{key}") for server in ("dmz", "sql", "tachyon") for key in computed[server]}


def address(key):
    return f'{RESOURCE}.this["{key}"]'


def assert_plan_is_offline_clean(planned):
    """What LocalStack would accept and EC2 would not: each planned rule is held against EC2's limits."""
    gathered: dict[tuple[str, str], dict] = {}
    for key, change in planned.resources(RESOURCE).items():
        server, direction = key.split('"')[1].split("/")[:2]
        gathered.setdefault((server, direction), {})[key] = attributes(change)
    assert gathered.keys() >= {("tachyon", "ingress"), ("tachyon", "egress")}
    for (_, direction), rules in gathered.items():
        assert offline_aws.faults(direction, rules) == []


def attributes(change):
    """A planned aws_security_group_rule in the words of the per-rule resources."""
    after, unknown = change["after"], change["after_unknown"]
    group = offline_aws.UNKNOWN if unknown.get("source_security_group_id") is True else after.get("source_security_group_id")
    # The old resource computes this attribute where the configuration leaves it out.
    if any(after.get(name) for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")):
        group = None
    return {
        "ip_protocol": after["protocol"], "from_port": after["from_port"], "to_port": after["to_port"],
        "cidr_ipv4": only(after.get("cidr_blocks")), "cidr_ipv6": only(after.get("ipv6_cidr_blocks")),
        "prefix_list_id": only(after.get("prefix_list_ids")), "referenced_security_group_id": group,
        "description": after["description"],
    }


def only(values):
    assert not values or len(values) == 1
    return values[0] if values else None


def assert_descriptions(planned, groups):
    """CIDR rules carry the planned description; LocalStack forgets those of rules that name a group."""
    # Two groups may have rules for one peer and port, and say different things of them.
    told = {
        (change["after"]["type"], change["after"]["from_port"], source, change["after"]["description"])
        for change in planned.resources(RESOURCE).values()
        for source in (change["after"].get("cidr_blocks") or []) + (change["after"].get("ipv6_cidr_blocks") or [])
    }
    found = {
        (rule.direction, rule.first, rule.source, description)
        for group in groups.values() for rule, description in group.descriptions.items() if rule.kind != "group"
    }
    assert found == told
