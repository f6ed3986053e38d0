"""Finds the deployments that examples hand to `network_security_rules`, and has Terraform answer for each, open and closed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from harness.project import EXAMPLES
from harness.workspace import Workspace

_CALL = re.compile(r"provider::tachyon::network_security_rules\(")
_DATA = re.compile(r'^data "tachyon_network_security_rules" "\w+" \{$', re.MULTILINE)
_ANY = re.compile(r"\btachyon(?:::|_)network_security_rules\b")
_CLOSERS = {"(": ")", "{": "}", "[": "]"}

PROOF = """
locals {
  proof = [
    for deployment in [DEPLOYMENTS] : {
      connections = provider::tachyon::connections(deployment).connections
      variants = {
        for name, azure in {
          open             = { deny_all = false }
          closed           = { deny_all = true }
          closed_to_probes = { deny_all = true, allow_azure_load_balancer = false }
        } : name => [
          for changed in [merge(deployment, { options = merge(lookup(deployment, "options", {}), { azure = azure }) })] : {
            deployment = changed
            answer     = provider::tachyon::network_security_rules(changed)
          }
        ][0]
      }
    }
  ]
}

output "proof" {
  value = jsonencode(local.proof)
}
"""


def folders() -> list[Path]:
    """The folders of all configurations below `examples` in which network security rules are asked for.

    Those of resources for a page need azurerm itself; the tests of pages are about them.
    """
    apart = {".terraform", "resources"}
    return sorted({file.parent for file in EXAMPLES.rglob("*.tf") if apart.isdisjoint(file.parts) and _ANY.search(_text(file))})


def needs_a_cloud(folder: Path) -> bool:
    """Whether a configuration asks for a provider of a cloud."""
    return any('"hashicorp/' in _text(file) for file in folder.glob("*.tf"))


def expressions(folder: Path) -> list[str]:
    """The deployments of a configuration, each as the expression that stands there."""
    found = []
    for file in sorted(folder.glob("*.tf")):
        text = _text(file)
        found += [_enclosed(text, match.end() - 1)[1:-1].strip() for match in _CALL.finditer(text)]
        # The arguments of a data source, one a line, are the items of an object as they stand.
        found += [_enclosed(text, match.end() - 1) for match in _DATA.finditer(text)]
    return found


def write_proof(workspace: Workspace, folder: Path, into: str = ".") -> None:
    """Adds the output `proof` to the copy of a configuration."""
    found = expressions(folder)
    assert found, f"{folder} asks for network security rules in a way that is not understood here"
    workspace.write(f"{into}/proof.tf", PROOF.replace("DEPLOYMENTS", ", ".join(found)))


def proofs(workspace: Workspace) -> list[dict[str, Any]]:
    """Per deployment its `connections`, and under `variants` per name the `deployment` as changed and its `answer`."""
    proved: list[dict[str, Any]] = json.loads(workspace.outputs()["proof"])
    return proved


def _text(file: Path) -> str:
    """The file without comments, which may hold anything."""
    return re.sub(r"^\s*#.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _enclosed(text: str, start: int) -> str:
    """From the opening bracket at `start` to the one that closes it; brackets within quotes do not count."""
    waiting: list[str] = []
    quoted = False
    for position in range(start, len(text)):
        letter = text[position]
        if letter == '"' and text[position - 1] != "\\":
            quoted = not quoted
        elif not quoted and letter in _CLOSERS:
            waiting.append(_CLOSERS[letter])
        elif not quoted and waiting and letter == waiting[-1]:
            waiting.pop()
            if not waiting:
                return text[start:position + 1]
    raise AssertionError(f"a bracket is never closed: {text[start:start + 60]!r}")
