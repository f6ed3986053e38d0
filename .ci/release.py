#!/usr/bin/env python3
"""Builds what the registries of Terraform and OpenTofu take: `python3 .ci/release.py [--target T ...] [--key KEYID] [--out FOLDER]`.

For each target a zip with the provider and one with the command line, and beside each its parts, as CycloneDX; then the
registries' manifest, the sums of all, and their signature. The same commit gives the same bytes, in whatever folder it is built.
CONTRIBUTING.md says what it needs.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import bill  # noqa: E402
import packing  # noqa: E402
from packing import Trouble  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PROVIDER = "terraform-provider-tachyon"
COMMAND_LINE = "tachyon-cli"
# What is packed, each built by itself, and what its executable and files are called. A zip with the provider's name would be taken for it.
PACKAGES = {PROVIDER: PROVIDER, COMMAND_LINE: "tachyon"}

# In Rust's words, and in the registries'.
TARGETS = {
    "x86_64-unknown-linux-gnu": "linux_amd64",
    "aarch64-unknown-linux-gnu": "linux_arm64",
    "x86_64-apple-darwin": "darwin_amd64",
    "aarch64-apple-darwin": "darwin_arm64",
    "x86_64-pc-windows-msvc": "windows_amd64",
    "aarch64-pc-windows-msvc": "windows_arm64",
}
# What is in an executable for Linux beside our crates, and the text of its license on Debian and what is made from it.
GLIBC = """The executable contains parts of the GNU C Library (https://www.gnu.org/software/libc/), under the GNU Lesser General Public
License, version 2.1 or later. Its text follows. The sources of the executable, from which it can be linked anew with another version
of the library, are at https://github.com/tachyon-iac/terraform-provider-tachyon.

"""
GLIBC_LICENSE = Path("/usr/share/common-licenses/LGPL-2.1")

TOOLS = {"cargo-cyclonedx": "0.5.9", "cargo-about": "0.9.3"}
# Without this cargo builds a library and installs nothing.
FEATURES = {"cargo-about": "cli"}


def main() -> int:
    """Answers with 0, or with 1 and a text that says what to do."""
    arguments = _arguments()
    out: Path = arguments.out
    try:
        out.mkdir(parents=True, exist_ok=True)
        version = _version()
        if not arguments.sum:
            _pack_all(arguments, version, out)
        if arguments.sum or not arguments.no_sum:
            _sum(version, out, arguments.key)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    for file in sorted(out.iterdir()):
        print(f"{file.stat().st_size:>10}  {file.name}")
    return 0


def _pack_all(arguments: argparse.Namespace, version: str, out: Path) -> None:
    if arguments.no_build:
        # To try a package, not to publish it: linked with this machine's C library, and without what it consists of.
        target = _host()
        for package in PACKAGES:
            executable = _target_folder() / "release" / _executable(package, target)
            if package == PROVIDER or executable.is_file():
                _pack(package, executable, version, target, {}, out)
        return
    _require_tools()
    # The licenses are read offline, from the sources of the dependencies; a fresh machine has none of them yet.
    _run(["cargo", "fetch", "--locked"], "The dependencies can't be fetched; cargo's messages above say why.")
    for package, name in PACKAGES.items():
        licenses = {"THIRD-PARTY-LICENSES.txt": _licenses(package)}
        for target in arguments.target or [_host()]:
            beside = {**licenses, "GLIBC-LICENSE.txt": _license_of_glibc()} if "linux" in target else licenses
            _build(package, target)
            executable = _target_folder() / target / "release" / _executable(package, target)
            _look_inside(executable, target)
            _pack(package, executable, version, target, beside, out)
            listed = out / f"{name}_{version}_{TARGETS[target]}.cdx.json"
            listed.write_bytes(_bill_of_materials(package, target))


def _license_of_glibc() -> bytes:
    try:
        return GLIBC.encode() + GLIBC_LICENSE.read_bytes()
    except OSError as error:
        detail = f"{GLIBC_LICENSE} can't be read ({error.strerror}): the license of what is linked into releases for Linux."
        raise Trouble(detail) from error


def _pack(package: str, executable: Path, version: str, target: str, beside: dict[str, bytes], out: Path) -> None:
    if not executable.is_file():
        raise Trouble(f"There is no {executable}. Without --no-build it is built; else `cargo build --release -p {package}`.")
    # Terraform starts whatever begins with the provider's name; the version in it is a custom that the registries check.
    inside = f"{PROVIDER}_v{version}{executable.suffix}" if package == PROVIDER else executable.name
    files = {inside: executable.read_bytes(), "LICENSE": (ROOT / "LICENSE").read_bytes(), **beside}
    archive = out / f"{PACKAGES[package]}_{version}_{TARGETS[target]}.zip"
    packing.write_zip(archive, files, executable=inside, epoch=_epoch())


def _sum(version: str, out: Path, key: str | None) -> None:
    manifest = out / f"{PROVIDER}_{version}_manifest.json"
    shutil.copyfile(ROOT / "terraform-registry-manifest.json", manifest)
    # A sum stands for one release: what another version left in the folder would be published with it.
    strangers = [file.name for file in out.iterdir() if f"_{version}_" not in file.name]
    if strangers:
        raise Trouble(f"{out} holds what is no part of {version}: {', '.join(sorted(strangers))}. Empty it, or name another with --out.")
    sums = packing.write_sums(out, f"{PROVIDER}_{version}_SHA256SUMS")
    if key is not None:
        packing.sign(sums, key)


def _build(package: str, target: str) -> None:
    # The package by itself: features that another asks for would go into it.
    command = ["cargo", "build", "--release", "--locked", "--package", package, "--target", target]
    # Where something was built would stand in the messages of panics.
    flags = [f"--remap-path-prefix={folder}=/{name}" for name, folder in _folders().items()]
    if "apple" not in target:
        # Whatever C library is installed where it runs, if any. macOS has no other way than its own.
        flags.append("-Ctarget-feature=+crt-static")
    if "windows" in target:
        # No time of the build in it.
        flags.append("-Clink-arg=/Brepro")
    environment = {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags), "SOURCE_DATE_EPOCH": str(_epoch())}
    _run(command, f"{package} does not build for {target}; cargo's messages above say why.", environment)


def _look_inside(executable: Path, target: str) -> None:
    """Whether an executable tells where it was built, or needs something that has to be installed."""
    content = executable.read_bytes()
    for folder in _folders().values():
        if packing.mentions(content, folder):
            raise Trouble(f"{executable.name} for {target} contains the path {folder}: built elsewhere it would differ.")
    if "linux" in target and not packing.is_static(content):
        raise Trouble(f"{executable.name} for {target} needs a C library where it runs; it is to be linked with one.")


def _folders() -> dict[str, Path]:
    """The folders whose names a compiler may write into what it makes, by what is written instead."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    return {"tachyon": ROOT, "cargo": home, "target": _target_folder()}


def _licenses(package: str) -> bytes:
    command = ["cargo", "about", "generate", "--locked", "--offline", "--fail", "--config", str(ROOT / ".ci" / "about.toml")]
    command += ["--manifest-path", str(_manifest(package)), str(ROOT / ".ci" / "about.hbs")]
    return _run(command, "The licenses of the dependencies can't be gathered.", capture=True)


def _bill_of_materials(package: str, target: str) -> bytes:
    """What the executable consists of, as cargo-cyclonedx tells it, without the name of this folder."""
    # It writes one for each package of the workspace, beside its Cargo.toml.
    name = f"release-{os.getpid()}"
    command = ["cargo", "cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--no-build-deps"]
    command += ["--target", target, "--override-filename", name]
    try:
        _run(command, "What the release consists of can't be listed.", {"SOURCE_DATE_EPOCH": str(_epoch())})
        text = _manifest(package).with_name(f"{name}.json").read_text(encoding="utf-8")
    finally:
        for file in ROOT.rglob(f"{name}.json"):
            file.unlink()
    text = text.replace(ROOT.as_uri(), "file:///tachyon")
    if ROOT.as_posix() in text:
        raise Trouble(f"What {package} consists of is told with the path {ROOT}.")
    return bill.without_others(text, _parts(package, target))


def _parts(package: str, target: str) -> set[tuple[str, str]]:
    """What is compiled for the executable, by name and version, itself included."""
    command = ["cargo", "tree", "--locked", "--package", package, "--edges", "normal", "--target", target]
    told = _run([*command, "--prefix", "none", "--format", "{p}"], "The dependencies can't be listed.", capture=True)
    words = [line.split() for line in told.decode().splitlines() if line.strip()]
    return {(line[0], line[1].removeprefix("v")) for line in words}


def _require_tools() -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise Trouble(f"A release needs tools that are not on PATH: {_how_to_install(missing)}")
    # Others write other texts, and the same commit is to give the same bytes.
    found = {tool: _version_of(tool) for tool in TOOLS}
    others = [tool for tool, version in TOOLS.items() if found[tool] != version]
    if others:
        here = ", ".join(f"{tool} {found[tool]}" for tool in others)
        raise Trouble(f"A release is made with other versions than {here}: {_how_to_install(others)}")


def _how_to_install(tools: list[str]) -> str:
    return " && ".join(map(how_to_install, tools))


def how_to_install(tool: str) -> str:
    """The command that installs a tool in the version of here."""
    features = f" --features {FEATURES[tool]}" if tool in FEATURES else ""
    return f"cargo install --locked {tool}@{TOOLS[tool]}{features}"


def _version_of(tool: str) -> str:
    """The version of a tool of cargo's; the last word of what it says, as some say their names twice."""
    told = _run(["cargo", tool.removeprefix("cargo-"), "--version"], "It does not tell its version.", capture=True)
    return told.decode().split()[-1]


def _version() -> str:
    """The version of all packages. Not asked of cargo: whoever sums and signs needs no Rust beside the key."""
    told: str = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    return told


@functools.cache
def _metadata() -> dict[str, Any]:
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    document: dict[str, Any] = json.loads(_run(command, "cargo can't read the workspace.", capture=True))
    return document


def _manifest(package: str) -> Path:
    return next(Path(one["manifest_path"]) for one in _metadata()["packages"] if one["name"] == package)


def _target_folder() -> Path:
    return Path(_metadata()["target_directory"])


def _executable(package: str, target: str) -> str:
    return f"{PACKAGES[package]}.exe" if "windows" in target else PACKAGES[package]


def _host() -> str:
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine().lower(), "?")
    here = f"{platform.system().lower()}_{machine}"
    for target, name in TARGETS.items():
        if name == here:
            return target
    raise Trouble(f"There are no releases for {platform.system()} on {platform.machine()}. With --target: {', '.join(TARGETS)}.")


