"""A current hashicorp/aws, if the machine has one: `TACHYON_ACC_AWS` is the path of its binary, version 5.0 or newer."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from harness import real_provider
from harness.project import Trouble
from harness.terraform import Terraform

VARIABLE = "TACHYON_ACC_AWS"
# The first with a resource for each rule.
_OLDEST = "5.0.0"


def binary() -> Path | None:
    """The binary, or None where the variable is not set."""
    executable = real_provider.binary(VARIABLE)
    found = executable and re.search(r"_v([0-9]+)\.", executable.name)
    if found and int(found[1]) < int(_OLDEST.split(".", maxsplit=1)[0]):
        raise Trouble(f"{VARIABLE}={executable} is older than {_OLDEST}.")
    return executable


def current(terraform: Terraform, executable: Path, folder: Path) -> Terraform:
    """The same Terraform, which finds this hashicorp/aws beside the other providers."""
    config = real_provider.write_cli_config(executable, "hashicorp/aws", folder, _OLDEST)
    return dataclasses.replace(terraform, cli_config=config)
