"""Pictures for Mermaid, read and drawn by Mermaid itself: as GitHub and GitLab have it, and the newest."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import browser, hostile_deployments, mermaid, npm_side, project
from harness.mermaid import Picture, Refused

VERSIONS = npm_side.packages("mermaid")
DEPLOYMENTS = 60
# Above this, zones are drawn and not endpoints.
MOST_NODES = 60
# What Mermaid takes, in arrows and in letters.
MOST_EDGES, LONGEST = 500, 50_000


def written() -> dict[str, str]:
    """Every text for Mermaid that stands in the project, by its file."""
    found: dict[str, str] = {}
    for file in sorted((project.ROOT / "provider").glob("*/**/*.mmd")):
        found[str(file.relative_to(project.ROOT))] = file.read_text(encoding="utf-8")
    pages = [*project.ROOT.glob("*.md"), *(page for name in ("docs", "examples") for page in (project.ROOT / name).rglob("*.md"))]
    for page in sorted(pages):
        blocks = re.findall(r"^```mermaid\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
        found |= {f"{page.relative_to(project.ROOT)} {number}": block for number, block in enumerate(blocks)}
    for golden in sorted((Path(__file__).parent / "golden").rglob("*.json")):
        texts = [text for text in strings(json.loads(golden.read_text(encoding="utf-8"))) if text.startswith("flowchart ")]
        found |= {f"{golden.name} {number}": text for number, text in enumerate(texts)}
    return found


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def asked(command: str, deployment: dict[str, Any], *arguments: str) -> str:
    """What the command line answers for a deployment."""
    line = [str(project.command_line()), command, "-", "--input-format", "json", *arguments]
    return subprocess.run(line, input=json.dumps(deployment), capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module", params=VERSIONS, ids=str)
def draw(request, tmp_path_factory):
    """Has a version of Mermaid draw texts by their names."""
    browser.library(request.param)
    folder = tmp_path_factory.mktemp("mermaid")
    return lambda texts: mermaid.pictures(texts, request.param, folder)


def test_every_picture_of_the_project_is_read(draw):
    texts = written()
    assert {"README.md 0", "examples/enterprise/report.md 0", "functions-diagram.json 0"} <= texts.keys()
    assert sum(name.endswith(".mmd") for name in texts) >= 3
    for name, picture in draw(texts).items():
        assert isinstance(picture, Picture), picture
        assert picture.edges, name
        assert picture.nodes, name


def test_a_picture_has_the_nodes_and_edges_of_its_deployment(draw):
    deployments = {str(seed): hostile_deployments.deployment(seed) for seed in range(DEPLOYMENTS)}
    deployments["enterprise"] = json.loads((project.EXAMPLES / "enterprise" / "deployment.json").read_text(encoding="utf-8"))
    texts = {name: asked("diagram", one, "--format", "mermaid") for name, one in deployments.items()}
    pictures = draw(texts)
    wholes = 0
    for name, deployment in deployments.items():
        picture = pictures[name]
        assert isinstance(picture, Picture), picture
        expected = edges(json.loads(asked("connections", deployment, "--format", "json"))["connections"])
        endpoints = deployment["endpoints"]
        if len(endpoints) > MOST_NODES or len(expected) > MOST_EDGES:
            check_summary(name, picture)
            continue
        wholes += 1
        assert [node for node, _ in picture.nodes] == sorted(endpoints), name
        assert sorted((start, end, dotted) for start, end, _, dotted in picture.edges) == expected, name
        for endpoint, about in picture.nodes:
            if "roles" in endpoints[endpoint]:
                roles = {role.replace("_", " ") for role in endpoints[endpoint]["roles"]}
                assert set(about.split(", ")) == roles, (name, endpoint)
        zones = defaultdict(set)
        for endpoint, one in endpoints.items():
            if "zone" in one:
                zones[mermaid.seen(one["zone"])].add(endpoint)
        for zone, members in zones.items():
            assert members <= {node for title, nodes in picture.groups if title == zone for node in nodes}, (name, zone)
    assert DEPLOYMENTS - 2 <= wholes < len(deployments)


def check_summary(name: str, picture: Picture) -> None:
    """One node for each zone, called as that; or a sentence where they have too many arrows as well."""
    if len(picture.nodes) > 1:
        assert sorted(title for title, _ in picture.groups) == [node for node, _ in picture.nodes], name
        assert all(re.fullmatch(r"\d+ endpoints?", about) for _, about in picture.nodes), name
        assert 0 < len(picture.edges) <= MOST_EDGES
        return
    [(said, _)] = picture.nodes
    found = re.search(r": (\d+) arrows between (\d+) zones are more than Mermaid draws", said)
    assert found, said
    assert int(found[1]) > MOST_EDGES, said


def edges(connections: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """What is to be drawn, by the connections: each leg of each way between two ends; dotted what the document does not print."""
    ways = {((one["source"], *one["via"], one["destination"]), not one["documented"]) for one in connections.values()}
    return sorted((start, end, is_dotted) for way, is_dotted in ways for start, end in itertools.pairwise(way))


def test_every_label_is_shown_as_it_was_written(draw):
    """Each as the title of a zone, and where there are too many endpoints to draw, as the name of a node."""
    labels = [label for label in hostile_deployments.LABELS if label.strip()]
    endpoints: dict[str, Any] = {
        f"c{number}": {"roles": ["client"], "cidrs": [f"10.{number}.0.0/16"], "zone": label} for number, label in enumerate(labels)
    }
    server = {"tachyon": {"roles": ["master_stack", "response_stack"]}}
    few = dict(list(endpoints.items())[: MOST_NODES - 1])
    assert len(endpoints) > MOST_NODES
    texts = {
        name: asked("diagram", {"endpoints": {**server, **some}, "exclude_flows": ["client_p2p"]}, "--format", "mermaid")
        for name, some in (("few", few), ("many", endpoints))
    }
    pictures = draw(texts)
    for picture in pictures.values():
        assert isinstance(picture, Picture), picture
    titles = {node: title for title, nodes in pictures["few"].groups for node in nodes}
    assert titles == {"tachyon": "servers"} | {name: mermaid.seen(one["zone"]) for name, one in few.items()}
    assert pictures["many"].nodes == sorted((mermaid.seen(label), "1 endpoint") for label in [*labels, "servers"])


@pytest.mark.parametrize(
    "text",
    [
        'flowchart LR\n  a["one" --> b\n', "flowchart LR\n  end --> b\n", 'flowchart LR\n  subgraph zone0[""]\n    a["a"]\n  end\n',
        "no picture",
        'flowchart LR\n  a["%%{init: {}}%%"]\n', "flowchart LR\n" + "  a --> b\n" * (MOST_EDGES + 1),
    ],
    ids=["bracket", "word", "empty", "other", "directive", "many"],
)
def test_a_broken_text_is_refused(draw, text):
    [refused] = draw({"broken": text}).values()
    assert isinstance(refused, Refused)


def test_an_edge_that_is_missing_is_noticed(draw):
    deployment = hostile_deployments.deployment(2)
    lines = asked("diagram", deployment, "--format", "mermaid").splitlines()
    text = "\n".join(lines[:-1])
    [picture] = draw({"less": text}).values()
    expected = edges(json.loads(asked("connections", deployment, "--format", "json"))["connections"])
    assert len(picture.edges) == len(expected) - 1
