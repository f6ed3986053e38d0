"""The `terraform test` suites of the examples: they pass under every Terraform, and each of their assertions can fail."""

import pytest

from harness import aws_module, installation, suite
from harness import terraform as terraforms
from harness.project import EXAMPLES
from harness.workspace import Workspace
from suite_mutations import AWS, FIREWALL

EXAMPLE = EXAMPLES / "tested-firewall"
MOCKED = EXAMPLES / "aws"
MUTATIONS = {EXAMPLE: FIREWALL, MOCKED: AWS}
# The one out of the package, where it is there: it asks hashicorp/aws less often for its large schema.
NEWEST = terraforms.everywhere()[-1]


def copied(workspace, example):
    """A copy with its suite: of the one with mocks what its README says for hashicorp/aws 3.39, as that is always here."""
    if example == MOCKED:
        aws_module.older(workspace.copy(example))
        return suite.copy(workspace, example, configured=True)
    return suite.copy(workspace, example)


def require_mock(example, terraform):
    """Skips a suite with mocks where this machine can't run it."""
    if example != MOCKED:
        return
    if installation.platform_name() != "linux_amd64":
        pytest.skip("the package with hashicorp/aws holds a binary for linux_amd64 alone")
    if terraform.product == "tofu" and terraform.number < (1, 8):
        pytest.skip("OpenTofu has mock_provider from 1.8 on")


def test_the_suites_are_found():
    assert suite.folders() == [MOCKED, EXAMPLE]


@pytest.mark.parametrize("example", [EXAMPLE, MOCKED], ids=lambda example: example.name)
def test_a_suite_passes(workspace, example):
    require_mock(example, workspace.terraform)
    found = suite.run(copied(workspace, example))
    assert found.failures == []
    assert len(found.statuses) > 1
    assert found.statuses == dict.fromkeys(suite.runs(example), "pass")


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """An initialized copy of each example, which a mutation changes and puts right again."""
    made = {}

    def copy(example):
        if example not in made:
            empty = Workspace(NEWEST, tmp_path_factory.mktemp(example.name) / "configuration")
            made[example] = copied(empty, example)
        return made[example]

    return copy


@pytest.mark.parametrize(
    ("example", "mutation"),
    [pytest.param(example, one, id=one.title) for example, mutations in MUTATIONS.items() for one in mutations],
)
def test_a_mistake_fails_just_the_assertions_that_are_about_it(copies, example, mutation):
    require_mock(example, NEWEST)
    assert_found(copies(example), mutation)


@pytest.mark.parametrize("title", ["networks that overlap", "a warning that is always accepted"])
def test_a_mistake_is_found_by_every_terraform(workspace, title):
    """One in a condition that calls the provider, and one in a check: what a failure looks like is Terraform's own."""
    [mutation] = [one for one in FIREWALL if one.title == title]
    assert_found(suite.copy(workspace, EXAMPLE), mutation)


def assert_found(workspace, mutation):
    """The suite complains of the mistake in the words that are expected, and of nothing else."""
    right = {name: (workspace.folder / name).read_text(encoding="utf-8") for name, *_ in mutation.edits}
    wrong = dict(right)
    for name, old, new in mutation.edits:
        assert right[name].count(old) == 1, f"{name} says {old!r} {right[name].count(old)} times"
        wrong[name] = wrong[name].replace(old, new)
    try:
        for name, text in wrong.items():
            workspace.write(name, text)
        found = suite.run(workspace)
    finally:
        for name, text in right.items():
            workspace.write(name, text)
    unexpected = [one for one in found.failures if not any(one.text.startswith(text) for text in mutation.told)]
    assert unexpected == []
    silent = [text for text in mutation.told if not any(one.text.startswith(text) for one in found.failures)]
    assert silent == []
    failed = {name for name, status in found.statuses.items() if status in ("fail", "error")}
    assert failed == {one.run for one in found.failures}


@pytest.mark.parametrize("example", [EXAMPLE, MOCKED], ids=lambda example: example.name)
def test_no_assertion_is_left_that_nothing_makes_fail(example):
    told = {text for one in MUTATIONS[example] for text in one.told}
    messages = suite.messages(example)
    assert len(messages) == suite.assertions(example), "a message that is not found in the text of the suite"
    assert len(set(messages)) == len(messages), "a message that does not tell which assertion it is"
    assert [message for message in messages if not any(message.startswith(text) for text in told)] == []
