#!/usr/bin/env python3
"""Runs every test of the project: `python3 acceptance-tests/run.py`.

Needs Rust and Python 3.12 or newer; everything else goes into `.cache/`, a Terraform included. One on PATH is tested with too. An
older `python3` may start it, where a python3.12 or python3.13 is on PATH or under pyenv.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import checkov, installation, npm_side, project, python_side, terraform
from harness.project import ACCEPTANCE, EXAMPLES, RELEASE, ROOT, Trouble

_MEMORY_OF_A_WORKER = 3 * 2**30
_MOST_WORKERS = 4
# The part of the run that is done beside the tests of Rust.
_PYTHON_SIDE = "python"
# What the acceptance tests need: for running pytest by hand.
_PREPARATION = "preparation"

# Modules of Python with their arguments, before the files.
RUFF = ("ruff", "check", "--config", "pyproject.toml", "--output-format", "concise")
MYPY = ("mypy",)


@dataclass(frozen=True)
class Step:
    """One step of the run; `needs` names the steps without which it is pointless."""

    title: str
    action: Callable[[], None]
    needs: tuple[str, ...] = ()


class Beside:
    """A command that runs beside the steps; what it prints is shown when it is waited for.

    Fetching packages uses no processor.
    """

    def __init__(self, command: list[str]) -> None:
        """Starts it."""
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the command runs
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._output, stderr=subprocess.STDOUT)

    def wait(self) -> None:
        """Shows what it printed. Raises `Trouble` where it failed."""
        code = self._process.wait()
        self._output.seek(0)
        print(self._output.read().decode(errors="replace"), flush=True)
        if code != 0:
            raise Trouble(f"It ended with {code}; what it printed above says why.")

    def stop(self) -> None:
        """Ends it, if it still runs."""
        self._process.terminate()
        self._process.wait()
        self._output.close()


def main() -> int:
    """Runs the chosen steps, all of them even after one failed, and ends with a summary."""
    arguments = _arguments()
    beside = None
    began = time.monotonic()
    results: dict[str, str] = {}
    try:
        if arguments.only is None:
            _announce()
            beside = Beside([sys.executable, __file__, "--only", _PYTHON_SIDE])
        steps = _steps(arguments, beside)
        for number, step in enumerate(steps, start=1):
            print(f"\n==> [{number}/{len(steps)}] {step.title}", flush=True)
            results[step.title] = _perform(step, results)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    finally:
        if beside is not None:
            beside.stop()
    return _summary(results, time.monotonic() - began)


def _perform(step: Step, results: dict[str, str]) -> str:
    missing = [title for title in step.needs if not results[title].startswith("passed")]
    if missing:
        print(f"not run: needs {', '.join(missing)}")
        return "NOT RUN"
    began = time.monotonic()
    try:
        step.action()
        outcome = "passed"
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        outcome = "FAILED"
    outcome = f"{outcome} in {time.monotonic() - began:.1f} s"
    print(f"<== {step.title}: {outcome}", flush=True)
    return outcome


def _summary(results: dict[str, str], seconds: float) -> int:
    print()
    for title, outcome in results.items():
        print(f"{outcome:>20}  {title}")
    bad = sum(not outcome.startswith("passed") for outcome in results.values())
    verdict = f"{bad} of {len(results)} steps FAILED" if bad else f"all {len(results)} steps passed"
    print(f"\n{verdict} in {seconds:.0f} s", flush=True)
    return 1 if bad else 0


def _announce() -> None:
    """At once, not after ten minutes of compiling."""
    python_side.find_interpreter()
    print(terraform.announcement(), flush=True)


def _steps(arguments: argparse.Namespace, beside: Beside | None) -> list[Step]:
    rust = [
        Step("cargo fmt", lambda: _cargo("fmt", "--all", "--check")),
        Step("cargo clippy", lambda: _cargo("clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings")),
        Step("cargo test", lambda: _cargo("test", "--workspace", "--locked", "--quiet", "--no-fail-fast")),
        Step("10,000 random deployments", _many_deployments),
    ]
    python = Step("Python side", _install_python)
    build = Step("the programs that the acceptance tests run", lambda: _build(arguments.release))
    if arguments.only == "rust":
        return rust
    if arguments.only == _PYTHON_SIDE:
        return [python]
    if arguments.only == _PREPARATION:
        return [python, build]
    if beside is None:
        _announce()
        before = [python, build]
    else:
        python = Step("Python side, done beside the steps above", beside.wait)
        before = [*rust, python, build]
    lint = Step("Python lint and types", _lint_python, needs=(python.title,))
    return [*before, lint, Step("acceptance tests", lambda: _pytest(arguments), needs=(python.title, build.title))]


def _build(release: bool) -> None:
    """Builds the provider and the command line, and puts the provider where Terraform finds it.

    As the tests of Rust have built them, with checks that a release leaves out; `release` is for the very build that users get.
    """
    tested = project.build_as_tests_do()
    installation.install_provider(project.build_provider() if release else tested)


def _install_python() -> None:
    installation.write_cli_config()
    print(f"Python of the tests: {python_side.install()}")
    print(f"checkov: {checkov.install()}")
    print(f"From npm: {npm_side.install()}")


def _lint_python() -> None:
    """Lets ruff and mypy look through all Python of the project; `pyproject.toml` says for what."""
    for command in (RUFF, MYPY):
        # Where the settings are: that is what their patterns are relative to.
        _run([str(python_side.PYTHON), "-m", *command, ".", str(EXAMPLES), str(RELEASE)], folder=ACCEPTANCE)


def _pytest(arguments: argparse.Namespace) -> None:
    command = [str(python_side.PYTHON), "-m", "pytest", "--config-file", str(ACCEPTANCE / "pytest.ini")]
    if arguments.k:
        command += ["-k", arguments.k]
    if arguments.update:
        command.append("--update")
    else:
        command += ["--numprocesses", str(_workers()), "--dist", "worksteal"]
    _run([*command, str(ACCEPTANCE / "tests")])


def _workers() -> int:
    """One more than the processors that this process may use, as some tests wait for a slow EC2; at most one for each 3 GiB of memory.

    A worker may have a LocalStack of its own, which takes most of a gigabyte, beside Terraform and hashicorp/aws.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(usable + 1, memory // _MEMORY_OF_A_WORKER, _MOST_WORKERS))


def _cargo(*arguments: str) -> None:
    _run(["cargo", *arguments])


def _many_deployments() -> None:
    """The rules of both clouds against a second reading of the document, for many more deployments than a test run tries otherwise."""
    command = ["cargo", "test", "--workspace", "--locked", "--test", "it", "agreement"]
    _run(command, TACHYON_CASES="10000")


def _run(command: list[str], folder: Path = ROOT, **variables: str) -> None:
    print(f"$ {' '.join([*(f'{name}={value}' for name, value in variables.items()), *command])}", flush=True)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    try:
        code = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    except FileNotFoundError as error:
        raise Trouble(f"`{command[0]}` is not on PATH.") from error
    if code != 0:
        raise Trouble(f"`{command[0]} {command[1]}` ended with {code}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Runs every test of the project.")
    parser.add_argument("--only", choices=["rust", "acceptance", _PREPARATION, _PYTHON_SIDE], help="run one part")
    parser.add_argument("--release", action="store_true", help="run the acceptance tests with the release build of the provider")
    parser.add_argument("-k", metavar="EXPRESSION", help="of the acceptance tests, those that match (as pytest's -k)")
    parser.add_argument("--update", action="store_true", help="rewrite the golden files from what is said now")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