@functools.cache
def _epoch() -> int:
    """The time that everything in the release has: that of the commit, unless SOURCE_DATE_EPOCH says another."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told is None:
        trouble = "git does not tell the time of the commit; set SOURCE_DATE_EPOCH."
        told = _run(["git", "log", "-1", "--format=%ct"], trouble, capture=True).decode().strip()
    try:
        return int(told)
    except ValueError as error:
        raise Trouble(f"SOURCE_DATE_EPOCH is {told!r}, not a number of seconds since 1970.") from error


def _run(command: list[str], trouble: str, environment: dict[str, str] | None = None, *, capture: bool = False) -> bytes:
    if not capture:
        print(f"$ {' '.join(command)}", flush=True)
    try:
        answer = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE if capture else None, check=False,
        )
    except FileNotFoundError as error:
        raise Trouble(f"`{command[0]}` is not on PATH.") from error
    if answer.returncode != 0:
        raise Trouble(f"`{' '.join(command[:2])}` ended with {answer.returncode}. {trouble}")
    return answer.stdout or b""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Builds what the registries of Terraform and OpenTofu take.")
    parser.add_argument("--target", action="append", choices=TARGETS, help="what to build for, again for several; else this machine")
    parser.add_argument("--key", metavar="KEYID", help="sign the sums with this key of GnuPG")
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=ROOT / "target" / "dist", help="where to write; else target/dist")
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--no-build", action="store_true", help="pack the release build that is there, to try it; not to publish")
    parts.add_argument("--no-sum", action="store_true", help="neither sum nor sign: other machines build other targets")
    parts.add_argument("--sum", action="store_true", help="build nothing: sum and sign what is in the folder")
    arguments = parser.parse_args()
    if arguments.no_build and arguments.target:
        parser.error("--no-build packs the build for this machine; it goes without --target")
    if arguments.key and arguments.no_sum:
        parser.error("there is nothing to sign without the sums")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
