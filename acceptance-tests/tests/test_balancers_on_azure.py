"""examples/balancers-on-azure with stand-ins for azurerm: resources against the schema, groups packet by packet."""

import ipaddress

import pytest

from harness import azure_limits, azure_models, cloud_schema, walk
from harness.azure_semantics import HOST_ADDRESS, Group, Machine, Network
from harness.project import EXAMPLES
from harness.workspace import Workspace

NAME = "balancers-on-azure"
MANAGER = "198.51.100.7"
NETWORK = Network(["10.20.0.0/16", "10.32.0.0/12"], {"GatewayManager": [f"{MANAGER}/32"]})

DEVICE, OUTSIDE, GATEWAY, FRONTEND = "10.33.0.9", "203.0.113.9", "10.20.8.77", "10.20.3.4"
DMZ, RESPONSE, MASTER, PROBE = "10.20.9.11", "10.20.3.11", "10.20.1.10", str(HOST_ADDRESS)

# Whose group, which direction, from, to, port, and whether it is admitted.
PACKETS = [
    # Devices on the Internet: to the gateway and no further, and the servers see the gateway.
    ("gateway", "Inbound", OUTSIDE, GATEWAY, 443, True),
    ("gateway", "Inbound", OUTSIDE, GATEWAY, 4000, True),
    ("gateway", "Inbound", OUTSIDE, GATEWAY, 1433, False),
    ("gateway", "Outbound", GATEWAY, DMZ, 443, True),
    ("gateway", "Outbound", GATEWAY, DMZ, 4000, True),
    ("gateway", "Outbound", GATEWAY, DMZ, 3389, False),
    ("dmz-1", "Inbound", GATEWAY, DMZ, 443, True),
    ("dmz-1", "Inbound", GATEWAY, DMZ, 4000, True),
    ("dmz-1", "Inbound", GATEWAY, DMZ, 3389, False),
    ("dmz-1", "Inbound", OUTSIDE, DMZ, 443, False),
    ("dmz-1", "Inbound", "10.20.7.77", DMZ, 443, False),
    # What the platform needs of the gateway, by its own port range alone.
    ("gateway", "Inbound", MANAGER, GATEWAY, 65200, True),
    ("gateway", "Inbound", MANAGER, GATEWAY, 65535, True),
    ("gateway", "Inbound", OUTSIDE, GATEWAY, 65200, False),
    ("gateway", "Inbound", PROBE, GATEWAY, 65200, True),
    ("gateway", "Outbound", GATEWAY, OUTSIDE, 443, True),
    # Devices inside: the packet arrives at the server with the device's address, whatever it was sent to.
    ("response-1", "Inbound", DEVICE, RESPONSE, 443, True),
    ("response-1", "Inbound", DEVICE, RESPONSE, 4000, True),
    ("response-1", "Inbound", FRONTEND, RESPONSE, 443, False),
    ("response-1", "Inbound", OUTSIDE, RESPONSE, 443, False),
    ("response-1", "Inbound", PROBE, RESPONSE, 4000, True),
    # What does not come by either goes directly.
    ("dmz-1", "Outbound", DMZ, RESPONSE, 443, True),
    ("response-1", "Inbound", DMZ, RESPONSE, 443, True),
    ("dmz-1", "Outbound", DMZ, MASTER, 3901, True),
    ("master", "Inbound", DMZ, MASTER, 3901, True),
    ("response-1", "Outbound", RESPONSE, DMZ, 4001, True),
    ("dmz-1", "Inbound", RESPONSE, DMZ, 4001, True),
]


@pytest.fixture(scope="module")
def applied(terraform, tmp_path_factory):
    """The example with everything below examples, applied, and its plan from nothing."""
    top = tmp_path_factory.mktemp("azure")
    walk.copy_examples(top, clouds=False)
    root = Workspace(terraform, top / EXAMPLES.name / NAME).init()
    assert root.validate()["diagnostics"] == []
    plan = root.plan()
    assert set(plan.changes().values()) == {("create",)}
    root.run("apply", "plan.bin")
    root.assert_settled()
    return root, plan


def test_its_resources_have_the_arguments_that_azurerm_takes():
    text = "".join(file.read_text(encoding="utf-8") for file in sorted((EXAMPLES / NAME).glob("*.tf")))
    assert "azurerm_lb_rule" in text
    assert cloud_schema.faults(text) == []
    assert cloud_schema.faults(text.replace("probe_id ", "probe ")) == ["azurerm_lb_rule has no probe"]


def test_its_groups_are_as_azure_takes_them(applied):
    root, _ = applied
    rules = root.outputs()["rules"]
    assert set(rules) == {"dmz-1", "dmz-2", "gateway", "master", "response-1", "response-2", "sql"}, "the Load Balancer has none"
    for name, held in rules.items():
        plain = {key: azure_limits.only_attributes(rule) for key, rule in held.items()}
        assert azure_limits.faults(plain) == [], name
        assert [fault for rule in plain.values() for fault in azure_models.faults(rule)] == [], name


@pytest.mark.parametrize(("group", "direction", "source", "destination", "port", "is_admitted"), PACKETS, ids=str)
def test_a_packet(applied, group, direction, source, destination, port, is_admitted):
    root, _ = applied
    ends = (Machine(ipaddress.ip_address(source)), Machine(ipaddress.ip_address(destination)))
    verdict = Group(root.outputs()["rules"][group].values(), NETWORK).between(direction, *ends).decide("Tcp", 50000, port)
    assert (verdict.access == "Allow") == is_admitted, verdict


def test_the_balancer_listens_where_devices_connect(applied):
    root, plan = applied
    made = plan.resources("terraform_data")
    given = {address: change["after"]["input"] for address, change in made.items() if ".azurerm_lb_" in address}
    rules = [one for address, one in given.items() if "azurerm_lb_rule__" in address]
    probes = {one["port"] for address, one in given.items() if "azurerm_lb_probe__" in address}
    assert {(one["frontend_port"], one["backend_port"]) for one in rules} == {("443", "443"), ("4000", "4000")}
    assert probes == {"443", "4000"}
    assert {one["idle_timeout_in_minutes"] for one in rules} == {30}
    assert sorted(root.outputs()["listeners"]) == ["4000", "443"], "those of the gateway are the same"
    behind = {one["ip_address"] for address, one in given.items() if "pool_address__" in address}
    assert behind == {RESPONSE, "10.20.3.12"}
