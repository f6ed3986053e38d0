"""A real azurerm, if the machine has one: `TACHYON_ACC_AZURERM` is the path of its binary."""

from __future__ import annotations

from pathlib import Path

from harness import real_provider

VARIABLE = "TACHYON_ACC_AZURERM"


def binary() -> Path | None:
    """The binary, or None where the variable is not set."""
    return real_provider.binary(VARIABLE)


def write_cli_config(executable: Path, folder: Path) -> Path:
    """A CLI configuration for a mirror in `folder` that holds this azurerm beside everything of the project's mirror."""
    # The oldest that the module takes.
    return real_provider.write_cli_config(executable, "hashicorp/azurerm", folder, "4.0.0")
