"""Reads the blocks of code out of the pages that users read, in the order in which a reader meets them.

A section is a folder. A heading of the second level (or of the first) begins one, empty; a reader who follows the section writes its
configurations into that folder and types its commands there. So a block may rely on those above it in its section, and on nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from harness.project import EXAMPLES, ROOT

# What a fence may be: what is written into the folder, what is typed there, and what is only shown.
CONFIGURATIONS, COMMANDS = ("terraform", "hcl"), "console"
SHOWN = ("text", "mermaid", "json")
LANGUAGES = (*CONFIGURATIONS, COMMANDS, *SHOWN)

_FENCE = re.compile(r"^( *)```(\S*)\s*$")
_HEADING = re.compile(r"^##? (.+)$")
_FILE = re.compile(r"# (\S+\.(?:tf|rc|tftest\.hcl))$")
_DIRECTIVE = re.compile(r"^ *<!-- block: (.+) -->$")


@dataclass(frozen=True)
class Block:
    """One fenced block: where it begins, its language, its text, and what a comment above it says of it."""

    line: int
    language: str
    text: str
    directive: str | None = None

    @property
    def file(self) -> str:
        """The file that a configuration is saved as: its first line may name one."""
        named = _FILE.match(self.text.split("\n", 1)[0])
        return named[1] if named else "main.tf"


@dataclass
class Section:
    """A part of a page that is followed in one folder."""

    page: str
    title: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        """For test ids."""
        return f"{self.page}#{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}"


class Unreadable(AssertionError):
    """A page whose blocks can't be told apart, or in a language that nobody runs."""


def pages(root: Path = ROOT) -> list[Path]:
    """Everything with blocks that users read: the README, the Registry's pages, the READMEs of examples and modules."""
    examples = root / EXAMPLES.relative_to(ROOT)
    inside = [*(root / "docs").rglob("*.md"), *examples.rglob("README.md")]
    return [root / "README.md", *sorted(page for page in inside if ".terraform" not in page.parts)]


def sections(page: Path, root: Path = ROOT) -> list[Section]:
    """The sections of a page that have blocks."""
    name = page.relative_to(root).as_posix()
    found = [Section(name, "top")]
    lines = enumerate(page.read_text(encoding="utf-8").split("\n"), start=1)
    above = ""
    for number, line in lines:
        fence = _FENCE.match(line)
        if fence is not None:
            found[-1].blocks.append(_block(name, number, fence, lines, _DIRECTIVE.match(above)))
        elif (heading := _HEADING.match(line)) is not None:
            found.append(Section(name, heading[1]))
        above = line if line.strip() else above
    return [section for section in found if section.blocks]


def _block(page: str, number: int, fence: re.Match[str], lines: enumerate[str], directive: re.Match[str] | None) -> Block:
    indent, language = fence.groups()
    if language not in LANGUAGES:
        raise Unreadable(f"{page}:{number}: a block is one of {', '.join(LANGUAGES)}, not {language!r}")
    text: list[str] = []
    for _, line in lines:
        if line == f"{indent}```":
            return Block(number, language, "\n".join(text) + "\n", directive[1] if directive else None)
        text.append(line.removeprefix(indent))
    raise Unreadable(f"{page}:{number}: the block does not end")


@dataclass(frozen=True)
class Command:
    """A command as printed after `$ `, and the lines that are printed below it."""

    text: str
    shown: tuple[str, ...]


def commands(block: Block) -> list[Command]:
    """The commands of a block. A backslash at the end continues a line."""
    found: list[tuple[str, list[str]]] = []
    continued = False
    for line in block.text.rstrip("\n").split("\n"):
        if continued:
            text, shown = found[-1]
            found[-1] = (f"{text}\n{line}", shown)
        elif line.startswith("$ "):
            found.append((line[2:], []))
        elif not found:
            raise Unreadable(f"line {block.line}: the block begins with output, not with `$ ` and a command")
        else:
            found[-1][1].append(line)
        continued = line.endswith("\\")
    return [Command(text, tuple(shown)) for text, shown in found]


def unlike(shown: tuple[str, ...], printed: str) -> str | None:
    """The first shown line that was not printed, or not in this order; `...` stands for whatever is left out.

    Blanks around a line and lines without anything else play no part.
    """
    left = [line.strip() for line in printed.split("\n")]
    for line in shown:
        wanted = line.strip()
        if wanted in ("", "..."):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("...")))
        place = next((number for number, found in enumerate(left) if pattern.fullmatch(found)), None)
        if place is None:
            return wanted
        left = left[place + 1:]
    return None
