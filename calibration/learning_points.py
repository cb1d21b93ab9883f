"""A table of a model's own points, read with every row checked: labels, accuracy, and noise where it is told."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from ..sim.errors import DataRefused
from .learning_curve import Point

NEEDED = ("labels", "accuracy")

MOST = 20
"""Problems that are told."""


def read_points(path: Path) -> list[Point]:
    """Columns labels (above 0), accuracy (from 0 to 1, or with %), and noise (the same, 0 where it is empty); others do
    not matter. Raises DataRefused with every problem; OSError where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        rule = f"must be text in UTF-8, but byte {error.start + 1} is none"
        raise DataRefused(f"{path.name}: {rule}. Save it as CSV in UTF-8.") from error
    mark = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if missing := [name for name in NEEDED if name not in head]:
        there = ", ".join(head) or "none"
        rule = f'a column "{missing[0]}" is needed, but there are: {there}'
        raise DataRefused(f"{path.name}, row 1: {rule}. Write a header like labels,accuracy,noise.")
    points, problems = [], []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(head, row, strict=False))
        try:
            points.append(_point(cells))
        except ValueError as error:
            problems.append(f"{path.name}, row {number}: {error}")
    if problems:
        raise DataRefused(problems[:MOST] + ([f"... and {len(problems) - MOST} more."] if len(problems) > MOST else []))
    return points


def _point(cells: dict[str, str]) -> Point:
    labels = _number(cells.get("labels", ""), "labels")
    if not 1 <= labels <= 1e12:
        raise ValueError(f'labels: must be from 1 to 1e12, but got "{cells["labels"].strip()}". Write it like 20000.')
    accuracy = _share(cells.get("accuracy", ""), "accuracy")
    noise = _share(cells.get("noise", ""), "noise") if cells.get("noise", "").strip() else 0.0
    return Point(labels, accuracy, noise)


def _share(text: str, column: str) -> float:
    value = _number(text.strip().removesuffix("%"), column) / (100 if text.strip().endswith("%") else 1)
    if not 0 <= value <= 1:
        raise ValueError(f'{column}: must be from 0 to 1, but got "{text.strip()}". Write it like 0.93 or 93%.')
    return value


def _number(text: str, column: str) -> float:
    try:
        value = float(text.strip().replace("_", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f'{column}: must be a number, but got "{text.strip()[:40]}". Write it like 0.93.')
    return value
