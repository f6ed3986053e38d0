"""The reader of pages finds every block, and a page that is broken anywhere makes its walk fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness import cloud_schema, pages, stand_in, terraform, walk
from harness.pages import Section
from harness.project import ROOT

PAGE = """# A page

```terraform
# rules.tf
locals {}
```

## Another part

1. An item

   ```console
   $ terraform init \\
       -upgrade
   done
   $ terraform plan
   ```

<!-- block: refused -->

```terraform
locals {}
```

### No folder of its own

```text
shown
```
"""


def read(tmp_path: Path, text: str) -> list[Section]:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return pages.sections(page, tmp_path)


def test_blocks_are_read_by_section(tmp_path: Path) -> None:
    first, second = read(tmp_path, PAGE)
    assert (first.name, second.name) == ("page.md#a-page", "page.md#another-part")
    assert [(block.language, block.file, block.line) for block in first.blocks] == [("terraform", "rules.tf", 3)]
    assert [(block.language, block.directive) for block in second.blocks] == [
        ("console", None), ("terraform", "refused"), ("text", None),
    ]
    assert second.blocks[1].file == "main.tf"
    commands = pages.commands(second.blocks[0])
    assert [(one.text, one.shown) for one in commands] == [
        ("terraform init \\\n    -upgrade", ("done",)), ("terraform plan", ()),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```terraform\nlocals {}\n", "does not end"),
        ("```\nlocals {}\n```\n", "not ''"),
        ("```ruby\nputs 1\n```\n", "not 'ruby'"),
    ],
)
def test_what_nobody_would_run_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(pages.Unreadable, match=complaint):
        read(tmp_path, text)


def test_output_without_a_command_is_refused(tmp_path: Path) -> None:
    [section] = read(tmp_path, "```console\nterraform init\n```\n")
    with pytest.raises(pages.Unreadable, match="begins with output"):
        pages.commands(section.blocks[0])


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (("one", "three"), None),
        (("...", "  two", "..."), None),
        (("t...e",), None),
        (("three", "one"), "one"),
        (("four",), "four"),
        (("one one",), "one one"),
    ],
)
def test_shown_lines_must_be_printed_in_order(shown: tuple[str, ...], missing: str | None) -> None:
    assert pages.unlike(shown, "one\n  two\nthree\n") == missing


# What a slip of the pen does to a page: what is replaced, and by what.
SLIPS = [
    ("README.md#start-with-a-module", r'"response_stack"', '"response_stak"'),
    ("README.md#start-with-a-module", "//examples/modules/", "//examples/module/"),
    ("README.md#start-with-a-module", "Plan: 10 to add", "Plan: 8 to add"),
    ("README.md#or-call-the-functions", r"terraform \{\n.*?\n\}\n\n", ""),
    ("README.md#or-call-the-functions", "client_to_switch", "client_to_swich"),
    ("README.md#or-call-the-functions", "  value = ", "  value= "),
    ("README.md#install", r'"registry.terraform.io/tachyon-iac', '"*/tachyon-iac'),
    ("README.md#install", "plugins/registry.terraform.io", "plugins/registry.terraform.com"),
    ("docs/guides/deployment.md#endpoints", r"prefix_lists = \{", "prefix_list = {"),
    ("docs/guides/everyday-tasks.md#rules-of-your-own", "cidr_ipv4 ", "cidr_blocks "),
    (
        "docs/guides/everyday-tasks.md#move-a-port-without-a-gap",
        "0 to add, 1 to change, 2 to destroy", "0 to add, 2 to change, 0 to destroy",
    ),
    ("docs/guides/adopting-an-estate.md#import-the-rules", "audit.equal : ", "audit.tolerated : "),
    ("docs/guides/opentofu.md#the-habit-functions-in-locals", "tofu apply", "tofu aply"),
    ("docs/guides/first-five-minutes.md#the-first-five-minutes", "clients -> tachyon: tcp 4000", "clients -> tachyon: tcp 4001"),
]


@pytest.mark.parametrize(("name", "pattern", "slip"), SLIPS, ids=[f"{name}:{slip[:24]}" for name, _, slip in SLIPS])
def test_a_broken_block_makes_the_walk_fail(
    name: str, pattern: str, slip: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = ROOT / name.split("#", maxsplit=1)[0]
    text = page.read_text(encoding="utf-8")
    [section] = [one for one in pages.sections(page) if one.name == name]
    begin = text.split("\n")[:section.blocks[0].line - 1]
    before = "\n".join(begin)
    broken, count = re.subn(pattern, slip, text[len(before):], count=1, flags=re.S)
    assert count == 1, f"{name} does not say {pattern}"
    copy = tmp_path / name.split("#", maxsplit=1)[0]
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(before + broken, encoding="utf-8")
    [section] = [one for one in pages.sections(copy, tmp_path) if one.name == name]
    modules = walk.repository(tmp_path_factory.mktemp("modules"), clouds=False)
    with pytest.raises(walk.Stumble, match=re.escape(page.name)):
        walk.follow(section, walk.ground(terraform.everywhere()[0], tmp_path / "ground", modules), {"cargo ": "slow"})


def test_a_stand_in_has_the_arguments_and_lets_references_through() -> None:
    text = stand_in.written_over("""
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

resource "aws_security_group" "this" {
  for_each = toset(["a"])
  provider = aws.eu

  name = each.key

  ingress {
    from_port = 1
  }

  lifecycle {
    create_before_destroy = true
  }
}

removed {
  from = aws_security_group_rule.this
}

import {
  to = module.tachyon.aws_vpc_security_group_egress_rule.this["a"]
  id = "sgr-1"
}

output "id" {
  value = aws_security_group.this["a"].id
}
""")
    assert '"hashicorp/aws"' not in text
    assert 'resource "terraform_data" "aws_security_group__this" {\n  for_each' in text
    assert "provider = " not in text
    assert "ingress_3 = {\n    from_port = 1" in text
    assert "  lifecycle {\n    create_before_destroy = true" in text.split("input")[0]
    assert "from = terraform_data.aws_security_group_rule__this" in text
    assert 'to = module.tachyon.terraform_data.aws_vpc_security_group_egress_rule__this["a"]' in text
    assert 'value = local.aws_security_group__this["a"].id' in text
    assert stand_in.read_back('terraform_data.aws_security_group__this["a"]') == 'aws_security_group.this["a"]'


def test_names_that_a_cloud_does_not_take_are_found() -> None:
    text = 'resource "aws_vpc_security_group_egress_rule" "this" {\n  cidr_blocks = []\n  ip_protocol = "tcp"\n}\n'
    assert cloud_schema.faults(text) == [
        "aws_vpc_security_group_egress_rule has no cidr_blocks", "aws_vpc_security_group_egress_rule needs security_group_id",
    ]
    assert cloud_schema.faults('resource "aws_instance" "this" {\n  ami = "x"\n}\n') == [
        "aws_instance is in no table of what the clouds' providers take"
    ]
