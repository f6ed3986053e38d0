"""Fixtures: every Terraform found, folders to work in, LocalStack, golden files."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from harness import aws_module, aws_provider, installation
from harness import terraform as terraforms
from harness.ec2_proxy import Ec2Proxy
from harness.lifetime import die_with_parent
from harness.localstack import REGION, LocalStack
from harness.project import EXAMPLES
from harness.relays import Relays
from harness.state_server import StateServer
from harness.terraform import Terraform
from harness.workspace import Workspace

GOLDEN = Path(__file__).resolve().parent / "golden"

# Where single tests take a minute. Each worker begins with its share of them, so that none is at one when the others have nothing left.
LONG = (
    "test_life_aws", "test_compare", "test_life_azure_faults", "test_aws_current", "test_enterprise", "test_aws", "test_command_line",
    "test_own_rows",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files, for a person to read")


def pytest_configure(config: pytest.Config) -> None:
    # Ended by SIGTERM without this, Terraform would lose its output pipe, and its providers would stay behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Most of what a command costs is the schema of hashicorp/aws, and a third of that the collection of its garbage. Here, and not
    # where commands are run: what is measured with them is to be as users have it.
    os.environ.setdefault("GOGC", "400")
    if hasattr(config, "workerinput"):
        die_with_parent()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.path.stem in LONG]
    short = [item for item in items if item.path.stem not in LONG]
    # pytest-xdist gives each an equal part of what stands together.
    ends = [len(short) * number // workers for number in range(workers + 1)]
    items[:] = [
        item for number in range(workers) for item in (*long[number::workers], *short[ends[number] : ends[number + 1]])
    ]


def pytest_keyboard_interrupt() -> None:
    # Nobody else tells the workers: they would go on, and be killed in the midst of a command ten seconds later.
    for child in psutil.Process().children():
        child.terminate()


def pytest_report_header() -> str:
    return f"terraforms: {', '.join(found.name for found in terraforms.everywhere())}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "terraform" in metafunc.fixturenames:
        found = terraforms.everywhere()
        metafunc.parametrize("terraform", found, ids=lambda one: one.name, scope="session")


@pytest.fixture(scope="session", autouse=True)
def no_process_left() -> Iterator[None]:
    """Fails the run when a provider outlives the Terraform that started it."""
    # Every process of this run inherits the mark, so that those of another run are not taken for ours.
    os.environ["TACHYON_ACCEPTANCE_RUN"] = str(os.getpid())
    mark = f"TACHYON_ACCEPTANCE_RUN={os.getpid()}"
    yield
    left = [
        f"{process.name}: {executable}"
        for process in Path("/proc").glob("[0-9]*")
        if (executable := _executable(process, mark)).startswith(str(installation.MIRROR))
    ]
    assert not left, f"providers are still running: {left}"


@pytest.fixture(scope="session", autouse=True)
def relays(no_process_left: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:  # noqa: ARG001 - ended before that looks
    """Keeps hashicorp/aws and its schema from one command of a worker to the next: making them is most of what one costs."""
    Workspace.relays = Relays(tmp_path_factory.mktemp("relays"))
    yield
    Workspace.relays.stop()
    Workspace.relays = None


def _executable(process: Path, mark: str) -> str:
    """What a process of this run executes; empty for every other process."""
    try:
        ours = mark.encode() in (process / "environ").read_bytes().split(b"\0")
        return str((process / "exe").readlink()) if ours else ""
    except OSError:
        return ""


@pytest.fixture
def workspace(terraform: Terraform, tmp_path: Path) -> Workspace:
    """An empty folder for a configuration."""
    return Workspace(terraform, tmp_path / "configuration")


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """LocalStack, for all tests that need it."""
    server = LocalStack(tmp_path_factory.mktemp("localstack"))
    yield server
    server.stop()


@pytest.fixture
def aws(workspace: Workspace, localstack: LocalStack, vpc: str) -> Workspace:
    """`examples/aws` for LocalStack and hashicorp/aws 3.39, in a VPC of its own.

    What a test that failed leaves behind goes with LocalStack: an interrupted run has no time to destroy it.
    """
    if sys.platform != "linux" or not installation.platform_name().endswith("amd64"):
        pytest.skip("the package with hashicorp/aws holds a binary for linux_amd64 alone")
    return aws_module.older(workspace.copy(EXAMPLES / "aws")).write("emulator_override.tf", aws_override(localstack, vpc))


@pytest.fixture
def state_override() -> Iterator[str]:
    """What turns a configuration to a state in memory, for configurations of hundreds of resources."""
    server = StateServer()
    yield server.override
    server.stop()


@pytest.fixture
def vpc(request: pytest.FixtureRequest) -> str:
    """The name of the test's VPC; filters of EC2 give brackets a meaning."""
    return re.sub(r"[^\w.]+", "-", request.node.name).strip("-")


@pytest.fixture
def current_aws(tmp_path: Path) -> Terraform:
    """One Terraform that finds the current hashicorp/aws, if the machine has that; the others run the same with the older one."""
    executable = aws_provider.binary()
    if executable is None:
        pytest.skip(f"{aws_provider.VARIABLE} names no binary of hashicorp/aws 5.0 or newer")
    return aws_provider.current(terraforms.usable(), executable, tmp_path / "aws")


def aws_override(localstack: LocalStack | Ec2Proxy, vpc: str, *, current: bool = False) -> str:
    """What turns the example's provider to LocalStack and names its VPC after the test."""
    return provider_block(localstack, current=current) + vpc_block(vpc)


def provider_block(localstack: LocalStack | Ec2Proxy, *, current: bool = False, region: str = REGION, alias: str | None = None) -> str:
    """A provider at LocalStack. A current one asks for the account: the ARN of a rule has its id."""
    return f"""
provider "aws" {{
  alias                       = {json.dumps(alias)}
  region                      = "{region}"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = {json.dumps(not current)}

  endpoints {{
    ec2 = "{localstack.endpoint}"
    sts = "{localstack.endpoint}"
  }}
}}
""".replace("  alias                       = null\n", "")


def vpc_block(vpc: str, name: str = "tachyon") -> str:
    """What names an example's VPC after the test."""
    return f"""
resource "aws_vpc" "{name}" {{
  tags = {{ Name = "{vpc}" }}
}}
"""


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a committed one that a person has read; `--update` rewrites it."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"there is no golden file {name} yet; run with --update and read it"
        assert text == file.read_text(encoding="utf-8"), f"{name} differs; run with --update and read the difference"

    return compare
