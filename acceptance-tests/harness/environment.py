"""Virtual environments of Python in the ignored folder `.cache/`: each is made once for an interpreter and a set of pins."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.project import Trouble


@dataclass(frozen=True)
class Environment:
    """One in a folder; `pins` are the files that decide what is in it."""

    folder: Path
    pins: tuple[Path, ...]

    @property
    def python(self) -> Path:
        """Its Python, which is there once it is made."""
        return self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def is_made(self, interpreter: str) -> bool:
        """Whether it was made to the end, by this interpreter and from the pins as they are."""
        return self.python.exists() and self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._digest(interpreter)

    def begin(self, interpreter: str) -> None:
        """Makes an empty one, in place of whatever is there."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(exist_ok=True)
        if subprocess.run([interpreter, "-m", "venv", str(self.folder)], check=False).returncode != 0:
            raise Trouble(
                f"{interpreter} can't make a virtual environment; its message above says why (on Debian the package python3-venv is"
                " missing). Install what it asks for."
            )

    def pip(self, *arguments: str) -> None:
        """Runs its pip, which says itself what went wrong."""
        command = [str(self.python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
        if subprocess.run(command, check=False).returncode != 0:
            raise Trouble(f"`{' '.join(command)}` failed; its messages above say why.")

    def end(self, interpreter: str) -> None:
        """Notes that everything is in it; before that it is made anew."""
        self._stamp.write_text(self._digest(interpreter), encoding="utf-8")

    @property
    def _stamp(self) -> Path:
        return self.folder / "installed.sha256"

    def _digest(self, interpreter: str) -> str:
        digest = hashlib.sha256(interpreter.encode())
        for file in self.pins:
            digest.update(file.read_bytes())
        return digest.hexdigest()
