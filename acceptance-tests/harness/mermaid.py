"""Mermaid itself reads and draws texts, in a browser, and tells what it found in them.

In Chromium and not in Node: Mermaid cleans labels with the DOM of a browser before it reads them, and draws with it. There it is one
file, as on the pages of those who show Markdown; in Node it would need all its dependencies and a browser made of more of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import browser
from harness.npm_side import Package

# For each text what is refused, or nodes, edges and groups as they are understood, and what of them is drawn. A name stands before the
# words about it, which are small.
_READ = """(async () => {
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
  const read = async (text, number) => {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const ids = Array.from(db.getVertices(), (vertex) => Array.isArray(vertex) ? vertex[0] : vertex);
    const box = document.createElement('div');
    box.innerHTML = (await mermaid.render(`picture${number}`, text)).svg;
    document.body.append(box);
    const nodes = {};
    for (const node of box.querySelectorAll('g.node')) {
      const about = node.querySelector('small');
      about?.remove();
      const id = ids.find((id) => new RegExp(`(^|-)flowchart-${id}-\\\\d+$`).test(node.id));
      nodes[id] = [node.textContent, about?.textContent ?? ''];
    }
    const edges = db.getEdges().map((edge) => [edge.start, edge.end, edge.text.split(/<br ?\\/?>/), edge.stroke === 'dotted']);
    const clusters = Array.from(box.querySelectorAll('g.cluster'));
    const groups = db.getSubGraphs().map((group) => [
      clusters.find((cluster) => cluster.id === group.id || cluster.id.endsWith(`-${group.id}`)).textContent, group.nodes,
    ]);
    const drawn = box.querySelectorAll('path.flowchart-link').length;
    const foreign = box.querySelectorAll('script, iframe, img, math, i, a, [onerror], [onload]').length;
    box.remove();
    return { ids, nodes, edges, groups, drawn, foreign };
  };
  const found = {};
  const texts = JSON.parse(document.getElementById('texts').textContent);
  for (const [name, text] of Object.entries(texts)) {
    try {
      found[name] = await read(text, Object.keys(found).length);
    } catch (error) {
      found[name] = { refused: String(error.message ?? error) };
    }
  }
  return found;
})()"""


class Refused(AssertionError):
    """Mermaid does not take a text, and says why."""


@dataclass(frozen=True)
class Picture:
    """What Mermaid makes of a text."""

    nodes: list[tuple[str, str]]
    """What is shown of each node: its name, and the words about it; sorted. Names that differ in spaces alone look alike."""
    edges: list[tuple[str, str, tuple[str, ...], bool]]
    """From a node to a node, by their names, with the lines of the label, and whether it is dotted."""
    groups: list[tuple[str, frozenset[str]]]
    """The titles of groups, with the names of the nodes in them."""


def pictures(texts: Mapping[str, str], library: Package, folder: Path) -> dict[str, Picture | Refused]:
    """Each text as a version of Mermaid reads and draws it."""
    page = folder / "mermaid.html"
    shown = json.dumps(dict(texts)).replace("<", "\\u003c")
    text = f"""<!DOCTYPE html><meta charset="utf-8"><title>Mermaid</title><body>
<script src="{browser.library(library).as_uri()}"></script><script id="texts" type="application/json">{shown}</script></body>"""
    told: dict[str, dict[str, Any]] = json.loads(browser.told(page, text, _READ, folder))
    assert list(told) == list(texts)
    return {name: Refused(f"{name}: {one['refused']}") if "refused" in one else _picture(name, one) for name, one in told.items()}


def _picture(name: str, told: dict[str, Any]) -> Picture:
    """What was told, with what must be true of every picture."""
    names = {node: seen(shown) for node, (shown, _) in told["nodes"].items()}
    assert set(names) == set(told["ids"]), f"{name}: not every node is drawn"
    assert told["drawn"] == len(told["edges"]), f"{name}: not every edge is drawn"
    assert told["foreign"] == 0, f"{name}: a label became something else than text"
    return Picture(
        sorted((names[node], seen(about)) for node, (_, about) in told["nodes"].items()),
        [(names[start], names[end], tuple(lines), dotted) for start, end, lines, dotted in told["edges"]],
        [(seen(title), frozenset(names[node] for node in members)) for title, members in told["groups"]],
    )


def seen(text: str) -> str:
    """A text as a reader sees it: what HTML does to spaces, none without width, and one for what can't be shown."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text.replace("\u200b", "")).split())
