"""Where the project keeps its things, and how it builds the provider."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
RELEASE = ROOT / ".ci"
ACCEPTANCE = ROOT / "acceptance-tests"
CACHE = ROOT / ".cache"

PACKAGE = "terraform-provider-tachyon"


class Trouble(Exception):
    """Something that a person can mend; its text says how."""


@dataclass(frozen=True)
class Provider:
    """A built provider: its version and its executable."""

    version: str
    binary: Path


def build_provider() -> Provider:
    """Builds the provider in release mode; cargo's own messages go to the terminal."""
    return _build(built_provider(), "build", "--release", "--package", PACKAGE)


def build_as_tests_do() -> Provider:
    """Builds the provider and the command line as the tests of the workspace do.

    That takes no time after them. A build of one package alone would have other features, and so would all that it depends on.
    """
    return _build(built_provider("debug"), "test", "--workspace", "--locked", "--no-run", "--quiet", "--test", "it")


def built_provider(profile: str = "release") -> Provider:
    """Where a build of the provider is, or will be: `release`, or `debug` for that of the tests."""
    arguments = [_cargo(), "metadata", "--no-deps", "--format-version", "1"]
    answer = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise Trouble(f"cargo can't read the workspace:\n{answer.stderr.strip()}")
    metadata = json.loads(answer.stdout)
    version = next(package["version"] for package in metadata["packages"] if package["name"] == PACKAGE)
    return Provider(version, Path(metadata["target_directory"], profile, PACKAGE))


@functools.cache
def command_line() -> Path:
    """The command line as the tests of the workspace build it."""
    return built_provider("debug").binary.with_name("tachyon")


def _build(provider: Provider, *arguments: str) -> Provider:
    if subprocess.run([_cargo(), *arguments], cwd=ROOT, check=False).returncode != 0:
        raise Trouble("The provider does not build; cargo's messages above say why.")
    if not provider.binary.is_file():
        raise Trouble(f"cargo built the package {PACKAGE} but left no executable at {provider.binary}.")
    return provider


def _cargo() -> str:
    cargo = shutil.which("cargo")
    if cargo is None:
        raise Trouble("cargo is not on PATH. Install Rust with rustup (https://rustup.rs), then run this again.")
    return cargo
