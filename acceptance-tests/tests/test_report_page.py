"""The page of a firewall request: alone in its file, and in a browser, where the machine has one."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from harness import browser, project

EXAMPLE = project.ROOT / "examples" / "enterprise"
PAGE = EXAMPLE / "report.html"
VOID = {"meta", "input", "br", "link", "img", "hr"}

# Chooses each option, then words, then all again; tells how many rows are shown.
FILTERS = """(() => {
  const rows = Array.from(document.querySelectorAll('#traffic > tbody > tr'));
  const count = () => rows.filter((row) => row.offsetParent !== null).length;
  const boundary = document.getElementById('boundary');
  const words = document.getElementById('words');
  const found = Array.from(boundary.options).map((option) => {
    boundary.value = option.value;
    boundary.dispatchEvent(new Event('change'));
    return [option.textContent, count()];
  });
  boundary.value = 'all';
  words.value = 'MASTER 443';
  words.dispatchEvent(new Event('input'));
  const expected = rows.filter((row) => row.textContent.includes('master') && row.textContent.includes('443')).length;
  const with_words = [count(), expected, document.getElementById('count').textContent];
  document.getElementById('reset').click();
  return { found, with_words, all: [count(), rows.length] };
})()"""


class Page(HTMLParser):
    """Elements in pairs, ids once, links to what is there, nothing from elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.described: list[str] = []
        self.policy = ""
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        attributes = dict(attrs)
        assert not any(name.startswith("on") or name in {"src", "srcset", "style"} for name in attributes), (tag, attrs)
        self.ids.extend(filter(None, [attributes.get("id")]))
        self.links.extend(filter(None, [attributes.get("href")]))
        self.described.extend((attributes.get("aria-labelledby") or "").split())
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"] or ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that has nothing in it."""
        if tag not in VOID:
            self.handle_starttag(tag, attrs)
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """An element ends, which must be the last that began."""
        assert self.open.pop() == tag, (self.getpos(), tag)

    def handle_data(self, data: str) -> None:
        """What a script says."""
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)


def test_the_page_is_well_formed_and_stands_alone() -> None:
    text = PAGE.read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert set(page.described) <= set(page.ids)
    [script] = page.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'")
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", re.sub(r"<td>.*?</td>", "", text))
    for svg in re.findall(r"<svg .*?</svg>", text, re.DOTALL):
        ET.fromstring(svg)  # noqa: S314 - our own file


def test_a_spreadsheet_reads_as_many_rows_as_the_file_has_lines() -> None:
    text = (EXAMPLE / "report.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text))
    assert len(header) == 20
    assert all(len(row) == len(header) for row in rows)
    assert len({row[0] for row in rows}) == len(rows) == text.count("\n") - 1


def test_a_browser_filters_and_prints_and_says_nothing(tmp_path: Path) -> None:
    page = Path(shutil.copy(PAGE, tmp_path / "page.html"))
    dom, said = browser.run(page, "--dump-dom")
    assert said == []
    assert re.search(r'<div id="filters"[^>]*>', dom)
    assert ' hidden=""' not in re.findall(r'<div id="filters"[^>]*>', dom)[0]
    printed = tmp_path / "page.pdf"
    _, said = browser.run(page, f"--print-to-pdf={printed}")
    assert said == []
    assert printed.read_bytes().startswith(b"%PDF-")
    told = json.loads(browser.told(page, page.read_text(encoding="utf-8"), FILTERS, tmp_path))
    check(told)


def test_two_thousand_lines_stay_usable(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, table, after = re.split(r"(?s)(?<=<tbody>)(.*?)(?=</tbody>)", text[text.index('<table id="traffic">') :], maxsplit=1)
    times = 2000 // table.count("<tr ") + 1
    text = text[: text.index('<table id="traffic">')] + before + table * times + after
    told = json.loads(browser.told(tmp_path / "large.html", text, FILTERS, tmp_path))
    assert told["all"][0] == told["all"][1] > 2000
    assert told["with_words"][0] == told["with_words"][1] > 200
    assert told["found"][0][1] > 2000


def check(told: dict[str, Any]) -> None:
    """Each option shows as many rows as it says."""
    for option, shown in told["found"]:
        said = re.findall(r"\((\d+)\)$", option)
        assert said == [str(shown)], option
    shown, expected, text = told["with_words"]
    assert shown == expected
    assert text.startswith(f"{shown} of ")
    assert told["all"][0] == told["all"][1]
