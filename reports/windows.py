"""Training windows: how likely their items are ready by their dates, and with how much slack."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..sim.line import Line, Window
from ..sim.replicate import P_READY, READY
from . import numbers, words
from .assumptions import due_date
from .cells import NOTHING, Cell, Group, Row, Table
from .days import weekday
from .reading import Reading

COLUMNS = ("wanted by", "items", "chance ready", "ready, P50", "ready, P80")


def windows(readings: Sequence[Reading]) -> Table:
    """A row for each window of each scenario, several scenarios grouped by window; no groups without windows."""
    names = dict.fromkeys(window.name for reading in readings for window in reading.line.windows)
    groups = tuple(Group(name, tuple(_row(r, name, len(readings) > 1) for r in readings)) for name in names)
    return Table(COLUMNS, groups)


def window_sentences(reading: Reading) -> list[str]:
    """For each window the chance that it is ready, with the Wilson interval."""
    told = []
    for window in reading.line.windows:
        summary = reading.kpi(P_READY + window.name)
        if summary is not None:
            told.append(f"window {window.name} ({wanted(reading.line, window)}): chance ready {words.chance(summary)}")
    return told


def wanted(line: Line, window: Window) -> str:
    """What a window asks for: 10,000 items of street by 1 Jun 2027."""
    of = "" if window.segment is None else f" of {window.segment}"
    return f"{window.items:,} items{of} by {due_date(line, window.at_s)}"


def _row(reading: Reading, name: str, many: bool) -> Row:
    title = reading.name if many else name
    window = next((each for each in reading.line.windows if each.name == name), None)
    chance, ready = reading.kpi(P_READY + name), reading.kpi(READY + name)
    if window is None or chance is None or ready is None:
        return Row(title, (Cell("no such window", there=False), *[NOTHING] * (len(COLUMNS) - 1)))
    items = Cell(f"{window.items:,}", why="" if window.segment is None else f"of {window.segment}")
    dates = (_ready(reading.line, window, day) for day in (ready.p50, ready.p80))
    return Row(title, (Cell(due_date(reading.line, window.at_s)), items, Cell(words.chance(chance)), *dates))


def _ready(line: Line, window: Window, day: float) -> Cell:
    if not math.isfinite(day):
        return Cell("never" if math.isinf(day) else numbers.NOT_COMPUTED, there=False)
    slack = window.at_s / 86_400 - day
    return Cell(weekday(line, day), why=f"slack {numbers.plain(slack, 0 if abs(slack) >= 100 else 1)} days")
