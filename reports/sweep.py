"""One key at several values: a row for each, which is best in what, and what that is worth. Sentences, table, JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..scenarios.compare import Comparison
from ..scenarios.sweep import Sweep
from ..sim.registry import kpi_of
from ..sim.replicate import Runs
from . import numbers, words
from .comparison.told import compare_json
from .comparison.words import notes, standing_sentences, titled
from .reading import Reading, read
from .tables import plain_text, table

SHOWN = ("cost", "finish_days", "accuracy", "active_min_per_item", "cycle_time_h", "wip_age_h")
"""KPIs of the table, where any value has them."""

BEST = {"low": "lowest", "high": "highest"}


def sweep_text(runs: Sequence[Runs], found: Comparison, sweep: Sweep, kpis: Sequence[str]) -> str:
    """kpis: of the columns."""
    readings = read(runs)
    level = numbers.significant(100 * runs[0].level)
    many = len(runs[0].kpis)
    error = f"Mean \N{PLUS-MINUS SIGN} half-width of its {level}% interval, over {many} replications on the same luck."
    told = [*best_sentences(readings, found, kpis), "", table(_rows(readings, sweep, kpis)), "", error, ""]
    told += [*found.verdicts, *standing_sentences(found), *notes(readings), *words.cautions(readings), ""]
    return plain_text("\n".join(told))


def best_sentences(readings: Sequence[Reading], found: Comparison, kpis: Sequence[str]) -> Iterator[str]:
    """For each KPI with a better side, the value at which it is best, and the others that may be: each is held against
    the best of the others, replication by replication."""
    for kpi in kpis:
        group = found.best[found.best["kpi"] == kpi]
        better = kpi_of(kpi).better
        if better == "none" or int(group["low"].notna().sum()) < 2:
            continue
        means = {r.name: s.mean for r in readings if (s := r.kpi(kpi)) is not None and math.isfinite(s.mean)}
        top = (min if better == "low" else max)(means, key=lambda name: means[name])
        among = set(group.loc[group["among"], "scenario"])
        others = [one.name for one in readings if one.name in among and one.name != top]
        reading = next(one for one in readings if one.name == top)
        what = f"{words.title(kpi)[0].upper()}{words.title(kpi)[1:]}"
        verb = "are" if what.startswith("Items ") else "is"
        at = f"{BEST[better]} at {top} ({words.mean(reading, kpi)})"
        if all(value == means[top] for value in means.values()):
            yield f"{what} {verb} the same at all values ({words.mean(reading, kpi)})."
        elif among == {top}:
            yield f"{what} {verb} surely {at}."
        else:
            yield (
                f"{what} {verb} {at} in these runs; {_or(others)} may be as good." if others else f"{what} {verb} {at}."
            )


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _rows(readings: Sequence[Reading], sweep: Sweep, kpis: Sequence[str]) -> list[list[str]]:
    """The values, and of each the mean of every KPI; the unit stands in the header."""
    rows = [[sweep.path, *(titled(kpi, words.unit(kpi, readings[0])).replace("points", "%") for kpi in kpis)]]
    for value, reading in zip(sweep.values, readings, strict=True):
        cells = []
        for kpi in kpis:
            text = words.mean(reading, kpi, words.coarsest(readings, kpi))
            cells.append(words.bare(text, words.unit(kpi, reading)).removesuffix("%"))
        rows.append([value, *cells])
    return rows


def sweep_json(runs: Sequence[Runs], found: Comparison, sweep: Sweep) -> dict[str, Any]:
    """The comparison of the values, with the key and the values themselves."""
    return {"over": sweep.path, "values": list(sweep.values), **compare_json(runs, found)}
