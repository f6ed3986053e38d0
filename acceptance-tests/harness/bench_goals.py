"""The goals that the benchmark holds the provider to."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from harness.bench_peers import Plugin
from harness.bench_plans import Plan
from harness.bench_report import Samples, ratio, table

# Memory is flat if the second half of the calls, and more, adds no more than this.
_FLAT = 1.1
# What a function may take of the time that `connections` does for the same deployment.
_BESIDE_CONNECTIONS = {"explain": 1.3, "lint": 3, "compare": 4}
# What rows of one's own, and a document of one's own, may take of the time of the same call without.
_BESIDE_EMBEDDED = {
    "network_security_rules with additions": ("network_security_rules without additions", 1.3),
    "network_security_rules with its document": ("network_security_rules with a version", 2),
}


@dataclass(frozen=True)
class Goal:
    """Something to reach: `measured` must be below `limit`, or above it where `above` says so."""

    what: str
    limit: float
    measured: float
    unit: str = ""
    above: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.measured > self.limit if self.above else self.measured < self.limit

    def row(self) -> list[str]:
        """As a line of the table."""
        sign = ">" if self.above else "<"
        return [
            self.what, f"{sign} {self.limit:g}{self.unit}", f"{self.measured:.4g}{self.unit}", "met" if self.met else "**MISSED**",
        ]


def goals(plugins: list[Plugin], samples: Samples, plans: list[Plan]) -> list[Goal]:
    """Every goal, with what was measured."""
    ours, floor = samples["start"]["ours"], samples["start"]["floor"]
    found = [
        Goal("start to handshake line, to the floor's", 2.5, ratio(ours["handshake"], floor["handshake"]), " ×"),
        Goal("start to schema answered, to the floor's", 2.5, ratio(ours["schema"], floor["schema"]), " ×"),
    ]
    for plugin in plugins:
        if plugin.name not in ("ours", "floor"):
            times = ratio(samples["start"][plugin.name]["handshake"], ours["handshake"])
            found.append(Goal(f"the same, {plugin.title} to ours", 5, times, " ×", above=True))
    calls = samples["calls"]
    for function, limit in _BESIDE_CONNECTIONS.items():
        times = ratio(calls[f"{function}, fresh"]["ours"]["wall"], calls["connections, fresh"]["ours"]["wall"])
        found.append(Goal(f"`{function}`, to `connections`", limit, times, " ×"))
    for function, (other, limit) in _BESIDE_EMBEDDED.items():
        times = ratio(calls[f"{function}, fresh"]["ours"]["wall"], calls[f"{other}, fresh"]["ours"]["wall"])
        found.append(Goal(f"`{function.replace(' ', '` ', 1)}, to the same {other.partition(' ')[2]}", limit, times, " ×"))
    for question, answers in calls.items():
        if question != "schema" and "floor" in answers and question.partition(",")[0] not in _BESIDE_CONNECTIONS:
            name = question.partition(",")[0]
            what = "`tachyon_role` with 40 rules" if name == "read" else f"`{name}`{question.removeprefix(name)}"
            found.append(Goal(f"{what}, to the floor's", 3, ratio(answers["ours"]["wall"], answers["floor"]["wall"]), " ×"))
    memory = samples["memory"]["ours"]
    found += [
        Goal("peak memory after the schema", 10, median(ours["peak"]) / 1024, " MiB"),
        Goal(f"memory after {memory[-1]['calls']:,} calls to {memory[-2]['calls']:,}", _FLAT,
             memory[-1]["resident"] / memory[-2]["resident"], " ×"),
        # Each question that it answers is code; a provider in Go begins at 20.
        Goal("executable", 10, plugins[0].program.stat().st_size / 1e6, " MB"),
    ]
    for what in ("data source", "function"):
        pair = {plan.plugin: plan.wall for plan in plans if plan.what == what}
        found.append(Goal(f"`terraform plan` with a {what}, to the floor's", 1.2, ratio(pair["ours"], pair["floor"]), " ×"))
    return found


def goals_table(found: list[Goal]) -> str:
    """The goals in Markdown."""
    return table(["Goal", "Limit", "Measured", ""], (goal.row() for goal in found))
