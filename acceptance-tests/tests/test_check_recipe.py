"""The `check` that shows what a plan does not show by itself: one recipe wherever it is printed, and it works."""

import re

import pytest

from harness.project import EXAMPLES, ROOT
from harness.terraform import words
from harness.workspace import Workspace

PLACES = [
    *sorted(EXAMPLES.glob("**/checks.tf")),
    EXAMPLES / "modules" / "aws-security-groups" / "README.md",
    EXAMPLES / "modules" / "azure-nsg" / "README.md",
    ROOT / "docs" / "guides" / "deployment.md",
    ROOT / "docs" / "guides" / "first-five-minutes.md",
]
# The module azure-nsg has a file of this name for something else.
RECIPES = {place: text for place in PLACES if 'check "firewall"' in (text := place.read_text(encoding="utf-8"))}


def recipe(text: str) -> str:
    """The locals that are computed and the check, without what differs from place to place: where the answers come from."""
    computed = re.search(r"  left_out .*?\n}\n", text, re.DOTALL)
    check = re.search(r'check "firewall" {\n.*?\n}\n', text, re.DOTALL)
    assert computed is not None
    assert check is not None
    return re.sub(r"(local|module)\.(matrix|firewall|tachyon)\.", "ANSWER.", computed[0] + check[0])


def planned(workspace: Workspace) -> str:
    """What `plan` shows, without frames and line breaks."""
    return words(workspace.run("plan", "-no-color").stdout)


def test_the_recipe_is_one_and_stands_in_every_example():
    names = {place.relative_to(ROOT).as_posix() for place in RECIPES}
    assert {f"examples/{name}/checks.tf" for name in ("aws", "azure", "quickstart", "enterprise/classic", "enterprise/per-rule")} < names
    assert len(RECIPES) == 9
    assert len({recipe(text) for text in RECIPES.values()}) == 1


@pytest.mark.parametrize(
    ("before", "after", "told", "omitted"),
    [
        ("include_flows = [", "exclude_flows = [", "client_p2p (excluded)", "client_p2p"),
        (
            'roles             = ["sql_master", "sql_responses"]',
            'roles = ["sql_master", "sql_responses"], talks_to = { response_stack = [] }',
            "response_to_sql_responses/sql (not_bound)",
            "response_to_sql_responses/sql",
        ),
    ],
    ids=["excluded", "not-bound"],
)
def test_a_flow_that_is_left_out_is_shown_until_it_is_listed(workspace: Workspace, before, after, told, omitted):
    workspace.copy(EXAMPLES / "quickstart").init()
    assert "Left out: " not in planned(workspace)
    main = workspace.folder / "main.tf"
    text = main.read_text(encoding="utf-8")
    assert text.count(before) == 1
    main.write_text(text.replace(before, after), encoding="utf-8")

    shown = planned(workspace)
    assert "Left out: " in shown
    assert told in shown

    checks = workspace.folder / "checks.tf"
    text = checks.read_text(encoding="utf-8")
    assert text.count("omitted  = []") == 1
    checks.write_text(text.replace("omitted  = []", f'omitted  = ["{omitted}"]'), encoding="utf-8")
    assert told not in planned(workspace)
