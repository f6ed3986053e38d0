"""The checks of Azure's rules themselves: each finds what it is there to find."""

import ipaddress

import pytest

from harness import azure_limits, azure_models, azure_schema
from harness.azure_schema import UNKNOWN


def group_id(name):
    return f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/{name}"


GOOD = azure_limits.only_attributes({
    "name": "in-client_to_switch-4000-ipv4", "description": "Sessions", "priority": 117, "direction": "Inbound",
    "access": "Allow", "protocol": "Tcp", "source_port_range": "*", "destination_port_range": "4000",
    "source_address_prefixes": ["10.0.0.0/16", "10.8.0.0/16"],
    "destination_application_security_group_ids": [group_id("servers")],
    "peers": ["clients"], "flows": ["client_to_switch"],
})
THOUSANDS = [str(network) for network in ipaddress.ip_network("10.0.0.0/16").subnets(new_prefix=28)]


def test_a_good_rule_has_no_fault():
    assert azure_limits.faults({"a": GOOD}) == []
    assert azure_models.faults(GOOD) == []
    place = {"resource_group_name": "g", "network_security_group_name": "n"}
    assert azure_schema.faults("azurerm_network_security_rule", {**GOOD, **place}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"source_address_prefixes": None, "source_application_security_group_ids": UNKNOWN},
        {"destination_application_security_group_ids": [UNKNOWN, group_id("a")]},
        {"source_address_prefixes": None, "source_address_prefix": "Storage.WestEurope"},
        {"source_address_prefixes": None, "source_address_prefix": "2001:db8::/48"},
        pytest.param({"source_address_prefixes": THOUSANDS[:4000]}, id="4000 prefixes"),
        {"destination_port_range": None, "destination_port_ranges": ["443", "4000-4004"]},
        {"protocol": "Icmp", "destination_port_range": "*"},
        {"priority": 4096, "name": "a" * 80, "description": "x" * 140},
    ],
    ids=str,
)
def test_what_azure_takes_has_no_fault(change):
    assert azure_limits.faults({"a": GOOD | change}) == []
    assert azure_models.faults(GOOD | change) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "name ''"),
        ({"name": "a" * 81}, "name"),
        ({"name": "in-switch."}, "name"),
        ({"name": "-in"}, "name"),
        ({"name": "in switch"}, "name"),
        ({"name": "in\n"}, "name"),
        ({"name": "DenyAllInbound"}, "default rule"),
        ({"description": ""}, "description"),
        ({"description": None}, "description"),
        ({"description": "x" * 141}, "description"),
        ({"priority": 99}, "priority 99"),
        ({"priority": 4097}, "priority 4097"),
        ({"priority": "100"}, "priority"),
        ({"priority": True}, "priority"),
        ({"protocol": "tcp"}, "protocol 'tcp'"),
        ({"access": "allow"}, "access"),
        ({"direction": "Ingress"}, "direction"),
        ({"destination_port_range": "443,444"}, "no port range"),
        ({"destination_port_range": "444-443"}, "no port range"),
        ({"destination_port_range": "65536"}, "no port range"),
        ({"destination_port_range": None}, "exactly one of port range and port ranges"),
        ({"destination_port_ranges": ["443", "444"]}, "exactly one of port range and port ranges"),
        ({"source_port_range": None, "source_port_ranges": ["*", "443"]}, "for several ranges"),
        ({"protocol": "Icmp"}, "Icmp has no ports"),
        ({"source_address_prefixes": None}, "exactly one of prefix, prefixes and groups"),
        ({"source_address_prefix": "*"}, "exactly one of prefix, prefixes and groups"),
        ({"source_application_security_group_ids": [group_id("a")]}, "exactly one of prefix, prefixes and groups"),
        ({"source_application_security_group_ids": UNKNOWN}, "exactly one of prefix, prefixes and groups"),
        ({"source_address_prefixes": ["*", "10.0.0.0/8"]}, "'*' is no CIDR"),
        ({"source_address_prefixes": ["10.0.0.0/8", "Internet"]}, "'Internet' is no CIDR"),
        ({"source_address_prefixes": ["10.0.0.0/8"]}, "the plural form takes 2"),
        ({"source_address_prefixes": []}, "the plural form takes 2"),
        pytest.param({"source_address_prefixes": THOUSANDS[:4001]}, "4001 prefixes", id="4001 prefixes"),
        ({"source_address_prefixes": ["10.0.0.0/8", "10.0.0.0/8"]}, "there twice"),
        ({"source_address_prefixes": ["10.8.0.0/16", "10.0.0.0/16"]}, "out of order"),
        ({"source_address_prefixes": ["10.0.0.0/8", "2001:db8::/48"]}, "IPv4 and IPv6"),
        ({"source_address_prefixes": ["10.0.0.1/8", "11.0.0.0/8"]}, "'10.0.0.1/8' is no CIDR"),
        ({"source_address_prefixes": ["10.0.0.0/34", "11.0.0.0/8"]}, "'10.0.0.0/34' is no CIDR"),
        ({"source_address_prefixes": ["2001:DB8::/48", "2001:db8:1::/48"]}, "is spelt 2001:db8::/48"),
        ({"source_address_prefixes": None, "source_address_prefix": "10.0.0.1"}, "is spelt 10.0.0.1/32"),
        ({"source_address_prefixes": None, "source_address_prefix": "no tag"}, "'no tag' is no CIDR"),
        (
            {"destination_application_security_group_ids": None, "destination_address_prefix": "2001:db8::/48"},
            "IPv4 and IPv6",
        ),
        ({"destination_application_security_group_ids": []}, "0 application security groups"),
        ({"destination_application_security_group_ids": [group_id(n) for n in range(11)]}, "11 application security groups"),
        ({"destination_application_security_group_ids": [group_id("a"), group_id("A")]}, "there twice"),
        ({"destination_application_security_group_ids": ["sg-12345678"]}, "no id"),
    ],
    ids=str,
)
def test_a_fault_is_found(change, told):
    found = azure_limits.faults({"a": GOOD | change})
    assert len(found) == 1, found
    assert told in found[0]


