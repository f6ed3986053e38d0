"""examples/modules/azure-nsg and examples/azure, offline: what azurerm would be given is planned and applied by real Terraform."""

import re

import pytest

import expectation
from harness import azure_limits, azure_models, azure_module, azure_schema
from harness.azure_schema import UNKNOWN
from harness.project import EXAMPLES
from harness.terraform import CommandFailed, words
from harness.workspace import REQUIRE_TACHYON, Workspace
from test_azure_semantics import MODULE, stand_in

SERVERS = ("dmz", "sql", "tachyon")
RULE, GROUP, ASG = "azurerm_network_security_rule", "azurerm_network_security_group", "azurerm_application_security_group"


@pytest.fixture
def example(workspace: Workspace) -> Workspace:
    """examples/azure and its module, written over for a Terraform without azurerm."""
    return stand_in(workspace).init()


def key_of(address):
    """The key of the instance at an address."""
    return address.split('["', 1)[1].removesuffix('"]')


def of_kind(planned, wanted):
    """The planned arguments of one azurerm type, by the key of the instance."""
    return {
        key_of(address): arguments for address, (kind, arguments) in planned.items() if kind == wanted
    }


def by_group(planned):
    """Per-rule resources in the words of inline rules, by the name of their group and their own.

    The name of a group that is yet to be created is not known: it is taken from the group's id.
    """
    gathered: dict[str, dict[str, dict]] = {}
    groups = of_kind(planned, GROUP)
    for key, rule in of_kind(planned, RULE).items():
        name = rule["network_security_group_name"]
        if name is UNKNOWN:
            name = groups[key.split("/")[0]]["name"]
        gathered.setdefault(name, {})[rule["name"]] = azure_limits.only_attributes(rule)
    return gathered


def assert_azurerm_would_take(planned):
    """Every argument against the schema, the limits and the models, ids that are not known yet included."""
    assert planned
    assert [fault for kind, arguments in planned.values() for fault in azure_schema.faults(kind, arguments)] == []
    inline = {group["name"]: group["security_rule"] or [] for group in of_kind(planned, GROUP).values()}
    gathered = {name: {rule["name"]: rule for rule in rules} for name, rules in inline.items()}
    for name, rules in {**gathered, **by_group(planned)}.items():
        assert azure_limits.faults(rules) == [], name
        assert [fault for rule in rules.values() for fault in azure_models.faults(rule)] == [], name


def test_the_text_of_the_module_fits_the_schema():
    found = azure_module.resources(MODULE)
    assert {address.split(".")[0] for address in found} == azure_schema.RESOURCES.keys()
    for address, body in found.items():
        assert azure_schema.misnamed(address.split(".")[0], azure_module.arguments(body)) == [], address


@pytest.mark.parametrize("folder", [MODULE, EXAMPLES / "azure"], ids=["module", "example"])
def test_current_azurerm_is_asked_for(folder):
    text = (folder / "versions.tf").read_text(encoding="utf-8")
    assert re.search(r'source\s+= "hashicorp/azurerm"\s+version = ">= 4\.0\.0"', text)


def test_everything_comes_in_one_apply(example):
    assert example.validate()["diagnostics"] == []
    plan = example.plan()
    planned = azure_module.planned(plan)
    assert_azurerm_would_take(planned)
    assert set(plan.changes().values()) == {("create",)}
    assert set(of_kind(planned, ASG)) == set(of_kind(planned, GROUP)) == set(SERVERS)
    assert {group["security_rule"] for group in of_kind(planned, GROUP).values()} == {None}

    rules = of_kind(planned, RULE)
    assert {key.split("/")[0] for key in rules} == set(SERVERS)
    waiting = {name for rule in rules.values() for name, value in rule.items() if holds_unknown(value)}
    assert waiting == {
        "source_application_security_group_ids", "destination_application_security_group_ids", "network_security_group_name",
    }

    example.run("apply", "plan.bin")
    example.assert_settled()
    told = example.outputs()
    assert {f"{server}/{key}" for server in SERVERS for key in told["rules"][server]} == set(rules)
    assert_ids_arrived(told)
    example.destroy()


