"""Releases from a file: a table of what comes when, read at the door."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from .check import place
from .dates import Moment, moment
from .nodes import Mapping
from .problems import Mark, Problems, guess, quoted
from .resolve import FromFile
from .resolve.moments import since
from .spec import Scenario
from .text import read

LARGEST = 1 << 25
"""Bytes of a file."""

TOLD = 10
"""Bad lines that are told, of a file that may have thousands."""

LONGEST_LINE = 1000

COLUMNS = ("at", "items")
_EXAMPLE = {"at": "2027-02-01", "items": "5000"}
"""Of a cell, by its column."""

MOST_AT_ONCE = 10_000_000


def from_files(scenario: Scenario, root: Mapping, problems: Problems) -> FromFile:
    """The releases of the files that segments name, relative to the file in which the name stands."""
    found: dict[str, tuple[tuple[float, int], ...]] = {}
    for name, segment in scenario.work.items():
        named = segment.releases.csv if segment.releases is not None else None
        if named is not None:
            mark, shown = place(root, ("work", name, "releases", "csv"))
            path = Path(mark.file).parent / named
            try:
                rows = table(path, problems)
            except ValueError as error:
                problems.add(mark, shown, f"{quoted(named)}: {error}")
                continue
            found[name] = _timed(rows, str(path), scenario, problems)
    return found


def table(path: Path, problems: Problems) -> list[tuple[int, Moment, int]]:
    """(line, when, items) of every row. ValueError: why the file is no such table; problems of rows are added."""
    text = _text(path)
    # A limit of our own: the module's is one for the whole process, and readers of exports raise it.
    if (longest := max(map(len, text.splitlines()), default=0)) > LONGEST_LINE:
        rule = f"a line has at most {LONGEST_LINE:,} characters, but one has {longest:,}"
        raise ValueError(f"is no CSV of dates: {rule}. Write lines such as 2027-02-01,5000.")
    reader = csv.reader(io.StringIO(text))
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ValueError(f"is no CSV: {error}.") from error
    if not rows:
        raise ValueError("the file is empty. Write a first line `at,items`.")
    head = [name.strip() for name in rows[0][1]]
    if "at" not in head or len(set(head)) < len(head):
        rule = "the first line names the column `at`, and perhaps `items`"
        raise ValueError(f"{rule}, but is {quoted(','.join(head))}. Write `at,items`, with a comma.")
    if unknown := [name for name in head if name not in COLUMNS]:
        near = guess(unknown[0], COLUMNS)
        raise ValueError(f"the columns are at and items, but one is {quoted(unknown[0])}.{near} Take it out.")
    out, bad = [], 0
    for number, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        try:
            out.append((number, *_row(head, row)))
        except ValueError as error:
            bad += 1
            if bad <= TOLD:
                problems.add(Mark(str(path), number, 1), "", str(error))
    if bad > TOLD:
        problems.add(Mark(str(path), rows[-1][0], 1), "", f"... and {bad - TOLD} more lines like these.")
    if not out and not bad:
        raise ValueError("has no rows. Write one for each release, such as 2027-02-01,5000.")
    return out


def _text(path: Path) -> str:
    data = read(path, LARGEST, ".csv")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("the file must be UTF-8, but is not. Save it so.") from error


def _row(head: list[str], row: list[str]) -> tuple[Moment, int]:
    if len(row) != len(head):
        written = ",".join(_EXAMPLE[name] for name in head)
        rule = f"a line has {len(head)} cells, as the first one, but this has {len(row)}"
        raise ValueError(f"{rule}. Write it like {written}, with no comma inside a number.")
    cells = dict(zip(head, (cell.strip() for cell in row), strict=True))
    items = cells.get("items", "1")
    if not (items.isascii() and items.isdigit() and len(items) < 12 and 1 <= int(items) <= MOST_AT_ONCE):
        raise ValueError(
            f"items is a whole number from 1 to {MOST_AT_ONCE:,}, but got {quoted(items)}. Write it like 5000."
        )
    return moment(cells["at"]), int(items)


def _timed(
    rows: list[tuple[int, Moment, int]], file: str, scenario: Scenario, problems: Problems
) -> tuple[tuple[float, int], ...]:
    """Releases in order of their dates, those of one moment together."""
    total: dict[float, int] = {}
    bad = 0
    for line, when, items in rows:
        at = since(scenario, when)
        if 0 <= at < scenario.horizon:
            total[at] = total.get(at, 0) + items
            continue
        bad += 1
        if bad <= TOLD:
            side = "must not lie before the start" if at < 0 else "must lie within the horizon"
            problems.add(
                Mark(file, line, 1), "", f"a release {side}, but is at {when.local:%Y-%m-%dT%H:%M}. Take the line out."
            )
    if bad > TOLD:
        problems.add(Mark(file, rows[-1][0], 1), "", f"... and {bad - TOLD} more lines like these.")
    return tuple(sorted(total.items()))
