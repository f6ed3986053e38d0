"""Every block of code in the pages works as printed: each section is followed in an empty folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from harness import installation, pages, terraform, walk
from harness.pages import Section
from harness.workspace import REQUIRE_TACHYON, Workspace

# Commands that are not typed, by how they begin, and why.
EXCEPTIONS = {
    "cargo ": "builds of the project: the steps before this one run them",
    "python3 examples/quickstart/run.py": "builds the provider; test_quickstart runs it",
    "python3 acceptance-tests/": "this very run, and the benchmark, which takes minutes",
}
SECTIONS = [section for page in pages.pages() for section in pages.sections(page)]
# The beginning of the README, and the module that its picture is of.
TOP, START = "terraform-provider-tachyon", "start-with-a-module"
# A filesystem mirror with the clouds' own providers, on machines that have one.
REAL = os.environ.get("TACHYON_ACC_MIRROR")


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules as the pages fetch them, with stand-ins for the clouds' providers."""
    return walk.repository(tmp_path_factory.mktemp("modules"), clouds=False)


def reader_of(section: Section) -> terraform.Terraform:
    """A page says what Terraform prints and where it looks for plugins; the guide to OpenTofu is for that, where this machine has one."""
    product = "tofu" if section.page.endswith("/opentofu.md") else "terraform"
    found = terraform.everywhere()
    return next((one for one in found if one.product == product), found[0])


@pytest.mark.parametrize("section", SECTIONS, ids=[section.name for section in SECTIONS])
def test_a_section_is_followed(section: Section, tmp_path: Path, modules: Path) -> None:
    walk.follow(section, walk.ground(reader_of(section), tmp_path, modules), EXCEPTIONS)


@pytest.mark.skipif(REAL is None, reason="TACHYON_ACC_MIRROR names no mirror with the clouds' own providers")
@pytest.mark.parametrize("section", SECTIONS, ids=[section.name for section in SECTIONS])
def test_the_clouds_own_providers_take_it(section: Section, tmp_path: Path) -> None:
    needed = {cloud for cloud in ("aws", "azurerm") for block in section.blocks if f'"{cloud}_' in block.text or f"/{cloud}" in block.text}
    mirror = Path(REAL or "")
    if not needed or any(not (mirror / installation.HOSTS[0] / "hashicorp" / cloud).is_dir() for cloud in needed):
        pytest.skip(f"needs {', '.join(sorted(needed)) or 'no cloud'}")
    config = tmp_path / "real.rc"
    mirrors = "".join(f'  filesystem_mirror {{\n    path = "{path}"\n  }}\n' for path in (mirror, installation.MIRROR))
    config.write_text(f"disable_checkpoint = true\nprovider_installation {{\n{mirrors}}}\n", encoding="utf-8")
    fetched = walk.repository(tmp_path / "modules", clouds=True)
    where = walk.ground(reader_of(section), tmp_path, fetched, cli_config=config, has_clouds=True)
    try:
        walk.follow(section, where, EXCEPTIONS)
    except walk.Stumble as stumble:
        if "no available releases match" not in str(stumble):
            raise
        pytest.skip("needs a newer provider than that mirror has")


def block_of(name: str, language: str) -> str:
    """The text of the first block of a language in a section of the README."""
    [section] = [one for one in SECTIONS if one.name == f"README.md#{name}"]
    return next(block.text for block in section.blocks if block.language == language)


def test_the_mistake_at_the_top_of_the_readme_is_the_one_that_its_reader_makes() -> None:
    [section] = [one for one in SECTIONS if one.name == f"README.md#{START}"]
    printed = "".join(block.text for block in section.blocks if block.language == "console")
    lines = block_of(TOP, "text").splitlines()
    assert len(lines) == 3
    assert [line for line in lines if line not in printed.splitlines()] == []


def test_the_picture_in_the_readme_is_what_the_provider_says(workspace: Workspace) -> None:
    module, picture = block_of(START, "terraform"), block_of(TOP, "mermaid")
    endpoints = module[module.index("  endpoints = {"):module.rindex("}\n")]
    workspace.write("main.tf", REQUIRE_TACHYON + f"""
output "connections" {{
  value = provider::tachyon::connections({{
    {endpoints}
  }}).connections
}}
""").init().apply()
    said: dict[tuple[str, str], set[str]] = {}
    for one in workspace.outputs()["connections"].values():
        said.setdefault((one["source"], one["destination"]), set()).update(f"{one['protocol']} {port}" for port in one["ports"])
    arrows = re.findall(r'(\w+)(?:\[.*?\])? -- "(\w+) ([\d, ]+)" --> (\w+)', picture)
    drawn = {(source, target): {f"{protocol} {port}" for port in ports.split(", ")} for source, protocol, ports, target in arrows}
    assert drawn == said


def test_an_exception_is_there_for_a_command_that_is_printed() -> None:
    printed = [one.text for section in SECTIONS for block in section.blocks if block.language == "console" for one in pages.commands(block)]
    assert [beginning for beginning in EXCEPTIONS if not any(text.startswith(beginning) for text in printed)] == []
