"""The offline checker itself: it finds each fault that it is there to find."""

import pytest

from harness import offline_aws

GOOD = {
    "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": None,
    "prefix_list_id": None, "referenced_security_group_id": None, "description": "HTTPS from clients",
}


def test_a_good_rule_has_no_fault():
    assert offline_aws.faults("ingress", {"a": GOOD}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"description": ""}, "description"),
        ({"description": None}, "description"),
        ({"description": "x" * 256}, "description"),
        ({"description": "caf\u00e9"}, "description"),
        ({"description": "R&D"}, "description"),
        ({"description": "a\n"}, "description"),
        ({"ip_protocol": "-1"}, "protocol"),
        ({"from_port": 0}, "ports"),
        ({"from_port": 444}, "ports"),
        ({"to_port": 65536}, "ports"),
        ({"from_port": None}, "ports"),
        ({"from_port": True}, "ports"),
        ({"cidr_ipv4": "10.0.0.1/8"}, "host bits"),
        ({"cidr_ipv4": "10.0.0.1"}, "stored as 10.0.0.1/32"),
        ({"cidr_ipv4": "2001:db8::/32"}, "cidr_ipv4"),
        ({"cidr_ipv4": None}, "exactly one source"),
        ({"cidr_ipv6": "::/0"}, "exactly one source"),
        ({"cidr_ipv4": None, "cidr_ipv6": "2001:DB8::/32"}, "stored as 2001:db8::/32"),
        ({"cidr_ipv4": None, "referenced_security_group_id": "pl-12345678"}, "no id"),
        ({"cidr_ipv4": None, "prefix_list_id": "pl-1234567"}, "no id"),
    ],
)
def test_a_fault_is_found(change, told):
    found = offline_aws.faults("ingress", {"a": GOOD | change})
    assert len(found) == 1
    assert told in found[0]


def test_the_same_rule_twice_is_found_whatever_its_description():
    found = offline_aws.faults("egress", {"a": GOOD, "b": GOOD | {"description": "other"}})
    assert len(found) == 1
    assert "a and b are the same rule" in found[0]


def test_the_quota_counts_families_apart_and_prefix_lists_by_what_they_may_hold():
    many = {f"v4-{n}": GOOD | {"cidr_ipv4": f"10.{n}.0.0/16"} for n in range(60)}
    other = GOOD | {"cidr_ipv4": None, "cidr_ipv6": "::/0"}
    assert offline_aws.faults("ingress", {**many, "v6": other}) == []

    listed = GOOD | {"cidr_ipv4": None, "prefix_list_id": "pl-12345678"}
    found = offline_aws.faults("ingress", {**many, "list": listed}, {"pl-12345678": 20})
    assert found == ["80 ingress rules for ipv4, the quota is 60"]

    group = GOOD | {"cidr_ipv4": None, "referenced_security_group_id": offline_aws.UNKNOWN}
    assert offline_aws.faults("ingress", {**many, "group": group}) == ["61 ingress rules for ipv4, the quota is 60"]
