"""The command that runs all tests is honest about what it can't do."""

import os
import re
import subprocess
import sys
import tomllib

import pytest

import run
from harness import npm_side, python_side
from harness.project import ACCEPTANCE, EXAMPLES, Trouble

# Prints the files of the harness that a script imports.
IMPORTED = """
import runpy, sys
runpy.run_path(sys.argv[1], run_name="imported")
print(*(name.removeprefix("harness.") + ".py" for name in sys.modules if name.startswith("harness.")))
"""


def test_an_old_python_will_do_where_a_newer_one_is_found(monkeypatch):
    monkeypatch.setattr(python_side, "_candidates", lambda version: [sys.executable] if version == "3.12" else ["false"])
    assert python_side.find_interpreter((3, 10)) == sys.executable


def test_what_an_older_python_starts_is_written_for_it():
    """The settings of ruff name the scripts, and all of the harness that they import."""
    settings = tomllib.loads((ACCEPTANCE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    [scripts, quickstart, harness] = settings["per-file-target-version"]
    assert (scripts, quickstart) == ("{run,bench}.py", "../examples/quickstart/run.py")
    [names] = re.findall(r"harness/\{(.+)\}\.py", harness)
    said = {file.name for name in names.split(",") for file in (ACCEPTANCE / "harness").glob(f"{name}.py")}
    imported = set()
    for script in (ACCEPTANCE / "run.py", ACCEPTANCE / "bench.py", EXAMPLES / "quickstart" / "run.py"):
        told = subprocess.run([sys.executable, "-c", IMPORTED, str(script)], capture_output=True, text=True, check=True)
        imported |= set(told.stdout.split())
    assert said == imported


def test_without_a_python_that_is_new_enough_it_says_which_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(Trouble, match=r"3\.12 or newer(.|\n)*This is 3\.11, and there is no usable python3\.13 or python3\.12"):
        python_side.find_interpreter((3, 11))
    assert python_side.find_interpreter((3, 14)) == sys.executable


def test_a_package_from_npm_is_the_pinned_one_or_none(monkeypatch, tmp_path):
    [axe] = npm_side.packages("axe-core")
    with pytest.raises(Trouble, match=r"axe-core .* is not the package"):
        npm_side._check(axe, b"another")
    # Where npm can't fetch, that is told, and nothing is there that a test could take for the package.
    monkeypatch.setenv(npm_side.CHROMIUM, "chromium")
    monkeypatch.setattr(npm_side, "FOLDER", tmp_path)
    monkeypatch.setattr(npm_side, "_npm", lambda: ["false"])
    assert "not all there: `npm pack mermaid@" in npm_side.install()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv(npm_side.CHROMIUM)
    assert npm_side.install() == f"nothing: {npm_side.CHROMIUM} names no Chromium"


@pytest.mark.parametrize(("processors", "gibibytes", "workers"), [(1, 64, 2), (2, 64, 3), (16, 64, 4), (16, 7, 2), (2, 1, 1)])
def test_workers_are_as_many_as_processors_and_memory_allow(monkeypatch, processors, gibibytes, workers):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": gibibytes * 2**18}.__getitem__)
    assert run._workers() == workers


def test_what_runs_beside_the_steps_is_shown_and_counts(capfd):
    beside = run.Beside([sys.executable, "-c", "import sys; print('made'); print('half', file=sys.stderr); sys.exit(3)"])
    with pytest.raises(Trouble, match="ended with 3"):
        beside.wait()
    beside.stop()
    assert sorted(capfd.readouterr().out.split()) == ["half", "made"]
    beside = run.Beside([sys.executable, "-c", "import time; time.sleep(600)"])
    beside.stop()
    assert beside._process.poll() is not None


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        (run.RUFF, "import os\n", "F401"),
        (run.RUFF, "def shout(words=[]):\n    return words\n", "B006"),
        (run.MYPY, "from harness import ec2\n\nec2.revoke(None, 7, ())\n", "arg-type"),
        (run.MYPY, "from harness import rules\n\nrules.expande({})\n", "attr-defined"),
    ],
    ids=["unused import", "mutable default", "argument of another type", "misspelt name"],
)
def test_a_mistake_in_python_is_found(tmp_path, command, text, told):
    (tmp_path / "mistake.py").write_text(text, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", *command, str(tmp_path / "mistake.py")], cwd=ACCEPTANCE, capture_output=True, text=True, check=False,
    )
    assert finished.returncode == 1, finished
    assert told in finished.stdout
