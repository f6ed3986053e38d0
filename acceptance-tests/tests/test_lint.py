"""`lint` of the examples: what it finds has been read by a person, and is held here."""


import pytest

from harness.project import EXAMPLES
from harness.workspace import REQUIRE_TACHYON, Workspace

ENTERPRISE = REQUIRE_TACHYON + """
locals {
  deployment = jsondecode(file("deployment.json"))
}
"""
FINDINGS = """
output "lint" {
  value = provider::tachyon::lint(local.deployment)
}
"""


def quickstart(workspace: Workspace) -> None:
    workspace.copy(EXAMPLES / "quickstart")


def enterprise(workspace: Workspace) -> None:
    workspace.write("main.tf", ENTERPRISE)
    workspace.write("deployment.json", (EXAMPLES / "enterprise" / "deployment.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", [quickstart, enterprise])
def test_the_findings_of_an_example(workspace, golden, example):
    example(workspace)
    workspace.write("lint.tf", FINDINGS).init().apply()
    told = workspace.outputs()["lint"]
    assert told["undecided"] == []
    assert told["clean"] == (told["counts"]["error"] == told["counts"]["warning"] == 0)
    lines = [
        f"{one['severity']:7} {one['id']}: {one['summary']} -> {one['remedy']} [{', '.join(one['citations'])}]" for one in told["findings"]
    ]
    golden(f"lint/{example.__name__}.txt", "\n".join(lines) + "\n")
