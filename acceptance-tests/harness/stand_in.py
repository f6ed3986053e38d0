"""Writes a configuration over so that Terraform can plan it without the providers of the clouds.

Every `resource` block of a cloud's becomes a `terraform_data` of the same instances whose `input` holds the very arguments, and whoever
refers to it gets an object with these arguments, and an `id`, `arn` and `name` that are known as late as the real ones. A `data` block
becomes a local.
Variables, locals, modules, functions, checks and outputs stay as they are, so what is planned is what the cloud's provider would have
been given.
"""

from __future__ import annotations

import json
import re

_CLOUD = r"(?:aws|azurerm)_\w+"
# `terraform fmt` sees to it that a block ends at the first brace in its own column.
_BLOCK = re.compile(rf'^(resource|data) "({_CLOUD})" "(\w+)" \{{\n(.*?)^\}}\n', re.M | re.S)
_PROVIDER = re.compile(r'^provider "(?:aws|azurerm)" \{(?:\}|\n.*?^\})\n', re.M | re.S)
_REQUIRED = re.compile(r"^    (?:aws|azurerm) = \{\n.*?^    \}\n", re.M | re.S)
_PART = re.compile(r"^  (?:(\w+) += .*?|(\w+)(?: \"(\w+)\")? \{)$.*?(?=^  (?:\w+ +=|\w+ (?:\"\w+\" )?\{|#)|\Z)", re.M | re.S)
_META = {"for_each", "count", "depends_on", "lifecycle"}
# A resource inside a module, as only addresses name it.
_INSIDE = re.compile(rf"(module\.\w+\.)({_CLOUD})\.(\w+)")
_REFERENCE = re.compile(rf"(?<![.\w])(data\.)?({_CLOUD})\.(\w+)")
# Where Terraform wants the resource itself and takes no expression.
_ADDRESSES = re.compile(r"^ *(?:to|from|depends_on|replace_triggered_by) += .*$", re.M)

# What a data source would answer besides its arguments, as expressions. Two groups made by hand, those of the guide to adopting an
# estate: two documented rules, a wide one, remote desktop, and what EC2 gives every group. And one that Terraform filled.
_GROUPS = {"tachyon": "sg-0a11c0ffee0000001", "sql": "sg-0a11c0ffee0000002", "filled": "sg-0a11c0ffee0000003"}


def _rule(group: str, port: int, **peer: str) -> dict[str, object]:
    """A rule as the data source tells it; a port of -1 is all traffic of egress."""
    told = {"cidr_ipv4": None, "cidr_ipv6": None, "prefix_list_id": None, "referenced_security_group_id": None, **peer}
    return {
        "security_group_id": _GROUPS[group], "ip_protocol": "-1" if port == -1 else "tcp", "is_egress": port == -1,
        "from_port": None if port == -1 else port, "to_port": None if port == -1 else port, "description": "by hand", "tags": {}, **told,
    }


_RULES = json.dumps({
    f"sgr-0a11c0ffee000000{number}": rule for number, rule in enumerate((
        _rule("tachyon", 443, cidr_ipv4="10.0.0.0/8"),
        _rule("tachyon", 4000, cidr_ipv4="10.32.0.0/12"),
        _rule("tachyon", 3389, cidr_ipv4="10.20.100.0/24"),
        _rule("tachyon", -1, cidr_ipv4="0.0.0.0/0"),
        _rule("sql", 1433, referenced_security_group_id=_GROUPS["tachyon"]),
        _rule("filled", 443, cidr_ipv4="10.32.0.0/12"),
        _rule("filled", 4000, cidr_ipv4="10.32.0.0/12"),
    ), start=1)
})
# FILTERED stands for the values by which a block filters.
ANSWERS = {
    "aws_vpc_security_group_rules": f"ids = [for id, rule in {_RULES} : id if contains(FILTERED, rule.security_group_id)]",
    "aws_vpc_security_group_rule": "\n".join([
        "id = key", *(f"{name} = {_RULES}[key].{name}" for name in _rule("sql", 1433)),
    ]),
    "azurerm_network_security_group": "security_rule = []",
}


def written_over(text: str) -> str:
    """The text of a formatted configuration without anything of the clouds' providers."""
    found = _BLOCK.findall(text)
    text = _BLOCK.sub(lambda block: _resource(*block.groups()), text)
    text = _REQUIRED.sub("", _PROVIDER.sub("", text))
    text = re.sub(r"^  providers? += (?:aws|azurerm|\{.*?\}).*\n", "", text, flags=re.M)
    kept: list[str] = []

    def keep(line: re.Match[str]) -> str:
        inside = _INSIDE.sub(lambda one: f"{one[1]}terraform_data.{_name(None, one[2], one[3])}", line[0])
        kept.append(_REFERENCE.sub(lambda one: f"terraform_data.{_name(*one.groups())}", inside))
        return f"\x00{len(kept) - 1}\x00"

    whole = text + "".join(_local(*block) for block in found)
    text = _REFERENCE.sub(lambda one: f"local.{_name(*one.groups())}", _ADDRESSES.sub(keep, whole))
    return re.sub("\x00(\\d+)\x00", lambda mark: kept[int(mark[1])], text)