def holds_unknown(value):
    return value is UNKNOWN or (isinstance(value, list) and UNKNOWN in value)


def assert_ids_arrived(told):
    """The ids that were unknown stand where the plan had promised them."""
    ids = told["application_security_group_ids"]
    rule = told["rules"]["tachyon"]["outbound/master_to_sql_master/1433/groups"]
    assert rule["source_application_security_group_ids"] == [ids["tachyon"]]
    assert rule["destination_application_security_group_ids"] == [ids["sql"]]
    assert azure_limits.faults({"rule": azure_limits.only_attributes(rule)}) == []


def test_inline_rules_are_the_same_rules(example):
    separate = by_group(azure_module.planned(example.plan()))
    inline = azure_module.planned(example.plan("-var", "rules_as=inline"))
    assert_azurerm_would_take(inline)
    assert of_kind(inline, RULE) == {}
    assert {
        group["name"]: {rule["name"]: rule for rule in group["security_rule"]} for group in of_kind(inline, GROUP).values()
    } == separate
    example.apply("-var", "rules_as=inline")
    example.assert_settled("-var", "rules_as=inline")


def test_none_empties_the_groups_and_keeps_them(example):
    example.apply()
    before = azure_module.planned(example.plan())
    plan = example.plan("-var", "rules_as=none")
    changes = plan.changes()
    assert {azure_module.kind_of(address): actions for address, actions in changes.items()} == {
        RULE: ("delete",), GROUP: ("update",), None: ("delete",),
    }
    # Beside them goes the memory of how the rules were written.
    assert [address for address in changes if azure_module.kind_of(address) is None] == ["module.firewall.terraform_data.rules_as[0]"]
    assert len(changes) == len(of_kind(before, RULE)) + len(SERVERS) + 1
    emptied = of_kind(azure_module.planned(plan), GROUP)
    assert {name: group["security_rule"] for name, group in emptied.items()} == {server: [] for server in SERVERS}


def test_another_site_touches_only_the_rules_that_name_its_networks(example):
    example.apply()
    sites = 'client_networks={emea=["10.32.0.0/12"],latam=["10.96.0.0/12"],us=["10.64.0.0/12","2001:db8:64::/48"]}'
    plan = example.plan("-var", sites)
    rules = {address: actions for address, actions in plan.changes().items() if azure_module.kind_of(address) == RULE}
    expected = {f"tachyon/inbound/{flow}/ipv4" for flow in ("client_to_background_channel/443", "client_to_switch/4000")}
    assert {key_of(address): actions for address, actions in rules.items()} == dict.fromkeys(expected, ("update",))
    for address in rules:
        change = plan.resources("terraform_data")[address]
        before, after = change["before"]["input"], change["after"]["input"]
        assert {name for name in after if before[name] != after[name]} == {"source_address_prefixes"}


EXISTING = """
module "firewall" {
  source = "./modules/azure-nsg"

  resource_group_name = "servers"
  location            = "westeurope"

  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], application_security_group_ids = ["ASG_ID"] }
    sql     = { roles = ["sql_master", "sql_responses"] }
    clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
  }
ARGUMENTS
}

output "firewall" {
  value = module.firewall
}
"""
EXISTING_ASG = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/tachyon"
GOOD_ARGUMENTS = """
  application_security_groups      = { sql = "asg-sql" }
  network_security_groups          = { tachyon = "nsg-tachyon" }
  existing_network_security_groups = { sql = { name = "nsg-databases", resource_group_name = "databases" } }
  tags                             = { owner = "security" }
"""


def caller(arguments):
    """The text of a configuration that calls the module with arguments of its own."""
    return REQUIRE_TACHYON + EXISTING.replace("ASG_ID", EXISTING_ASG).replace("ARGUMENTS", arguments)


def calling(workspace, arguments):
    """Such a configuration, ready to be planned."""
    azure_module.write_stand_in(workspace, MODULE, "modules/azure-nsg")
    return workspace.write("main.tf", caller(arguments)).init()


