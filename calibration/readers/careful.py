"""Delimited text read row by row, with the row of every fault: slow, and what a quicker way must agree with."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.errors import DataRefused
from .sheet import CHUNK, Sheet

csv.field_size_limit(1 << 24)  # answers may hold a drawing; Python's own limit is 128 KiB


def careful(text: str, name: str, sha256: str, mark: str) -> Sheet:
    """The sheet of `text`, whose values are parted by `mark`.

    Raises DataRefused with the row at which it is cut off, or is not CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
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
        raise DataRefused(f"{name}: row {_failing(text, mark)} (line {reader.line_num}): {what}.") from error
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


def _failing(text: str, mark: str) -> int:
    """The row that is not CSV, counted anew."""
    rows = 1
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark):
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
