"""Runs `terraform test` on a copy of an example, and reads what it tells as data."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from harness.project import EXAMPLES
from harness.workspace import Workspace

_RUN = re.compile(r'^run "(\w+)"', re.MULTILINE)
_ASSERTION = re.compile(r"^ *assert \{", re.MULTILINE)
# What a message says before the first value in it is enough to know it by.
_MESSAGE = re.compile(r'^ +error_message += "((?:[^"$]|\$(?!\{))+)', re.MULTILINE)


class Failure(NamedTuple):
    """Something that a suite complained of."""

    run: str
    summary: str
    text: str


class Outcome(NamedTuple):
    """How each run ended, by `<file>/<run>`, and every complaint."""

    statuses: dict[str, str]
    failures: list[Failure]


def folders() -> list[Path]:
    """The examples that have a suite."""
    return sorted({file.parents[1] for file in EXAMPLES.rglob("tests/*.tftest.hcl") if ".terraform" not in file.parts})


def copy(workspace: Workspace, example: Path, configured: bool = False) -> Workspace:
    """Copies an example with its suite, and initializes it; `configured` where the configuration is there already."""
    if not configured:
        workspace.copy(example)
    shutil.copytree(example / "tests", workspace.folder / "tests", ignore=shutil.ignore_patterns(".terraform*"))
    return workspace.init()


def runs(example: Path) -> set[str]:
    """The runs that a suite has, by `<file>/<run>`."""
    return {f"{_stem(file)}/{name}" for file, text in _texts(example) for name in _RUN.findall(text)}


def messages(example: Path) -> list[str]:
    """How the messages of a suite's assertions begin."""
    return [message for _, text in _texts(example) for message in _MESSAGE.findall(text)]


def assertions(example: Path) -> int:
    """How many assertions a suite has."""
    return sum(len(_ASSERTION.findall(text)) for _, text in _texts(example))


def run(workspace: Workspace) -> Outcome:
    """Runs the whole suite, whether it passes or not."""
    statuses: dict[str, str] = {}
    failures = []
    for line in workspace.run("test", "-json", expect=(0, 1)).stdout.splitlines():
        event = json.loads(line)
        name = f"{_stem(Path(event['@testfile']))}/{event.get('@testrun', '')}" if "@testfile" in event else ""
        if event["type"] == "test_run" and "status" in event["test_run"]:
            statuses[name] = event["test_run"]["status"]
        if event["type"] == "diagnostic":
            told = event["diagnostic"]
            failures.append(Failure(name, told["summary"], told.get("detail", "")))
    return Outcome(statuses, failures)


def _texts(example: Path) -> list[tuple[Path, str]]:
    return [(file, file.read_text(encoding="utf-8")) for file in sorted(example.glob("tests/*.tftest.hcl"))]


def _stem(file: Path) -> str:
    return file.name.removesuffix(".tftest.hcl")
