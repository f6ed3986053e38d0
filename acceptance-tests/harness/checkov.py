"""checkov in an environment of its own, and what it finds in configurations and in plans."""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import python_side
from harness.environment import Environment
from harness.project import ACCEPTANCE, CACHE, Trouble

_ENVIRONMENT = Environment(CACHE / "checkov", (ACCEPTANCE / "requirements-checkov.txt",))
_PROGRAM = _ENVIRONMENT.folder / "bin" / "checkov"
_SERVER = Path(__file__).with_name("checkov_server.py")


def install() -> Path:
    """Makes the environment ready, once for a set of pins: they don't agree with those of LocalStack."""
    interpreter = python_side.find_interpreter()
    if not (_ENVIRONMENT.is_made(interpreter) and _PROGRAM.exists()):
        _ENVIRONMENT.begin(interpreter)
        _ENVIRONMENT.pip("install", "--no-deps", "--require-hashes", "--requirement", *map(str, _ENVIRONMENT.pins))
        _ENVIRONMENT.end(interpreter)
    return _PROGRAM


@dataclass(frozen=True)
class Checked:
    """What one policy says of one resource."""

    policy: str
    resource: str
    reason: str = ""
    """Why it is left out, where a comment says so."""


@dataclass(frozen=True)
class Findings:
    """What checkov says."""

    passed: frozenset[Checked]
    failed: frozenset[Checked]
    skipped: frozenset[Checked]


def of_folder(folder: Path) -> Findings:
    """What it finds in the configurations below a folder."""
    return _findings("--framework", "terraform", "--directory", str(folder))


def of_plan(document: dict[str, Any], file: Path, sources: Path) -> Findings:
    """What it finds in a plan, written to `file`; comments in the `sources` below a folder count."""
    file.write_text(json.dumps(document), encoding="utf-8")
    return _findings("--framework", "terraform_plan", "--file", str(file), "--repo-root-for-plan-enrichment", str(sources))


@functools.cache
def _server() -> subprocess.Popen[str]:
    """The process that runs it for this one."""
    if not _PROGRAM.exists():
        raise Trouble("checkov is not installed; `python3 acceptance-tests/run.py` does that.")
    # -P: it is to import checkov, and not this file, which lies beside it.
    command = [str(_ENVIRONMENT.python), "-P", str(_SERVER)]
    process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(process.communicate)
    return process


def _findings(*arguments: str) -> Findings:
    # Without a network: its policies come with it.
    line = [*arguments, "--skip-download", "--output", "json", "--soft-fail"]
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    print(json.dumps(line), file=server.stdin, flush=True)
    answer = server.stdout.readline()
    assert answer, "the process that runs checkov ended; what it printed says why"
    code, stdout, stderr = json.loads(answer)
    try:
        told = json.loads(stdout)
    except ValueError as error:
        raise Trouble(f"`checkov {' '.join(line)}` ended with {code}.\n{stdout}\n{stderr}") from error
    results = told["results"]
    assert told["summary"]["parsing_errors"] == 0, results["parsing_errors"]
    return Findings(*(_checked(results.get(f"{kind}_checks", [])) for kind in ("passed", "failed", "skipped")))


def _checked(found: list[dict[str, Any]]) -> frozenset[Checked]:
    return frozenset(
        Checked(one["check_id"], one["resource"], (one["check_result"].get("suppress_comment") or "").strip()) for one in found
    )
