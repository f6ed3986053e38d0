"""The evaluator of network security groups and the comparison that rests on it: both can tell right from wrong."""

import ipaddress

import pytest

from harness import azure_agreement
from harness.azure_semantics import Group, Machine, Network, Verdict

NETWORK = Network(["10.0.0.0/8"], {"Storage": ["192.0.2.0/24"]})
WEB = "/web"


def machine(address, *groups):
    return Machine(ipaddress.ip_address(address), frozenset(groups))


def rule(name, priority, access="Allow", direction="Inbound", source="*", destination="*", protocol="Tcp", port="443"):
    answer = {
        "name": name, "priority": priority, "direction": direction, "access": access, "protocol": protocol,
        "source_port_range": "*", "destination_port_range": port,
    }
    for side, text in (("source", source), ("destination", destination)):
        forms: dict[type, str] = {str: "address_prefix", list: "address_prefixes", tuple: "application_security_group_ids"}
        answer[f"{side}_{forms[type(text)]}"] = text
    return answer


def decided(rules, source, destination, direction="Inbound", protocol="Tcp", port=443):
    return Group(rules, NETWORK).between(direction, source, destination).decide(protocol, 50000, port)


INSIDE, OTHER, OUTSIDE = machine("10.1.0.1"), machine("10.2.0.1", WEB), machine("198.51.100.1")


@pytest.mark.parametrize(
    ("source", "destination", "direction", "verdict"),
    [
        (INSIDE, OTHER, "Inbound", Verdict("Allow", "AllowVnetInBound")),
        (OUTSIDE, OTHER, "Inbound", Verdict("Deny", "DenyAllInBound")),
        (machine("168.63.129.16"), OTHER, "Inbound", Verdict("Allow", "AllowAzureLoadBalancerInBound")),
        (INSIDE, OTHER, "Outbound", Verdict("Allow", "AllowVnetOutBound")),
        (INSIDE, OUTSIDE, "Outbound", Verdict("Allow", "AllowInternetOutBound")),
        (INSIDE, machine("168.63.129.16"), "Outbound", Verdict("Deny", "DenyAllOutBound")),
    ],
)
def test_without_rules_the_default_ones_decide(source, destination, direction, verdict):
    assert decided([], source, destination, direction) == verdict


def test_the_lower_number_decides_whatever_the_order():
    deny, allow = rule("deny", 200, "Deny"), rule("allow", 100)
    assert decided([deny, allow], OUTSIDE, OTHER) == Verdict("Allow", "allow")
    assert decided([deny | {"priority": 99}, allow], OUTSIDE, OTHER) == Verdict("Deny", "deny")


@pytest.mark.parametrize(
    ("one", "matches"),
    [
        (rule("a", 100), True),
        (rule("a", 100, direction="Outbound"), False),
        (rule("a", 100, protocol="Udp"), False),
        (rule("a", 100, protocol="*"), True),
        (rule("a", 100, port="442"), False),
        (rule("a", 100, port="440-443"), True),
        (rule("a", 100, port="*"), True),
        (rule("a", 100) | {"source_port_range": "443"}, False),
        (rule("a", 100) | {"destination_port_range": None, "destination_port_ranges": ["80", "443"]}, True),
        (rule("a", 100, source="198.51.100.0/24"), True),
        (rule("a", 100, source="198.51.101.0/24"), False),
        (rule("a", 100, source=["10.0.0.0/8", "198.51.100.1/32"]), True),
        (rule("a", 100, source="2001:db8::/32"), False),
        (rule("a", 100, source="Internet"), True),
        (rule("a", 100, source="VirtualNetwork"), False),
        (rule("a", 100, source="Storage"), False),
        (rule("a", 100, destination=(WEB,)), True),
        (rule("a", 100, destination=("/db", "/WEB")), True),
        (rule("a", 100, source=(WEB,)), False),
    ],
)
def test_a_rule_matches_by_every_one_of_its_properties(one, matches):
    assert (decided([one], OUTSIDE, OTHER).rule == "a") is matches


def test_a_tag_that_nobody_explained_is_no_empty_set():
    with pytest.raises(ValueError, match="Sql"):
        decided([rule("a", 100, source="Sql")], OUTSIDE, OTHER)


# A server of two networks with two groups of clients; 443 for all, 4000 for one of them.
DEPLOYMENT = {
    "endpoints": {
        "server": {"roles": ["response_stack"], "application_security_group_ids": [WEB], "cidrs": ["10.2.0.0/24"]},
        "clients": {"roles": ["client"], "cidrs": ["10.32.0.0/12", "192.0.2.0/24"]},
        "roaming": {"roles": ["client"], "service_tag": "Internet"},
    },
}


def connection(source, *ports):
    return {"source": source, "destination": "server", "protocol": "tcp", "ports": list(ports)}


CONNECTIONS = {"a": connection("clients", "443", "4000"), "b": connection("roaming", "443")}
OPEN = {
    "https": rule("https", 100, source=["10.32.0.0/12", "192.0.2.0/24"], destination=(WEB,)),
    "switch": rule("switch", 101, source=["10.32.0.0/12", "192.0.2.0/24"], destination=(WEB,), port="4000"),
    "roaming": rule("roaming", 102, source="Internet", destination=(WEB,)),
}
CLOSED = {
    **OPEN,
    "probes": rule("probes", 3300, source="AzureLoadBalancer", protocol="*", port="*"),
    "deny_in": rule("deny_in", 4096, "Deny", protocol="*", port="*"),
    "deny_out": rule("deny_out", 4096, "Deny", "Outbound", protocol="*", port="*"),
}
CLOSING = {"options": {"azure": {"deny_all": True}}}


