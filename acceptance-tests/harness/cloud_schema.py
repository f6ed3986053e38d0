"""Whether the resources in a page have the arguments that the clouds' providers take, by name."""

from __future__ import annotations

from harness import aws_module_schema, azure_schema, stand_in

# Facts of the providers' published schemas, like the tables of the modules: what the pages use besides.
_OTHERS: dict[str, tuple[set[str], set[str]]] = {
    "aws_vpc": ({"cidr_block", "assign_generated_ipv6_cidr_block", "tags"}, set()),
    "aws_vpc_security_group_rules": ({"filter", "tags", "region"}, set()),
    "aws_vpc_security_group_rule": ({"security_group_rule_id", "filter", "region"}, {"security_group_rule_id"}),
    "azurerm_network_interface_security_group_association": (
        {"network_interface_id", "network_security_group_id"}, {"network_interface_id", "network_security_group_id"},
    ),
    "azurerm_network_interface_application_security_group_association": (
        {"network_interface_id", "application_security_group_id"}, {"network_interface_id", "application_security_group_id"},
    ),
}


def faults(text: str) -> list[str]:
    """What the schemas say against the resources and data sources of a configuration."""
    return [fault for kind, given in stand_in.given(text) for fault in _faults(kind, given)]


def _faults(kind: str, given: set[str]) -> list[str]:
    if kind in _OTHERS:
        known, required = _OTHERS[kind]
    elif kind in aws_module_schema.RESOURCES:
        resource = aws_module_schema.RESOURCES[kind]
        known, required = {*resource.arguments, *resource.blocks}, set(resource.required)
    elif kind in azure_schema.RESOURCES:
        known, required = set(azure_schema.RESOURCES[kind].arguments), set(azure_schema.RESOURCES[kind].required)
    else:
        return [f"{kind} is in no table of what the clouds' providers take"]
    return [*(f"{kind} has no {name}" for name in sorted(given - known)), *(f"{kind} needs {name}" for name in sorted(required - given))]
