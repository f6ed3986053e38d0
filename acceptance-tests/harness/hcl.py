"""Reads Terraform's language as data: names and texts as they are, expressions in Terraform's JSON syntax."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hcl2

# A text without expressions in it; one with them stays as it is written.
_TEXT = re.compile(r'"(?:[^"\\$]|\\.|\$(?!\{))*"')


def read(text: str) -> dict[str, Any]:
    """A configuration by kind of block, each with a list of what stands in the file."""
    document: dict[str, Any] = _plain(hcl2.loads(text))
    return document


def named(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The blocks of a kind that have one label, such as variables, in all files of a folder, by that label."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.tf")):
        for block in read(file.read_text(encoding="utf-8")).get(kind, []):
            found |= block
    return found


def _plain(value: Any) -> Any:
    """The parser's answer without its marks, and without the quotes that it keeps around texts."""
    if isinstance(value, dict):
        return {_plain(name): _plain(one) for name, one in value.items() if not name.startswith("__")}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str) and _TEXT.fullmatch(value):
        return json.loads(value)
    return value
