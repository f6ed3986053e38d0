"""Deployments drawn at random whose names and labels mean something to whoever draws or shows them."""

from __future__ import annotations

import random
from typing import Any

Deployment = dict[str, Any]

# Names of endpoints have letters, digits, `-`, `_` and `.`: words and arrows of Mermaid and DOT are among them.
NAMES = (
    "end", "END", "subgraph", "graph", "flowchart", "default", "style", "click", "class", "classDef", "linkStyle", "direction", "TB",
    "call", "href",
    "x", "o", "v", "1", "1.", "-", "--", "---", "_", "__", ".", "...", "-.-", "--x", "o--o", "a-b", "a_b", "a.b", "n_a", "zone0",
    "node", "edge", "digraph", "strict", "null", "true", "constructor", "__proto__", "e" * 64,
)

# Labels of zones are any text.
LABELS = (
    'a"]; end <script>alert(1)</script>', "]]>", "end", "subgraph", "graph TD", "\nend\n", "a\tb\rc", "a  b", " ahead ", "\u00a0",
    "\u200bx",
    "%%{init: {'theme': 'dark'}}%%", '%%{init: {"securityLevel": "loose"}}%%', "%%{wrap}%%", "%% a comment", "---\ntitle: a\n---",
    "$$x^2$$", "$$x^2$$ and $$", "$$$", "fa:fa-user", "fab:fa-git fas:fa-x fak:fa-y", ":::class", "@{ shape: circle }",
    "click a call b()",
    "**bold** _thin_ ~~gone~~", "`code`", '"`markdown`"', "```", "1. one", "2) two", "- item", "* item", "+ item", "# head", "> quote",
    "---",
    "[link](http://a.example)", "![image](b)",
    "http://a.example/x?y=z&amp;w", "www.a.example", "a@b.example", "|a|b|", "{{x}}", "[x]", "(x)",
    "#quot; &amp; &lt;", "#35;", "&#35;", "&nbsp;", "<br/>", "<!-- a -->", "<b>", "<img src=x onerror=alert(1)>", "</svg>", "</div>",
    "\\n", "\\N \\l \\r",
    "\\", '\\"', "\\\\", "a\\", "\u202eright to left\u202c", "\u2028x", "\x00x", "\x85x", "\x07", "ünïcode 日本 🦀 e\u0301",
    "javascript:alert(1)", "a:b", "west: 1", "50 %", "x && y || z", "~~~", "==>", "-->", "'", "''", "x" * 64,
)

_SERVERS = (
    ["master_stack"], ["response_stack"], ["master_stack", "response_stack"], ["sql_master"], ["sql_responses"],
    ["sql_master", "sql_responses"], ["dmz_server"], ["smtp_server"],
)
_OTHERS = (["client"], ["browser"], ["internet_client"], ["client", "browser"])
# What something may stand before.
_FORWARDED = ("dmz_server", "response_stack", "master_stack")


def deployment(seed: int) -> Deployment:
    """One of up to 22 endpoints; those of 0 and 1 are too large to be drawn whole."""
    draw = random.Random(seed)
    names = draw.sample(NAMES, k=draw.randint(4, 20))
    if seed == 0:
        names += [f"client-{number}" for number in range(80)]
    elif seed == 1:
        # Each client talks to each: more arrows than Mermaid takes.
        names += [f"client-{number}" for number in range(30)]
    endpoints: Deployment = {}
    for number, name in enumerate(names):
        roles = ["client"] if name.startswith("client-") else draw.choice(_SERVERS if draw.random() < 0.6 else _OTHERS)
        endpoints[name] = {"roles": roles, "cidrs": [f"10.{number}.0.0/24"]}
        if draw.random() < 0.7:
            endpoints[name]["zone"] = draw.choice([label for label in LABELS if label.strip()])
    behind = [name for name, endpoint in endpoints.items() if endpoint["roles"][0] in _FORWARDED]
    if behind and draw.random() < 0.7:
        endpoints["lb.end"] = {
            "forwards_to": sorted(draw.sample(behind, k=min(len(behind), draw.randint(1, 3)))), "cidrs": ["10.240.0.0/24"],
            "hides_source": draw.random() < 0.5, "hides_destination": True, "zone": draw.choice(LABELS[:8]),
        }
        if draw.random() < 0.5:
            endpoints["proxy-"] = {"forwards_to": ["lb.end"], "cidrs": ["10.241.0.0/24"]}
    for endpoint in endpoints.values():
        if draw.random() < 0.3:
            endpoint["network"] = draw.choice(LABELS)
    return {"endpoints": endpoints, "include_flows": ["client_p2p"]}
