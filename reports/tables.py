"""The same numbers for a terminal: scenarios in columns, KPIs in rows, plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..scenarios.compare import Comparison
from ..sim.replicate import P_READY, Runs
from . import cells, numbers, style, words
from .charts import chart_sentences
from .reading import Reading, read
from .windows import window_sentences

SHOWN = (
    "cost",
    "cost_per_label",
    "cost_per_accepted_label",
    "cost_per_correct_label",
    "finish_days",
    "cycle_time_h",
    "throughput_per_week",
    "items_delivered",
    "on_time",
    "accuracy",
    "agreement",
    "first_pass_yield",
    "rework_rate",
)

BESIDES = (
    *("items_dropped", "items_open", "unfinished_share", "surplus_labels", "gold_accuracy"),
    *("lost_h", "mistier_rate", "items_relabelled", "relabel_cost", "labels_saved", "cost_saved"),
)
"""Shown only where there are any."""

COLUMN = 30
"""Longest text of a column in characters."""


def run_text(runs: Runs) -> str:
    """One scenario as text: its sentence, then each KPI as mean ± error and its percentiles as risk."""
    (reading,) = read([runs])
    return plain_text("\n".join([*run_sentences(reading), "", table(run_rows(reading)), ""]))


def run_sentences(reading: Reading) -> list[str]:
    """What comes out, how likely goals are met, and what to be wary of."""
    chances = [*words.goal_sentences(reading), *window_sentences(reading), *chart_sentences(reading)]
    return [words.sentence(reading), *chances, *words.cautions([reading])]


def run_rows(reading: Reading) -> list[list[str]]:
    """A row a KPI under a header: mean with its error, and percentiles."""
    level = numbers.significant(100 * reading.runs.level)
    rows = [["", f"mean \N{PLUS-MINUS SIGN} error ({level}%)", "P5", "P50", "P80", "P95"]]
    for kpi in _kpis([reading]):
        rows.append([words.title(kpi), words.mean(reading, kpi), *words.percentiles(reading, kpi)])
    return rows


def comparison_text(runs: Sequence[Runs], comparison: Comparison) -> str:
    """Scenarios side by side as text: the verdicts, then mean ± error, P80 of what may go wrong, and differences."""
    readings = read(runs)
    told = [*comparison.verdicts, "", table(side_by_side(readings, comparison)), "", key(runs[0])]
    return plain_text("\n".join([*told, *words.cautions(readings), ""]))


def key(runs: Runs) -> str:
    """What the marks of a table of several scenarios mean."""
    level = numbers.significant(100 * runs.level)
    told = f"mean \N{PLUS-MINUS SIGN} half-width of its {level}% interval"
    return f"{told}; * the difference stands after Holm's correction"


def side_by_side(readings: Sequence[Reading], comparison: Comparison) -> list[list[str]]:
    """Rows of KPIs, their differences from the baseline and chances, with a column a scenario."""
    found = cells.differences(comparison)
    rows = [["", *(style.name(reading.name, COLUMN) for reading in readings)]]
    asked = [kpi for kpi in dict.fromkeys(comparison.pairs["kpi"]) if kpi not in SHOWN]
    for kpi in [*_kpis(readings), *asked]:
        precision = words.coarsest(readings, kpi)
        rows.append([words.title(kpi), *(words.mean(reading, kpi, precision) for reading in readings)])
        if kpi in ("cost", "finish_days"):
            rows.append(["  P80", *(_p80(reading, kpi) for reading in readings)])
        apart = cells.coarsest(found, kpi)
        changes = [_difference(reading, kpi, found, apart) for reading in readings[1:]]
        if any(changes):
            rows.append([f"  against {style.name(comparison.baseline, 20)}", "", *changes])
    for name in words.GOALS:
        if any(name in reading.kpis for reading in readings):
            found_in = [reading.kpi(name) for reading in readings]
            chances = [words.chance(summary) if summary else "no such goal" for summary in found_in]
            rows.append([f"chance: {words.title(name)}", *chances])
    for window in dict.fromkeys(window.name for reading in readings for window in reading.line.windows):
        found_in = [reading.kpi(P_READY + window) for reading in readings]
        chances = [words.chance(summary) if summary else "no such window" for summary in found_in]
        rows.append([f"chance ready: {style.name(window, 20)}", *chances])
    return rows


def _kpis(readings: Sequence[Reading]) -> list[str]:
    shown = [kpi for kpi in SHOWN if any(kpi in reading.kpis for reading in readings)]
    return shown + [kpi for kpi in BESIDES if any(reading.occurs(kpi) for reading in readings)]


def _p80(reading: Reading, kpi: str) -> str:
    if kpi not in reading.kpis:
        return ""
    text = words.percentiles(reading, kpi)[2]
    return numbers.with_unit(text, words.unit(kpi, reading)) if math.isfinite(reading.kpis[kpi].p80) else text


def _difference(reading: Reading, kpi: str, found: cells.Differences, precision: float) -> str:
    if (reading.name, kpi) not in found:
        return ""
    mean, low, high, differs = found[reading.name, kpi]
    if not math.isfinite(mean):
        return ""
    text = numbers.difference(mean, low, high, words.unit(kpi, reading), precision)
    return f"{text} *" if differs else text


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows under their header, first column left, others right, a line beneath the header."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        right = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *right]).rstrip())
    return "\n".join([lines[0], "-" * sum(widths, 2 * len(widths) - 2), *lines[1:]])


def plain_text(text: str) -> str:
    """Text for any terminal: a plain hyphen for minus, and no control character that a name might smuggle in."""
    plain = text.replace(numbers.MINUS, "-")
    return "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in plain)
