"""The report of the benchmark: tables in Markdown, and each goal with whether it is met."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from harness.bench_peers import Plugin
from harness.bench_plans import Plan

# What `measure` answers, by its part, as JSON says it.
Samples = dict[str, Any]
Row = Sequence[str]


def tables(plugins: list[Plugin], samples: Samples, plans: list[Plan]) -> str:
    """Every table, with a heading each."""
    sections = [
        ("Start", _start(plugins, samples["start"])),
        ("First answers of a process", _first(plugins, samples["start"])),
        ("Calls", _calls(plugins, samples["calls"])),
        ("Answers", _answers(samples["record"])),
        ("Memory and size", _memory(plugins, samples)),
        ("`terraform plan`", _plans(plugins, plans)),
    ]
    return "\n\n".join(f"### {title}\n\n{table}" for title, table in sections)


def table(head: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio(ours: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios, pair by pair: what was measured in one round is compared."""
    return median(one / two for one, two in zip(ours, other, strict=True))


def machine() -> str:
    """Where this is measured."""
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{cores} cores of {cpu}, {memory / 2**20:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}"


def _start(plugins: list[Plugin], starts: Samples) -> str:
    head = [
        "Plugin", "line ms", "lowest", "computed ms", "× floor", "schema ms", "lowest", "computed ms", "× floor", "end ms",
    ]
    floor = starts["floor"]
    rows = []
    for plugin in plugins:
        of = starts[plugin.name]
        times = [
            cell
            for key in ("handshake", "schema")
            for cell in (
                f"**{median(of[key]):.2f}**", f"{min(of[key]):.2f}", f"{median(of[f'{key}_computed']):.2f}",
                f"{ratio(of[key], floor[key]):.2f}",
            )
        ]
        rows.append([plugin.title, *times, f"{median(of['end']):.2f}"])
    return table(head, rows)


def _first(plugins: list[Plugin], starts: Samples) -> str:
    questions = [question for question in starts["ours"]["first"] if "remembered" not in question]
    head = ["Plugin", *(f"{question.removesuffix(', fresh')} ms" for question in questions)]
    rows = []
    for plugin in plugins:
        first = starts[plugin.name]["first"]
        if first:
            rows.append([plugin.title, *(f"{median(first[it]):.2f}" if it in first else "" for it in questions)])
    return table(head, rows)


def _calls(plugins: list[Plugin], calls: Samples) -> str:
    head = ["Question", "Plugin", "µs", "lowest", "computed µs", "× floor", "bytes"]
    rows = []
    for question, answers in calls.items():
        for plugin in plugins:
            of = answers.get(plugin.name)
            if of is None:
                continue
            floor = answers.get("floor")
            rows.append([
                question, plugin.title, f"**{median(of['wall']):.0f}**", f"{min(of['wall']):.0f}",
                f"{median(of['computed']):.0f}",
                # The others are asked for something else, and the floor has one answer for each function.
                f"{ratio(of['wall'], floor['wall']):.2f}" if floor and (plugin.kind == "tachyon" or question == "schema") else "",
                f"{of['size']['bytes']:,}",
            ])
    return table(head, rows)


def _answers(recorded: list[dict[str, Any]]) -> str:
    rows = [
        [it["question"].removesuffix(", fresh"), f"{it['bytes']:,}", f"{it['strings']:,}", f"{it['keys']:,}"]
        for it in recorded
        if it["strings"] and "remembered" not in it["question"]
    ]
    return table(["Question", "bytes", "texts", "keys and attribute names"], rows)


def _memory(plugins: list[Plugin], samples: Samples) -> str:
    milestones = [f"{it['calls']:,} calls MiB" for it in samples["memory"]["ours"]]
    rows = []
    for plugin in plugins:
        peak = median(samples["start"][plugin.name]["peak"]) / 1024
        sizes = [f"{it['resident'] / 1024:.1f}" for it in samples["memory"].get(plugin.name, [])]
        rows.append([
            plugin.title, f"{plugin.program.stat().st_size / 1e6:.2f}", f"{peak:.1f}",
            *(sizes or [""] * len(milestones)),
        ])
    return table(["Plugin", "executable MB", "peak after schema MiB", *milestones], rows)


def _plans(plugins: list[Plugin], plans: list[Plan]) -> str:
    titles = {plugin.name: plugin.title for plugin in plugins} | {"none": "no provider"}
    floors = {plan.what: plan for plan in plans if plan.plugin == "floor"}
    rows = []
    for plan in plans:
        floor = floors.get(plan.what)
        rows.append([
            plan.what, titles[plan.plugin], f"**{median(plan.wall) * 1e3:.0f}**", f"{min(plan.wall) * 1e3:.0f}",
            f"{median(plan.computed) * 1e3:.0f}",
            f"{ratio(plan.wall, floor.wall):.2f}" if floor and plan.plugin in ("ours", "floor") else "",
        ])
    return table(["Configuration", "Plugin", "ms", "lowest", "computed with Terraform ms", "× floor"], rows)


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
