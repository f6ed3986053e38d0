"""Copies of the AWS modules and of examples/enterprise that run on an emulator, and their rules as sets that compare."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from harness import offline_aws, pages, rules
from harness.ec2 import Group
from harness.project import EXAMPLES
from harness.rules import Rule
from harness.terraform import Terraform
from harness.workspace import Workspace

MODULES = EXAMPLES / "modules"
ENTERPRISE = EXAMPLES / "enterprise"
PREFIX = "tachyon-"

# By the key of a group, "<endpoint>/<number>".
Expansion = dict[str, frozenset[Rule]]

# LocalStack forgets the description of a rule that names a prefix list, and aws_security_group_rule would put it back
# for ever. The description itself is held against EC2's limits offline.
FORGOTTEN_DESCRIPTIONS = """
resource "aws_security_group_rule" "this" {
  description = each.value.source == "prefix_list_id" ? null : each.value.description
}
"""


def older(workspace: Workspace, folder: str = ".") -> Workspace:
    """Makes of a copied `examples/aws` what its README says for hashicorp/aws below 5.0."""
    [section] = [one for one in pages.sections(EXAMPLES / "aws" / "README.md") if "3.39" in one.title]
    [block] = section.blocks
    assert block.file == "examples/aws/rules.tf"
    workspace.write(f"{folder}/rules.tf", block.text)
    replace(workspace.folder / folder / "versions.tf", '">= 5.0.0"', '">= 3.39.0"')
    return workspace


def copy(folder: Path, *examples: str) -> None:
    """Copies the modules for AWS, the enterprise example and further ones, so that their relative paths hold in `folder`."""
    for source in [*sorted(MODULES.glob("aws-*")), ENTERPRISE, *(EXAMPLES / name for name in examples)]:
        target = folder / source.relative_to(EXAMPLES)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.md"))


def root(terraform: Terraform, folder: Path, name: str) -> Workspace:
    """A copy of everything in `folder`, and the workspace of the enterprise example's root `name` in it."""
    copy(folder)
    return Workspace(terraform, folder / "enterprise" / name)


def classic(terraform: Terraform, folder: Path) -> Workspace:
    """The root for `aws_security_group_rule`, fit for the emulator."""
    workspace = root(terraform, folder, "classic")
    mend_classic(folder)
    return workspace


def mend_classic(folder: Path) -> None:
    """Makes the copied module for `aws_security_group_rule` fit for the emulator."""
    (folder / "modules/aws-security-groups-classic/emulator_override.tf").write_text(FORGOTTEN_DESCRIPTIONS, encoding="utf-8")


def inline(terraform: Terraform, folder: Path) -> Workspace:
    """The same root with the module that keeps rules inside groups."""
    workspace = root(terraform, folder, "classic")
    replace(workspace.folder / "main.tf", "/aws-security-groups-classic", "/aws-security-groups-inline")
    return workspace


def per_rule_as_data(terraform: Terraform, folder: Path) -> Workspace:
    """The root for current hashicorp/aws, which is not here.

    Groups and prefix lists are real, each resource that the old provider does not know becomes a `terraform_data` that
    holds the very arguments, evaluated by Terraform.
    """
    workspace = root(terraform, folder, "per-rule")
    for file in [*sorted(workspace.folder.glob("*.tf")), *sorted((folder / "modules").glob("aws-*/*.tf"))]:
        text = re.sub(
            r'("hashicorp/aws"\s+(?:#.*\s+)?version += ">=) \d+\.\d+\.\d+"', r'\1 3.39.0"', file.read_text(encoding="utf-8"),
        )
        file.write_text(as_data(text), encoding="utf-8")
    return workspace


_NEW = re.compile(r'^resource "(aws_vpc_security_group_\w+)" "this" \{\n(.*?)^\}\n', re.M | re.S)
_ARGUMENT = re.compile(r"  (\w+) += .+")


