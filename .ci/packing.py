"""The files of a release: zips, sums, their signature, and what must not be inside."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import time
import zipfile
from pathlib import Path

# Before it a zip knows no time.
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_LOADER = 3


class Trouble(Exception):
    """Something that a person can mend; its text says how."""


def write_zip(archive: Path, files: dict[str, bytes], executable: str, epoch: int) -> None:
    """Packs files by name. Bytes depend on nothing else: one time and order for all, and modes that no umask decides."""
    moment = max(time.gmtime(epoch)[:6], _FIRST_TIME)
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # As on Unix, wherever it was packed: else Terraform finds nothing that it may start.
            entry.create_system = 3
            entry.external_attr = (0o100755 if name == executable else 0o100644) << 16
            opened.writestr(entry, content, compresslevel=9)


def write_sums(folder: Path, name: str) -> Path:
    """The SHA-256 of every file of a folder, as `sha256sum --check` reads them; older sums and signatures are no part of it."""
    sums = folder / name
    signature = sums.with_name(f"{name}.sig")
    # It would be that of older sums.
    signature.unlink(missing_ok=True)
    files = sorted(file for file in folder.iterdir() if file != sums)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    sums.write_bytes("".join(lines).encode())
    return sums


def sign(sums: Path, key: str) -> Path:
    """A detached signature, in GnuPG's binary form: registries take no other."""
    signature = sums.with_name(f"{sums.name}.sig")
    command = ["gpg", "--batch", "--yes", "--local-user", key, "--output", str(signature), "--detach-sign", str(sums)]
    try:
        code = subprocess.run(command, check=False).returncode
    except FileNotFoundError as error:
        raise Trouble("`gpg` is not on PATH; it signs the sums.") from error
    if code != 0:
        raise Trouble(f"gpg can't sign with the key {key}; its message above says why.")
    return signature


def mentions(content: bytes, folder: Path) -> bool:
    """Whether the name of a folder stands in an executable, with something below it."""
    names = {str(folder), folder.as_posix()}
    return any(f"{name}{separator}".encode() in content for name in names for separator in "/\\")


def is_static(content: bytes) -> bool:
    """Whether an executable for 64-bit Linux starts by itself, without the loader of a system and so without its libraries."""
    header = struct.Struct("<4sBB26xQ14xHH")
    magic, bits, order, offset, size, count = header.unpack_from(content)
    if (magic, bits, order) != (b"\x7fELF", 2, 1):
        raise Trouble("This is no executable for 64-bit Linux, little-endian.")
    # PT_INTERP names the loader (elf(5)).
    return all(struct.unpack_from("<I", content, offset + size * index)[0] != _LOADER for index in range(count))
