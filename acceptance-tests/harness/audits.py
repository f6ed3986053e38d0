"""The command line's audit of an installation, told in short."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from harness import project


class Audit(NamedTuple):
    """What the command line said: the exit status, and by endpoint how many rules each list has that has any."""

    status: int
    counts: dict[str, dict[str, int]]
    not_judged: list[dict[str, str]]
    others: list[dict[str, str]]


def audited(folder: Path, deployment: dict[str, Any], evidence: str, *arguments: str) -> Audit:
    """Audits what some tool printed; both go into files in a folder."""
    (folder / "deployment.json").write_text(json.dumps(deployment), encoding="utf-8")
    (folder / "evidence.json").write_text(evidence, encoding="utf-8")
    command = [str(project.command_line()), "audit", "deployment.json", "evidence.json", "--format", "json", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode < 2, ended.stderr
    told = json.loads(ended.stdout)
    counts = {
        one["endpoint"]: {name: len(found) for name, found in one["audit"].items() if isinstance(found, list) and found}
        for one in told["endpoints"]
    }
    return Audit(ended.returncode, counts, told["not_judged"], told["other_groups"])
