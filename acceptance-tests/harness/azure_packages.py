"""Installs Azure's SDK and an HCL parser into a folder of the cache, once for a set of pins, and makes them importable."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from harness.project import ACCEPTANCE, CACHE, Trouble

REQUIREMENTS = ACCEPTANCE / "requirements-azure.txt"
FOLDER = CACHE / "azure-packages"


def make_importable() -> None:
    """Afterwards `azure.mgmt.network` and `hcl2` can be imported; what the environment has itself goes first."""
    if str(FOLDER) not in sys.path:
        _install()
        sys.path.append(str(FOLDER))


def _install() -> None:
    stamp = FOLDER / "installed.sha256"
    digest = _digest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    fresh = FOLDER.with_name(f"{FOLDER.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [
        sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--target", str(fresh),
        "--requirement", str(REQUIREMENTS),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise Trouble(f"`{' '.join(command)}` failed:\n{finished.stderr}")
    (fresh / stamp.name).write_text(digest, encoding="utf-8")
    shutil.rmtree(FOLDER, ignore_errors=True)
    fresh.rename(FOLDER)


def _digest() -> str:
    digest = hashlib.sha256(f"{sys.executable} {sys.version}".encode())
    for file in (REQUIREMENTS, Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()
