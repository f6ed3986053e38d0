"""The page of a firewall request for people who don't see it, or not well: axe-core finds nothing, however it is shown."""

from __future__ import annotations

import pytest

from harness import accessibility, project, walk
from harness import terraform as terraforms
from harness.workspace import Workspace

ENTERPRISE = project.EXAMPLES / "enterprise" / "report.html"
TITLE = "1E Tachyon 8.1: 20 endpoints, 49 connections"
# The deployment of each example, as it stands there.
DEPLOYMENTS = {
    "quickstart": "local.deployment",
    "multi-region": "{ endpoints = local.endpoints, exclude_flows = local.exclude_flows }",
    "beyond-the-document": "local.deployment",
}
PAGE = """
output "page" {
  value = provider::tachyon::report(DEPLOYMENT, "html")
}
"""
# Rules that each page has something for.
HELD = {"color-contrast", "html-has-lang", "landmark-one-main", "link-name", "page-has-heading-one", "region", "scope-attr-valid"}


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """All examples, without the clouds' providers."""
    top = tmp_path_factory.mktemp("pages")
    walk.copy_examples(top, clouds=False)
    return top / project.EXAMPLES.name


@pytest.fixture(scope="module", params=["enterprise", *DEPLOYMENTS])
def page(request, examples):
    """The page of an example."""
    if request.param == "enterprise":
        return ENTERPRISE.read_text(encoding="utf-8")
    example = Workspace(terraforms.usable(), examples / request.param)
    example.write("page.tf", PAGE.replace("DEPLOYMENT", DEPLOYMENTS[request.param])).init()
    return example.plan().document["planned_values"]["outputs"]["page"]["value"]


@pytest.mark.parametrize("shown", accessibility.SHOWN)
def test_nothing_is_found(page, shown, tmp_path):
    found = accessibility.look(page, shown, tmp_path)
    assert set(found.looks) == ({"whole", "filtered", "empty"} if shown == "light" else {"whole"})
    for name, look in found.looks.items():
        assert look.violations == [], name
        assert len(look.passed) > 35, name
        # What it can't decide of texts in pictures is decided below; what is cut off in a narrow window is not in a wide one.
        assert {rule for rule, *_ in look.open} <= {"color-contrast"}, name
        assert shown == "narrow" or all(element.startswith("<text ") for _, _, element in look.open), name
    assert found.looks["whole"].passed >= HELD
    assert len(found.contrasts) > 30
    assert min(found.contrasts) >= (accessibility.CONTRAST,)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('<html lang="en">', "<html>", "html-has-lang"),
        ("--faint:#59636e", "--faint:#aab2bb", "color-contrast"),
        ("--bad:#ff8f87", "--bad:#7d1a14", "color-contrast"),
        (">Show all</button>", "></button>", "button-name"),
        ("Zones <select", "<select", "select-name"),
        ('tabindex="0" role="region"', 'role="region"', "scrollable-region-focusable"),
        ('<h2 id="picture-heading">', '<h4 id="picture-heading">', "heading-order"),
        ("<main>", "<div>", "landmark-one-main"),
        (f' aria-labelledby="picture-title picture-about">\n<title id="picture-title">{TITLE}</title>', ">", "svg-img-alt"),
        (".t2{--tone:#bc4c00", ".t2{--tone:#ffb077", "picture-contrast"),
    ],
)
def test_a_page_that_is_broken_is_found(old, new, rule, tmp_path):
    text = ENTERPRISE.read_text(encoding="utf-8")
    assert old in text
    broken = text.replace(old, new)
    # In a narrow window tables scroll.
    shown = {"--bad:#ff8f87": "dark", 'tabindex="0" role="region"': "narrow"}.get(old, "light")
    assert rule in accessibility.look(broken, shown, tmp_path).faults()