def disagreements(rules, options=None):
    found = azure_agreement.compare(
        {**DEPLOYMENT, **(options or {})}, CONNECTIONS, {"endpoints": {"server": {"rules": rules}}}, {}, ["10.0.0.0/8", "172.16.0.0/12"]
    )
    assert found.packets > found.documented > 0
    return found.disagreements


def test_right_rules_agree_open_and_closed():
    assert disagreements(OPEN) == []
    assert disagreements(CLOSED, CLOSING) == []


@pytest.mark.parametrize(
    ("options", "name", "change"),
    [
        pytest.param(None, "https", None, id="a rule is missing, though a default rule does its work"),
        pytest.param(None, "switch", {"destination_port_range": "4000-4001"}, id="a port too many, though the network is open"),
        pytest.param(CLOSING, "switch", None, id="a rule is missing"),
        pytest.param(CLOSING, "deny_in", None, id="inbound is not closed"),
        pytest.param(CLOSING, "deny_out", None, id="outbound is not closed"),
        pytest.param(CLOSING, "probes", None, id="probes are denied"),
        pytest.param(CLOSING, "deny_in", {"priority": 101}, id="the deny goes before a rule"),
        pytest.param(CLOSING, "https", {"access": "Deny"}, id="a rule denies"),
        pytest.param(CLOSING, "https", {"protocol": "*"}, id="a rule admits UDP too"),
        pytest.param(CLOSING, "https", {"protocol": "Udp"}, id="a rule is of the other protocol"),
        pytest.param(CLOSING, "switch", {"destination_port_range": "4000-4001"}, id="a port too many"),
        pytest.param(CLOSING, "switch", {"destination_port_range": "4001"}, id="the wrong port"),
        pytest.param(CLOSING, "roaming", {"destination_port_range": "*"}, id="every port"),
        pytest.param(CLOSING, "switch", {"source_address_prefixes": ["10.32.0.0/11", "192.0.2.0/24"]}, id="a network too wide"),
        pytest.param(CLOSING, "switch", {"source_address_prefixes": ["10.32.0.0/13", "192.0.2.0/24"]}, id="a network too narrow"),
        pytest.param(CLOSING, "switch", {"source_address_prefixes": ["10.32.0.0/12"]}, id="a network is missing"),
        pytest.param(
            CLOSING, "switch", {"source_address_prefixes": None, "source_address_prefix": "*"}, id="everybody"
        ),
        pytest.param(CLOSING, "roaming", {"source_address_prefix": "VirtualNetwork"}, id="another tag"),
        pytest.param(CLOSING, "https", {"destination_application_security_group_ids": ["/other"]}, id="not the own group"),
        pytest.param(CLOSING, "switch", {"direction": "Outbound"}, id="the other direction"),
    ],
)
def test_wrong_rules_are_told(options, name, change):
    rules = dict(CLOSED if options else OPEN)
    if change is None:
        del rules[name]
    else:
        rules[name] = rules[name] | change
    assert disagreements(rules, options)


def test_probes_that_are_not_wanted_are_told():
    unwanted = {"options": {"azure": {"deny_all": True, "allow_azure_load_balancer": False}}}
    assert disagreements(CLOSED, unwanted)
    without = {name: one for name, one in CLOSED.items() if name != "probes"}
    assert disagreements(without, unwanted) == []


SERVICES = {"options": {"azure": {"deny_all": True, "allow_services": ["Monitor"]}}}


@pytest.mark.parametrize(
    ("change", "agrees"), [({}, True), ({"destination_port_range": "443-444"}, False), ({"protocol": "*"}, False), (None, False)]
)
def test_services_are_reached_by_https_alone(change, agrees):
    rules = dict(CLOSED)
    if change is not None:
        rules["services"] = rule("services", 3301, direction="Outbound", destination="Monitor") | change
    found = azure_agreement.compare(
        {**DEPLOYMENT, **SERVICES}, CONNECTIONS, {"endpoints": {"server": {"rules": rules}}}, {"Monitor": ["192.0.2.64/26"]},
        ["10.0.0.0/8"],
    )
    assert (found.disagreements == []) is agrees


@pytest.mark.parametrize(("own", "agrees"), [((WEB,), True), ("*", False)])
def test_in_a_shared_group_a_rule_must_name_its_endpoint(own, agrees):
    sql = {"roles": ["sql_master"], "cidrs": ["10.3.0.0/24"]}
    deployment = {"endpoints": {**DEPLOYMENT["endpoints"], "sql": sql}, **CLOSING}
    end = {"destination_address_prefix": own, "destination_application_security_group_ids": None}
    rules = {**CLOSED, "https": CLOSED["https"] | ({} if own == (WEB,) else end)}
    shared = {"servers": {"endpoints": ["server", "sql"], "rules": rules}}
    found = azure_agreement.compare(deployment, CONNECTIONS, {"endpoints": {}, "groups": shared}, {}, ["10.0.0.0/8"])
    assert (found.disagreements == []) is agrees
