#!/usr/bin/env python3
"""Builds the provider, applies this example with it and prints the firewall rules: `python3 examples/quickstart/run.py`.

Further arguments go to `terraform apply`, such as `-var 'switch_ports=[4000,4002]'`.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "acceptance-tests"))
sys.dont_write_bytecode = True

from harness import installation, project, terraform  # noqa: E402

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Answers with 0, or with 1 and a text that says what to do."""
    try:
        runner = terraform.usable()
        print(f"Building the provider (the first time takes minutes), then asking {runner.product} {runner.version}.", flush=True)
        installation.install_provider(project.build_provider())
        installation.write_cli_config()
        began = time.monotonic()
        outputs = apply(runner, sys.argv[1:])
    except project.Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except terraform.CommandFailed as failure:
        print(f"\n{failure.finished.stderr or failure}", file=sys.stderr)
        return 1
    show(outputs)
    print(f"\n{runner.product} init, apply and output took {time.monotonic() - began:.1f} s. The example: {HERE / 'main.tf'}")
    return 0


def apply(runner: terraform.Terraform, arguments: list[str]) -> dict[str, Any]:
    """The outputs of the example, applied in a scratch copy so that the folder itself stays clean."""
    with tempfile.TemporaryDirectory(dir=project.CACHE, prefix="quickstart-") as scratch:
        for file in HERE.glob("*.tf"):
            shutil.copy(file, scratch)
        runner.run(Path(scratch), "init")
        runner.run(Path(scratch), "apply", "-auto-approve", *arguments)
        answer = runner.run(Path(scratch), "output", "-json")
    return {name: output["value"] for name, output in json.loads(answer.stdout).items()}


def show(outputs: dict[str, Any]) -> None:
    """Prints the outputs as a person reads them."""
    show_rules("AWS security group rules", outputs["aws_rules"])
    show_rules("Azure network security rules", outputs["azure_rules"])
    show_list("Documented, but this deployment has one end only", outputs["unresolved"])
    show_list("Warnings", outputs["warnings"])
    rules = sum(len(lines) for lines in outputs["aws_rules"].values())
    print(f"\n{rules} AWS rules and {sum(len(lines) for lines in outputs['azure_rules'].values())} Azure rules "
          f"for {len(outputs['aws_rules'])} endpoints.")


def show_rules(title: str, endpoints: dict[str, list[str]]) -> None:
    """Prints one paragraph an endpoint; the last column of a line cites the rows of the document."""
    heading(title)
    for name, lines in endpoints.items():
        print(f"\n  {name}")
        for line in lines:
            print(f"    {line}")


def show_list(title: str, lines: list[str]) -> None:
    """Prints a list, or that it is empty."""
    heading(title)
    for line in lines or ["none"]:
        print(f"  {line}")


def heading(title: str) -> None:
    """Prints an underlined title."""
    print(f"\n{title}\n{'=' * len(title)}")


if __name__ == "__main__":
    sys.exit(main())
