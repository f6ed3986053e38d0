"""What is released: installed as a user would, from zips in a mirror, into a Terraform that knows nothing else."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import bill
import packing
import release as scripted
from harness import installation, project
from harness.installation import HOSTS, platform_name
from harness.terraform import Terraform
from harness.workspace import REQUIRE_TACHYON, Workspace

SCRIPT = project.RELEASE / "release.py"
PROVIDERS_ZIP = "terraform-provider-tachyon_*.zip"
# 2026-01-02 03:04:06 UTC; a zip knows even seconds only.
EPOCH = 1767323046
CONFIGURATION = """
output "merged" {
  value = provider::tachyon::merge_cidrs(["10.0.0.0/25", "10.0.0.128/25"])
}
"""


def release(out: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(out), *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), **environment},
    )


# Packing reads no executable: this one stands for the command line, which the tests need no release build of.
COMMAND_LINE = b"the command line"


def target_folder(folder: Path) -> Path:
    """A folder of cargo's with the provider that the tests use, and with something in the place of the command line."""
    (folder / "release").mkdir(parents=True)
    shutil.copy(installation.installed_provider().binary, folder / "release" / project.PACKAGE)
    (folder / "release" / "tachyon").write_bytes(COMMAND_LINE)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return target_folder(tmp_path_factory.mktemp("built") / "target")


