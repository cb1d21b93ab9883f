"""What may be dropped into the studio, and what is refused: sizes, archives that unpack to more, names of other files.

An upload is bytes with a name. The name is shown and nothing else: what is written goes into a folder of its own, under
names of ours. Nothing of it is run; a scenario that names other files is refused, as there are none beside it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...calibration.calibrate import calibrate
from ...calibration.profile import write
from ...scenarios.layers import written_out
from ...scenarios.library import ENDING, PREFIX
from ...scenarios.lookup import entries, sub, text_at
from ...scenarios.nodes import Mapping, Node
from ...scenarios.problems import Problems, quoted
from ...scenarios.ready import scenario_text
from ...scenarios.shelf import told
from ...scenarios.spec import Segment
from ...scenarios.text import LARGEST, compose
from ...sim.errors import DataRefused, Refused, ScenarioRefused

SCENARIO, PROFILE = "plan.yaml", f"team{ENDING}"
"""Names of what is written into an upload's folder."""

PACKED, UNPACKED = 25 << 20, 50 << 20
"""Bytes of an export as it comes, and of all that it unpacks to."""

ROWS = 300_000
"""Lines of an export."""

MEMBERS = 50
"""Files of an archive."""

RATIO = 200
"""Times that a member of an archive may be larger unpacked than packed: text is seldom packed below a thirtieth."""

YAML = (".yaml", ".yml")

LIMITS = (
    f"A scenario: one YAML file of at most {LARGEST >> 20} MB, which names no other file (`extends` and `profile` "
    f"other than library:NAME, `releases.csv`). An export: at most {PACKED >> 20} MB, {UNPACKED >> 20} MB unpacked and "
    f"{ROWS:,} lines; csv, tsv, json, jsonl, xes, also as gz or as zip with at most {MEMBERS} files. It stays on this "
    "machine, in a temporary folder that is gone when the studio ends."
)
"""What is told on the page."""


