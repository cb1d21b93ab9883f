"""A CSV file, gzipped or not, as columns of text with the row each value stood in; damaged files are refused here."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.errors import DataRefused

LARGEST = 4 << 30
"""Bytes that a file may unpack to; beyond it we refuse rather than fill the memory."""

CHUNK = 50_000
"""Rows turned into columns at once, so that a large file is never held as Python lists."""

csv.field_size_limit(1 << 24)  # answers may hold a drawing; Python's own limit is 128 KiB

MAGIC = {
    b"PK\x03\x04": "a zip archive or spreadsheet: unpack it, or save it as CSV",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG image",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save it as CSV",
    b"BZh": "bzip2: unpack it, or pack it with gzip",
    b"\xfd7zXZ": "xz: unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "zstd: unpack it, or pack it with gzip",
}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A file's rows of the right width.

    columns: text by column name, `str` series of equal length.  row: int64, the row of each, the header being row 1.
    repeated: names that the header has twice; the first column of the name was taken.  ragged: rows of another width.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    columns: pd.DataFrame
    row: npt.NDArray[np.int64]
    repeated: tuple[str, ...]
    ragged: npt.NDArray[np.int64]

    @property
    def rows(self) -> int:
        """Data rows in the file, usable or not."""
        return len(self.row) + len(self.ragged)


def read_sheet(path: Path, name: str) -> Sheet:
    """The file at `path`, called `name` in every message.

    Raises DataRefused: unreadable, empty, cut off, packed otherwise than by gzip, not UTF-8 (or UTF-16 with a byte
    order mark), not CSV with a header.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataRefused(f"{name}: cannot be read: {error.strerror or error}.") from error
    return parse(data, name)


def parse(data: bytes, name: str) -> Sheet:
    """As `read_sheet`, of the bytes of a file."""
    sha256 = hashlib.sha256(data).hexdigest()
    text = _decoded(_unpacked(data, name), name)
    start = text.lstrip()[:200].lower()
    if not start:
        raise DataRefused(f"{name}: the file is empty: row 1 should hold the names of the columns.")
    if start.startswith(("{", "[")):
        raise DataRefused(
            f"{name}: row 1 is JSON, not CSV. labelcast reads MTurk batch results and CrowdFlower reports."
        )
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise DataRefused(f"{name}: row 1 is HTML or XML, not CSV. Was a log-in page saved instead of the report?")
    return _split(text, name, sha256)


def _unpacked(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        for magic, what in MAGIC.items():
            if data.startswith(magic):
                raise DataRefused(f"{name}: this is not CSV but {what}.")
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
    return b"".join(whole)


def _decoded(data: bytes, name: str) -> str:
    encoding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif b"\0" in data:
        at = data.index(b"\0")
        line = data[:at].count(b"\n") + 1
        raise DataRefused(f"{name}: byte {at} (line {line}) is zero: a binary file, not CSV.")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataRefused(
            f"{name}: byte {error.start} (line {line}) is 0x{data[error.start]:02x}, which is not "
            f"{encoding.upper()}. Save the file as UTF-8."
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataRefused(f"{name}: line {line} holds a zero character: a binary file, not CSV.")
    return text


def _split(text: str, name: str, sha256: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    seen = 0  # rows so far; blank lines count, since a spreadsheet shows them
    chunks: list[pd.DataFrame] = []
    numbers: list[npt.NDArray[np.int64]] = []
    ragged: list[int] = []
    header: tuple[str, ...] = ()
    last: list[str] = []
    try:
        for first in reader:
            seen += 1
            if first:
                header = tuple(column.strip() for column in first)
                break
        while chunk := list(islice(reader, CHUNK)):
            numbers_here = np.arange(seen + 1, seen + len(chunk) + 1)
            seen += len(chunk)
            last = chunk[-1]
            good = np.array([len(row) == len(header) for row in chunk])
            ragged.extend(
                int(number) for number, row in zip(numbers_here[~good], _others(chunk, good), strict=True) if row
            )
            numbers.append(numbers_here[good])
            chunks.append(_frame([row for row in chunk if len(row) == len(header)], header))
    except csv.Error as error:
        what = "the file is cut off inside a quoted field" if "end of data" in str(error) else f"not CSV: {error}"
        raise DataRefused(f"{name}: row {_failing(text)} (line {reader.line_num}): {what}.") from error
    if last and len(last) != len(header) and not text.endswith(("\n", "\r")):
        raise DataRefused(
            f"{name}: row {seen}: the file is cut off in the middle of it: {len(last)} fields of {len(header)}."
        )
    if not chunks:
        raise DataRefused(f"{name}: row 1 is the header, and there is no row below it.")
    repeated = tuple(sorted({column for column in header if header.count(column) > 1}))
    return Sheet(
        name=name,
        sha256=sha256,
        header=header,
        columns=pd.concat(chunks, ignore_index=True),
        row=np.concatenate(numbers).astype(np.int64),
        repeated=repeated,
        ragged=np.array(ragged, dtype=np.int64),
    )


def _failing(text: str) -> int:
    """The row that is not CSV, counted anew."""
    rows = 1
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows += 1
    except csv.Error:
        pass  # the row at which reading stopped is what was asked for
    return rows


def _others(chunk: list[list[str]], good: npt.NDArray[np.bool_]) -> list[list[str]]:
    return [row for row, fits in zip(chunk, good, strict=True) if not fits]


def _frame(rows: Sequence[Sequence[str]], header: tuple[str, ...]) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    frame = {}
    for name, values in zip(header, columns, strict=True):
        if name not in frame:
            frame[name] = pd.Series(list(values), dtype="str")
    return pd.DataFrame(frame)


def plain(text: pd.Series[str]) -> pd.Series[str]:
    """`text` without control characters and doubled blanks; lines joined by " | "; null where nothing is left."""
    unique = pd.Series(text.unique(), dtype="str").dropna()
    tidy = {value: _tidy(value) for value in unique}
    return text.map(tidy).astype("str").replace("", None)


def _tidy(value: str) -> str:
    lines = (re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", line).strip() for line in re.split(r"[\r\n]+", value))
    return " | ".join(line for line in lines if line)
