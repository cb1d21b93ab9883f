"""Files as they stand on disk, unpacked: gzip and zip are seen through, and what is no export at all is refused."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...sim.errors import DataRefused

LARGEST = 4 << 30
"""Bytes that a file may unpack to; beyond it we refuse rather than fill the memory."""

ZIP = b"PK\x03\x04"

MAGIC = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG image",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save it as CSV",
    b"BZh": "bzip2: unpack it, or pack it with gzip",
    b"\xfd7zXZ": "xz: unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "zstd: unpack it, or pack it with gzip",
    b"PK\x05\x06": "an empty zip archive",
    ZIP: "a zip archive within an archive: unpack it",
}

WORKBOOK = "[Content_Types].xml"
"""The member by which a zip archive is known as a spreadsheet."""


@dataclass(frozen=True, eq=False)
class File:
    """name: what messages call it, `archive.zip/inner.csv` within an archive.  archive: of which it is a member, else
    "".  sha256: of the file on disk, or of the member.  data: its bytes, unpacked."""

    name: str
    archive: str
    sha256: str
    data: bytes


def opened(path: Path, name: str) -> Iterator[File]:
    """The file at `path`, called `name`, or the files in it where it is a zip archive, in the order of their names.

    Raises DataRefused: unreadable, cut off, damaged, encrypted, empty, packed otherwise than by gzip or zip.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataRefused(f"{name}: cannot be read: {error.strerror or error}.") from error
    if data.startswith(ZIP):
        yield from _members(data, name)
    else:
        yield File(name, "", hashlib.sha256(data).hexdigest(), unpacked(data, name))


def unpacked(data: bytes, name: str) -> bytes:
    """`data`, or what it holds where it is gzip."""
    if data[:2] != b"\x1f\x8b":
        for magic, what in MAGIC.items():
            if data.startswith(magic):
                raise DataRefused(f"{name}: this is no export but {what}.")
        return data
    whole: list[bytes] = []
    size = 0
    rest = data
    try:
        while rest.strip(b"\0"):  # a gzip file may hold several members, and zero padding
            unpacker = zlib.decompressobj(wbits=31)
            part = unpacker.decompress(rest, LARGEST - size + 1)
            size += len(part)
            whole.append(part)
            if size > LARGEST:
                raise DataRefused(f"{name}: unpacks to more than {LARGEST >> 30} GiB. Split it into several files.")
            if not unpacker.eof:
                row = b"".join(whole).count(b"\n") + 1
                raise DataRefused(f"{name}: the gzip data are cut off in row {row}. Download the file again.")
            rest = unpacker.unused_data
    except zlib.error as error:
        row = b"".join(whole).count(b"\n") + 1
        raise DataRefused(f"{name}: the gzip data are damaged after row {row} ({error}).") from error
    return whole[0] if len(whole) == 1 else b"".join(whole)


def _members(data: bytes, name: str) -> Iterator[File]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = sorted((one for one in archive.infolist() if _meant(one)), key=lambda one: one.filename)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, IndexError) as error:
        raise DataRefused(f"{name}: the zip archive is cut off or damaged ({error}). Download it again.") from error
    if any(one.filename == WORKBOOK for one in entries):
        raise DataRefused(f"{name}: this is a spreadsheet. Save the sheet as CSV.")
    if not entries:
        raise DataRefused(f"{name}: the zip archive holds no file.")
    if sum(one.file_size for one in entries) > LARGEST:
        raise DataRefused(f"{name}: unpacks to more than {LARGEST >> 30} GiB. Split it into several files.")
    for entry in entries:
        inner = f"{name}/{entry.filename}"
        if entry.flag_bits & 1:
            raise DataRefused(f"{inner}: is encrypted. Unpack it with its password.")
        try:
            with archive.open(entry) as member:
                content = member.read(entry.file_size + 1)  # no more than it says it holds
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise DataRefused(f"{inner}: the zip archive is damaged here ({error}). Download it again.") from error
        if len(content) != entry.file_size:
            raise DataRefused(
                f"{inner}: the zip archive is damaged here: it holds another number of bytes than it says."
            )
        yield File(inner, name, hashlib.sha256(content).hexdigest(), unpacked(content, inner))


def _meant(entry: zipfile.ZipInfo) -> bool:
    """Whether a member is content: no folder, and nothing that an operating system puts beside files."""
    parts = entry.filename.split("/")
    return not entry.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)
