"""Follows a section of a page in an empty folder, as a reader would.

Writes its configurations, types its commands, compares what is shown.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness import cloud_schema, installation, stand_in
from harness.pages import COMMANDS, CONFIGURATIONS, Block, Command, Section, commands, unlike
from harness.project import EXAMPLES, command_line
from harness.terraform import OLDEST, Finished, Terraform
from harness.workspace import REQUIRE_TACHYON, Workspace

# Where modules come from in the pages. Git is made to fetch this from a copy of the working tree.
REPOSITORY = "https://github.com/tachyon-iac/terraform-provider-tachyon.git"
_MARK = "\x01"
# What is typed without Terraform.
COMMAND_LINE = "tachyon"

# Around a block that shows a part of a deployment: what stands beside it in the whole.
FRAMES = {
    "endpoints": """
locals {
  answer = provider::tachyon::connections({
    endpoints = {
      response-emea = { roles = ["response_stack"] }
      response-us   = { roles = ["response_stack"] }
      %s
    }
  })
}
""",
    "deployment": """
locals {
  answer = provider::tachyon::network_security_rules(merge({
    endpoints = {
      tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.1.10/32"] }
      clients = { roles = ["client"], cidrs = ["10.32.0.0/12"] }
    }
  }, {
    %s
  }))
}
""",
}


class Stumble(AssertionError):
    """The place in a page where a reader could not go on, and what Terraform or the shell said."""


@dataclass(frozen=True)
class Ground:
    """What a walk needs of the machine: a Terraform, a folder of its own, and the modules as they would be fetched."""

    terraform: Terraform
    folder: Path
    modules: Path
    cli_config: Path = installation.CLI_CONFIG
    # Without the stand-ins only the clouds' own providers can say whether a configuration is right.
    has_clouds: bool = False

    def environment(self) -> dict[str, str]:
        """For every command: this Terraform first on the PATH, modules from here, and no home folder of anybody's."""
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "TF_CLI_CONFIG_FILE": str(self.cli_config),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.modules}.insteadOf",
            "GIT_CONFIG_VALUE_0": REPOSITORY,
        }


