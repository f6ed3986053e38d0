"""Reads the resources of a configuration for azurerm, and writes the configuration over so that Terraform can plan it without azurerm.

There is no way to run azurerm without an account. Everything else of such a configuration is real: variables, locals,
functions and outputs are taken as they are, and each azurerm resource becomes a `terraform_data` of the same name whose
`input` holds its arguments, expression by expression. What is planned for it is what azurerm would have been given.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from harness import hcl
from harness.azure_schema import RESOURCES, with_unknowns
from harness.workspace import REQUIRE_TACHYON, Plan, Workspace

_META = ("for_each", "depends_on", "lifecycle")
# What the files of these names say is of azurerm alone.
_OF_AZURERM = ("versions.tf", "providers.tf")
# A block ends at the first brace in the first column; `terraform fmt` sees to that.
_RESOURCE = re.compile(r'^resource "azurerm_.*?^}\n', re.MULTILINE | re.DOTALL)
_REFERENCE = re.compile(r"\b(azurerm_\w+)\.(\w+)\b")

# An id of the shape that azurerm gives, known as late: nothing is known of a choice that hangs on something unknown.
_ID = (
    'one.id == "" ? "" : "/subscriptions/00000000-0000-0000-0000-000000000000'
    '/resourceGroups/${{one.input.resource_group_name}}/providers/Microsoft.Network/{kind}/${{one.input.name}}"'
)
_KINDS = {
    "azurerm_application_security_group": "applicationSecurityGroups", "azurerm_network_security_group": "networkSecurityGroups",
}

# The arguments whose change makes azurerm replace a resource.
_PLACE = ("name", "location", "resource_group_name", "network_security_group_name")


def resources(folder: Path) -> dict[str, dict[str, Any]]:
    """The azurerm resources of a configuration by `type.name`: their arguments as expressions of Terraform's JSON syntax."""
    found = {}
    for file in sorted(folder.glob("*.tf")):
        text = "".join(_RESOURCE.findall(file.read_text(encoding="utf-8")))
        for block in hcl.read(text).get("resource", []):
            for kind, named in block.items():
                for name, body in named.items():
                    if kind.startswith("azurerm_"):
                        found[f"{kind}.{name}"] = body
    return found


def arguments(body: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a resource, without what is Terraform's own; a block that is there once or not is an object or null."""
    given = {name: value for name, value in body.items() if name not in (*_META, "dynamic")}
    for blocks in body.get("dynamic", []):
        given |= {name: _block(name, block) for name, block in blocks.items()}
    return given


def _block(name: str, block: dict[str, Any]) -> str:
    [content] = block["content"]
    inside = ", ".join(f"{argument} = {_bare(value).replace(f'{name}.value.', f'{name}.')}" for argument, value in content.items())
    return f"${{one([for {name} in {_bare(block['for_each'])} : {{ {inside} }}])}}"


def _bare(expression: str) -> str:
    return expression.removeprefix("${").removesuffix("}")


def write_stand_in(workspace: Workspace, folder: Path, into: str = ".") -> None:
    """Copies a configuration with its azurerm resources written over; modules that it calls are to be copied apart."""
    for file in sorted(folder.glob("*.tf")):
        if file.name not in _OF_AZURERM:
            text = _RESOURCE.sub("", file.read_text(encoding="utf-8"))
            workspace.write(f"{into}/{file.name}", _REFERENCE.sub(r"local.\1_\2", text))
    workspace.write(f"{into}/versions.tf", REQUIRE_TACHYON)
    stand_ins: dict[str, Any] = {}
    references: dict[str, str] = {}
    for address, body in resources(folder).items():
        name = address.replace(".", "_")
        stand_ins[name] = _written_over(body)
        kind = _KINDS.get(address.split(".")[0], "networkSecurityGroups/securityRules")
        given = _ID.format(kind=kind)
        references[name] = f"${{{{ for key, one in terraform_data.{name} : key => merge(one.input, {{ id = {given} }}) }}}}"
    if references:
        written = {"resource": {"terraform_data": stand_ins}, "locals": references}
        workspace.write(f"{into}/stand_in.tf.json", json.dumps(written, indent=2))


def planned(plan: Plan) -> dict[str, tuple[str, dict[str, Any]]]:
    """Per address of a plan: the azurerm type and the arguments that it would have been given."""
    return {
        address: (kind, with_unknowns(change["after"], change["after_unknown"])["input"])
        for address, change in plan.resources("terraform_data").items()
        if (kind := kind_of(address)) is not None and change["after"] is not None
    }


def kind_of(address: str) -> str | None:
    """The azurerm type for which the resource at this address stands."""
    name = address.split("terraform_data.", 1)[-1].split("[", maxsplit=1)[0]
    return next((kind for kind in RESOURCES if name.startswith(f"{kind}_")), None)


def _written_over(body: dict[str, Any]) -> dict[str, Any]:
    given = arguments(body)
    unsupported = {name for name, value in given.items() if isinstance(value, list)}
    assert not unsupported, f"nested blocks are not written over: {unsupported}"
    meta = {name: _expression(value) for name, value in body.items() if name in _META}
    place = [_expression(given[name]) for name in _PLACE if name in given]
    return {**meta, "input": {name: _expression(value) for name, value in given.items()}, "triggers_replace": place}


def _expression(value: Any) -> Any:
    """An expression with the stand-ins' names; Terraform wants addresses without the marks of an expression."""
    if isinstance(value, list):
        return [one.removeprefix("${").removesuffix("}") if isinstance(one, str) else one for one in value]
    return _REFERENCE.sub(r"local.\1_\2", value) if isinstance(value, str) else value
