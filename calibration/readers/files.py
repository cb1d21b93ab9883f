"""Files as they stand on disk, unpacked: folders, gzip and zip are seen through; what is no export is refused."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...sim.errors import DataRefused

LARGEST = 4 << 30
"""Bytes that a file may unpack to; beyond it we refuse rather than fill the memory."""

ZIP = b"PK\x03\x04"

MAGIC = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG image",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save it as CSV",
    b"SQLite format 3\0": "an SQLite database: export it as JSON or CSV",
    b"BZh": "bzip2: unpack it, or pack it with gzip",
    b"\xfd7zXZ": "xz: unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "zstd: unpack it, or pack it with gzip",
    b"PK\x05\x06": "an empty zip archive",
    ZIP: "a zip archive within an archive: unpack it",
}

WORKBOOK = "[Content_Types].xml"
"""The member by which a zip archive is known as a spreadsheet."""


RESPONSES = "worker-response/"
"""The folder of a platform's bucket that holds what people did; what lies beside it in an archive is no export."""


@dataclass(frozen=True, eq=False)
class File:
    """name: what messages call it, `archive.zip/inner.csv` within an archive or folder.  archive: of which it is a
    member, else "".  place: the path that it had where it was written, as far as known, with / between folders.
    sha256: of the file on disk, or of the member.  data: its bytes, unpacked."""

    name: str
    archive: str
    place: str
    sha256: str
    data: bytes


def opened(path: Path, name: str) -> Iterator[File]:
    """The file at `path`, called `name`, or those in it where it is a zip archive or a folder, in the order of names.

    Raises DataRefused: unreadable, cut off, damaged, encrypted, empty, packed otherwise than by gzip or zip.
    """
    if path.is_dir():
        yield from _inside(path, name)
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataRefused(f"{name}: cannot be read: {error.strerror or error}.") from error
    if data.startswith(ZIP):
        yield from _members(data, name)
    else:
        place = path.absolute().as_posix()
        yield File(name, "", place, hashlib.sha256(data).hexdigest(), unpacked(data, name))


def _inside(folder: Path, name: str) -> Iterator[File]:
    """The files of a folder and of the folders in it, archives seen through."""
    inner = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    kept = meant(sorted(inner))
    if not kept:
        raise DataRefused(f"{name}: the folder holds no file.")
    for one in kept:
        for file in opened(inner[one], f"{name}/{one}"):
            place = file.name.removeprefix(f"{name}/")
            yield replace(file, archive=name, place=f"{folder.absolute().as_posix()}/{place}")


def meant(inner: Sequence[str]) -> list[str]:
    """Names of members that are content: nothing that an operating system puts beside files, and of a platform's
    bucket what people did."""
    seen = [one for one in inner if not any(part.startswith((".", "__MACOSX")) for part in one.split("/"))]
    return [one for one in seen if RESPONSES in one] or seen


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
        there = sorted((one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename)
        kept = {*meant([one.filename for one in there])}
        entries = [one for one in there if one.filename in kept]
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
        yield File(
            inner, name, f"{name}/{entry.filename}", hashlib.sha256(content).hexdigest(), unpacked(content, inner)
        )
