"""A comparison for scripts: as plain data, and its pairs as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from ...scenarios.chances import Chance, chance_difference
from ...scenarios.compare import FAMILY_LEVEL, Comparison
from ...scenarios.together import Reached
from ...sim.registry import unit_of
from ...sim.replicate import Runs
from ...sim.results import results

PAIRS = ("scenario", "against", "kpi", "unit", "mean", "low", "high", "low_all", "high_all", "p_value", "adjusted_p",
         "differs")  # fmt: skip
"""Columns of the CSV: a row a pair and KPI. mean: of scenario less against, with its own interval low..high and that of
all rows at once. Empty where a number is withheld."""

_NUMBERS = ("mean", "low", "high", "low_all", "high_all", "p_value", "adjusted_p")


def compare_json(runs: Sequence[Runs], comparison: Comparison, reached: Sequence[Reached] = ()) -> dict[str, Any]:
    """The comparison as a dict that JSON can hold; None where a number is withheld."""
    base = comparison.chances[comparison.baseline]
    level = runs[0].level
    return {
        "baseline": comparison.baseline,
        "version": version("labelcast"),
        "seed": runs[0].seed,
        "replications": len(runs[0].kpis),
        "level": level,
        "false_alarm": FAMILY_LEVEL,
        "verdicts": list(comparison.verdicts),
        "scenarios": [
            {
                **results(each),
                "chances": {
                    name: _chance(chance, base.get(name) if each.line.name != comparison.baseline else None, level)
                    for name, chance in comparison.chances[each.line.name].items()
                },
                "standing": standing.kind,
                "standing_by": list(standing.by),
            }
            for each, standing in zip(runs, comparison.standings, strict=True)
        ],
        "pairs": [_row(row, runs[0].line.currency) for row in comparison.pairs.to_dict("records")],
        "best": [{name: _finite(value) for name, value in row.items()} for row in comparison.best.to_dict("records")],
        "precision": None if not reached else [_reached(one) for one in reached],
    }


def compare_csv(comparison: Comparison, currency: str) -> str:
    """All pairs as CSV text, a row a pair and KPI."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(PAIRS)
    for row in comparison.pairs.to_dict("records"):
        found = _row(row, currency)
        out.writerow([_plain(found[name]) for name in PAIRS])
    return text.getvalue()


def _row(row: Mapping[Any, Any], currency: str) -> dict[str, Any]:
    names = {name: str(row[name]) for name in ("scenario", "against", "kpi")}
    numbers = {name: _finite(float(row[name])) for name in _NUMBERS}
    return {**names, "unit": unit_of(names["kpi"], currency), **numbers, "differs": bool(row["differs"])}


def _chance(chance: Chance, base: Chance | None, level: float) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kpi": chance.goal.kpi,
        "relation": chance.goal.relation,
        "goal": _finite(chance.goal.value),
        "chance": _finite(chance.share),
        "low": _finite(chance.low),
        "high": _finite(chance.high),
    }
    if base is not None:
        found = chance_difference(chance, base, level)
        told["against_baseline"] = {name: _finite(value) for name, value in vars(found).items()}
    return told


def _reached(one: Reached) -> dict[str, Any]:
    return {
        "scenario": one.scenario,
        "kpi": one.kpi,
        "half_width": _finite(one.half),
        "wanted": _finite(one.wanted),
        "reached": one.enough,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str) else bool(value)


def _plain(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; repr keeps every digit of a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
