"""The command that runs all tests is honest about what it can't do."""

import os
import subprocess
import sys

from harness.project import ACCEPTANCE


def test_without_terraform_it_says_what_to_install_before_it_compiles_anything(tmp_path):
    finished = subprocess.run(
        [sys.executable, str(ACCEPTANCE / "run.py")], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": str(tmp_path)},
    )
    assert finished.returncode == 1
    assert "Neither `terraform` nor `tofu` is on PATH" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert "==>" not in finished.stdout