def shown(name: str) -> str:
    """The name of an upload as messages have it: the last part of its path, printable and short."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(one if one.isprintable() else "?" for one in last).strip()
    return clean[-80:] or "upload"


def take(data: bytes, name: str, folder: Path) -> Path:
    """Writes what was dropped in as a scenario into an empty folder; the scenario's path.

    Raises ScenarioRefused and DataRefused with what is wrong, under the upload's own name.
    """
    called = shown(name)
    if called.lower().endswith(YAML):
        return _scenario(data, called, folder)
    return _export(data, called, folder)


def _scenario(data: bytes, called: str, folder: Path) -> Path:
    """A scenario that names no other file."""
    if len(data) > LARGEST:
        raise ScenarioRefused(f"{called}: a file has at most {LARGEST:,} bytes, but this one has {len(data):,}.")
    problems = Problems()
    root = compose(data, called, problems)
    problems.stop()
    assert root is not None, "what cannot be had is a problem"
    for key, node, mend in _files(root):
        rule = f"a scenario that is dropped in names no other file, but got {quoted(text_at(node) or '')}"
        problems.add(node.mark, key, f"{rule}. {mend}")
    problems.stop()
    path = folder / SCENARIO
    path.write_bytes(data)
    return path


def _files(root: Mapping) -> Iterator[tuple[str, Node, str]]:
    """The keys under which a scenario names files: what it extends, its profile, tables of releases."""
    here = "Open it with `labelcast studio FILE` instead, which finds the files beside it."
    extends, profile = root.entries.get("extends"), root.entries.get("profile")
    if extends is not None and not (text_at(extends) or "").startswith(PREFIX):
        yield "extends", extends, f"Name one of the library, {PREFIX}NAME. {here}"
    if profile is not None and not (text_at(profile) or "").startswith(PREFIX):
        yield "profile", profile, f"Name one of the library, {PREFIX}NAME. {here}"
    for name, segment in entries(sub(root, "work")).items():
        said = sub(segment, "releases")
        table = None if said is None else sub(written_out(said, Segment, "releases"), "csv")
        if table is not None:
            yield f"work.{name}.releases.csv", table, here


def _export(data: bytes, called: str, folder: Path) -> Path:
    """A scenario on the line that an export tells of, with its profile beside it."""
    check_export(data, called)
    ending = "".join(PurePosixPath(called).suffixes[-2:])
    kept = ending if ending.isascii() and ending.replace(".", "").isalnum() and len(ending) < 20 else ""
    source = folder / f"export{kept}"
    source.write_bytes(data)
    try:
        fit = calibrate([source])
        write(fit, folder / PROFILE)
        text = scenario_text(told(folder / PROFILE), PROFILE)
    except Refused as refused:
        problems = [one.replace(str(source), called).replace(source.name, called) for one in refused.problems]
        raise type(refused)(problems) from None
    finally:
        source.unlink(missing_ok=True)
    path = folder / SCENARIO
    path.write_text(text, encoding="utf-8")
    return path


def check_export(data: bytes, called: str) -> None:
    """Raises DataRefused where an export is larger than it may be, packed or unpacked, without unpacking more."""
    if len(data) > PACKED:
        rule = f"an export has at most {PACKED >> 20} MB here, but this one has {len(data) / (1 << 20):,.0f} MB"
        raise DataRefused(f"{called}: {rule}. Fit it with `labelcast calibrate`, and open the scenario.")
    if data.startswith(b"PAR1"):
        raise DataRefused(f"{called}: Parquet is not taken here. Fit it with `labelcast calibrate`, or save it as CSV.")
    parts = _members(data, called) if data.startswith(b"PK\x03\x04") else [(called, data)]
    whole = rows = 0
    for name, part in parts:
        text = _unzipped(part, name, UNPACKED - whole) if part[:2] == b"\x1f\x8b" else part
        whole += len(text)
        rows += text.count(b"\n")
        if whole > UNPACKED:
            raise _too_large(called)
        if rows > ROWS:
            rule = f"an export has at most {ROWS:,} lines here, but this one has more"
            raise DataRefused(f"{called}: {rule}. Fit it with `labelcast calibrate`, and open the scenario.")


def _members(data: bytes, called: str) -> Iterator[tuple[str, bytes]]:
    """The files of an archive; what would unpack to too much, or names a place outside it, is refused unread."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, IndexError) as error:
        raise DataRefused(f"{called}: the zip archive is cut off or damaged ({error}). Download it again.") from error
    if len(found) > MEMBERS:
        raise DataRefused(f"{called}: an archive has at most {MEMBERS} files here, but this one has {len(found):,}.")
    for one in found:
        inner = f"{called}/{shown(one.filename)}"
        place = PurePosixPath(one.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or any(":" in part for part in place.parts):
            raise DataRefused(
                f"{inner}: a file of an archive lies within it, but this one names {quoted(one.filename)}."
            )
        if one.external_attr >> 28 == 0xA:
            raise DataRefused(f"{inner}: a file of an archive is a file of its own, but this one is a link.")
        if one.file_size > RATIO * max(one.compress_size, 1 << 10):
            times = one.file_size // max(one.compress_size, 1)
            raise DataRefused(f"{inner}: a file is at most {RATIO} times larger unpacked, but this one {times:,}.")
    if sum(one.file_size for one in found) > UNPACKED:
        raise _too_large(called)
    for one in found:
        if one.is_dir():
            continue
        inner = f"{called}/{shown(one.filename)}"
        if one.flag_bits & 1:
            raise DataRefused(f"{inner}: is encrypted. Unpack it with its password.")
        try:
            with archive.open(one) as member:
                yield inner, member.read(one.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise DataRefused(f"{inner}: the zip archive is damaged here ({error}). Download it again.") from error


def _unzipped(data: bytes, name: str, room: int) -> bytes:
    """What gzip holds, up to a byte more than there is room for."""
    found: list[bytes] = []
    size, rest = 0, data
    try:
        while rest.strip(b"\0") and size <= room:
            unpacker = zlib.decompressobj(wbits=31)
            part = unpacker.decompress(rest, room - size + 1)
            size += len(part)
            found.append(part)
            rest = unpacker.unused_data if unpacker.eof else b""
    except zlib.error as error:
        raise DataRefused(f"{name}: the gzip data are damaged ({error}). Download it again.") from error
    return b"".join(found)


def _too_large(called: str) -> DataRefused:
    rule = f"an export unpacks to at most {UNPACKED >> 20} MB here, but this one to more"
    return DataRefused(f"{called}: {rule}. Fit it with `labelcast calibrate`, and open the scenario.")
