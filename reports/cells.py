"""Tables of a report as rows of cells of text: what stands in each, and why where there is nothing to show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..scenarios.compare import Comparison
from . import numbers, words
from .assumptions import Assumption, Origin, assumptions, goal_words
from .days import weekday
from .reading import Reading

AVERAGES: tuple[tuple[str, ...], ...] = (
    ("cost", "cost_per_label", "cost_per_accepted_label", "cost_per_correct_label"),
    ("finish_days", "cycle_time_h", "throughput_per_week", "on_time"),
    ("items_arrived", "items_delivered", "items_dropped", "items_open", "unfinished_share"),
    ("accuracy", "error_cost_per_1k", "agreement", "alpha", "first_pass_yield", "rework_rate", "aoq"),
    ("surplus_labels", "gold_labels", "gold_accuracy", "gold_h", "duplicates_dropped", "false_drops"),
)
"""KPIs of the table of averages, in groups: money, time, items, quality, labels and items besides."""

QUIET = frozenset(
    {
        "items_dropped",
        "items_open",
        "unfinished_share",
        "aoq",
        "surplus_labels",
        "gold_labels",
        "gold_accuracy",
        "gold_h",
        "duplicates_dropped",
        "false_drops",
    }
)
"""KPIs that are left out where they are zero, or not there, in every scenario."""

RISKS = ("finish_days", "cost", "accuracy")

Differences = dict[tuple[str, str], tuple[float, float, float, bool]]
"""Mean, low, high of a difference from the baseline and whether it is sure, by scenario and KPI."""


@dataclass(frozen=True)
class Cell:
    """Text of a cell. there: it holds a number. why: a second line. difference: from the baseline; differs: surely."""

    text: str
    there: bool = True
    why: str = ""
    difference: str = ""
    differs: bool = False
    origin: Origin = "stated"
    span: int = 1


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: its class and its width in percent of the longest bar."""

    kind: str
    percent: str


@dataclass(frozen=True)
class Row:
    """A row: its header and cells, with a bar where there is one. unit: of all its numbers, if the header tells it.
    total: it sums the rows above it."""

    title: str
    cells: tuple[Cell, ...]
    bar: tuple[Part, ...] = ()
    unit: str = ""
    total: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """Columns after the header column, and groups of rows, each with a cell a column."""

    columns: tuple[str, ...]
    groups: tuple[Group, ...]


NOTHING = Cell("–", there=False)
"""A cell of a column that does not concern its row."""


def averages(readings: Sequence[Reading], comparison: Comparison | None) -> tuple[tuple[Row, ...], ...]:
    """Rows of mean ± half-width, a cell by scenario, with the difference from the baseline beneath."""
    found = differences(comparison)
    groups = []
    for names in AVERAGES:
        shown = [kpi for kpi in names if any(kpi in r.kpis for r in readings) and not _tells_nothing(kpi, readings)]
        rows = (Row(words.title(kpi), _averages(readings, kpi, found), unit=_unit(kpi, readings)) for kpi in shown)
        groups.append(tuple(rows))
    return tuple(group for group in groups if group)


def goals(readings: Sequence[Reading]) -> tuple[Row, ...]:
    """Rows of the chance that each goal is met."""
    rows = []
    for name, kpi in words.GOALS.items():
        if any(name in reading.kpis for reading in readings):
            rows.append(Row(words.title(name), tuple(_chance(reading, name, kpi) for reading in readings)))
    return tuple(rows)


def risks(readings: Sequence[Reading]) -> tuple[Group, ...]:
    """P5, P50, P80 and P95 of finish, cost and accuracy, a row by scenario."""
    groups = []
    for kpi in RISKS:
        rows = tuple(Row(r.name, percentiles(r, kpi)) for r in readings if kpi in r.kpis)
        groups.append(Group(titled(kpi, readings), rows))
    return tuple(group for group in groups if group.rows)


def stated(readings: Sequence[Reading]) -> tuple[Group, ...]:
    """Assumptions by path, a cell by scenario, or one cell where all agree."""
    tables = [{one.path: one for one in assumptions(reading.line)} for reading in readings]
    paths = dict.fromkeys(path for table in tables for path in table)
    sections: dict[str, list[Row]] = {}
    for path in paths:
        found = [table.get(path) for table in tables]
        section = next(one.section for one in found if one is not None)
        sections.setdefault(section, []).append(Row(path, _agreeing(found)))
    return tuple(Group(section, tuple(rows)) for section, rows in sections.items())


