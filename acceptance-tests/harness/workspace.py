"""A folder with a configuration and one Terraform to run it with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

from harness.relays import Relays
from harness.terraform import Finished, Terraform

# What a plan has in mind, by address: "create", "update", "replace", "delete", "move".
type Changes = dict[str, str]

REQUIRE_TACHYON = """
terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}
"""


class Workspace:
    """Commands in one folder; each raises `CommandFailed` with everything that was printed."""

    # Where providers stay from one command to the next; nowhere where what a command costs is to be what it costs a user.
    relays: ClassVar[Relays | None] = None

    def __init__(self, terraform: Terraform, folder: Path) -> None:
        self.terraform = terraform
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def copy(self, example: Path, into: str = ".", without: tuple[str, ...] = ()) -> Workspace:
        """Copies an example's configuration, but not its state or what Terraform keeps beside it."""
        target = self.folder / into
        target.mkdir(parents=True, exist_ok=True)
        files = [file for kind in ("*.tf", "*.yaml") for file in sorted(example.glob(kind)) if file.name not in without]
        assert files, f"{example} holds no configuration"
        for file in files:
            shutil.copy(file, target)
        return self

    def write(self, name: str, text: str) -> Workspace:
        """Writes one file of the configuration."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self

    def run(self, *arguments: str, **options: Any) -> Finished:
        """Any command."""
        attached = self.relays.environment(self.folder) if self.relays and arguments[0] != "init" else {}
        return self.terraform.run(self.folder, *arguments, **{**options, "environment": {**attached, **options.get("environment", {})}})

    def init(self) -> Workspace:
        """`init`, from the project's mirror."""
        self.run("init")
        return self

    def apply(self, *arguments: str) -> Finished:
        """`apply` without asking."""
        return self.run("apply", "-auto-approve", *arguments)

    def applied(self, *arguments: str) -> list[dict[str, Any]]:
        """`apply` without asking, in one command; what was planned, as `planned_changes` tells it."""
        return planned_changes(self.apply("-json", *arguments).stdout)

    def destroy(self, *arguments: str) -> Finished:
        """`destroy` without asking."""
        return self.run("destroy", "-auto-approve", *arguments)

    def plan(self, *arguments: str) -> Plan:
        """`plan`, as data."""
        self.run("plan", "-out=plan.bin", *arguments)
        return Plan(json.loads(self.run("show", "-json", "plan.bin").stdout))

    def outputs(self) -> dict[str, Any]:
        """The values of all outputs."""
        answer = json.loads(self.run("output", "-json").stdout)
        return {name: output["value"] for name, output in answer.items()}

    def validate(self) -> dict[str, Any]:
        """`validate` as data, whether the configuration is valid or not."""
        told: dict[str, Any] = json.loads(self.run("validate", "-json", expect=(0, 1)).stdout)
        return told

    def assert_settled(self, *arguments: str) -> None:
        """A further plan has nothing to do, neither against the real world nor against the state alone."""
        for refresh in ("-refresh=true", "-refresh=false"):
            self.assert_unchanged(refresh, *arguments)

    def assert_unchanged(self, *arguments: str) -> None:
        """A further plan has nothing to do."""
        self.run("plan", "-detailed-exitcode", *arguments)


def planned_changes(told: str) -> list[dict[str, Any]]:
    """Each change that was planned, from the messages of a command with `-json`."""
    return [one["change"] for one in map(json.loads, told.splitlines()) if one["type"] == "planned_change"]


def by_address(planned: list[dict[str, Any]]) -> Changes:
    """What `planned_changes` tells, in short."""
    return {one["resource"]["addr"]: one["action"] for one in planned}


class Plan:
    """A plan as `show -json` tells it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def changes(self) -> dict[str, tuple[str, ...]]:
        """What would happen, by resource address, such as `("create",)`; what stays as it is does not appear."""
        return {
            resource["address"]: tuple(resource["change"]["actions"])
            for resource in self.document.get("resource_changes", [])
            if resource["change"]["actions"] not in (["no-op"], ["read"])
        }

    def changed_outputs(self) -> set[str]:
        """The outputs that would not stay as they are."""
        return {name for name, change in self.document.get("output_changes", {}).items() if change["actions"] != ["no-op"]}

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """The change of each resource of a type, by address: `before`, `after`, `after_unknown`, `actions`."""
        return {
            resource["address"]: resource["change"]
            for resource in self.document.get("resource_changes", [])
            if resource["type"] == kind
        }

    def output(self, name: str) -> dict[str, Any]:
        """The change of one output."""
        change: dict[str, Any] = self.document["output_changes"][name]
        return change