@pytest.fixture(scope="module")
def packed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the build that the tests use."""
    out = tmp_path_factory.mktemp("release")
    finished = release(out, "--no-build", CARGO_TARGET_DIR=str(built))
    assert finished.returncode == 0, finished.stderr
    return out


@pytest.fixture(scope="module")
def provider() -> project.Provider:
    return installation.installed_provider()


def test_the_files_are_those_that_registries_ask_for(packed, provider):
    begin = f"terraform-provider-tachyon_{provider.version}"
    archives = [f"{begin}_{platform_name()}.zip", f"tachyon_{provider.version}_{platform_name()}.zip"]
    summed = [*archives, f"{begin}_manifest.json"]
    assert {file.name for file in packed.iterdir()} == {*summed, f"{begin}_SHA256SUMS"}
    # The registries' manifest tells of the provider alone.
    assert json.loads((packed / f"{begin}_manifest.json").read_text())["metadata"] == {"protocol_versions": ["6.0"]}
    told = dict(reversed(line.split("  ")) for line in (packed / f"{begin}_SHA256SUMS").read_text().splitlines())
    assert told == {name: hashlib.sha256((packed / name).read_bytes()).hexdigest() for name in summed}


def test_a_zip_holds_the_provider_and_tells_nothing_of_where_it_was_packed(packed, provider):
    with zipfile.ZipFile(next(packed.glob(PROVIDERS_ZIP))) as opened:
        modes = {entry.filename: entry.external_attr >> 16 for entry in opened.infolist()}
        assert modes == {"LICENSE": 0o100644, f"terraform-provider-tachyon_v{provider.version}": 0o100755}
        assert {entry.date_time for entry in opened.infolist()} == {(2026, 1, 2, 3, 4, 6)}
        assert opened.read(f"terraform-provider-tachyon_v{provider.version}") == provider.binary.read_bytes()


def test_the_command_line_has_a_zip_of_its_own(packed):
    with zipfile.ZipFile(next(packed.glob("tachyon_*.zip"))) as opened:
        modes = {entry.filename: entry.external_attr >> 16 for entry in opened.infolist()}
        assert modes == {"LICENSE": 0o100644, "tachyon": 0o100755}
        assert opened.read("tachyon") == COMMAND_LINE


def test_a_build_of_the_provider_alone_is_packed_alone(tmp_path):
    folder = target_folder(tmp_path / "target")
    next((folder / "release").glob("tachyon*")).unlink()
    finished = release(tmp_path / "out", "--no-build", CARGO_TARGET_DIR=str(folder))
    assert finished.returncode == 0, finished.stderr
    assert [file.name.split("_")[0] for file in (tmp_path / "out").glob("*.zip")] == ["terraform-provider-tachyon"]


def test_packed_again_it_has_the_same_bytes(packed, built, tmp_path):
    # Another umask, another time zone, and the epoch still decides.
    umask = os.umask(0o077)
    try:
        assert release(tmp_path, "--no-build", TZ="Asia/Tokyo", CARGO_TARGET_DIR=str(built)).returncode == 0
    finally:
        os.umask(umask)
    for file in packed.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name


def test_terraform_installs_the_zip_locks_it_and_plans(packed, provider, terraform: Terraform, tmp_path):
    mirror = tmp_path / "mirror"
    for host in HOSTS:
        folder = mirror / host / "tachyon-iac" / "tachyon"
        folder.mkdir(parents=True)
        shutil.copy(next(packed.glob(PROVIDERS_ZIP)), folder)
    settings = tmp_path / "terraform.rc"
    settings.write_text(installation.CLI_CONFIG.read_text().replace(installation.MIRROR.as_posix(), mirror.as_posix()))
    alone = dataclasses.replace(terraform, cli_config=settings)
    workspace = Workspace(alone, tmp_path / "configuration").write("main.tf", REQUIRE_TACHYON + CONFIGURATION).init()

    lock = (workspace.folder / ".terraform.lock.hcl").read_text()
    assert f'version = "{provider.version}"' in lock
    assert hash_of_package(next(packed.glob(PROVIDERS_ZIP))) in re.findall(r'"(h1:[^"]+)"', lock)
    [installed] = [file for file in (workspace.folder / ".terraform").rglob("terraform-provider-tachyon_v*") if file.is_file()]
    assert not installed.is_symlink()
    assert installed.read_bytes() == provider.binary.read_bytes()
    # With the lock, nothing else is taken.
    workspace.run("init", "-lockfile=readonly")
    assert workspace.plan().output("merged")["after"] == ["10.0.0.0/24"]


def hash_of_package(archive: Path) -> str:
    """The hash of a lock file: over the list of the sums of all files, by name."""
    with zipfile.ZipFile(archive) as opened:
        lines = [f"{hashlib.sha256(opened.read(name)).hexdigest()}  {name}\n" for name in sorted(opened.namelist())]
    return f"h1:{base64.b64encode(hashlib.sha256(''.join(lines).encode()).digest()).decode()}"


@pytest.mark.skipif(shutil.which("gpg") is None, reason="signs with gpg")
def test_the_sums_are_signed_with_the_key_that_is_named(packed, tmp_path):
    out = shutil.copytree(packed, tmp_path / "release")
    # Short: the socket of its agent lies in it.
    home = {**os.environ, "GNUPGHOME": str(tmp_path)}
    tmp_path.chmod(0o700)
    identity = ["--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "release@example.com", "rsa2048", "sign", "never"]
    subprocess.run(["gpg", *identity], env=home, check=True, capture_output=True)
    try:
        finished = release(out, "--sum", "--key", "release@example.com", GNUPGHOME=str(tmp_path))
        assert finished.returncode == 0, finished.stderr
        [sums] = out.glob("*_SHA256SUMS")
        signature = sums.with_name(f"{sums.name}.sig")
        assert not signature.read_bytes().startswith(b"-----"), "armoured: no registry takes it"
        verify = ["gpg", "--verify", str(signature), str(sums)]
        assert subprocess.run(verify, env=home, check=False, capture_output=True).returncode == 0
        sums.write_text(sums.read_text().replace("0", "1"))
        assert subprocess.run(verify, env=home, check=False, capture_output=True).returncode == 1
        refused = release(out, "--sum", "--key", "nobody@example.com", GNUPGHOME=str(tmp_path))
        assert (refused.returncode, "gpg can't sign with the key nobody@example.com" in refused.stderr) == (1, True)
        assert not signature.exists(), "it is that of other sums"
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=home, check=False)


def test_whoever_signs_needs_no_rust(packed, tmp_path):
    out = shutil.copytree(packed, tmp_path / "release")
    [sums] = out.glob("*_SHA256SUMS")
    sums.unlink()
    finished = release(out, "--sum", PATH="")
    assert finished.returncode == 0, finished.stderr
    assert sums.read_bytes() == (packed / sums.name).read_bytes()


def test_what_another_release_left_is_not_summed(packed, tmp_path):
    out = shutil.copytree(packed, tmp_path / "release")
    (out / "terraform-provider-tachyon_0.0.1_linux_amd64.zip").touch()
    finished = release(out, "--sum")
    assert finished.returncode == 1
    assert "terraform-provider-tachyon_0.0.1_linux_amd64.zip. Empty it" in finished.stderr


def test_a_tool_that_is_missing_is_named_with_how_to_get_it(tmp_path):
    # cargo alone, and none of its tools.
    cargo = tmp_path / "cargo"
    cargo.symlink_to(str(shutil.which("cargo")))
    finished = release(tmp_path / "out", PATH=str(tmp_path))
    assert finished.returncode == 1
    assert finished.stderr.endswith(f": {' && '.join(map(scripted.how_to_install, scripted.TOOLS))}\n")


def with_cargo(folder: Path, fetched: Path, **versions: str) -> subprocess.CompletedProcess[str]:
    """A release with a cargo that fetches, tells what the workspace is, and has tools that only know their versions."""
    told = {**{name.removeprefix("cargo-"): version for name, version in scripted.TOOLS.items()}, **versions}
    knows = "\n".join(f'  "{name} --version") echo "cargo-{name} {version}" ;;' for name, version in told.items())
    stand_in = f"""#!/bin/sh
case "$*" in
{knows}
  metadata*) exec "{shutil.which("cargo")}" "$@" ;;
  fetch*) echo "$*" > "{fetched}" ;;
  *) echo "$*" >&2; exit 1 ;;