def tally(readings: Sequence[Reading]) -> str:
    """How many values are written, fitted and ours, in words."""
    told = []
    for reading in readings:
        origins = [one.origin for one in assumptions(reading.line)]
        names: dict[Origin, str] = {"stated": "written", "fitted": "fitted", "default": "default"}
        counts = ", ".join(f"{origins.count(origin)} {word}" for origin, word in names.items())
        told.append(f"{reading.name}: {counts}" if len(readings) > 1 else counts)
    return f"{'; '.join(told)}."


def differences(comparison: Comparison | None) -> Differences:
    """Mean, low, high and whether it differs, by scenario and KPI."""
    if comparison is None:
        return {}
    table = comparison.differences
    columns = (table[name] for name in ("scenario", "kpi", "mean", "low", "high", "differs"))
    rows = zip(*columns, strict=True)
    return {(str(s), str(k)): (float(m), float(low), float(high), bool(sure)) for s, k, m, low, high, sure in rows}


def coarsest(found: Differences, kpi: str) -> float:
    """The widest half-width of a KPI's differences, which sets the decimals of their row."""
    halves = [(high - low) / 2 for (_, name), (_, low, high, _) in found.items() if name == kpi]
    return max((half for half in halves if math.isfinite(half)), default=0.0)


def titled(kpi: str, readings: Sequence[Reading]) -> str:
    """A KPI's name with the unit that all its numbers have, where there is one to be told: cost, EUR."""
    return ", ".join(filter(None, (words.title(kpi), _unit(kpi, readings))))


def _unit(kpi: str, readings: Sequence[Reading]) -> str:
    """The unit that a header tells once for its row; none for percentages, where scenarios differ in currency, nor
    where the title says it."""
    title = words.title(kpi).split()
    units = {words.unit(kpi, reading) for reading in readings} - {numbers.SHARE, *title}
    unit = units.pop() if len(units) == 1 else ""
    return unit.partition("/")[0] if "per" in title else unit


def _tells_nothing(kpi: str, readings: Sequence[Reading]) -> bool:
    """Whether a row would only say that there is nothing of its kind."""
    if kpi == "error_cost_per_1k":
        return not any(segment.error_costs for r in readings for segment in r.line.segments)
    if kpi == "items_arrived":
        return all(_tells_nothing(other, readings) for other in ("items_dropped", "items_open"))
    return kpi in QUIET and not any(r.occurs(kpi) for r in readings)


def _averages(readings: Sequence[Reading], kpi: str, found: Differences) -> tuple[Cell, ...]:
    precision, apart = words.coarsest(readings, kpi), coarsest(found, kpi)
    return tuple(_average(reading, kpi, found, precision, apart) for reading in readings)


def _average(reading: Reading, kpi: str, found: Differences, precision: float, apart: float) -> Cell:
    unit = words.unit(kpi, reading)
    text = words.mean(reading, kpi, precision)
    summary = reading.kpi(kpi)
    there = summary is not None and math.isfinite(summary.mean)
    why = "" if there or summary is None else words.WHY_NOT.get(kpi, "")
    difference, differs = "", False
    if (reading.name, kpi) in found and there:
        mean, low, high, differs = found[reading.name, kpi]
        if math.isfinite(mean):
            difference = numbers.difference(mean, low, high, unit, apart)
    return Cell(words.bare(text, unit), there, why, words.bare(difference, unit), differs)


def _chance(reading: Reading, name: str, kpi: str) -> Cell:
    summary, goal = reading.kpi(name), reading.goal(kpi)
    if summary is None or goal is None:
        return Cell("no such goal", there=False)
    return Cell(words.chance(summary), not math.isnan(summary.mean), goal_words(reading.line, goal))


def percentiles(reading: Reading, kpi: str) -> tuple[Cell, ...]:
    """P5, P50, P80 and P95 of a KPI; of a finish in days, with its date beneath."""
    summary = reading.kpis[kpi]
    values = (summary.p5, summary.p50, summary.p80, summary.p95)
    dated = kpi == "finish_days"
    return tuple(
        Cell(text, math.isfinite(value), weekday(reading.line, value) if dated and math.isfinite(value) else "")
        for text, value in zip(words.percentiles(reading, kpi), values, strict=True)
    )


def _agreeing(found: Sequence[Assumption | None]) -> tuple[Cell, ...]:
    first = found[0]
    if first is not None and all(one == first for one in found):
        return (Cell(first.value, origin=first.origin, span=len(found)),)
    return tuple(Cell(one.value, origin=one.origin) if one else Cell("none", there=False) for one in found)