def as_data(text: str) -> str:
    """A formatted module file with the per-rule resources as `terraform_data` of the same instances."""
    assert text.count('resource "aws_vpc_security_group_') == len(_NEW.findall(text)), "a resource that can't be read"
    replaced = _NEW.sub(lambda match: _as_data(match[1], match[2]), text)
    return re.sub(r"\b(aws_vpc_security_group_\w+)\.this\b", r"terraform_data.\1", replaced)


def _as_data(kind: str, body: str) -> str:
    lines = [line for line in body.splitlines() if line.strip()]
    # Comments, and what is Terraform's own. The order of changes is of no interest where nothing changes.
    lifecycle = ["  lifecycle {", "    create_before_destroy = true", "  }"]
    lines = [line for line in lines if not line.startswith("  #") and line not in lifecycle]
    for line in lines:
        assert _ARGUMENT.fullmatch(line), f"only arguments of one line are read: {line}"
    instances = [line for line in lines if line.startswith("  for_each")]
    arguments = [line for line in lines if not line.startswith("  for_each")]
    parts = [f'resource "terraform_data" "{kind}" {{', *instances, "  input = {", *arguments, "  }", "}", ""]
    return "\n".join(parts)


def data_as_per_rule(document: dict[str, Any]) -> dict[str, Any]:
    """A plan with each `terraform_data` that `as_data` made turned back into the per-rule resource that it stands for."""
    told: dict[str, Any] = json.loads(json.dumps(document).replace("terraform_data.aws_vpc_", "aws_vpc_"))
    modules = [told["planned_values"]["root_module"]]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        for resource in module.get("resources", []):
            # The modules have some of their own, which stand for nothing.
            if resource["type"] == "terraform_data" and resource["name"].startswith("aws_"):
                resource |= {"type": resource["name"], "name": "this", "values": resource["values"]["input"]}
    for change in told["resource_changes"]:
        if change["type"] == "terraform_data" and change["name"].startswith("aws_"):
            unknown = change["change"]["after_unknown"].get("input", {})
            change |= {"type": change["name"], "name": "this"}
            change["change"] |= {"after": change["change"]["after"]["input"], "after_unknown": unknown}
    return told


def replace(file: Path, old: str, new: str) -> None:
    """Replaces a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} does not say {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def expansion(planned: dict[str, dict[str, Any]], names: dict[str, str]) -> Expansion:
    """The module's output `rules` by group; the ids of groups become names by `names`."""
    found: dict[str, set[Rule]] = {}
    for key, rule in planned.items():
        identity = rules.from_attributes(rule["direction"], rule)
        source = names.get(identity.source, identity.source) if identity.kind == "group" else identity.source
        identity = identity._replace(source=source)
        holder = found.setdefault(rule["group"], set())
        assert identity not in holder, f"{key} is there twice in {rule['group']}"
        holder.add(identity)
    return {group: frozenset(held) for group, held in found.items()}


def group_name(key: str) -> str:
    """The name that the modules give the group with a key."""
    endpoint, number = key.split("/")
    return PREFIX + (endpoint if number == "0" else key)


def rules_name(key: str) -> str:
    """The name that the inline flavour gives the group that holds the rules."""
    endpoint, number = key.split("/")
    return f"{PREFIX}{endpoint}/rules{'' if number == '0' else '/' + number}"


def read_back(groups: dict[str, Group]) -> dict[str, frozenset[Rule]]:
    """What EC2 holds, by the names of groups; the endpoint's name stands for a group that a rule refers to."""
    answer = {}
    for name, group in groups.items():
        named = {rule._replace(source=rule.source.removeprefix(PREFIX)) if rule.kind == "group" else rule for rule in group.rules}
        answer[name] = frozenset(named)
    return answer


def faults(planned: dict[str, dict[str, Any]], prefix_lists: dict[str, int]) -> list[str]:
    """What EC2 would refuse of the module's output `rules` and an emulator does not; `prefix_lists` by id."""
    gathered: dict[tuple[str, str], dict[str, Any]] = {}
    for key, rule in planned.items():
        gathered.setdefault((rule["group"], rule["direction"]), {})[key] = rule
    return [fault for (_, direction), held in gathered.items() for fault in offline_aws.faults(direction, held, prefix_lists)]
