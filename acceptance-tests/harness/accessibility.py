"""What axe-core says of a page in a browser, and what it leaves open: whether text within pictures can be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import browser, npm_side

# All rules that axe-core has, best practices and experiments among them, but two: the contrast of WCAG's level AAA, since what is less
# important is grey on purpose, and the reminder that nobody looked at what is hidden, which is shown in one of the looks.
_EXCEPT = ("color-contrast-enhanced", "hidden-content")
# The contrast that WCAG asks for at level AA.
CONTRAST = 4.5

_LOOK = """(async () => {
  const rules = Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: !EXCEPT.includes(ruleId) }]));
  const told = (results) => results.flatMap(({ id, nodes }) => nodes.map((node) => [id, node.target.join(' '), node.html.slice(0, 200)]));
  const look = async () => {
    const { violations, incomplete, passes } = await axe.run(document, { rules });
    return { violations: told(violations), open: told(incomplete), passed: passes.map(({ id }) => id) };
  };
  const channel = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map((part) => channel(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // Of a text in a picture: its colour against its outline, else against what was painted last where its middle is.
  const contrasts = Array.from(document.querySelectorAll('svg text'), (text) => {
    const style = getComputedStyle(text);
    const box = text.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    let back = style.stroke;
    if (back === 'none') {
      back = getComputedStyle(document.body).backgroundColor;
      for (const shape of text.ownerSVGElement.querySelectorAll('rect')) {
        if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) break;
        const around = shape.getBoundingClientRect();
        const fill = getComputedStyle(shape).fill;
        if (fill !== 'none' && x > around.left && x < around.right && y > around.top && y < around.bottom) back = fill;
      }
    }
    const [less, more] = [luminance(style.fill), luminance(back)].sort((one, other) => one - other);
    return [Math.round((more + 0.05) / (less + 0.05) * 100) / 100, text.textContent, style.fill, back];
  });
  const looks = { whole: await look() };
  const [boundary, words] = [document.getElementById('boundary'), document.getElementById('words')];
  if (IS_FILTERED) {
    boundary.value = 'across';
    boundary.dispatchEvent(new Event('change'));
    looks.filtered = await look();
    words.value = 'no line has these words';
    words.dispatchEvent(new Event('input'));
    looks.empty = await look();
  }
  return { looks, contrasts, isDark: matchMedia('(prefers-color-scheme: dark)').matches };
})()""".replace("EXCEPT", json.dumps(_EXCEPT))

# How a page is shown: so wide that nothing is cut off, where axe-core can't tell colours; and as on a telephone. On paper by the rules of
# its style for paper, since Chromium runs no script while it prints.
SHOWN = {
    "light": ("--window-size=3400,2000",),
    "dark": ("--window-size=3400,2000", "--blink-settings=preferredColorScheme=0"),
    "paper": ("--window-size=3400,2000",),
    "narrow": ("--window-size=400,800",),
}


@dataclass(frozen=True)
class Look:
    """What was found."""

    violations: list[tuple[str, str, str]]
    """Of each fault the rule, where it is, and the element."""
    open: list[tuple[str, str, str]]
    """What axe-core can't decide."""
    passed: frozenset[str]
    """The rules that something was held against, and which it keeps."""


@dataclass(frozen=True)
class Found:
    """What was found of a page as it is; in light also with filters, and with filters that leave no line."""

    looks: dict[str, Look]
    contrasts: list[tuple[float, str, str, str]]
    """Of each text in a picture its contrast, with its colour and what is behind it."""

    def faults(self) -> set[str]:
        """The rules that are broken; `picture-contrast` is ours."""
        found = {rule for look in self.looks.values() for rule, *_ in look.violations}
        return found | ({"picture-contrast"} if any(contrast < CONTRAST for contrast, *_ in self.contrasts) else set())


def look(text: str, shown: str, folder: Path) -> Found:
    """Looks at a page of HTML that is shown in one of the ways above."""
    [package] = npm_side.packages("axe-core")
    library = browser.library(package)
    if shown == "paper":
        assert "@media print{" in text
        text = text.replace("@media print{", "@media all{")
    scripted = text.replace("</body>", f'<script src="{library.as_uri()}"></script></body>')
    script = _LOOK.replace("IS_FILTERED", json.dumps(shown == "light"))
    told: dict[str, Any] = json.loads(browser.told(folder / "page.html", scripted, script, folder, *SHOWN[shown]))
    assert told["isDark"] == (shown == "dark")
    looks = {
        name: Look([tuple(one) for one in found["violations"]], [tuple(one) for one in found["open"]], frozenset(found["passed"]))
        for name, found in told["looks"].items()
    }
    return Found(looks, [tuple(one) for one in told["contrasts"]])