def given(text: str) -> list[tuple[str, set[str]]]:
    """The resources and data sources of the clouds in a configuration: their types, and the names of what is set."""
    return [
        (kind, {argument or label or block for argument, block, label in _PART.findall(body)} - _META - {"provider"})
        for _, kind, _, body in _BLOCK.findall(text)
    ]


def read_back(printed: str) -> str:
    """What Terraform printed, with the names of the clouds' resources in place of the stand-ins'."""
    return re.sub(rf"terraform_data\.({_CLOUD}?)__(\w+)", r"\1.\2", printed)


def _name(data: str | None, kind: str, name: str) -> str:
    return f"{'data_' if data else ''}{kind}__{name}"


def _local(category: str, kind: str, name: str, body: str) -> str:
    one = f"terraform_data.{_name(None, kind, name)}"
    if category == "data":
        value = _answer(kind, body)
    elif re.search(r"^  for_each ", body, re.M):
        value = f"{{ for key, one in {one} : key => merge({{ {_computed(kind, 'one')} }}, one.input) }}"
    elif re.search(r"^  count ", body, re.M):
        value = f"[for one in {one} : merge({{ {_computed(kind, 'one')} }}, one.input)]"
    else:
        value = f"merge({{ {_computed(kind, one)} }}, {one}.input)"
    return f"\nlocals {{\n  {_name('data' if category == 'data' else None, kind, name)} = {value}\n}}\n"


def _answer(kind: str, body: str) -> str:
    """What a data source answers: its arguments, and what is known of the cloud."""
    _, arguments = _parts(body)
    filtered = re.search(r"^    values += (.*)$", body, re.M)
    known = ANSWERS.get(kind, "").replace("FILTERED", filtered[1] if filtered else "[]")
    inside = "\n".join([*arguments, known]).replace("each.", "")
    instances = re.search(r"^  for_each += (.*)$", body, re.M)
    return f"{{ for key, value in {instances[1]} : key => {{\n{inside}\n}} }}" if instances else f"{{\n{inside}\n}}"


def _computed(kind: str, one: str) -> str:
    """What the cloud gives to a resource."""
    arn = f', arn = format("arn:aws:x:eu-central-1:000000000000:%.17s", sha1({one}.id))' if kind.startswith("aws_") else ""
    # Where a prefix is all that was given.
    name = f', name = format("%.26s", sha1({one}.id))' if kind == "aws_security_group" else ""
    return f"id = {_id(kind, one)}{arn}{name}"


def _id(kind: str, one: str) -> str:
    """An id of the shape that the cloud gives."""
    prefix = {"aws_security_group": "sg", "aws_ec2_managed_prefix_list": "pl"}.get(kind, "x")
    if kind.startswith("aws_"):
        return f'format("{prefix}-%.17s", sha1({one}.id))'
    group = "Microsoft.Network/applicationSecurityGroups"
    return f'"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/tachyon/providers/{group}/${{{one}.id}}"'


def _resource(category: str, kind: str, name: str, body: str) -> str:
    if category == "data":
        return ""
    meta, arguments = _parts(body)
    inside = "\n".join(arguments)
    return f'resource "terraform_data" "{_name(None, kind, name)}" {{\n{"".join(meta)}  input = {{\n{inside}\n  }}\n}}\n'


def _parts(body: str) -> tuple[list[str], list[str]]:
    """What is Terraform's own in a block, and its arguments."""
    meta, arguments = [], []
    for number, part in enumerate(_PART.finditer(body)):
        argument, block, _ = part.groups()
        if block == "dynamic" or argument == "provider":
            continue
        if argument in _META or block in _META:
            meta.append(re.sub(r"ignore_changes( +)= .*", r"ignore_changes\1= [input]", part[0]))
        else:
            arguments.append((_nested(f"{block}_{number}", part[0]) if block else part[0]).rstrip("\n"))
    return meta, arguments


def _nested(name: str, text: str) -> str:
    """A nested block as an attribute; a name of its own, since a block may be there twice."""
    first, rest = text.split("\n", 1)
    return f"{first.split('{')[0].replace(first.split()[0], name, 1)}= {{\n" + re.sub(r"^( +)(\w+) \{$", r"\1\2 = {", rest, flags=re.M)
