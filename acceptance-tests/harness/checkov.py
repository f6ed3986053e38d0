"""checkov in an environment of its own, and what it finds in configurations and in plans."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import python_side
from harness.project import ACCEPTANCE, CACHE, Trouble

ENVIRONMENT = CACHE / "checkov"
_PROGRAM = ENVIRONMENT / "bin" / "checkov"
_PYTHON = ENVIRONMENT / "bin" / "python"
_PINS = ACCEPTANCE / "requirements-checkov.txt"
_STAMP = ENVIRONMENT / "installed.sha256"


def install() -> Path:
    """Makes the environment ready, once for a set of pins: they don't agree with those of LocalStack."""
    interpreter = python_side.find_interpreter()
    stamp = hashlib.sha256(interpreter.encode() + _PINS.read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == stamp and _PROGRAM.exists():
        return _PROGRAM
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    CACHE.mkdir(exist_ok=True)
    _run(interpreter, "-m", "venv", str(ENVIRONMENT))
    pip = (str(_PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check")
    _run(*pip, "install", "--no-deps", "--require-hashes", "--requirement", str(_PINS))
    _STAMP.write_text(stamp, encoding="utf-8")
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


def _findings(*arguments: str) -> Findings:
    if not _PROGRAM.exists():
        raise Trouble("checkov is not installed; `python3 acceptance-tests/run.py` does that.")
    # Without a network: its policies come with it.
    command = [str(_PROGRAM), *arguments, "--skip-download", "--output", "json", "--soft-fail"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(finished.stdout)
    except ValueError as error:
        raise Trouble(f"`{' '.join(command)}` ended with {finished.returncode}.\n{finished.stdout}\n{finished.stderr}") from error
    results = told["results"]
    assert told["summary"]["parsing_errors"] == 0, results["parsing_errors"]
    return Findings(*(_checked(results.get(f"{kind}_checks", [])) for kind in ("passed", "failed", "skipped")))


def _checked(found: list[dict[str, Any]]) -> frozenset[Checked]:
    return frozenset(
        Checked(one["check_id"], one["resource"], (one["check_result"].get("suppress_comment") or "").strip()) for one in found
    )


def _run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        raise Trouble(f"`{' '.join(command)}` failed; its messages above say why.")
