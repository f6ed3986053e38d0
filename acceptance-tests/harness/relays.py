"""Providers that stay from one command to the next, as far as `harness/relay.py` keeps them."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

from harness import narrow
from harness.project import ROOT
from harness.terraform import clean_environment

_SCRIPT = Path(__file__).with_name("relay.py")
# Where `init` puts it. Ours is started as users start it.
_SOURCE = "hashicorp/aws"
_PACKAGE = f".terraform/providers/*/{_SOURCE}/*/*/terraform-provider-*"


@functools.cache
def _types() -> str:
    return ",".join(sorted(narrow.names(ROOT, "aws_")))


class Relays:
    """A relay for each binary that a configuration was initialized with."""

    def __init__(self, folder: Path) -> None:
        """None is started yet; what providers say of themselves goes into files of `folder`."""
        self._folder = folder
        self._running: dict[Path, tuple[subprocess.Popen[str], str]] = {}

    def environment(self, configuration: Path) -> dict[str, str]:
        """What lets a command use the very provider that `init` chose for a configuration; nothing if it chose none of these."""
        chosen = next(configuration.glob(_PACKAGE), None)
        if chosen is None:
            return {}
        binary = chosen.resolve()
        if binary not in self._running:
            self._running[binary] = self._start(binary)
        _, attached = self._running[binary]
        return {"TF_REATTACH_PROVIDERS": attached}

    def _start(self, binary: Path) -> tuple[subprocess.Popen[str], str]:
        log = self._folder / f"{binary.name}.log"
        command = [sys.executable, str(_SCRIPT), str(binary), str(log), _types()]
        process = subprocess.Popen(command, env=clean_environment(), text=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        address = process.stdout.readline()
        assert address, f"the relay of {binary} ended; {log} may say why"
        return process, json.dumps({_SOURCE: json.loads(address)})

    def stop(self) -> None:
        """Ends all of them, and their providers."""
        for process, _ in self._running.values():
            process.terminate()
            process.communicate()
