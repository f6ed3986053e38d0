"""What holds for every module under examples/modules: its README and what it requires."""

import re

import pytest

from harness import hcl, module_tables

FOLDERS = pytest.mark.parametrize("folder", module_tables.folders(), ids=lambda folder: folder.name)


@FOLDERS
def test_the_tables_of_the_readme_are_those_of_the_variables_and_outputs(request, folder):
    file, text = folder / "README.md", module_tables.readme(folder)
    if request.config.getoption("--update"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"{file} differs; run with --update and read the difference"


@FOLDERS
def test_every_input_and_output_is_described_and_typed(folder):
    variables, outputs = hcl.named(folder, "variable"), hcl.named(folder, "output")
    assert variables
    assert [name for name, block in variables.items() if not {"description", "type"} <= block.keys()] == []
    assert [name for name, block in outputs.items() if "description" not in block] == []
    described = [block["description"] for block in (*variables.values(), *outputs.values())]
    assert [text for text in described if not re.fullmatch(r"[A-Z].*\.", text)] == []


@FOLDERS
def test_every_provider_is_asked_for_by_version(folder):
    [required] = hcl.read((folder / "versions.tf").read_text(encoding="utf-8"))["terraform"]
    assert required["required_version"] == ">= 1.7.0"
    [providers] = required["required_providers"]
    assert providers
    assert [name for name, one in providers.items() if not re.fullmatch(r">= \d+\.\d+\.\d+", one.get("version", ""))] == []
