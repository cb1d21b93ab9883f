"""Tables of what happens on the floor: waits and findings by stage, time by pool."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..sim.waits import PARTS
from . import numbers
from .cells import NOTHING, Cell, Group, Part, Row, Table
from .lead.time_figure import hours_of
from .reading import Reading

ALWAYS = ("contention", "off_shift")
"""Parts of a wait that are shown even where nobody waits for them."""

FINDINGS: tuple[tuple[str, str, str], ...] = (
    ("active_h", "active, h", ""),
    ("reviewed_share", "items seen", numbers.SHARE),
    ("reject_rate", "rejected", numbers.SHARE),
    ("errors_caught", "errors caught", ""),
    ("errors_caught_by_hour", "caught per hour", ""),
    ("errors_missed", "errors missed", ""),
    ("lots_inspected", "lots", ""),
    ("lots_rejected", "lots rejected", ""),
    ("escalation_rate", "items escalated", numbers.SHARE),
    ("sla_breaches", "late tasks", ""),
    ("attempts", "broken off", ""),
    ("answer_h", "answered after, h", ""),
    ("lost_h", "lost, h", ""),
    ("mistier_rate", "wrong tier", numbers.SHARE),
)
"""KPIs by stage, their column and unit; a column is shown where one of its numbers is above zero."""

TIMES: tuple[tuple[str, str, str], ...] = (
    ("utilisation", "utilisation", numbers.SHARE),
    ("busy_h", "busy, h", ""),
    ("idle_h", "idle, h", ""),
    ("training_h", "training, h", ""),
    ("absent_h", "absent, h", ""),
    ("off_h", "off, h", ""),
    ("over_cap_h", "above cap, h", ""),
    ("hires", "hires", ""),
    ("leavers", "leavers", ""),
    ("people_seen", "people", ""),
    ("top_tenth_share", "busiest tenth", numbers.SHARE),
)
"""KPIs by pool, their column and unit."""

STAFF_ALWAYS = ("utilisation", "busy_h", "idle_h", "off_h")

OF_CROWDS = ("people_seen", "top_tenth_share")


def wait_parts(readings: Sequence[Reading]) -> tuple[str, ...]:
    """The parts of a wait that occur in any scenario, and those that are always shown."""
    return tuple(part for part in PARTS if part in ALWAYS or _occurs(readings, f"wait_h.{{}}.{part}", stages=True))


def waits(readings: Sequence[Reading]) -> Table:
    """Wait at each stage and its parts, in hours, with a bar of the parts on one scale."""
    whole = [r.kpis[f"wait_h.{s}"].mean for r in readings for s in r.stages if f"wait_h.{s}" in r.kpis]
    longest = max((value for value in whole if math.isfinite(value)), default=0.0)
    parts = wait_parts(readings)
    groups = (Group(r.name, tuple(_wait(r, stage, parts, longest) for stage in r.stages)) for r in readings)
    return Table(("wait", *(part.replace("_", " ") for part in parts)), tuple(groups))


def findings(readings: Sequence[Reading]) -> Table:
    """What each stage took, judged and lost; only the columns that have something to say. Without them no groups."""
    shown = [column for column in FINDINGS if _occurs(readings, f"{column[0]}.{{}}", stages=True)]
    if len(shown) < 2:
        return Table((), ())
    groups = []
    for reading in readings:
        cells = {s: tuple(_cell(reading, f"{kpi}.{s}", unit) for kpi, _, unit in shown) for s in reading.stages}
        groups.append(Group(reading.name, tuple(Row(stage, found) for stage, found in cells.items())))
    return Table(tuple(title for _, title, _ in shown), tuple(groups))


def pools(readings: Sequence[Reading]) -> Table:
    """Utilisation, and hours of each pool's people by what they did, with a bar of busy and idle."""
    crowds = any(pool.sessions for reading in readings for pool in reading.line.pools)
    shown = [
        column
        for column in TIMES
        if column[0] in STAFF_ALWAYS
        or (crowds if column[0] in OF_CROWDS else _occurs(readings, f"{column[0]}.{{}}", stages=False))
    ]
    groups = []
    for reading in readings:
        rows = (_pool(reading, pool.name, pool.sessions is not None, shown) for pool in reading.line.pools)
        groups.append(Group(reading.name, tuple(rows)))
    return Table(tuple(title for _, title, _ in shown), tuple(groups))


def _occurs(readings: Sequence[Reading], pattern: str, *, stages: bool) -> bool:
    names = ((r, n) for r in readings for n in (r.stages if stages else (pool.name for pool in r.line.pools)))
    return any(reading.occurs(pattern.format(name)) for reading, name in names)


def _wait(reading: Reading, stage: str, parts: Sequence[str], longest: float) -> Row:
    """The wait with its error, and its parts, rounded so that they add up to it as printed."""
    found = [reading.kpi(f"wait_h.{stage}.{part}") for part in parts]
    means = [math.nan if summary is None else summary.mean for summary in found]
    whole = _cell(reading, f"wait_h.{stage}", "")
    if not whole.there or not all(math.isfinite(mean) for mean in means):
        return Row(stage, (whole, *[NOTHING] * len(parts)))
    wait = reading.kpis[f"wait_h.{stage}"].mean
    places = len(whole.text.partition(" ")[0].partition(".")[2])
    texts = (
        numbers.plain(0) if mean == 0 else text
        for mean, text in zip(means, numbers.adding_up(means, places, wait), strict=True)
    )
    return Row(stage, (whole, *(Cell(text) for text in texts)), _bar(reading, stage, parts, longest))


def _bar(reading: Reading, stage: str, parts: Sequence[str], longest: float) -> tuple[Part, ...]:
    found = [(part, reading.kpi(f"wait_h.{stage}.{part}")) for part in parts]
    return tuple(
        Part(part, f"{100 * summary.mean / longest:.2f}")
        for part, summary in found
        if summary is not None and longest > 0 and math.isfinite(summary.mean)
    )


def _pool(reading: Reading, pool: str, crowd: bool, shown: Sequence[tuple[str, str, str]]) -> Row:
    hours = hours_of(reading, pool)
    cells = tuple(
        NOTHING
        if crowd and kpi == "off_h"
        else Cell(hours[kpi])
        if kpi in hours
        else _used(reading, f"{kpi}.{pool}", unit)
        for kpi, _, unit in shown
    )
    used = reading.kpi(f"utilisation.{pool}")
    if used is None or math.isnan(used.mean):
        return Row(pool, cells)
    busy = 100 * used.mean
    return Row(pool, cells, (Part("busy", f"{busy:.2f}"), Part("idle", f"{100 - busy:.2f}")))


def _used(reading: Reading, kpi: str, unit: str) -> Cell:
    """A share with its error, hours and people without."""
    summary = reading.kpi(kpi)
    if unit or summary is None or not math.isfinite(summary.mean):
        return _cell(reading, kpi, unit)
    return Cell(numbers.plain(summary.mean, 0 if summary.mean >= 100 or summary.mean == 0 else 1))


def _cell(reading: Reading, kpi: str, unit: str) -> Cell:
    summary = reading.kpi(kpi)
    if summary is None or math.isnan(summary.mean):
        return NOTHING
    if summary.low == summary.mean == summary.high == 0:
        return Cell(numbers.number(0.0, unit) if unit else numbers.plain(0))
    fine = 5.0 if abs(summary.mean) >= 10 else 0.5  # finer than this, nobody reads hours or tasks
    precision = 0.01 if unit else fine
    text = numbers.mean_half_width(summary.mean, summary.low, summary.high, unit, precision)
    return Cell(text, math.isfinite(summary.mean))
