"""Whether the resources in a page have the arguments that the clouds' providers take, by name."""

from __future__ import annotations

from harness import aws_module_schema, azure_schema, stand_in

_PLACED = {"name", "resource_group_name", "location"}
# Facts of the providers' published schemas, like the tables of the modules: what the pages and examples use besides.
_OTHERS: dict[str, tuple[set[str], set[str]]] = {
    "aws_vpc": ({"cidr_block", "assign_generated_ipv6_cidr_block", "tags"}, set()),
    "aws_vpc_security_group_rules": ({"filter", "tags", "region"}, set()),
    "aws_vpc_security_group_rule": ({"security_group_rule_id", "filter", "region"}, {"security_group_rule_id"}),
    "azurerm_resource_group": ({"name", "location", "tags"}, {"name", "location"}),
    "azurerm_virtual_network": (_PLACED | {"address_space", "dns_servers", "tags"}, _PLACED),
    "azurerm_subnet": (
        {"name", "resource_group_name", "virtual_network_name", "address_prefixes"},
        {"name", "resource_group_name", "virtual_network_name"},
    ),
    "azurerm_subnet_network_security_group_association": (
        {"subnet_id", "network_security_group_id"}, {"subnet_id", "network_security_group_id"},
    ),
    "azurerm_lb": (_PLACED | {"sku", "sku_tier", "frontend_ip_configuration", "tags"}, _PLACED),
    "azurerm_lb_backend_address_pool": ({"name", "loadbalancer_id", "virtual_network_id"}, {"name", "loadbalancer_id"}),
    "azurerm_lb_backend_address_pool_address": (
        {"name", "backend_address_pool_id", "virtual_network_id", "ip_address"}, {"name", "backend_address_pool_id"},
    ),
    "azurerm_lb_probe": (
        {"name", "loadbalancer_id", "protocol", "port", "request_path", "interval_in_seconds", "number_of_probes"},
        {"name", "loadbalancer_id", "port"},
    ),
    "azurerm_lb_rule": (
        {
            "name", "loadbalancer_id", "frontend_ip_configuration_name", "protocol", "frontend_port", "backend_port",
            "backend_address_pool_ids", "probe_id", "idle_timeout_in_minutes", "load_distribution", "disable_outbound_snat",
        },
        {"name", "loadbalancer_id", "frontend_ip_configuration_name", "protocol", "frontend_port", "backend_port"},
    ),
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