@pytest.fixture(scope="module")
def called(terraform, tmp_path_factory):
    """A configuration that calls the module, for tests that write it over and plan it at most."""
    return calling(Workspace(terraform, tmp_path_factory.mktemp("called") / "configuration"), GOOD_ARGUMENTS)


def test_groups_that_exist_are_used(workspace):
    calling(workspace, GOOD_ARGUMENTS)
    planned = azure_module.planned(workspace.plan())
    assert_azurerm_would_take(planned)
    assert set(of_kind(planned, ASG)) == {"sql"}
    assert set(of_kind(planned, GROUP)) == {"tachyon"}
    assert of_kind(planned, GROUP)["tachyon"]["tags"] == {"owner": "security"}
    places = {
        (key.split("/")[0], rule["network_security_group_name"], rule["resource_group_name"])
        for key, rule in of_kind(planned, RULE).items()
    }
    assert places == {("tachyon", UNKNOWN, "servers"), ("sql", "nsg-databases", "databases")}

    workspace.apply()
    workspace.assert_settled()
    created = of_kind(azure_module.planned(workspace.plan()), RULE)
    assert {rule["network_security_group_name"] for rule in created.values()} == {"nsg-tachyon", "nsg-databases"}
    told = workspace.outputs()["firewall"]
    assert set(told["network_security_group_ids"]) == {"tachyon"}
    rule = told["rules"]["sql"]["inbound/master_to_sql_master/1433/groups"]
    assert rule["source_application_security_group_ids"] == [EXISTING_ASG]
    assert rule["destination_application_security_group_ids"] == [told["application_security_group_ids"]["sql"]]
    assert told["matrix_version"] == expectation.VERSION
    assert {one["id"] for one in told["warnings"]} == {"ambiguous_flow", "nobody_plays"}
    assert {flow["missing_role"] for flow in told["unresolved"]} >= {"smtp_server", "browser"}


WHOLE_ARGUMENTS = GOOD_ARGUMENTS + """
  create   = var.create
  timeouts = { create = "45m", delete = "1h30m" }

  additions = {
    flows = {
      client_to_sql = {
        source = "client", destination = "sql_master", protocol = "tcp", ports = [1433]
        purpose = "Reports", citation = "site/bi-2", priority = 3400
      }
    }
  }
"""
SWITCH = """
variable "create" {
  type    = bool
  default = true
}
"""


def test_rows_of_the_sites_own_timeouts_and_the_switch(workspace):
    calling(workspace.write("switch.tf", SWITCH), WHOLE_ARGUMENTS)
    planned = azure_module.planned(workspace.plan())
    assert_azurerm_would_take(planned)
    waits = {"create": "45m", "read": None, "update": None, "delete": "1h30m"}
    assert {kind for kind, _ in planned.values()} == {RULE, GROUP, ASG}
    assert [arguments["timeouts"] for _, arguments in planned.values()] == [waits] * len(planned)
    own = {key: rule["priority"] for key, rule in of_kind(planned, RULE).items() if "client_to_sql" in key}
    assert set(own) == {"sql/inbound/client_to_sql/1433/ipv4"}
    assert 3400 <= own["sql/inbound/client_to_sql/1433/ipv4"] < 3420

    workspace.apply()
    told = workspace.outputs()["firewall"]
    for kind, names in {"application_security_groups": {"sql": "asg-sql"}, "network_security_groups": {"tachyon": "nsg-tachyon"}}.items():
        assert {key: group["name"] for key, group in told[kind].items()} == names
        assert {key: group["id"] for key, group in told[kind].items()} == told[f"{kind.removesuffix('s')}_ids"]

    off = ("-var", "create=false")
    assert set(workspace.plan(*off).changes().values()) == {("delete",)}
    workspace.apply(*off)
    workspace.assert_settled(*off)
    assert not any(workspace.outputs()["firewall"].values()), workspace.outputs()


SHARED_ARGUMENTS = """
  network_security_groups = { servers = "nsg-servers" }
  options                 = { azure = { deny_all = true } }
"""


