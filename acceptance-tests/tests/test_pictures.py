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