def numbered(count, change=lambda _: {}):
    return {
        str(number): GOOD | {"name": f"rule-{number}", "priority": 100 + number} | change(number) for number in range(count)
    }


def test_the_limits_of_a_group_are_held():
    assert azure_limits.faults(numbered(1000)) == []
    assert azure_limits.faults(numbered(1001)) == ["1001 rules; a group holds 1000"]

    def named(number):
        return {"destination_application_security_group_ids": [group_id(10 * number + which) for which in range(10)]}

    assert azure_limits.faults(numbered(10, named)) == []
    assert azure_limits.faults(numbered(11, named)) == ["110 application security groups; the rules of a group name 100"]


def test_names_and_priorities_are_taken_once():
    other = GOOD | {"name": GOOD["name"].upper()}
    assert azure_limits.faults({"a": GOOD, "b": other}) == [
        f"the name {GOOD['name']} is there 2 times", "Inbound priority 117 is there 2 times",
    ]
    assert azure_limits.faults({"a": GOOD, "b": GOOD | {"name": "out", "direction": "Outbound"}}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source_application_security_groups_ids": [group_id("a")]}, "unexpected keyword argument"),
        ({"priority": "117"}, "priority"),
        ({"priority": None}, "priority"),
        ({"protocol": "TCP"}, "protocol"),
        ({"access": "Permit"}, "access"),
        ({"direction": None}, "direction"),
        ({"name": None}, "name"),
        ({"destination_port_range": 4000}, "destination_port_range"),
        ({"source_address_prefixes": "10.0.0.0/8"}, "source_address_prefixes"),
        ({"source_address_prefixes": [10]}, "source_address_prefixes"),
    ],
    ids=str,
)
def test_the_models_refuse(change, told):
    found = azure_models.faults(GOOD | change)
    assert len(found) == 1, found
    assert told in found[0]


NSG = {"name": "n", "location": "l", "resource_group_name": "g", "tags": {}, "security_rule": [GOOD]}
PLACED = {**GOOD, "resource_group_name": "g", "network_security_group_name": "n"}


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("azurerm_network_security_rule", {**PLACED, "peers": []}, ["has no argument peers"]),
        ("azurerm_network_security_rule", GOOD, ["needs network_security_group_name", "needs resource_group_name"]),
        ("azurerm_network_security_rule", {**PLACED, "access": None}, ["needs access, which is null"]),
        ("azurerm_network_security_rule", {**PLACED, "priority": "117"}, ["'117' is no number"]),
        ("azurerm_network_security_rule", {**PLACED, "source_address_prefixes": "*"}, ["'*' is no set(string)"]),
        ("azurerm_network_security_rule", {**PLACED, "source_port_range": 5}, ["5 is no string"]),
        ("azurerm_network_security_group", NSG, []),
        ("azurerm_network_security_group", {**NSG, "security_rule": []}, []),
        ("azurerm_network_security_group", {**NSG, "security_rule": [{**GOOD, "peers": []}]}, [".peers is no attribute"]),
        (
            "azurerm_network_security_group",
            {**NSG, "security_rule": [{name: value for name, value in GOOD.items() if name != "source_port_ranges"}]},
            [".source_port_ranges is missing"],
        ),
        ("azurerm_network_security_group", {**NSG, "security_rule": [{**GOOD, "name": None}]}, [".name is null"]),
        ("azurerm_network_security_group", {**NSG, "tags": {"a": 1}}, ["is no map(string)"]),
        ("azurerm_application_security_group", {"name": "a", "location": "l"}, ["needs resource_group_name"]),
    ],
)
def test_the_schema_is_held(kind, values, told):
    found = azure_schema.faults(kind, values)
    assert len(found) == len(told), found
    assert all(text in fault for text, fault in zip(told, found, strict=True))


def test_a_type_that_was_never_compared_is_not_passed_over():
    assert azure_schema.misnamed("azurerm_virtual_network", ["name"]) == [
        "azurerm_virtual_network is no resource type that was compared with the schema"
    ]


def test_unknown_values_of_a_plan_are_told_apart_from_null():
    after = {"name": "a", "groups": None, "list": ["x", None], "nothing": None}
    unknown = {"groups": True, "list": [False, True], "later": True}
    assert azure_schema.with_unknowns(after, unknown) == {
        "name": "a", "groups": UNKNOWN, "list": ["x", UNKNOWN], "nothing": None, "later": UNKNOWN,
    }
