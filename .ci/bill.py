"""What an executable consists of, as CycloneDX: what cargo-cyclonedx tells, without what other packages of the workspace ask for."""

from __future__ import annotations

import json
from typing import Any

from packing import Trouble


def without_others(text: str, parts: set[tuple[str, str]]) -> bytes:
    """The document with those components alone that are `parts`, by name and version.

    cargo-cyclonedx takes the features of the whole workspace, its benchmarks and tests included, and so lists what the executable
    does not contain: whoever looks up weaknesses would find those of code that is not there. Raises `Trouble` where one of the
    parts is not listed.
    """
    document: dict[str, Any] = json.loads(text)
    itself = document["metadata"]["component"]
    components = [one for one in document["components"] if (one["name"], one["version"]) in parts]
    missing = parts - {(one["name"], one["version"]) for one in [*components, itself]}
    if missing:
        names = ", ".join(f"{name} {version}" for name, version in sorted(missing))
        raise Trouble(f"cargo-cyclonedx does not list {names}, which {itself['name']} consists of.")
    kept = {one["bom-ref"] for one in [*components, itself]}
    document["components"] = components
    document["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one["dependsOn"] if ref in kept]} if "dependsOn" in one else one
        for one in document["dependencies"]
        if one["ref"] in kept
    ]
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
