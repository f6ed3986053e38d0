"""Mistakes in the input extra_rules of the AWS modules, and what must be said of each."""

# For a server with one group that exists, so that every id is known.
RULE = 'direction = "ingress", ip_protocol = "tcp", from_port = 3389, to_port = 3389, cidr_ipv4 = "10.9.0.0/24", description = "x"'
TO_A_LIST = 'direction = "egress", ip_protocol = "-1", prefix_list_id = "pl-0a11c0ffee0000001", max_entries = 2, description = "x"'

# Each an edit of the rule, and a part of the message.
MISTAKES: dict[str, tuple[tuple[str, str], str]] = {
    "direction": (('"ingress"', '"inbound"'), 'direction is "ingress" or "egress"'),
    "protocol": (('"tcp"', '"gre"'), "ip_protocol is "),
    "ports-reversed": (("to_port = 3389", "to_port = 3388"), "to_port is not the lower one"),
    "no-ports": (("from_port = 3389, to_port = 3389, ", ""), "from_port and to_port are from 0 to 65535"),
    "half-a-port": (("to_port = 3389", "to_port = 3389.5"), "are whole numbers"),
    "ports-of-all": (('"tcp"', '"-1"'), 'all traffic ("-1") has no ports'),
    "type-of-icmp": (('"tcp"', '"icmp"'), "from_port is the type of ICMP"),
    "no-peer": (('cidr_ipv4 = "10.9.0.0/24", ', ""), "it has exactly one of"),
    "two-peers": (("description", 'cidr_ipv6 = "2001:db8::/48", description'), "it has exactly one of"),
    "host-bits": (("10.9.0.0/24", "10.9.0.1/24"), 'not "10.9.0.1/24". Write "10.9.0.0/24"'),
    "other-family": (("cidr_ipv4", "cidr_ipv6"), "cidr_ipv6 is an IPv6 network"),
    "spelling": (('cidr_ipv4 = "10.9.0.0/24"', 'cidr_ipv6 = "2001:DB8::/48"'), 'Write "2001:db8::/48"'),
    "unweighed-list": (('cidr_ipv4 = "10.9.0.0/24"', 'prefix_list_id = "pl-0a11c0ffee0000001"'), "max_entries, from 1 to 1000"),
    "no-description": (('"x"', '""'), "description has 1 to 245"),
    "description-of-others": (('"x"', '"caf\u00e9"'), "description has 1 to 245"),
    "group": (('"x"', '"x", group = 1'), "names 1 of 1"),
    "documented": (
        ('from_port = 3389, to_port = 3389, cidr_ipv4 = "10.9.0.0/24"', 'from_port = 4000, to_port = 4000, cidr_ipv4 = "10.1.0.0/16"'),
        "tachyon/ingress/own/documented and tachyon/ingress/tcp-4000/10.1.0.0/16",
    ),
    "overfull": (
        ('cidr_ipv4 = "10.9.0.0/24"', 'prefix_list_id = "pl-0a11c0ffee0000001", max_entries = 60'),
        "tachyon/0 comes to 62 ingress rules of 60",
    ),
    "a name": (("", ""), "its name has letters"),
    "same-list": (
        (RULE, f"{TO_A_LIST} }}\n other = {{ {TO_A_LIST}"),
        "tachyon/egress/own/other and tachyon/egress/own/same-list",
    ),
}

# By the name of the call: what stands in the call of the module, and what must be said of it.
CALLS = {
    f"own-{name.replace(' ', '-')}": (
        {
            "arguments": 'existing = { tachyon = ["sg-0a11c0ffee0000001"] }\n extra_rules = { tachyon = {'
            f' "{name}" = {{ {RULE.replace(*edit)} }} }} }}',
        },
        text,
    )
    for name, (edit, text) in MISTAKES.items()
}
CALLS["own-stranger"] = (
    {"arguments": f'create_for = ["tachyon"]\n extra_rules = {{ clients = {{ one = {{ {RULE} }} }} }}'},
    'extra_rules has rules for "clients"',
)
