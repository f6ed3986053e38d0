"""Every short example is a whole configuration: it applies, settles, and its outputs are what people were shown."""

import json

import pytest

from harness.project import EXAMPLES

SHORT = sorted(
    path.parent for pattern in ("provider/*.tf", "functions/*/*.tf", "data-sources/*/*.tf") for path in EXAMPLES.glob(pattern)
)
NAMES = [folder.relative_to(EXAMPLES).as_posix() for folder in SHORT]


def test_each_function_and_data_source_has_its_example_and_nothing_else_has(workspace):
    workspace.copy(EXAMPLES / "provider").init()
    document = json.loads(workspace.run("providers", "schema", "-json").stdout)
    [offered] = document["provider_schemas"].values()
    assert set(NAMES) == {
        "provider",
        *(f"functions/{name}" for name in offered["functions"]),
        *(f"data-sources/{name}" for name in offered["data_source_schemas"]),
    }


@pytest.mark.parametrize("folder", SHORT, ids=NAMES)
def test_it_applies_and_settles(workspace, folder, golden):
    workspace.copy(folder).init()
    assert workspace.validate()["diagnostics"] == []
    workspace.apply()
    workspace.assert_settled()
    outputs = workspace.outputs()
    name = folder.relative_to(EXAMPLES).as_posix().replace("/", "-")
    golden(f"examples/{name}.json", json.dumps(outputs, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def test_the_configurations_are_formatted(terraform):
    assert terraform.run(EXAMPLES, "fmt", "-recursive", "-check", "-diff", expect=(0, 3)).stdout == ""
