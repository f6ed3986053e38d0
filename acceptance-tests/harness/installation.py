"""Installs providers for Terraform into a filesystem mirror inside the project.

A mirror, not `dev_overrides`: `terraform init` then works as it does for a user, with a lock file and
without a warning on every command, and the very same configuration serves providers of other people.
"""

from __future__ import annotations

import filecmp
import os
import platform
import shutil
from pathlib import Path

from harness.project import CACHE, PACKAGE, Provider

MIRROR = CACHE / "mirror"
CLI_CONFIG = CACHE / "terraform.rc"

# Terraform and OpenTofu complete a short source address with a host of their own.
HOSTS = ("registry.terraform.io", "registry.opentofu.org")

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def platform_name() -> str:
    """The platform in the registry's words, such as `linux_amd64`."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_MACHINES.get(machine, machine)}"


def package_folder(host: str, source: str, version: str) -> Path:
    """Where the mirror keeps an unpacked provider, which Terraform links to instead of copying it."""
    return MIRROR / host / source / version / platform_name()


def install_provider(provider: Provider) -> None:
    """Puts a built provider into the mirror, in place of an older build of the same version."""
    for host in HOSTS:
        folder = package_folder(host, "tachyon-iac/tachyon", provider.version)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{PACKAGE}_v{provider.version}"
        if not target.exists() or not filecmp.cmp(provider.binary, target, shallow=False):
            # A process may be running the old file: a rename leaves it alone, a write would not. Beside the package, not
            # in it: Terraform hashes whole packages.
            fresh = CACHE / f"{target.name}.{os.getpid()}"
            shutil.copy2(provider.binary, fresh)
            fresh.replace(target)


def installed_provider() -> Provider:
    """The provider in the mirror, which is the one that is tested."""
    [folder] = (MIRROR / HOSTS[0] / "tachyon-iac/tachyon").iterdir()
    [binary] = package_folder(HOSTS[0], "tachyon-iac/tachyon", folder.name).iterdir()
    return Provider(folder.name, binary)


def write_cli_config() -> Path:
    """Writes the CLI configuration that knows the mirror and nothing else, so that nothing comes from a network."""
    CACHE.mkdir(exist_ok=True)
    text = (
        "disable_checkpoint = true\n\n"
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path = "{MIRROR.as_posix()}"\n'
        "  }\n"
        "}\n"
    )
    # A Terraform of another process may be reading it.
    fresh = CLI_CONFIG.with_name(f"{CLI_CONFIG.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(CLI_CONFIG)
