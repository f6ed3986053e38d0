#!/usr/bin/env python3
"""Measures the provider beside a plugin that computes nothing and beside providers in Go: `python3 acceptance-tests/bench.py`.

Needs what run.py needs, on Linux; everything else goes into `.cache/`. Everything is measured in one run, one plugin after the
other and again, so that what disturbs one disturbs all; ratios are of one round.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import bench_goals, bench_peers, bench_plans, bench_report, terraform
from harness.bench_peers import ANSWERS, BENCH, Plugin
from harness.bench_report import Samples
from harness.project import ROOT, Trouble

_GUIDE = ROOT / "docs" / "guides" / "performance.md"
_MARKERS = ("<!-- figures: measured -->", "<!-- figures: end -->")


def main() -> int:
    """Builds, measures, reports; ends with 1 if a goal is missed."""
    arguments = _arguments()
    try:
        report, met = _run(arguments)
    except (Trouble, terraform.CommandFailed) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(report)
    if arguments.write:
        _write(report)
    return 0 if met else 1


def _run(arguments: argparse.Namespace) -> tuple[str, bool]:
    tool, compiler = terraform.usable(), _said("rustc", "--version")
    BENCH.mkdir(parents=True, exist_ok=True)
    ours, floor, program = bench_peers.built(build=not arguments.no_build)
    plugins = [ours, floor, *bench_peers.install()]
    job = {
        "rounds": arguments.rounds,
        "calls": 20 if arguments.quick else 50,
        "milestones": [1_000, 2_000, 4_000] if arguments.quick else [1_000, 10_000, 50_000, 100_000],
        "answers": str(ANSWERS),
    }
    loads = [os.getloadavg()[0]]
    samples: Samples = {"record": _measure(program, "record", [ours], job)}
    samples["start"] = _measure(program, "start", plugins, job)
    asked = [plugin for plugin in plugins if plugin.kind != "other"]
    samples["calls"] = _measure(program, "calls", asked, job)
    loads.append(os.getloadavg()[0])
    samples["memory"] = _measure(program, "memory", asked, job)
    _say("terraform plan")
    plans = bench_plans.prepare(tool, asked, _measure(program, "configuration", [], job))
    bench_plans.measure(tool, plans, arguments.rounds)
    loads.append(os.getloadavg()[0])
    _keep(samples, plans)
    goals = bench_goals.goals(plugins, samples, plans)
    about = (
        f"Measured on {bench_report.machine()}; {tool.product} {tool.version}, {compiler}; {arguments.rounds} "
        f"rounds; the load was {', '.join(f'{load:.1f}' for load in loads)} before, between and after."
    )
    parts = [about, "### Goals", bench_goals.goals_table(goals), bench_report.tables(plugins, samples, plans)]
    return "\n\n".join(parts), all(goal.met for goal in goals)


def _measure(program: Path, part: str, plugins: list[Plugin], job: dict[str, object]) -> Any:
    _say(part)
    text = json.dumps({**job, "plugins": [plugin.job() for plugin in plugins]})
    # A level of logging in the environment would be the plugins' too.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    answer = subprocess.run(
        [str(program), part], input=text, stdout=subprocess.PIPE, text=True, env=environment, check=False,
    )
    if answer.returncode != 0:
        raise Trouble(f"`measure {part}` ended with {answer.returncode}.")
    return json.loads(answer.stdout)


def _keep(samples: Samples, plans: list[bench_plans.Plan]) -> None:
    """For those who want to see more than medians."""
    times = [{"what": it.what, "plugin": it.plugin, "wall": it.wall, "computed": it.computed} for it in plans]
    (BENCH / "samples.json").write_text(json.dumps({**samples, "plans": times}), encoding="utf-8")


def _write(report: str) -> None:
    begin, end = _MARKERS
    before, rest = _GUIDE.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    _GUIDE.write_text(f"{before}{begin}\n\n{report}\n\n{end}{after}", encoding="utf-8")


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip().split(" (")[0]


def _say(what: str) -> None:
    print(f"==> {what}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures the provider beside a plugin that computes nothing, and others.")
    parser.add_argument("--rounds", type=int, help="how often everything is repeated (default: 31, with --quick 5)")
    parser.add_argument("--quick", action="store_true", help="few calls: to see that it works, not how fast it is")
    parser.add_argument("--write", action="store_true", help="put the report into docs/guides/performance.md as well")
    parser.add_argument("--no-build", action="store_true", help="measure what the last run has built")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (5 if arguments.quick else 31)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
