"""The Azure Resource Manager of the tests, asked over HTTPS: it refuses what Azure refuses, and what it keeps is what it was given."""

import http.client
import json
import ssl

import pytest

from harness.arm_server import ArmServer

GROUP = "/subscriptions/s/resourceGroups/tachyon"
NSG = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
ASG = f"{GROUP}/providers/Microsoft.Network/applicationSecurityGroups/asg"
LOCATION = {"location": "westeurope"}
RULE = {
    "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*", "destinationPortRange": "443",
    "sourceAddressPrefix": "10.0.0.0/8", "destinationAddressPrefix": "*",
}
BY_GROUP = {**RULE, "sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{"id": ASG}]}


class Client:
    """Asks one server, with a token unless told otherwise."""

    def __init__(self, server):
        self.server = server
        self.context = ssl.create_default_context(cafile=str(server.certificate))

    def ask(self, method, path, body=None, token="any"):  # noqa: S107 - the server takes any
        """Status, body and headers of one answer."""
        connection = http.client.HTTPSConnection(self.server.host, context=self.context, timeout=10)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None, answer.headers

    def put(self, path, properties=None, **other):
        """Writes a resource."""
        return self.ask("PUT", path, {**other, "properties": properties or {}})

    def rule(self, name, **changes):
        """Writes a rule that differs from the usual one."""
        return self.put(f"{NSG}/securityRules/{name}", {**RULE, **changes})

    def wait(self, headers):
        """Asks after an operation until it is over, and says what it answered."""
        told: list[str] = []
        while not told or told[-1] == "InProgress":
            told.append(self.ask("GET", headers["Azure-AsyncOperation"].removeprefix(f"https://{self.server.host}"))[1]["status"])
        return told


def filled(server):
    client = Client(server)
    for path in (GROUP, NSG, ASG):
        status, _, headers = client.put(path, **LOCATION)
        assert status == 201
        assert client.wait(headers) == ["InProgress", "Succeeded"]
    return client


@pytest.fixture
def client(tmp_path):
    server = ArmServer(tmp_path)
    yield filled(server)
    server.stop()


@pytest.fixture
def hostile(tmp_path):
    server = ArmServer(tmp_path, hostile=True)
    yield filled(server)
    server.stop()


def assert_refused(answer, code, status=400):
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)


def test_the_cloud_tells_where_everything_is(client):
    status, told, _ = client.ask("GET", "/metadata/endpoints?api-version=2022-09-01", token=None)
    url = f"https://{client.server.host}"
    assert (status, told["resourceManager"], told["authentication"]["loginEndpoint"]) == (200, url, url)
    status, told, _ = client.ask("POST", "/tenant/oauth2/v2.0/token", {}, token=None)
    assert status == 200
    assert len(told["access_token"].split(".")) == 3
    assert_refused(client.ask("GET", NSG, token=None), "AuthenticationFailed", 401)


def test_a_rule_is_kept_and_read_back(client):
    status, told, headers = client.rule("https")
    assert (status, told["properties"]["provisioningState"]) == (201, "Updating")
    assert client.wait(headers) == ["InProgress", "Succeeded"]
    read = client.ask("GET", f"{NSG.upper()}/SECURITYRULES/HTTPS?api-version=1")[1]
    assert read["properties"] == {**RULE, "provisioningState": "Succeeded"}
    assert [rule["name"] for rule in client.ask("GET", NSG)[1]["properties"]["securityRules"]] == ["https"]
    assert client.rule("https", destinationPortRange="444")[0] == 200
    assert client.ask("GET", f"{NSG}/securityRules/https")[1]["properties"]["destinationPortRange"] == "444"


def test_what_is_not_there_is_told(client):
    assert_refused(client.ask("GET", f"{NSG}/securityRules/https"), "ResourceNotFound", 404)
    assert_refused(client.put(f"{NSG}-2/securityRules/https", RULE), "ResourceNotFound", 404)
    assert_refused(client.put(NSG.replace("tachyon", "other"), **LOCATION), "ResourceGroupNotFound", 404)
    assert_refused(client.put(NSG, location="northeurope"), "InvalidResourceLocation", 409)
    assert_refused(client.ask("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v"), "InvalidResourceType", 404)


