"""Pictures for Graphviz, read by Graphviz itself where the machine has it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness import project

PROVIDER = project.ROOT / "provider"
PICTURES = [PROVIDER / "pictures" / "src" / "tests", PROVIDER / "terraform-provider-tachyon" / "tests" / "it" / "golden"]
GRAPHS = sorted(graph for folder in PICTURES for graph in folder.glob("*.dot"))


def test_there_are_pictures_to_read() -> None:
    assert {graph.name for graph in GRAPHS} >= {"sample.dot", "hostile.dot", "diagram.dot"}


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.stem)
def test_graphviz_reads_a_picture(graph: Path) -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("no Graphviz on the PATH")
    read = subprocess.run([dot, "-Tplain", str(graph)], capture_output=True, text=True, timeout=60, check=True)
    assert "syntax error" not in read.stderr
    edges = [line for line in read.stdout.splitlines() if line.startswith("edge ")]
    assert len(edges) == graph.read_text(encoding="utf-8").count(" -> ")