def ground(terraform: Terraform, folder: Path, modules: Path, **more: object) -> Ground:
    """Makes the folders, and a `terraform` for the shell; pages may call it `tofu`, which does the same."""
    for name in ("bin", "home"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for product in OLDEST:
        program = folder / "bin" / product
        program.write_text(f'#!/bin/sh\nexec {shlex.join(terraform.command)} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    (folder / "bin" / COMMAND_LINE).symlink_to(command_line())
    return Ground(terraform, folder, modules, **more)  # type: ignore[arg-type]


def repository(folder: Path, clouds: bool) -> Path:
    """A Git repository with the examples as they stand in the working tree, tagged as the release that the pages name."""
    top = folder / ("as-it-is" if clouds else "stand-ins")
    copy_examples(top, clouds)
    tag = f"v{installation.installed_provider().version}"
    git = ["git", "-c", "user.name=pages", "-c", "user.email=pages@example.invalid", "-C", str(top)]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "The examples"], ["tag", tag]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    return top


def copy_examples(top: Path, clouds: bool) -> None:
    """Copies the examples, without the clouds' providers unless they are there."""
    ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*")
    shutil.copytree(EXAMPLES, top / EXAMPLES.name, ignore=ignored)
    if not clouds:
        for file in top.rglob("*.tf"):
            file.write_text(stand_in.written_over(file.read_text(encoding="utf-8")), encoding="utf-8")


def follow(section: Section, where: Ground, exceptions: dict[str, str]) -> None:
    """Follows a section to its end. `exceptions` are beginnings of commands that are not run, with reasons."""
    workspace = Workspace(where.terraform, where.folder / "work")
    _furnish(section, workspace.folder, where)
    for block in section.blocks:
        if block.language in CONFIGURATIONS:
            _configure(section, block, workspace, where)
        elif block.language == COMMANDS and not where.has_clouds:
            _type(section, block, workspace, where, exceptions)
            _plug_in(section, block, where)


def _furnish(section: Section, folder: Path, where: Ground) -> None:
    """What a reader has who follows a page of a checkout: its examples, and what cargo has built."""
    asks = any(f"{COMMAND_LINE} " in block.text and "examples/" in block.text for block in section.blocks if block.language == COMMANDS)
    if asks or section.page.startswith("examples/"):
        copy_examples(folder, where.has_clouds)
    if section.page == "README.md":
        built_here = folder / "target" / "release" / "terraform-provider-tachyon"
        built_here.parent.mkdir(parents=True)
        built_here.symlink_to(installation.installed_provider().binary)
        (built_here.parent / COMMAND_LINE).symlink_to(command_line())


def _configure(section: Section, block: Block, workspace: Workspace, where: Ground) -> None:
    if block.file.endswith(".rc"):
        _configure_cli(section, block, where)
        return
    text, folder = block.text, workspace.folder
    if block.directive is not None and block.directive.startswith("excerpt of "):
        frame = FRAMES[block.directive.removeprefix("excerpt of ")]
        text, folder = REQUIRE_TACHYON + frame % text, where.folder / f"excerpt-{block.line}"
    elif (unformatted := _unformatted(block, where)) != "":
        raise _stumble(section, block, "terraform fmt", unformatted)
    if (faults := cloud_schema.faults(text)) and not where.has_clouds:
        raise _stumble(section, block, "schemas", "\n".join(faults))
    Workspace(where.terraform, folder).write(block.file, text if where.has_clouds else stand_in.written_over(text))
    folder = (folder / block.file).parent
    actions = ["init -no-color", "validate"] if where.has_clouds else ["init", "validate", "plan"]
    for action in actions:
        refused = block.directive == "refused" and action == "plan"
        finished = _run(where, folder, *action.split())
        if (finished.code != 0) != refused:
            raise _stumble(section, block, f"terraform {action}", str(finished))


def _configure_cli(section: Section, block: Block, where: Ground) -> None:
    """A configuration of Terraform itself must find the provider, once its folder is that of the mirror."""
    file = where.folder / block.file
    file.write_text(re.sub(r'path( +)= ".*"', rf'path\1= "{installation.MIRROR}"', block.text), encoding="utf-8")
    workspace = Workspace(where.terraform, where.folder / f"cli-{block.line}").write("main.tf", REQUIRE_TACHYON)
    finished = _run(where, workspace.folder, "init", TF_CLI_CONFIG_FILE=str(file))
    if finished.code != 0:
        raise _stumble(section, block, "terraform init", str(finished))


def _unformatted(block: Block, where: Ground) -> str:
    return where.terraform.run(where.folder, "fmt", "-diff", "-", stdin=block.text, expect=(0, 2, 3)).stdout.split("\n", 1)[0] if (
        where.terraform.run(where.folder, "fmt", "-check", "-", stdin=block.text, expect=(0, 2, 3)).code
    ) else ""


def _run(where: Ground, folder: Path, *arguments: str, **variables: str) -> Finished:
    return where.terraform.run(folder, *arguments, expect=(0, 1, 2), environment={**where.environment(), **variables})


def _type(section: Section, block: Block, workspace: Workspace, where: Ground, exceptions: dict[str, str]) -> None:
    typed = [one for one in commands(block) if not any(one.text.startswith(beginning) for beginning in exceptions)]
    for command, (code, printed) in zip(typed, _shell(typed, workspace, where), strict=True):
        shows_an_error = any("Error" in line for line in command.shown)
        if (code != 0) != shows_an_error:
            raise _stumble(section, block, command.text, f"ended with {code}\n{printed}")
        if (line := unlike(command.shown, printed)) is not None:
            raise _stumble(section, block, command.text, f"this line was not printed (any more):\n{line}\nbut:\n{printed}")


def _plug_in(section: Section, block: Block, where: Ground) -> None:
    """What commands put where Terraform searches without a configuration must be found there."""
    plugins = where.folder / "home" / ".terraform.d" / "plugins"
    if plugins.is_dir():
        workspace = Workspace(where.terraform, where.folder / f"plugged-in-{block.line}").write("main.tf", REQUIRE_TACHYON)
        finished = _run(where, workspace.folder, "init", TF_CLI_CONFIG_FILE="")
        if finished.code != 0:
            raise _stumble(section, block, "terraform init", str(finished))


def _shell(typed: list[Command], workspace: Workspace, where: Ground) -> list[tuple[int, str]]:
    """Runs commands in one shell, since they may change its folder; per command its exit code and what it printed."""
    script = "\n".join(f"{{ {one.text}\n}} 2>&1\necho {_MARK}$?{_MARK}" for one in typed)
    environment = {**where.terraform.environment(), **where.environment()}
    finished = subprocess.run(
        ["bash", "-c", script], cwd=workspace.folder, env=environment, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=600,
    )
    pieces = stand_in.read_back(finished.stdout).split(_MARK)
    return [(int(code), printed) for printed, code in zip(pieces[::2], pieces[1::2], strict=False)]


def _stumble(section: Section, block: Block, command: str, text: str) -> Stumble:
    return Stumble(f"{section.page}:{block.line}, below {section.title!r}: `{command}`\n{text}")
