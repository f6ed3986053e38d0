<<<<<<< HEAD
"""The pictures beside the examples are what the provider draws of them now."""

import pytest

from harness import terraform as terraforms
from harness import walk
from harness.project import EXAMPLES
from harness.workspace import Workspace

PICTURE = """
output "drawn" {
  value = provider::tachyon::diagram({ endpoints = local.endpoints, exclude_flows = ["client_p2p"] }, "svg")
}
"""
FOLDERS = ["balancers-on-azure", "dmz-with-balancer", "multi-region"]


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """All examples, without the clouds' providers."""
    top = tmp_path_factory.mktemp("pictures")
    walk.copy_examples(top, clouds=False)
    return top / EXAMPLES.name


@pytest.mark.parametrize("name", FOLDERS)
def test_a_picture_is_what_the_provider_draws(request, examples, name):
    example = Workspace(terraforms.usable(), examples / name)
    drawn = example.write("drawn.tf", PICTURE).init().plan().document["planned_values"]["outputs"]["drawn"]["value"]
    file = EXAMPLES / name / "diagram.svg"
    if request.config.getoption("--update"):
        file.write_text(drawn, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == drawn, f"{file} differs; run with --update and look at it"


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_shown(name):
    """In the README beside it, and those of balancers in the guide about them."""
    assert "](diagram.svg)" in (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    guide = EXAMPLES.parent / "docs" / "guides" / "balancers-and-proxies.md"
    is_of_a_balancer = "forwards_to" in (EXAMPLES / name / "main.tf").read_text(encoding="utf-8")
    assert (f"/examples/{name}/diagram.svg" in guide.read_text(encoding="utf-8")) == is_of_a_balancer
=======
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
>>>>>>> d8d48b1 (Open the page of a report in a browser, and pictures in Graphviz)
