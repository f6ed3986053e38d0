"""`terraform plan`, timed, with each plugin out of a mirror of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness.bench_peers import BENCH, Plugin
from harness.installation import HOSTS, platform_name
from harness.terraform import Terraform

_SOURCES = {"tachyon": ("tachyon", "tachyon-iac/tachyon", "0.1.0"), "null": ("null", "hashicorp/null", "2.1.2")}

_REQUIRED = """\
terraform {{
  required_providers {{
    {name} = {{ source = "{source}" }}
  }}
}}

"""

_BODIES = {
    "data source": """\
data "tachyon_role" "this" {{
  name      = {role}
  platforms = {platforms}
  peers     = {peers}
}}

output "rules" {{
  value = length(data.tachyon_role.this.security_group_rules.ingress)
}}
""",
    "function": """\
locals {{
  firewall = provider::tachyon::security_group_rules({deployment})
}}

output "endpoints" {{
  value = length(local.firewall.endpoints)
}}
""",
}

_NULL = """\
data "null_data_source" "this" {
  inputs = { one = "1", two = "2", three = "3" }
}

output "rules" {
  value = data.null_data_source.this.outputs["one"]
}
"""

# What Terraform takes by itself.
_NOTHING = 'output "rules" {\n  value = 1\n}\n'


@dataclass
class Plan:
    """A configuration, initialized, with its times in seconds: by the clock, and computed by Terraform and its plugins."""

    what: str
    plugin: str
    folder: Path
    environment: dict[str, str]
    wall: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)

    def run(self, terraform: Terraform) -> None:
        """Plans once."""
        before, began = _computed(), time.perf_counter()
        terraform.run(self.folder, "plan", "-input=false", "-lock=false", environment=self.environment)
        self.wall.append(time.perf_counter() - began)
        self.computed.append(_computed() - before)


def prepare(terraform: Terraform, plugins: list[Plugin], configuration: dict[str, object]) -> list[Plan]:
    """Initializes each configuration for each plugin that it can have, in the order in which a round takes them."""
    shutil.rmtree(BENCH / "plans", ignore_errors=True)
    written = {key: json.dumps(value) for key, value in configuration.items()}
    plans = [_prepared(terraform, "nothing", None, _NOTHING)]
    for what, body in _BODIES.items():
        plans += [_prepared(terraform, what, it, body.format(**written)) for it in plugins if it.kind == "tachyon"]
    plans += [_prepared(terraform, "data source", it, _NULL) for it in plugins if it.kind == "null"]
    return plans


def measure(terraform: Terraform, plans: list[Plan], rounds: int) -> None:
    """Plans each once a round, and once before for nothing."""
    for number in range(rounds + 1):
        # Whoever comes first in one round comes last in the next.
        first = number % len(plans)
        for plan in plans[first:] + plans[:first]:
            plan.run(terraform)
            if number == 0:
                plan.wall.clear()
                plan.computed.clear()


def _prepared(terraform: Terraform, what: str, plugin: Plugin | None, body: str) -> Plan:
    name = plugin.name if plugin else "none"
    folder = BENCH / "plans" / what.replace(" ", "-") / name
    folder.mkdir(parents=True)
    cli_config = folder / "terraform.rc"
    mirror = folder / "mirror"
    cli_config.write_text(
        "disable_checkpoint = true\n"
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror.as_posix()}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    environment = {"TF_CLI_CONFIG_FILE": str(cli_config), **(plugin.environment if plugin else {})}
    if plugin is not None:
        local, source, version = _SOURCES[plugin.kind]
        for host in HOSTS:
            package = mirror / host / source / version / platform_name()
            package.mkdir(parents=True)
            # A symbolic link to a file is no package of Terraform's; another file system takes a copy alone.
            executable = package / f"terraform-provider-{local}_v{version}"
            try:
                os.link(plugin.program, executable)
            except OSError:
                shutil.copy2(plugin.program, executable)
        body = _REQUIRED.format(name=local, source=source) + body
    (folder / "main.tf").write_text(body, encoding="utf-8")
    terraform.run(folder, "init", "-input=false", environment=environment)
    return Plan(what, name, folder, environment)


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
