"""Mistakes that people make in the tested examples, and how the complaints begin that must tell them, and no others."""

from typing import NamedTuple


class Mutation(NamedTuple):
    """A mistake as edits, each a file, a text that stands there once, and what it becomes."""

    title: str
    told: tuple[str, ...]
    edits: tuple[tuple[str, str, str], ...]


def edit(title: str, told: tuple[str, ...], old: str, new: str, file: str = "main.tf") -> Mutation:
    """A mistake in one place."""
    return Mutation(title, told, ((file, old, new),))


def beside(title: str, told: tuple[str, ...], endpoint: str) -> Mutation:
    """One more endpoint."""
    return edit(title, told, ADMINS, f"{ADMINS}\n        {endpoint}")


def accepting(mutation: Mutation, *warnings: str) -> Mutation:
    """The same by somebody who has accepted warnings, so that the check of them does not hide what else there is to say."""
    ids = ", ".join(f'"{warning}"' for warning in warnings)
    return mutation._replace(edits=(*mutation.edits, ("variables.tf", "default     = []", f"default     = [{ids}]")))


ADMINS = 'admins   = { roles = ["browser"], cidrs = ["10.20.100.0/24"] }'
SERVER = 'branch = { roles = ["%s"], cidrs = ["10.20.8.8/32"], security_group_id = "sg-0a11c0ffee0000008" }'
PIN = '{ "inbound/browser_to_master_https/443/ipv4" = 4000 }'
CRL = '        crl      = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }\n'
# The rules of AWS for a deployment in which SQL Server listens where it always did.
OLD_PORT = (
    "merge(local.deployment, { endpoints = merge(local.deployment.endpoints,"
    " { sql = merge(local.deployment.endpoints.sql, { ports = { sql = 1433 } }) }) })"
)

ANYBODY_AWS = "Other security group rules are for anybody"
ANYBODY_AZURE = "Other network security rules are for anybody"
STACKS = "Others than the stacks reach SQL Server"
PORTAL = "The portal is not open to browsers"
SWITCH = "Devices do not reach their Switch"
NEARER = "The Internet is nearer to the server than agreed"
AMONG_THEMSELVES = "That devices do not fetch content from each other"
SQL_SOURCES = "Only the Tachyon server may reach SQL Server"
DMZ_REACHES = "The DMZ Server may reach its Response Stack"
ROLES = "Roles that no endpoint plays"
KEYS = "Rules that operations rely on are gone"
PINNED = "Browsers reach the portal by the rule 4000"
GONE = "Gone, or with another priority"
NOT_ACCEPTED = "Not accepted so far"
WARNINGS = "There are warnings"
# What a further warning brings about, accepted or not, besides what the change itself does.
WARNED = (WARNINGS, "Exactly one warning is known", NOT_ACCEPTED)
DESTROYED = "Rules would be destroyed"
OPENS_MORE = "A new site opens more than its own connections"
CHANGES_OTHERS = "A new site changes connections of others"
NEW_PORT = "A second Switch opens 4002"
NEW_PORT_AZURE = "On Azure a second Switch opens 4002"
LAST_RULE = "A server's group does not end with"
WRITTEN_AS_FEWER = "The networks of the sites can be written as fewer"