def in_one_group(workspace):
    """The endpoints tachyon and sql in one group, on a subnet say."""
    calling(workspace, SHARED_ARGUMENTS)
    text = (workspace.folder / "main.tf").read_text(encoding="utf-8")
    for roles in ('["master_stack", "response_stack"]', '["sql_master", "sql_responses"]'):
        assert roles in text
        text = text.replace(roles, f'{roles}, network_security_group = "servers"')
    sql = 'network_security_group = "servers" }'
    assert sql in text
    return workspace.write("main.tf", text.replace(sql, f'cidrs = ["10.20.1.20/32"], {sql}'))


@pytest.mark.parametrize("rules_as", ["resources", "inline"])
def test_endpoints_can_share_a_group(workspace, rules_as):
    in_one_group(workspace)
    workspace.write("shape_override.tf", f'module "firewall" {{\n  rules_as = "{rules_as}"\n}}\n')
    planned = azure_module.planned(workspace.plan())
    assert_azurerm_would_take(planned)
    assert set(of_kind(planned, GROUP)) == {"servers"}
    workspace.apply()
    workspace.assert_settled()
    told = workspace.outputs()["firewall"]
    assert set(told["rules"]) == set(told["network_security_group_ids"]) == {"servers"}
    ends = {key.split("/")[-1] for key, rule in told["rules"]["servers"].items() if rule["flows"]}
    assert ends == {"tachyon", "sql"}
    inline = of_kind(planned, GROUP)["servers"]["security_rule"] or []
    assert len(inline) + len(of_kind(planned, RULE)) == len(told["rules"]["servers"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {'sql = "asg-sql"': 'sgl = "asg-sql"'},
            ['the name "sgl"', "The endpoints: clients, sql, tachyon.", 'endpoints["sql"]'],
        ),
        ({'tachyon = "nsg-tachyon"': 'tachyon = "nsg-tachyon", sql = "nsg-sql"'}, ['For "sql"', "rules go into one"]),
        ({'sql = "asg-sql"': 'sql = "asg-sql", tachyon = "asg-tachyon"'}, ['For "tachyon"', "Leave one of them out"]),
        ({"  tags ": '  rules_as = "inline"\n  tags '}, ["rules_as must be", "resources"]),
        ({"  tags ": '  rules_as = "both"\n  tags '}, ["Accepted are", "inline"]),
        ({'"nsg-tachyon"': '"nsg tachyon."'}, ["network security group has 1 to 80 letters"]),
        ({'"asg-sql"': '"-asg"'}, ["application security group has 1 to 80 letters"]),
        ({'tachyon = "nsg-tachyon"': 'tachyon = "nsg-a", clients = "NSG-A"'}, ["share the name of a network security group"]),
        (
            {'sql = { name = "nsg-databases", resource_group_name = "databases" }':
             'sql = { name = "n", resource_group_name = "g" }, clients = { name = "N", resource_group_name = "G" }'},
            ["name one existing network security group"],
        ),
        (
            {'sql = { name = "nsg-databases", resource_group_name = "databases" }':
             'sql = { name = "NSG-Tachyon", resource_group_name = "SERVERS" }'},
            ['For "tachyon"', "to be created that existing_network_security_groups names"],
        ),
        ({"  tags ": "  options = { azure = { deny_al = true } }\n  tags "}, ["deny_al", "deny_all"]),
        ({"  tags ": '  exclude_flows = ["client_p3p"]\n  tags '}, ["client_p3p", "client_p2p"]),
    ],
    ids=str,
)
def test_a_mistake_is_told(called, change, told):
    arguments = GOOD_ARGUMENTS
    for before, after in change.items():
        assert before in arguments
        arguments = arguments.replace(before, after)
    called.write("main.tf", caller(arguments))
    with pytest.raises(CommandFailed) as failure:
        called.plan()
    said = words(failure.value.finished.stderr)
    for text in told:
        assert text in said


def test_one_name_for_an_endpoint_and_a_shared_group_is_told(called):
    roles = '["sql_master", "sql_responses"]'
    called.write("main.tf", caller(GOOD_ARGUMENTS).replace(roles, f'{roles}, network_security_group = "clients"'))
    with pytest.raises(CommandFailed, match='"clients" names an endpoint'):
        called.plan()
