"""The tables of inputs and outputs in the README of a module, written from its `variable` and `output` blocks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness import hcl
from harness.project import EXAMPLES

_BEGIN, _END = "<!-- inputs and outputs: written by the tests -->\n", "<!-- inputs and outputs: end -->\n"


def folders() -> list[Path]:
    """The modules, each of which has a README with such tables."""
    return sorted(file.parent for file in (EXAMPLES / "modules").glob("*/variables.tf"))


def readme(folder: Path) -> str:
    """The README of a module with the tables as they should be."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.count(_BEGIN) == text.count(_END) == 1, f"{folder.name}/README.md has no place for the tables: {_BEGIN}{_END}"
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}\n{_tables(folder)}\n{_END}{after}"


def _tables(folder: Path) -> str:
    variables, outputs = hcl.named(folder, "variable"), hcl.named(folder, "output")
    # Those without which nothing goes come first; otherwise in the order of the file.
    inputs = [
        [f"`{name}`", f"`{_type(block)}`", _default(block), block["description"]]
        for name, block in sorted(variables.items(), key=lambda one: "default" in one[1])
    ]
    sections = ["## Inputs\n\n" + _table(["Name", "Type", "Default", "Description"], inputs)]
    if outputs:
        given = [[f"`{name}`", block["description"]] for name, block in outputs.items()]
        sections.append("## Outputs\n\n" + _table(["Name", "Description"], given))
    return "\n".join(sections)


def _type(block: dict[str, Any]) -> str:
    return str(block["type"]).removeprefix("${").removesuffix("}")


def _default(block: dict[str, Any]) -> str:
    return f"`{json.dumps(block['default'])}`" if "default" in block else "required"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(_escaped(cell) for cell in line) + " |\n" for line in lines)


def _escaped(cell: str) -> str:
    """A cell as Markdown: a bar would end it, an angle bracket would begin a tag outside of code."""
    return cell.replace("|", "\\|") if cell.startswith("`") else cell.replace("|", "\\|").replace("<", "\\<")