FIREWALL = [
    accepting(
        beside("a second Response Stack", (SQL_SOURCES, STACKS, DMZ_REACHES, *WARNED), SERVER % "response_stack"),
        "joined_with_all/clients-emea", "joined_with_all/clients-us", "joined_with_all/clients-latam", "joined_with_all/dmz",
    ),
    beside("a second DMZ Server", ("The Internet may reach the DMZ", ANYBODY_AWS, ANYBODY_AZURE), SERVER % "dmz_server"),
    beside("a mail relay", (ROLES,), 'mail = { roles = ["smtp_server"], cidrs = ["10.20.3.25/32"] }'),
    beside("a site that stays", ("Still open",), 'clients-hq = { roles = ["client"], cidrs = ["10.99.0.0/16"] }'),
    edit("no CRL", (DMZ_REACHES, ROLES, "Inferred, and not printed"), CRL, ""),
    accepting(
        edit("devices among themselves", ("Nobody connects to devices", AMONG_THEMSELVES, *WARNED), '["client_p2p"]', "[]"),
        "ambiguous_flow/clients-emea", "ambiguous_flow/clients-us", "ambiguous_flow/clients-latam",
    ),
    accepting(Mutation(
        "no portal", (PORTAL, PINNED, *WARNED),
        (("main.tf", '["client_p2p"]', '["client_p2p", "browser_to_master_https"]'), ("main.tf", PIN, "{}")),
    ), "required_flow_excluded/tachyon"),
    edit(
        "devices in another network",
        (SWITCH, AMONG_THEMSELVES, KEYS, DESTROYED, "New rules must be the new site's", CHANGES_OTHERS),
        '["10.32.0.0/12"]', '["10.48.0.0/12"]', "variables.tf",
    ),
    edit(
        "browsers on the Internet", (NEARER, "The Internet may reach the DMZ", ANYBODY_AWS, ANYBODY_AZURE),
        'roles = ["internet_client"]', 'roles = ["internet_client", "browser"]',
    ),
    # No row asks for it: on Azure both servers are known by one address.
    edit("the DMZ Server's address at the server", (NEARER,), '"10.20.9.10/32"', '"10.20.1.10/32"'),
    edit("the portal for anybody", (ANYBODY_AWS, ANYBODY_AZURE), ADMINS, ADMINS.replace("10.20.100.0/24", "0.0.0.0/0")),
    # Two for the rule: Azure then names its sources in another attribute.
    beside("anybody beside the admins", (ANYBODY_AWS, ANYBODY_AZURE), 'anyone = { roles = ["browser"], cidrs = ["0.0.0.0/0"] }'),
    Mutation(
        "anybody in a prefix list", (ANYBODY_AWS, ANYBODY_AZURE),
        (
            ("main.tf", ADMINS, ADMINS.replace('"10.20.100.0/24"', '"10.20.100.0/24", "0.0.0.0/0"')),
            ("main.tf", "    options = {\n", "    options = {\n      aws = { prefix_lists = true }\n"),
        ),
    ),
    edit(
        "another name of a site", (DESTROYED, "New rules must be the new site's", OPENS_MORE, GONE),
        "    emea = [", "    europe = [", "variables.tf",
    ),
    edit(
        "admins in a larger network once there are no sites", ("Taking sites away opens something",),
        '["10.20.100.0/24"]', 'length(var.client_networks) == 0 ? ["10.20.0.0/16"] : ["10.20.100.0/24"]',
    ),
    edit("a browser on SQL Server", ("SQL Server calls nobody",), '"sql_responses"]', '"sql_responses", "browser"]'),
    edit(
        "a smaller quota", ("A security group has no room",),
        "    options = {\n", "    options = {\n      aws = { rules_per_group = 25 }\n",
    ),
    accepting(edit(
        "another Switch", (KEYS, "Devices reach the Switch by the rule 100", NEW_PORT, NEW_PORT_AZURE, *WARNED),
        "default     = [4000]", "default     = [4002]", "variables.tf",
    ), "switch_port/tachyon"),
    edit(
        "a second Switch in place of the first",
        ("A second Switch would destroy rules of AWS", "A second Switch would destroy rules of Azure"),
        "{ switches = var.switch_ports }", "{ switches = length(var.switch_ports) > 1 ? [4002] : var.switch_ports }",
    ),
    edit(
        "the second Switch's poke port opened", (NEW_PORT,),
        '"${name}/${direction}/${key}" => rule',
        '"${name}/${direction}/${key}" => rule.from_port != 4002 ? rule : merge(rule, { to_port = 4003 })', "facts.tf",
    ),
    edit("networks that overlap", (WRITTEN_AS_FEWER, DESTROYED), '["10.32.0.0/12"]', '["10.32.0.0/12", "10.33.0.0/16"]', "variables.tf"),
    edit("another pin", (PINNED, "In the range of others"), PIN, PIN.replace("4000", "3999")),
    edit("a pin that counts", (PINNED, GONE), PIN, PIN.replace("4000", "4000 + length(var.client_networks)")),
    edit("the network left open", (LAST_RULE,), "deny_all = true", "deny_all = false"),
    edit(
        "a last rule that is not the last", (LAST_RULE,),
        '"${name}/${key}" => rule', '"${name}/${key}" => rule.priority != 4096 ? rule : merge(rule, { priority = 4095 })', "facts.tf",
    ),
    edit("another port of SQL", (NOT_ACCEPTED,), "default     = 1433", "default     = 51433", "variables.tf"),
    edit("a port that is not passed on", ("The checkable object, check.warnings",), "{ sql = var.sql_port }", "{}"),
    edit(
        "a port that is not passed on to AWS", ("The rule does not follow the port",),
        "security_group_rules(local.deployment)", f"security_group_rules({OLD_PORT})",
    ),
    Mutation(
        "a warning that is always accepted", (WARNINGS, "Exactly one warning is known", NOT_ACCEPTED),
        (
            ("main.tf", "{ switches = var.switch_ports }", "{ switches = var.switch_ports, coordinator = 3902 }"),
            ("variables.tf", "default     = []", 'default     = ["coordinator_port/tachyon"]'),
        ),
    ),
    edit(
        "another document", ("The rules follow the document of version ",),
        "provider::tachyon::connections(local.deployment)",
        'merge(provider::tachyon::connections(local.deployment), { matrix_version = "0.1" })',
    ),
    edit(
        "a part of the document", ("The document has ", "Cited, but no rows of the document"),
        'data "tachyon_matrix" "this" {\n', 'data "tachyon_matrix" "this" {\n  table = "dmz"\n', "tests/document/main.tf",
    ),
    edit("flows of another role", ("Not documented for a DMZ Server",), '"dmz_server"\n', '"sql_master"\n', "tests/document/main.tf"),
    edit(
        "descriptions of one's own", ("No row in the description",),
        '"${name}/${direction}/${key}" => rule', '"${name}/${direction}/${key}" => merge(rule, { description = "Tachyon" })', "facts.tf",
    ),
]