esac
"""
    folder.mkdir()
    for name in ("cargo", *scripted.TOOLS):
        (folder / name).write_text(stand_in, encoding="utf-8")
        (folder / name).chmod(0o755)
    return release(folder / "out", PATH=str(folder))


def test_the_dependencies_are_fetched_before_their_licenses_are_read(tmp_path):
    """A fresh machine has no sources to read them from, and `cargo about` is asked to stay offline."""
    fetched = tmp_path / "fetched"
    finished = with_cargo(tmp_path / "bin", fetched)
    # There is nothing that reads licenses: it ends there.
    assert finished.returncode == 1
    assert "about generate" in finished.stderr
    assert fetched.read_text(encoding="utf-8") == "fetch --locked\n"


def test_a_tool_of_another_version_is_named_with_how_to_get_the_right_one(tmp_path):
    fetched = tmp_path / "fetched"
    finished = with_cargo(tmp_path / "bin", fetched, about="0.1.2")
    assert finished.returncode == 1
    wanted = f"cargo install --locked cargo-about@{scripted.TOOLS['cargo-about']} --features cli"
    assert finished.stderr == f"A release is made with other versions than cargo-about 0.1.2: {wanted}\n"
    assert not fetched.exists()


def test_what_is_said_in_several_places_is_the_same():
    """The targets, the tools with their versions, and the licenses: each reader has a list of its own."""
    about, deny = (
        tomllib.loads((project.ROOT / file).read_text(encoding="utf-8")) for file in (project.RELEASE / "about.toml", "deny.toml")
    )
    workflow, guide = (
        (project.ROOT / file).read_text(encoding="utf-8") for file in (".github/workflows/release.yml", "CONTRIBUTING.md")
    )
    targets = list(scripted.TARGETS)
    assert about["targets"] == targets
    assert deny["graph"]["targets"] == targets
    assert re.findall(r"^ +- \{ runner: .+, target: (\S+) \}$", workflow, re.M) == targets
    counted = re.findall(r"-name '(\S+)_\*\.zip' .* -eq (\d+)$", workflow, re.M)
    assert counted == [(name, str(len(targets))) for name in scripted.PACKAGES.values()]

    # Pairs, so that a tool with two versions shows.
    installed = [set(re.findall(r"(cargo-[a-z]+)@([\d.]+)", text)) for text in (workflow, guide)]
    assert installed[0] == installed[1]
    assert sorted(tool for tool, _ in installed[0]) == sorted(["cargo-deny", *scripted.TOOLS])
    for tool in scripted.TOOLS:
        command = re.escape(scripted.how_to_install(tool))
        assert re.search(rf"^ +- run: {command}$", workflow, re.M)
        assert re.search(rf"^\$ {command}$", guide, re.M)

    exceptions = {license_ for one in deny["licenses"]["exceptions"] for license_ in one["allow"]}
    assert set(about["accepted"]) == {*deny["licenses"]["allow"], *exceptions}


def test_an_executable_that_needs_a_loader_is_told_from_one_that_does_not():
    def executable(*types):
        header = struct.pack("<4sBBB9xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 3, 62, 1, 0, 64, 0, 0, 64, 56, len(types), 0, 0, 0)
        return header + b"".join(struct.pack("<I52x", kind) for kind in types)

    load, dynamic, loader = 1, 2, 3
    assert packing.is_static(executable(load, dynamic))
    assert not packing.is_static(executable(load, loader, dynamic))
    with pytest.raises(packing.Trouble, match="no executable for 64-bit Linux"):
        packing.is_static(b"MZ" + bytes(100))
    # Python itself, where it is linked as distributions do it.
    if platform.system() == "Linux" and platform.architecture()[0] == "64bit":
        python = Path(sys.executable).resolve().read_bytes()
        assert packing.is_static(python) == (re.search(rb"/ld-[^/\0]*\.so", python) is None)


def test_a_folder_is_found_in_an_executable():
    here = Path("/home/somebody/checkout")
    assert packing.mentions(b"..\0/home/somebody/checkout/src/main.rs\0", here)
    assert not packing.mentions(b"..\0/tachyon/src/main.rs\0/home/somebody/checkouts/", here)


def test_a_bill_lists_what_is_inside_and_nothing_else():
    def component(name):
        return {"name": name, "version": "1.0.0", "bom-ref": f"ref-{name}"}

    document = {
        "metadata": {"component": component("ours")},
        "components": [component("inside"), component("beside")],
        "dependencies": [
            {"ref": "ref-ours", "dependsOn": ["ref-beside", "ref-inside"]}, {"ref": "ref-inside"}, {"ref": "ref-beside"},
        ],
    }
    parts = {("ours", "1.0.0"), ("inside", "1.0.0")}
    told = json.loads(bill.without_others(json.dumps(document), parts))
    assert told["components"] == [component("inside")]
    assert told["dependencies"] == [{"ref": "ref-ours", "dependsOn": ["ref-inside"]}, {"ref": "ref-inside"}]
    with pytest.raises(packing.Trouble, match=r"does not list inside 2\.0\.0, which ours consists of"):
        bill.without_others(json.dumps(document), {*parts, ("inside", "2.0.0")})