def test_two_rules_of_one_priority_and_direction_are_refused(client):
    client.rule("one")
    assert_refused(client.rule("two"), "SecurityRuleConflict")
    assert client.rule("two", direction="Outbound")[0] == 201
    assert client.rule("one", description="the same rule")[0] == 200
    inline = [{"name": name, "properties": RULE} for name in ("one", "two")]
    assert_refused(client.put(NSG, {"securityRules": inline}, **LOCATION), "SecurityRuleConflict")
    assert len(client.ask("GET", NSG)[1]["properties"]["securityRules"]) == 2


def test_a_priority_is_free_once_its_rule_is_gone(client):
    client.rule("one")
    status, _, headers = client.ask("DELETE", f"{NSG}/securityRules/one")
    assert status == 202
    assert_refused(client.rule("two"), "SecurityRuleConflict")
    assert client.wait(headers) == ["InProgress", "Succeeded"]
    assert client.rule("two")[0] == 201
    assert client.ask("DELETE", f"{NSG}/securityRules/one")[0] == 204


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            {"sourceAddressPrefix": None, "sourceAddressPrefixes": ["10.0.0.0/8", "2001:db8::/32"]},
            "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies",
        ),
        ({"destinationAddressPrefix": "2001:db8::/32"}, "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies"),
        ({"sourceAddressPrefixes": ["10.0.0.0/8"]}, "SecurityRuleHasNotOneFormOfAddress"),
        ({"sourceApplicationSecurityGroups": [{"id": ASG}]}, "SecurityRuleHasNotOneFormOfAddress"),
        ({"destinationAddressPrefix": None}, "SecurityRuleHasNotOneFormOfAddress"),
        ({"sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{"id": f"{ASG}-2"}]}, "InvalidResourceReference"),
    ],
    ids=["both families", "a family on each side", "two forms", "a group and a prefix", "no form", "a group that is not there"],
)
def test_a_rule_is_refused(client, change, code):
    assert_refused(client.rule("rule", **change), code)
    assert_refused(client.put(NSG, {"securityRules": [{"name": "rule", "properties": {**RULE, **change}}]}, **LOCATION), code)
    assert client.ask("GET", NSG)[1]["properties"]["securityRules"] == []


def test_a_group_that_a_rule_names_is_not_deleted(client):
    client.put(f"{NSG}/securityRules/rule", {**BY_GROUP, "sourceApplicationSecurityGroups": [{"id": ASG.upper()}]})
    assert_refused(client.ask("DELETE", ASG), "ApplicationSecurityGroupInUse")
    client.rule("rule")
    client.wait(client.ask("DELETE", ASG)[2])
    assert client.ask("GET", ASG)[0] == 404


def test_a_deleted_group_takes_its_rules_with_it(client):
    client.put(f"{NSG}/securityRules/rule", BY_GROUP)
    client.wait(client.ask("DELETE", NSG)[2])
    assert client.ask("GET", f"{NSG}/securityRules/rule")[0] == 404
    client.put(NSG, **LOCATION)
    assert client.ask("GET", NSG)[1]["properties"]["securityRules"] == []


def test_inline_rules_take_the_place_of_all(client):
    client.rule("old")
    client.put(NSG, {"securityRules": [{"name": "new", "properties": RULE}]}, **LOCATION)
    assert [rule["name"] for rule in client.ask("GET", NSG)[1]["properties"]["securityRules"]] == ["new"]


def test_a_hostile_one_says_the_same_in_another_way(hostile):
    hostile.rule("rule", sourceAddressPrefix=None, sourceAddressPrefixes=["10.0.0.0/8", "172.16.0.0/12"])
    told = hostile.ask("GET", NSG)[1]
    assert (told["id"], told["location"]) == (NSG.upper(), "West Europe")
    assert told["properties"]["securityRules"][0]["properties"]["sourceAddressPrefixes"] == ["172.16.0.0/12", "10.0.0.0/8"]
