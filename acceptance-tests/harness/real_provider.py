"""A provider that the machine has, beside those of the project's mirror: how its binary is named, and how Terraform finds it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from harness.installation import HOSTS, MIRROR, package_folder
from harness.project import Trouble


def binary(variable: str) -> Path | None:
    """The binary that an environment variable names, or None where it is not set.

    A path that leads nowhere is the caller's mistake, not a reason to skip.
    """
    given = os.environ.get(variable)
    if not given:
        return None
    path = Path(given).resolve()
    if not os.access(path, os.X_OK):
        raise Trouble(f"{variable}={given} is no executable file.")
    return path


def write_cli_config(executable: Path, source: str, folder: Path, oldest: str) -> Path:
    """A CLI configuration for a mirror in `folder` that holds this provider beside everything of the project's mirror.

    `source` is its address without a host, and `oldest` the version of a binary whose name does not tell.
    """
    mirror = folder / "mirror"
    found = re.search(r"_v([0-9]+\.[0-9]+\.[0-9]+)", executable.name)
    version = found[1] if found else oldest
    for host in HOSTS:
        # Terraform follows links to packages, but to no folder above them.
        for package in sorted((MIRROR / host).glob("*/*/*/*")):
            _link(mirror / package.relative_to(MIRROR), package)
        given = mirror / package_folder(host, source, version).relative_to(MIRROR)
        _link(given / f"terraform-provider-{source.split('/')[1]}_v{version}", executable)
    config = folder / "terraform.rc"
    config.write_text(
        f'disable_checkpoint = true\n\nprovider_installation {{\n  filesystem_mirror {{\n    path = "{mirror.as_posix()}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    return config


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target, target_is_directory=target.is_dir())
