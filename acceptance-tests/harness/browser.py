"""A Chromium, if the machine has one: `TACHYON_ACC_CHROMIUM` is the path of its binary."""

from __future__ import annotations

import html
import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.npm_side import CHROMIUM, FOLDER, Package

# What Chromium may log about the machine; only what a page says is of interest.
FROM_PAGE = re.compile(r"CONSOLE|Refused to|Content Security Policy")


def chromium() -> str:
    """The binary; without one the test is skipped."""
    found = os.environ.get(CHROMIUM)
    if not found:
        pytest.skip(f"{CHROMIUM} names no Chromium")
    return found


def library(package: Package) -> Path:
    """The file of a package for pages; without it the test is skipped."""
    chromium()
    if not package.kept.is_file():
        pytest.skip(f"{package} is not in {FOLDER}: `python3 acceptance-tests/run.py` fetches it with npm, or says why it can't")
    return package.kept


def run(page: Path, *arguments: str) -> tuple[str, list[str]]:
    """What Chromium prints for a page, and what the page said besides."""
    command = [chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=10000"]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    ran = subprocess.run([*command, profile, *arguments, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout, [line for line in ran.stderr.splitlines() if FROM_PAGE.search(line)]


def told(page: Path, text: str, script: str, folder: Path, *arguments: str) -> str:
    """What `script`, an expression or a promise of one, makes of a page: in a copy that admits scripts besides its own."""
    copy = folder / page.name
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    # Apart from the page, which is looked at as it is.
    driver = f"""<script>Promise.resolve({script}).then((told) => {{
  document.documentElement.append(Object.assign(document.createElement('pre'), {{ id: 'told', textContent: JSON.stringify(told) }}));
}})</script>"""
    copy.write_text(text.replace("</body>", f"{driver}</body>"), encoding="utf-8")
    dom, said = run(copy, *arguments, "--dump-dom")
    assert said == []
    found = re.search(r'<pre id="told">(.*?)</pre>', dom, re.DOTALL)
    assert found, f"the script did not end: {dom[-2000:]}"
    return html.unescape(found[1])
