"""Leaves out of the schema of a large provider what the project does not name.

hashicorp/aws has 1,500 types of resources, and each command of Terraform reads the schema of every one: most of what a command
computes. What is left is byte for byte what the provider said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# Of GetProviderSchema.Response in protocol 5: resources, data sources, ephemeral resources, each by its name.
_BY_TYPE = {2, 3, 8}
_KEY = 1
_VARINT, _BYTES = 0, 2
_FOLDERS = ("acceptance-tests/harness", "acceptance-tests/tests", "docs", "examples")


def names(root: Path, prefix: str) -> set[str]:
    """Everything with the prefix that is named in the project's tests, examples and pages: whatever a test has Terraform do is there."""
    word = re.compile(rf"\b{prefix}[a-z0-9_]+")
    found: set[str] = set()
    for folder in _FOLDERS:
        for file in (root / folder).rglob("*.*"):
            if file.suffix in {".hcl", ".json", ".md", ".py", ".tf"} and ".terraform" not in file.parts:
                found.update(word.findall(file.read_text(encoding="utf-8")))
    return found


def narrowed(schema: bytes, types: set[str]) -> bytes:
    """The answer of GetProviderSchema without the types that are not among these."""
    kept = bytearray()
    for number, whole, payload in _fields(schema):
        if number not in _BY_TYPE or _key(payload) in types:
            kept += whole
    return bytes(kept)


def _key(entry: memoryview) -> str:
    return next(str(payload, "utf-8") for number, _, payload in _fields(entry) if number == _KEY)


def _fields(message: bytes | memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """The fields of a message: number, all of its bytes, and what it holds; the payload of a number is not needed, and empty."""
    view, at = memoryview(message), 0
    while at < len(view):
        begin = at
        tag, at = _varint(view, at)
        value, at = _varint(view, at)
        match tag & 7:
            case kind if kind == _BYTES:
                at += value
                yield tag >> 3, view[begin:at], view[at - value : at]
            case kind if kind == _VARINT:
                yield tag >> 3, view[begin:at], view[at:at]
            case kind:
                raise ValueError(f"field {tag >> 3} has wire type {kind}, which no schema has")


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
