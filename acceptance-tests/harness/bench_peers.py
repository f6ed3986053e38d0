"""The plugins of the benchmark: ours, the floor, and providers in Go out of packages of PyPI."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from harness import installation, project, python_side
from harness.project import ACCEPTANCE, CACHE, ROOT, Trouble

BENCH = CACHE / "bench"
ANSWERS = BENCH / "answers"

_REQUIREMENTS = ACCEPTANCE / "requirements-bench.txt"
_PYTHON = BENCH / "python"
_FOLDER = BENCH / "peers"


@dataclass(frozen=True)
class Plugin:
    """An executable to start; `kind` says what it can be asked."""

    name: str
    title: str
    program: Path
    kind: str = "other"
    environment: dict[str, str] = field(default_factory=dict)

    def job(self) -> dict[str, object]:
        """As `measure` reads it."""
        return {"name": self.name, "program": str(self.program), "kind": self.kind, "environment": self.environment}


def built(*, build: bool) -> tuple[Plugin, Plugin, Path]:
    """Ours, the floor, and `measure`; each package is built by itself, since features of one would go into the other."""
    ours = project.build_provider() if build else project.built_provider()
    if build:
        _run(["cargo", "build", "--release", "--package", "tachyon-bench"])
    folder = ours.binary.parent
    floor = Plugin("floor", "floor", folder / "floor", "tachyon", {"TACHYON_BENCH_ANSWERS": str(ANSWERS)})
    found = Plugin("ours", f"tachyon {ours.version}", ours.binary, "tachyon"), floor, folder / "measure"
    missing = [str(path) for path in (found[0].program, floor.program, found[2]) if not path.is_file()]
    if missing:
        raise Trouble(f"Not built yet: {', '.join(missing)}.")
    return found


def install() -> list[Plugin]:
    """The providers in Go, fetched once; none where the packages have no executable for this platform."""
    if installation.platform_name() != "linux_amd64":
        return []
    found = [
        Plugin("null", "hashicorp/null 2.1.2 (Go 1.11)", _FOLDER / "terraform-provider-null_v2.1.2_x4", "null"),
        Plugin("lxd", "terraform-lxd/lxd 1.5.0 (Go 1.15)", _FOLDER / "terraform-provider-lxd_v1.5.0"),
    ]
    if not all(plugin.program.is_file() for plugin in found):
        _fetch({plugin.program.name for plugin in found})
    version = python_side.AWS_VERSION
    aws = installation.package_folder(installation.HOSTS[0], "hashicorp/aws", version)
    executable = aws / f"terraform-provider-aws_v{version}_x5"
    # 177 MB, so only where the acceptance tests have fetched it.
    if executable.is_file():
        found.append(Plugin("aws", f"hashicorp/aws {version} (Go 1.16)", executable))
    return found


def _fetch(wanted: set[str]) -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    if not (_PYTHON / "bin" / "python").exists():
        _run([sys.executable, "-m", "venv", str(_PYTHON)])
    with tempfile.TemporaryDirectory(dir=BENCH) as downloads:
        # The packages' setup scripts copy the provider into the home folder, for Terraform to find; not into the user's.
        settings = os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config"))
        environment = {**os.environ, "HOME": str(Path(downloads, "home")), "XDG_CONFIG_HOME": settings}
        command = [str(_PYTHON / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
        command += ["--no-deps", "--require-hashes", "--requirement", str(_REQUIREMENTS), "--dest", downloads]
        _run(command, environment)
        for package in Path(downloads).glob("*.tar.gz"):
            _extract(package, wanted)


def _extract(package: Path, wanted: set[str]) -> None:
    with tarfile.open(package) as archive:
        for member in archive:
            name = Path(member.name).name
            content = archive.extractfile(member) if name in wanted else None
            if content is not None:
                target = _FOLDER / name
                target.write_bytes(content.read())
                target.chmod(0o755)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise Trouble(f"`{' '.join(command)}` failed; its messages above say why.")