# Each costs seconds, so some are made together.
AWS = [
    Mutation(
        "a group for the relay, and rules towards the wrong group",
        ("Groups for other servers", "The Tachyon server's rule towards SQL Server"),
        (
            (
                "main.tf", "          direction         = direction\n",
                (
                    "          direction         = direction\n"
                    "          referenced_security_group_id = rule.referenced_security_group_id == null"
                    ' ? null : aws_security_group.server["tachyon"].id\n'
                ),
            ),
            ("main.tf", 'toset(["dmz", "sql", "tachyon"])', 'toset(["dmz", "mail", "sql", "tachyon"])'),
        ),
    ),
    edit("rules in the wrong group", ("SQL Server's rule is in the group",), "server[server].id", 'server["tachyon"].id'),
    edit("the portal for anybody with IPv6", (ANYBODY_AWS,), '["10.20.100.0/24"]', '["::/0"]', "variables.tf"),
    Mutation(
        "a browser on SQL Server, another Coordinator and a smaller quota",
        ("SQL Server's group holds one rule", WARNINGS, "A security group has no room"),
        (
            ("main.tf", '"sql_responses"]', '"sql_responses", "browser"]'),
            ("main.tf", "{ https = var.https_port,", "{ coordinator = 3902, https = var.https_port,"),
            # The check would end the run before the suite's own assertion.
            ("checks.tf", "accepted = []", 'accepted = ["coordinator_port"]'),
            ("main.tf", "  deployment = {\n", "  deployment = {\n    options = { aws = { rules_per_group = 25 } }\n"),
        ),
    ),
]
